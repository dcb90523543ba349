// Two documents, or two groups, side by side: shares of frames, and sentences. Versions of one text
// come aligned.
const ROWS = 100;
const sides = [byId("compare-first"), byId("compare-second")];
const only = byId("compare-only");
let pairRows = [];
let pairShown = ROWS;
// Sentences of texts that are not alike stand side by side only where a reader wants them to.
let unlikeWanted = false;

const pairOf = (one, other) => data.pairs.find(({ documents: [first, second] }) =>
  one === `d${first}` && other === `d${second}`);

function fillSides() {
  sides.forEach((side) => side.append(...sideGroups()));
  const [first] = data.pairs;
  const usual = first ? first.documents.map((doc) => `d${doc}`) : usualSides();
  sides.forEach((side, place) => chooseSide(side, usual[place]));
  byId("versions").replaceChildren(...data.pairs.map(({ documents: [one, other] }) => make("li", {},
    make("button", { type: "button", class: "item", onclick: () => lay(`d${one}`, `d${other}`) },
      `${docs[one].called} – ${docs[other].called}`))));
  byId("versions").parentElement.hidden = data.pairs.length < 2;
}

function sideGroups() {
  const list = optionsFor(docs, (doc, id) => option(`d${id}`, doc.called));
  const fields = data.fields.filter(({ name }) => name !== "document");
  return [make("optgroup", { label: "document" }, list), ...fields.map(({ name, facet, groups }) => {
    const codes = groups.map(({ code }) => code).filter((code) => code !== null);
    const options = codes.map((code) => option(`${facet}.${code}`, valueName(facet, code)));
    return make("optgroup", { label: name }, options);
  })];
}

/** The two largest groups of the first field, or the first two documents. */
function usualSides() {
  const field = data.fields.find((it) => it.name !== "document" && namedCodes(it).length > 1);
  const codes = field ? namedCodes(field).slice(0, 2) : [];
  return field ? codes.map((code) => `${field.facet}.${code}`) : ["d0", "d1"];
}

function lay(one, other) {
  chooseSide(sides[0], one);
  chooseSide(sides[1], other);
  compare();
}

const chooseSide = (side, value) =>
  choose(side, value, value.startsWith("d") ? docs[value.slice(1)].called : value);

/** What a side stands for: its name, its sentences and how they are asked for. */
function sideOf(value) {
  if (value.startsWith("d")) {
    const doc = Number(value.slice(1));
    const { called: name, first, end: last } = docs[doc];
    const list = Array.from({ length: last - first }, (_, place) => first + place);
    return { name, list, asked: { doc }, interval: (given) => wilson(given, list.length) };
  }
  const [facet, code] = value.split(".").map(Number);
  const list = texts.map((_, sentence) => sentence).filter((one) => facets[facet].codes[one] === code);
  const field = data.fields.find((found) => found.facet === facet);
  const { low, high } = field.groups.find((group) => group.code === code);
  return { name: valueName(facet, code), list, asked: { facet, code },
    interval: (_, frame) => [low[frame], high[frame]] };
}

/** The 95% interval of a share (Wilson, 1927). */
function wilson(given, total) {
  if (!total) return [0, 1];
  const z2 = 1.959964 ** 2;
  const share = given / total;
  const centre = share + z2 / (2 * total);
  const margin = Math.sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total * total)));
  const below = 1 + z2 / total;
  return [Math.max(0, (centre - margin) / below), Math.min(1, (centre + margin) / below)];
}

function shareRows(both) {
  return [...frames.map((_, frame) => frame), -1].map((frame) => {
    const figures = both.map(({ list, interval }) => {
      const given = list.filter((one) => carries(one, frame)).length;
      const share = list.length ? given / list.length : 0;
      return { given, share, interval: interval(given, frame < 0 ? frames.length : frame) };
    });
    return { frame, figures, difference: difference(...figures) };
  });
}

/** The difference of two shares with its 95% interval (Newcombe, 1998, method 10). */
function difference(one, other) {
  const value = other.share - one.share;
  const [low, high] = one.interval;
  const [otherLow, otherHigh] = other.interval;
  return [value, value - Math.hypot(other.share - otherLow, high - one.share),
    value + Math.hypot(otherHigh - other.share, one.share - low)];
}

function compare() {
  const both = sides.map((side) => sideOf(side.value));
  const aligned = pairOf(sides[0].value, sides[1].value);
  laid = { both, rows: shareRows(both) };
  byId("compare-shares").replaceChildren(shareTable(laid));
  byId("only-differing").hidden = !aligned;
  pairRows = aligned ? alignedRows(aligned) : besides(both);
  pairShown = ROWS;
  if (aligned || unlikeWanted) showPairs(both, aligned);
  else offerPairs();
}

function offerPairs() {
  const show = () => {
    unlikeWanted = true;
    compare();
  };
  byId("pairs-shown").textContent = "";
  byId("more-pairs").replaceChildren();
  byId("pairs").replaceChildren(
    make("p", { class: "aside" }, "These are not versions of one text. "),
    make("p", { class: "take" }, make("button", { type: "button", onclick: show },
      "Show their sentences side by side all the same")));
}

let laid = null;

const points = (share) => signed(100 * share, 1);

function shareTable({ both, rows }) {
  const caption = "Sentences with each frame, their share with its 95% interval, and the " +
    "difference in percentage points.";
  const sizes = both.map(({ name, list }) => head(`${name} (${whole(list.length)})`, "n"));
  const heads = [head("Frame"), ...sizes, head("Difference", "n")];
  return table("figures stacked", caption, heads, rows.map((row) => shareRow(both, row)));
}

function shareRow(both, { frame, figures, difference: [value, low, high] }) {
  const asked = frame < 0 ? { none: true } : { frames: [frame] };
  const cells = figures.map(({ given, share, interval }, side) =>
    make("td", { class: "n", "data-head": both[side].name },
      make("a", { href: link({ ...both[side].asked, ...asked }) }, whole(given)),
      ` ${percent(share)} `, bounds(...interval)));
  const range = make("span", { class: "bounds" }, `${points(low)} to ${points(high)}`);
  return make("tr", {},
    make("th", { scope: "row" }, frame < 0 ? "none" : chip(frame)), cells,
    make("td", { class: low > 0 || high < 0 ? "n sure" : "n", "data-head": "Difference" }, points(value), " ", range));
}

function alignedRows({ documents, rows }) {
  const firsts = documents.map((doc) => docs[doc].first);
  return rows.map(({ first, second, first_changes: cuts, second_changes: otherCuts }) => {
    const sentences = [first, second].map((at, side) => (at === null ? -1 : firsts[side] + at));
    return { sentences, changes: [cuts, otherCuts],
      kind: kindOf(sentences, cuts.length + otherCuts.length) };
  });
}

function kindOf([left, right], changes) {
  if (right < 0) return "left out";
  if (left < 0) return "put in";
  return changes || texts[left] !== texts[right] ? "changed" : "same";
}

/** The sentences of two sides in their own order, none beside the other for a reason. */
function besides(both) {
  const size = Math.max(...both.map(({ list }) => list.length));
  return Array.from({ length: size }, (_, place) =>
    ({ sentences: both.map(({ list }) => list[place] ?? -1), changes: [[], []], kind: "" }));
}

const CHOICES = {
  all: () => true,
  changed: ({ kind }) => kind !== "same",
  frames: ({ sentences: [one, other] }) => String(labels[one] ?? "") !== String(labels[other] ?? ""),
};

/** The rows that the form leaves: all, or those with a frame on either side. */
function chosenRows(aligned) {
  const frame = Number(only.value);
  if (aligned) {
    const choice = document.querySelector('[name="differing"]:checked').value;
    return pairRows.filter(CHOICES[choice]).filter(({ sentences }) =>
      frame < 0 || sentences.some((one) => labels[one]?.includes(frame)));
  }
  if (frame < 0) return pairRows;
  const lists = [0, 1].map((side) => ({ list: pairRows.map(({ sentences }) => sentences[side])
    .filter((one) => labels[one]?.includes(frame)) }));
  return besides(lists);
}

function showPairs(both, aligned) {
  const rows = chosenRows(aligned);
  byId("pairs-shown").textContent = toldPairs(rows, aligned);
  const heads = both.map(({ name }) => head(name));
  const body = rows.slice(0, pairShown).map((row) => make("tr", { class: row.kind.replace(" ", "-") },
    row.sentences.map((sentence, side) => pairCell(sentence, row, both[side].name, side))));
  byId("pairs").replaceChildren(table("side-by-side", "Sentences side by side", heads, body));
  byId("more-pairs").replaceChildren(...[more(rows.length - pairShown, ROWS, () => {
    pairShown += ROWS;
    showPairs(both, aligned);
  })].filter(Boolean));
}

function toldPairs(rows, aligned) {
  if (!aligned) return counted(Math.max(rows.length, 0), "row");
  const kinds = ["same", "changed", "left out", "put in"];
  const count = (kind) => pairRows.filter((row) => row.kind === kind).length;
  const parts = kinds.map((kind) => `${whole(count(kind))} ${kind}`);
  return `${whole(rows.length)} of ${counted(pairRows.length, "row")} shown: ${parts.join(", ")}`;
}

function pairCell(sentence, row, name, side) {
  if (sentence < 0) return cell(unseen("nothing"), "nothing");
  const text = texts[sentence];
  const changes = row.changes[side].map(([from, to]) => [from, to, 0]);
  const tag = side ? "ins" : "del";
  const alone = row.kind === "left out" || row.kind === "put in";
  const words = alone ? [make(tag, { class: "alone" }, text)]
    : pieces(text.length, changes).map(([from, to, over]) =>
      over.length ? make(tag, {}, text.slice(from, to)) : text.slice(from, to));
  const given = labels[sentence];
  const way = make("a", { href: `#find?s=${sentence}`, class: "way",
    "aria-label": `${given.length ? names(given) : "no frame"}: show in the document` },
  given.length ? letters(sentence) : "·");
  return make("td", { class: given.length ? `framed f${tint(sentence)}` : null, "data-side": name },
    make("span", { class: "words" }, words), " ", way);
}

function saveCompared() {
  const { both: [one, other], rows } = laid;
  save(`side by side ${one.name} and ${other.name}`, [
    ["frame", ...[one, other].flatMap(({ name }) => [`${name} given`, `${name} share`, "low", "high"]),
      "difference", "low", "high"],
    ...rows.map(({ frame, figures, difference: gap }) => [frame < 0 ? "none" : frames[frame].name,
      ...figures.flatMap(({ given, share, interval }) => [given, share, ...interval]), ...gap]
      .map((value) => (typeof value === "number" ? Number(value.toFixed(4)) : value))),
  ]);
}

if (byId("compare")) {
  only.append(option("-1", "any"), ...frames.map(({ name }, frame) => option(frame, name)));
  fillSides();
  byId("compare-form").addEventListener("submit", (event) => event.preventDefault());
  byId("compare-form").addEventListener("change", () => {
    unlikeWanted = true;
    compare();
  });
  byId("save-compared").addEventListener("click", saveCompared);
  compare();
}
