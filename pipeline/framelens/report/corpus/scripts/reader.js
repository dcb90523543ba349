// The documents: in full, what a query does not ask for dimmed, or the sentences asked for alone.
// A stretch of them stands in the page at a time, so that it stays quick however long they are.
const STRETCH = 200;
const reader = byId("text");
let query = { ...NOTHING };
let found = matches(query);
let items = [];
let begin = 0;
let end = 0;
let current = -1;

/** Show what is asked for; `at` is a sentence to begin near. */
function show(asked, at = -1) {
  query = asked;
  found = matches(query);
  items = query.view === "text" ? inFull() : [...found.keys()].filter((one) => found[one]);
  const place = at < 0 ? 0 : items.indexOf(at);
  begin = Math.max(0, place - 40);
  while (begin > 0 && docOf[items[begin]] === docOf[items[begin - 1]] && place - begin < 60) begin -= 1;
  end = Math.min(items.length, begin + STRETCH);
  draw();
  report();
}

/** Every sentence of the documents in which something is asked for. */
function inFull() {
  const list = [];
  docs.forEach(({ first, end: last }) => {
    if (!found.subarray(first, last).includes(1)) return;
    for (let sentence = first; sentence < last; sentence += 1) list.push(sentence);
  });
  return list;
}

function draw() {
  const parts = [];
  if (begin > 0) parts.push(earlier());
  let block = null;
  for (let place = begin; place < end; place += 1) {
    const sentence = items[place];
    const opens = place === begin || docOf[sentence] !== docOf[items[place - 1]];
    if (opens) parts.push(heading(docOf[sentence]));
    const before = others(sentence);
    parts.push(...before);
    if (opens || before.length || breaksBefore(sentence)) parts.push((block = paragraph(sentence)));
    else block.append(follows[sentence] === NEW_LINE ? make("br") : " ");
    block.append(span(sentence));
    if (sentence === docs[docOf[sentence]].end - 1) parts.push(...others(sentence + 1, docOf[sentence]));
  }
  if (!items.length) parts.push(make("p", { class: "aside" }, "No sentence is like that."));
  reader.replaceChildren(...parts, ...[more(items.length - end, STRETCH, later)].filter(Boolean));
  mark(current);
}

/** What stands before a sentence of a document in full and is not counted: headings and the like. */
function others(sentence, doc = docOf[sentence]) {
  if (query.view !== "text") return [];
  const at = sentence - docs[doc].first;
  return docs[doc].others.filter(([place]) => place === at).map(([, kind, text]) =>
    make("p", { class: "other" }, `${text} `, make("span", { class: "tag" }, kind)));
}

const breaksBefore = (sentence) => query.view !== "text" || follows[sentence] >= NEW_PARAGRAPH;

function paragraph(sentence) {
  const kind = query.view !== "text" ? "match" : follows[sentence] === NOTE ? "note" : "full";
  return make("p", { class: kind });
}

function earlier() {
  const show = () => {
    const top = items[begin];
    begin = Math.max(0, begin - STRETCH);
    draw();
    nodeOf(top)?.scrollIntoView({ block: "start" });
  };
  const text = `Show ${whole(Math.min(STRETCH, begin))} earlier of ${whole(begin)}`;
  return make("p", { class: "more" }, make("button", { type: "button", onclick: show }, text));
}

function later() {
  const next = items[end];
  end = Math.min(items.length, end + STRETCH);
  draw();
  focusOn(next);
}

function heading(doc) {
  const { name, title, first, end: last } = docs[doc];
  const about = facets.filter(({ name: field }) => data.about.includes(field));
  const given = about.map((facet) => [facet.name, valueOf(facet, first)]).filter(([, value]) => value);
  const rest = given.filter(([, value]) => value !== title).map(([, value]) => value);
  if (title !== name) rest.unshift(name);
  const line = make("p", { class: "about" }, rest.join(" · "));
  if (last - first <= 3) {
    line.prepend(make("span", { class: "id" }, title), rest.length ? " · " : "");
    return line;
  }
  const group = make("hgroup", {}, make("h3", {}, title));
  if (rest.length) group.append(line);
  return group;
}

function span(sentence) {
  const given = labels[sentence];
  const kinds = ["s"];
  if (given.length) kinds.push("framed", `f${tint(sentence)}`);
  if (query.view === "text" && !found[sentence]) kinds.push("dim");
  const attributes = { class: kinds.join(" "), id: `s${sentence}`, tabindex: "-1" };
  const words = make("span", { class: "words" }, ...highlighted(sentence));
  return make("span", attributes, words, given.length ? why(sentence, given) : null);
}

/** The frame that gives a sentence its colour: one asked for, else its primary one. */
function tint(sentence) {
  const asked = query.frames.find((frame) => labels[sentence].includes(frame));
  return asked ?? primary[sentence] ?? labels[sentence][0];
}

function why(sentence, given) {
  const told = given.map((frame) => [frames[frame].name, treated(sentence, frame)].filter(Boolean).join(" "));
  const label = `${told.join(", ")}: show the evidence`;
  return make("button", { type: "button", class: "why", tabindex: "-1", "aria-label": label,
    title: stances.length ? told.join(", ") : null },
    letters(sentence));
}

/** A sentence's text with the words that were searched for marked. */
function highlighted(sentence) {
  const words = found[sentence] ? wanted(query.words) : [];
  const text = texts[sentence];
  const hits = words.flatMap((word) => [...text.matchAll(word)])
    .map((hit) => [hit.index, hit.index + hit[0].length, 0]);
  return pieces(text.length, hits).map(([from, to, over]) =>
    over.length ? make("mark", { class: "hit" }, text.slice(from, to)) : text.slice(from, to));
}

/** A text cut where stretches [from, to, what] begin and end: [from, to, the whats over it]. */
function pieces(size, stretches) {
  const cuts = [...new Set([0, size, ...stretches.flatMap(([from, to]) => [from, to])])];
  cuts.sort((one, other) => one - other);
  const list = [];
  for (let cut = 0; cut + 1 < cuts.length; cut += 1) {
    const over = stretches.filter(([from, to]) => from <= cuts[cut] && cuts[cut + 1] <= to);
    list.push([cuts[cut], cuts[cut + 1], [...new Set(over.map(([, , what]) => what))].sort()]);
  }
  return list;
}

const nodeOf = (sentence) => byId(`s${sentence}`);

/** Mark the current sentence, and let the tab key come back to it. */
function mark(sentence) {
  reader.querySelectorAll(".current").forEach((node) => node.classList.remove("current"));
  reader.querySelectorAll('[tabindex="0"]').forEach((node) => node.setAttribute("tabindex", "-1"));
  const node = nodeOf(sentence);
  if (node) node.classList.add("current");
  const first = node || reader.querySelector(".s:not(.dim)") || reader.querySelector(".s");
  if (first) target(first).setAttribute("tabindex", "0");
}

const target = (node) => node.querySelector(".why") || node;

function focusOn(sentence) {
  const node = nodeOf(sentence);
  if (node) target(node).focus();
}
