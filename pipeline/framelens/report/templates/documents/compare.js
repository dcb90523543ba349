// Two documents, or two groups, side by side: shares of frames, and sentences. Versions of one text
// come aligned.
const ROWS = 100;
const sides = [byId("compare-first"), byId("compare-second")];
const only = byId("compare-only");
let pairRows = [];
let pairShown = ROWS;

const pairOf = (one, other) => data.pairs.find(({ docs: [first, second] }) =>
  one === `d${first}` && other === `d${second}`);

function fillSides() {
  sides.forEach((side) => side.append(
    make("optgroup", { label: "document" }, docs.slice(0, MOST_OPTIONS).map((doc, id) => option(`d${id}`, doc.name))),
    ...data.fields.filter((field) => field.name !== "document").map((field) =>
      make("optgroup", { label: field.name }, field.parts.filter(([code]) => code !== null).map(([code]) =>
        option(`${field.facet}.${code}`, valueName(field.facet, code)))))));
  const [first] = data.pairs;
  const usual = first ? first.docs.map((doc) => `d${doc}`) : usualSides();
  sides.forEach((side, place) => (side.value = usual[place]));
  byId("versions").replaceChildren(...data.pairs.map(({ docs: [one, other] }) => make("li", {},
    make("button", { type: "button", class: "item", onclick: () => lay(`d${one}`, `d${other}`) },
      `${docs[one].name} – ${docs[other].name}`))));
  byId("versions").parentElement.hidden = data.pairs.length < 2;
}

/** The two largest groups of the first field, or the first two documents. */
function usualSides() {
  const field = data.fields.find(({ name, shown }) => name !== "document" && shown.length > 1);
  return field ? field.shown.slice(0, 2).map((code) => `${field.facet}.${code}`) : ["d0", "d1"];
}

function lay(one, other) {
  sides[0].value = one;
  sides[1].value = other;
  compare();
}

/** What a side stands for: its name, its sentences and how they are asked for. */
function sideOf(value) {
  if (value.startsWith("d")) {
    const doc = Number(value.slice(1));
    const { name, first, end: last } = docs[doc];
    const list = Array.from({ length: last - first }, (_, place) => first + place);
    return { name, list, asked: { doc }, bounds: (given) => wilson(given, list.length) };
  }
  const [facet, code] = value.split(".").map(Number);
  const list = texts.map((_, sentence) => sentence).filter((one) => facets[facet].codes[one] === code);
  const field = data.fields.find((found) => found.facet === facet);
  const [, , , low, high] = field.parts.find(([part]) => part === code);
  return { name: valueName(facet, code), list, asked: { facet, code },
    bounds: (_, frame) => [low[frame] / 1000, high[frame] / 1000] };
}

/** The 95% interval of a share (Wilson, 1927). */
function wilson(given, total) {
  if (!total) return [0, 1];
  const z2 = 1.959964 ** 2;
  const share = given / total;
  const centre = share + z2 / (2 * total);
  const margin = Math.sqrt(z2 * (share * (1 - share) / total + z2 / (4 * total * total)));
  return [Math.max(0, (centre - margin) / (1 + z2 / total)), Math.min(1, (centre + margin) / (1 + z2 / total))];
}

function shareRows(both) {
  return [...frames.map((_, frame) => frame), -1].map((frame) => {
    const figures = both.map(({ list, bounds }) => {
      const given = list.filter((one) => (frame < 0 ? !labels[one].length : labels[one].includes(frame))).length;
      const share = list.length ? given / list.length : 0;
      return { given, share, bounds: bounds(given, frame < 0 ? frames.length : frame) };
    });
    return { frame, figures, difference: difference(...figures) };
  });
}

/** The difference of two shares with its 95% interval (Newcombe, 1998, method 10). */
function difference(one, other) {
  const value = other.share - one.share;
  const [low, high] = one.bounds;
  const [otherLow, otherHigh] = other.bounds;
  return [value, value - Math.hypot(other.share - otherLow, high - one.share),
    value + Math.hypot(otherHigh - other.share, one.share - low)];
}

function compare() {
  const both = sides.map((side) => sideOf(side.value));
  const aligned = pairOf(sides[0].value, sides[1].value);
  compared2 = { both, rows: shareRows(both) };
  byId("compare-shares").replaceChildren(shareTable(compared2));
  byId("only-differing").hidden = !aligned;
  pairRows = aligned ? alignedRows(aligned) : besides(both);
  pairShown = ROWS;
  showPairs(both, aligned);
}

let compared2 = null;

function shareTable({ both, rows }) {
  const points = (value) => `${value < 0 ? "−" : "+"}${(100 * Math.abs(value)).toFixed(1)}`;
  const body = rows.map(({ frame, figures, difference: [value, low, high] }) => make("tr", {},
    make("th", { scope: "row" }, frame < 0 ? "none" : chip(frame)),
    figures.map(({ given, share, bounds: [from, to] }, side) => make("td", { class: "n" },
      make("a", { href: link({ ...both[side].asked, ...(frame < 0 ? { none: true } : { frames: [frame] }) }) }, whole(given)),
      ` ${percent(share)} `, make("span", { class: "bounds" }, `${(100 * from).toFixed(1)}–${(100 * to).toFixed(1)}`))),
    make("td", { class: low > 0 || high < 0 ? "n sure" : "n" }, points(value), " ",
      make("span", { class: "bounds" }, `${points(low)} to ${points(high)}`))));
  const heads = both.map(({ name, list }) => head(`${name} (${whole(list.length)})`, "n"));
  return make("table", { class: "figures shares" },
    make("caption", {}, make("span", {}, "Sentences with each frame, their share with its 95% interval, and the difference in percentage points.")),
    make("thead", {}, make("tr", {}, head("Frame"), heads, head("Difference", "n"))), make("tbody", {}, body));
}

function alignedRows({ docs: [one, other], rows }) {
  const [first, second] = [docs[one].first, docs[other].first];
  return rows.map(([left, right, cut = [], otherCut = []]) => {
    const sentences = [left < 0 ? -1 : first + left, right < 0 ? -1 : second + right];
    return { sentences, cuts: [cut, otherCut], kind: kindOf(sentences, cut.length + otherCut.length) };
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
    ({ sentences: both.map(({ list }) => list[place] ?? -1), cuts: [[], []], kind: "" }));
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
    row.sentences.map((sentence, side) => pairCell(sentence, row.cuts[side], row.kind, both[side].name, side))));
  byId("pairs").replaceChildren(make("table", { class: "side-by-side" },
    make("caption", { class: "unseen" }, "Sentences side by side"),
    make("thead", {}, make("tr", {}, heads)), make("tbody", {}, body)));
  byId("more-pairs").replaceChildren(...[more(rows.length - pairShown, ROWS, () => {
    pairShown += ROWS;
    showPairs(both, aligned);
  })].filter(Boolean));
}

function toldPairs(rows, aligned) {
  if (!aligned) return counted(Math.max(rows.length, 0), "row");
  const kinds = ["same", "changed", "left out", "put in"];
  const parts = kinds.map((kind) => `${whole(pairRows.filter((row) => row.kind === kind).length)} ${kind}`);
  return `${whole(rows.length)} of ${counted(pairRows.length, "row")} shown: ${parts.join(", ")}`;
}

function pairCell(sentence, cuts, kind, name, side) {
  if (sentence < 0) return make("td", { class: "nothing" }, make("span", { class: "unseen" }, "nothing"));
  const text = texts[sentence];
  const stretches = [];
  for (let cut = 0; cut < cuts.length; cut += 2) stretches.push([cuts[cut], cuts[cut + 1], 0]);
  const tag = side ? "ins" : "del";
  const alone = kind === "left out" || kind === "put in";
  const words = alone ? [make(tag, { class: "alone" }, text)]
    : pieces(text.length, stretches).map(([from, to, over]) =>
      over.length ? make(tag, {}, text.slice(from, to)) : text.slice(from, to));
  const given = labels[sentence];
  const way = make("a", { href: `#find?s=${sentence}`, class: "way",
    "aria-label": `${given.length ? names(given) : "no frame"}: show in the document` },
  given.length ? given.map(letter) : "·");
  return make("td", { class: given.length ? `framed f${tint(sentence)}` : null, "data-side": name },
    make("span", { class: "words" }, words), " ", way);
}

function saveCompared() {
  const { both: [one, other], rows } = compared2;
  save("comparison", [
    ["frame", `${one.name} given`, `${one.name} share`, "low", "high", `${other.name} given`, `${other.name} share`,
      "low", "high", "difference", "low", "high"],
    ...rows.map(({ frame, figures, difference: gap }) => [frame < 0 ? "none" : frames[frame].name,
      ...figures.flatMap(({ given, share, bounds }) => [given, share, ...bounds]), ...gap]
      .map((value) => (typeof value === "number" ? Number(value.toFixed(4)) : value))),
  ]);
}

if (byId("compare")) {
  only.append(option("-1", "any"), ...frames.map(({ name }, frame) => option(frame, name)));
  fillSides();
  byId("compare-form").addEventListener("submit", (event) => event.preventDefault());
  byId("compare-form").addEventListener("change", compare);
  byId("save-compared").addEventListener("click", saveCompared);
  compare();
}
