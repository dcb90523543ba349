// The form above the documents, and what it reports.
const form = byId("filter");
const docChoice = byId("choose-doc");
const fieldChoice = byId("choose-field");
const valueChoice = byId("choose-value");
const stanceChoice = byId("choose-stance"); // null where no stances are told
const MOST_OPTIONS = 1000;

/** An option for each of a list, up to a number; of others is said how many there are. */
function optionsFor(list, made) {
  const others = list.length - MOST_OPTIONS;
  const told = `… and ${whole(others)} more, not in this list`;
  return [...list.slice(0, MOST_OPTIONS).map(made),
    ...(others > 0 ? [make("option", { value: "more", disabled: true }, told)] : [])];
}

function fillChoices() {
  stanceChoice?.append(option("-1", "any"), ...stances.map((name, id) => option(id, name)));
  docChoice.append(option("-1", `all ${whole(docs.length)}`),
    ...optionsFor(docs, (doc, id) => option(id, doc.called)));
  fieldChoice.append(option("-1", "any"), ...facets.map((facet, id) => option(id, facet.name)));
}

function fillValues(facet) {
  const shown = optionsFor(facet < 0 ? [] : facets[facet].values, (value, code) =>
    option(code, `${value} (${whole(facets[facet].counts[code])})`));
  valueChoice.replaceChildren(option("", facet < 0 ? "–" : "all"), ...shown);
  valueChoice.disabled = facet < 0;
}

/** Set the form as a query has it. */
function setForm() {
  frames.forEach((_, frame) => (byId(`frame-${frame}`).checked = query.frames.includes(frame)));
  byId("frame-none").checked = query.none;
  choose(docChoice, query.doc, docs[query.doc]?.called);
  fieldChoice.value = query.facet;
  fillValues(query.facet);
  const plain = typeof query.code === "number" && query.code >= 0 && !query.not;
  if (plain) choose(valueChoice, query.code, valueName(query.facet, query.code));
  else valueChoice.value = "";
  if (stanceChoice) stanceChoice.value = query.stance;
  byId("search").value = query.words;
  byId(`view-${query.view}`).checked = true;
}

/** The query that the form stands for; what only links ask for is kept. */
function asked(changed) {
  const next = { ...query, words: byId("search").value };
  if (changed.id === "frame-none") Object.assign(next, { none: changed.checked, frames: [] });
  else if (changed.name === "frame") {
    const ticked = frames.map((_, frame) => frame).filter((frame) => byId(`frame-${frame}`).checked);
    Object.assign(next, { frames: ticked, none: false });
  }
  if (changed === stanceChoice) next.stance = Number(stanceChoice.value);
  if (changed === docChoice) next.doc = Number(docChoice.value);
  if (changed === fieldChoice) Object.assign(next, { facet: Number(fieldChoice.value), code: null });
  if (changed === valueChoice) {
    next.code = valueChoice.value === "" ? null : Number(valueChoice.value);
    next.not = false;
  }
  if (changed.name === "view") next.view = changed.value;
  return next;
}

/** Say what is shown: to all, and short for those who listen. */
function report() {
  const numbers = items.filter((sentence) => found[sentence]);
  const counts = frames.map((_, frame) => numbers.filter((one) => carries(one, frame)).length);
  const what = told(query);
  byId("shown").textContent =
    `${whole(numbers.length)} of ${counted(texts.length, "sentence")}${what && `: ${what}`}`;
  byId("of-these").replaceChildren(...counts.flatMap((count, frame) => {
    const share = numbers.length ? percent(count / numbers.length) : "–";
    const small = make("span", { class: "bounds" }, share);
    return [make("span", { class: "of" }, letter(frame), ` ${whole(count)} `, small), " "];
  }));
  byId("clear").hidden = !isNarrow(query) && query.doc < 0;
  byId("dimmed").hidden = query.view !== "text" || !isNarrow(query);
}

function ask(next, at = -1) {
  show(next, at);
  setForm();
  remember();
}

/** Keep the query in the address, where the browser lets a local file do so. */
function remember() {
  try {
    history.replaceState(null, "", isNarrow(query) || query.doc >= 0 ? written(query) : "#sentences");
  } catch { /* the page works without */ }
}

/** Go where a link leads: a query, or a sentence in its document. */
function follow() {
  if (!location.hash.startsWith("#find?")) return;
  const sentence = numberIn(new URLSearchParams(location.hash.slice(6)).get("s"), texts.length);
  if (sentence >= 0) open(sentence);
  else {
    show(parse(location.hash));
    setForm();
    byId("sentences").scrollIntoView();
    byId("documents-title").focus({ preventScroll: true });
  }
}

/** A sentence in its document, with its evidence. */
function open(sentence) {
  ask({ ...NOTHING, doc: docOf[sentence] }, sentence);
  select(sentence);
  nodeOf(sentence)?.scrollIntoView({ block: "center" });
  focusOn(sentence);
}

fillChoices();
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", (event) => {
  if (event.target.id !== "search") ask(asked(event.target));
});
byId("search").addEventListener("input", (event) => {
  show(asked(event.target));
  remember();
});
byId("clear").addEventListener("click", () => {
  ask({ ...NOTHING, view: query.view });
  byId("search").focus();
});
window.addEventListener("hashchange", follow);
document.addEventListener("click", (event) => {
  const way = event.target.closest('a[href^="#find?"]');
  // The address does not change where a link is followed twice.
  if (way && way.hash === location.hash) follow();
});
window.addEventListener("beforeprint", () => {
  [begin, end] = [0, items.length];
  draw();
});
window.addEventListener("afterprint", () => {
  end = Math.min(items.length, STRETCH);
  draw();
});
