// Keyword in context: every place where words stand, with what is before and after.
const LINES = 50;
const AROUND = 70;
const contextForm = byId("context-form");
const contextWords = byId("context-words");
const contextGroup = byId("context-group");
let lines = [];
let linesShown = LINES;

function fillContextGroups() {
  contextGroup.append(option("", "all sentences"), ...data.fields.map((field) =>
    make("optgroup", { label: field.name }, namedCodes(field).map((code) =>
      option(`${field.facet}.${code}`, valueName(field.facet, code))))));
}

/** The words as one pattern: whole words in a row, whatever punctuation stands between them; a
 * star stands for any letters. */
function pattern(text) {
  const parts = text.match(/[\p{L}\p{N}*]+/gu).map((word) => word.replaceAll("*", "[\\p{L}\\p{N}]*"));
  return new RegExp(`(?<![\\p{L}\\p{N}])${parts.join("[^\\p{L}\\p{N}]+")}(?![\\p{L}\\p{N}])`, "giu");
}

function search(text, group) {
  if (!/[\p{L}\p{N}]/u.test(text)) return [];
  const [facet, code] = group.split(".").map(Number);
  const inside = group ? (sentence) => facets[facet].codes[sentence] === code : () => true;
  const shape = pattern(text);
  const list = [];
  texts.forEach((words, sentence) => {
    if (!inside(sentence)) return;
    for (const hit of words.matchAll(shape)) {
      const to = hit.index + hit[0].length;
      list.push({ sentence, before: words.slice(0, hit.index), key: hit[0], after: words.slice(to) });
    }
  });
  return list;
}

function showLines() {
  const rows = lines.slice(0, linesShown).map(line);
  const heads = [["Before", "before"], ["Words", "key"], ["After", "after"], ["Document", "where"],
    ["Frames", "which"]].map(([text, kind]) => head(unseen(text), kind));
  const made = lines.length ? [table("context", "Words in context", heads, rows)] : [];
  byId("lines").replaceChildren(...made);
  byId("more-lines").replaceChildren(...[more(lines.length - linesShown, LINES, () => {
    linesShown += LINES;
    showLines();
  })].filter(Boolean));
}

function line({ sentence, before, key, after }) {
  const way = make("a", { href: `#find?s=${sentence}` }, docs[docOf[sentence]].called);
  return make("tr", {},
    cell(make("bdi", { dir: "ltr" }, clipped(before, -AROUND)), "before"), cell(key, "key"),
    cell(clipped(after, AROUND), "after"), cell(way, "where"),
    make("td", { class: "which" }, letters(sentence)));
}

/** The end of a text, or its beginning, cut at a space. */
function clipped(text, size) {
  const flat = text.replace(/\s+/g, " ");
  if (flat.length <= Math.abs(size)) return flat;
  return size < 0 ? flat.slice(size).replace(/^\S* /, "") : flat.slice(0, size).replace(/ \S*$/, "");
}

const ORDERS = {
  text: () => 0,
  before: (one, other) => compareWords(last(one.before), last(other.before)),
  after: (one, other) => compareWords(one.after, other.after),
};
const compareWords = (one, other) => plainWords(one).localeCompare(plainWords(other), "en");
const plainWords = (text) => text.toLowerCase().replace(/^[^\p{L}\p{N}]+/u, "").slice(0, 30);
const last = (text) => text.trim().split(/\s+/).slice(-2).reverse().join(" ");

function lookUp() {
  lines = search(contextWords.value, contextGroup.value).sort(ORDERS[byId("context-order").value]);
  linesShown = LINES;
  const sentences = new Set(lines.map(({ sentence }) => sentence)).size;
  byId("lines-shown").textContent = contextWords.value.trim()
    ? `${counted(lines.length, "place")} in ${counted(sentences, "sentence")}` : "";
  byId("save-lines").hidden = !lines.length;
  showLines();
}

function inContext(words, group) {
  contextWords.value = words;
  contextGroup.value = group;
  if (contextGroup.selectedIndex < 0) contextGroup.value = "";
  lookUp();
  byId("context").scrollIntoView();
  contextWords.focus({ preventScroll: true });
}

/** What the lines are: their words, whose they are, and in which order. */
const toldLines = () => ["context", contextWords.value,
  contextGroup.value && contextGroup.selectedOptions[0].text,
  ORDERED_LINES[byId("context-order").value]].join(" ");

const ORDERED_LINES = { text: "", before: "by words before", after: "by words after" };

fillContextGroups();
contextForm.addEventListener("submit", (event) => event.preventDefault());
contextForm.addEventListener("input", lookUp);
byId("save-lines").addEventListener("click", () => save(toldLines(), [
  ["before", "words", "after", "document", "frames"],
  ...lines.map(({ sentence, before, key, after }) =>
    [before, key, after, docs[docOf[sentence]].name, names(labels[sentence], "|")]),
]));
