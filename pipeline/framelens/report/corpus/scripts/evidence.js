// Why a sentence has the frames it has: its words marked, and each score as a sum.
const panel = byId("evidence");
const STRONG = 0.4; // share of a frame's heaviest contribution from which a find is marked
const SLIGHT = 5; // hundredths of log-odds and below which a contribution goes into the sum of the rest

function select(sentence) {
  current = sentence;
  mark(sentence);
  const given = labels[sentence];
  const others = frames.map((_, frame) => frame).filter((frame) => !given.includes(frame));
  panel.replaceChildren(
    make("h3", { id: "why", tabindex: "-1" }, given.length ? "Why these frames" : "Why no frame"),
    closing(),
    place(sentence),
    make("blockquote", {}, ...marked(sentence)),
    ...given.map((frame) => account(sentence, frame)),
    make("details", { open: given.length ? null : true },
      make("summary", {}, given.length ? "Why not the others" : "The scores"),
      ...others.map((frame) => account(sentence, frame))),
    make("p", { class: "aside" }, data.note),
  );
  panel.classList.add("open");
  panel.scrollTop = 0;
  byId("said").textContent = spoken(sentence);
}

const closing = () => make("button", {
  type: "button", class: "close", onclick: leave, "aria-label": "Close the evidence",
}, "×");

function leave() {
  panel.classList.remove("open");
  focusOn(current);
}

function spoken(sentence) {
  const given = labels[sentence];
  if (!given.length) return "No frame. Enter goes to the scores.";
  const parts = given.map((frame) =>
    [`${frames[frame].name} ${Math.round(100 * logistic(scores[sentence][frame]))}%`, treated(sentence, frame)]
      .filter(Boolean).join(", "));
  return `${parts.join("; ")}. Enter goes to the evidence.`;
}

/** Where the sentence stands, and a way there. */
function place(sentence) {
  const doc = docs[docOf[sentence]];
  const fields = facets.filter((facet) => !facet.derived && !data.about.includes(facet.name) &&
    valueOf(facet, sentence));
  const list = fields.map((facet) => `${facet.name}: ${valueOf(facet, sentence)}`);
  const number = `sentence ${whole(sentence - doc.first + 1)} of ${whole(doc.end - doc.first)}`;
  const line = [doc.called, number, ...list].join(" · ");
  const way = query.view === "text" ? null
    : make("a", { href: `#find?s=${sentence}` }, "Show in the document");
  return make("p", { class: "about" }, line, way ? " · " : null, way);
}

/** The sentence with what speaks for its frames marked with their letters. */
function marked(sentence) {
  const text = texts[sentence];
  const all = findsIn(sentence);
  const strong = labels[sentence].flatMap((frame) => {
    const weight = ({ cause }) => causes[cause].weights[frame];
    const most = Math.max(...all.map(weight));
    return all.filter((find) => weight(find) >= Math.max(SLIGHT, STRONG * most))
      .map(({ start, length }) => [start, start + length, frame]);
  });
  return pieces(text.length, strong).map(([from, to, over]) => {
    const words = text.slice(from, to);
    if (!over.length) return words;
    const shown = over.map((frame) => frames[frame].letter).join("");
    return make("mark", { class: `f${over[0]}`, "data-frames": shown }, words);
  });
}

function account(sentence, frame) {
  const score = scores[sentence][frame];
  const rows = contributions(sentence, frame);
  const rest = score - frames[frame].bias - rows.reduce((sum, row) => sum + row.weight, 0);
  const body = [bodyRow("bias", "", frames[frame].bias), ...rows.map(contribution)];
  if (rest !== 0) body.push(bodyRow("other contributions", "", rest));
  const probability = make("b", {}, logistic(score).toFixed(2));
  const stance = treated(sentence, frame);
  const why = whyTreated(sentence, frame);
  // The probability is the frame's, so that the stance stands behind it.
  const caption = make("caption", {}, chip(frame), " probability ", probability,
    `, threshold ${frames[frame].threshold.toFixed(2)}`, stance && ["; stance: ", make("em", {}, stance), why && ` – ${why}`]);
  const heads = make("thead", { class: "unseen" },
    make("tr", {}, head("Contribution"), head("Words"), head("Log-odds")));
  const foot = make("tfoot", {}, make("tr", {}, make("th", { scope: "row" }, "score"), cell(""),
    cell(signed(score / 100), "n")));
  return make("table", { class: `account f${frame}` }, caption, heads, make("tbody", {}, body), foot);
}

/** What a rule or term adds to a frame's score, with all its words; the heaviest first. */
function contributions(sentence, frame) {
  const rows = new Map();
  findsIn(sentence).forEach(({ cause, start, length }) => {
    const weight = causes[cause].weights[frame];
    if (Math.abs(weight) < SLIGHT) return;
    if (!rows.has(cause)) rows.set(cause, { cause: causes[cause], weight, words: new Set() });
    rows.get(cause).words.add(texts[sentence].slice(start, start + length));
  });
  return [...rows.values()].sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight));
}

function contribution({ cause: { kind, name, note }, weight, words }) {
  const list = [...words].map((text) => `“${text}”`).join(" ");
  const code = make("code", {}, name);
  const called = kind !== "rule" ? code
    : make("a", { href: link({ rule: name }), title: "All sentences with this rule" }, code);
  return bodyRow([`${kind} `, called, note ? make("span", { class: "note" }, note) : null], list, weight);
}

const bodyRow = (what, words, weight) =>
  make("tr", {}, cell(what), cell(words), cell(signed(weight / 100), "n"));

/** Up and down go from sentence to sentence, Enter to the evidence, Escape back. */
function move(event) {
  const node = event.target.closest(".s");
  const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
  if (!node || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    select(sentenceOf(node));
    byId("why").focus();
  } else if (steps[event.key]) {
    const list = [...reader.querySelectorAll(".s:not(.dim)")];
    const next = list[list.indexOf(node) + steps[event.key]];
    if (!next) return;
    event.preventDefault();
    select(sentenceOf(next));
    target(next).focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}

const sentenceOf = (node) => Number(node.id.slice(1));

reader.addEventListener("keydown", move);
reader.addEventListener("click", (event) => {
  const node = event.target.closest(".s");
  if (node && getSelection().isCollapsed) select(sentenceOf(node));
});
panel.addEventListener("keydown", (event) => {
  if (event.key === "Escape") leave();
});
