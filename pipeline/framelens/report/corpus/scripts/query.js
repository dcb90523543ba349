// Which sentences are asked for: by frames, document, a field's value, words, a rule or a term. A
// query can be written as a link, so that every number on the page leads to its sentences.
const NOTHING = {
  frames: [], none: false, doc: -1, facet: -1, code: null, not: false,
  words: "", rule: "", term: -1, stance: -1, view: "text",
};

function parse(hash) {
  const asked = new URLSearchParams(hash.slice("#find?".length));
  const found = { ...NOTHING, view: asked.get("view") || "matches" };
  const given = asked.get("f");
  if (given === "none") found.none = true;
  else if (given) found.frames = given.split(".").map(Number).filter((frame) => frames[frame]);
  found.doc = numberIn(asked.get("d"), docs.length);
  const [facet, code] = (asked.get("g") || "").split(".");
  found.facet = numberIn(facet, facets.length);
  if (found.facet >= 0) Object.assign(found, parseCode(code || ""));
  found.words = asked.get("q") || "";
  found.rule = asked.get("r") || "";
  found.term = numberIn(asked.get("t"), terms.length);
  found.stance = numberIn(asked.get("st"), stances.length);
  return found;
}

function numberIn(text, end) {
  const found = text ? Number(text) : -1;
  return Number.isInteger(found) && found >= 0 && found < end ? found : -1;
}

function parseCode(text) {
  if (text === "rest") return { code: "rest", not: false };
  const found = Number(text.replace("not", ""));
  return { code: Number.isInteger(found) ? found : null, not: text.startsWith("not") };
}

function written(query) {
  const asked = new URLSearchParams();
  if (query.none) asked.set("f", "none");
  else if (query.frames.length) asked.set("f", query.frames.join("."));
  if (query.doc >= 0) asked.set("d", query.doc);
  if (query.facet >= 0 && query.code !== null) {
    asked.set("g", `${query.facet}.${query.not ? "not" : ""}${query.code}`);
  }
  if (query.words) asked.set("q", query.words);
  if (query.rule) asked.set("r", query.rule);
  if (query.term >= 0) asked.set("t", query.term);
  if (query.stance >= 0) asked.set("st", query.stance);
  if (query.view !== "matches") asked.set("view", query.view);
  return `#find?${asked}`;
}

const link = (query) => written({ ...NOTHING, view: "matches", ...query });

/** Whether a query asks for less than all sentences of its document. */
const isNarrow = (query) =>
  query.frames.length > 0 || query.none || (query.facet >= 0 && query.code !== null) ||
  query.words.trim() !== "" || query.rule !== "" || query.term >= 0 ||
  query.stance >= 0;

/** For each sentence 1 if the query asks for it. */
function matches(query) {
  const found = new Uint8Array(texts.length);
  const [from, to] = query.doc >= 0 ? [docs[query.doc].first, docs[query.doc].end] : [0, found.length];
  found.fill(1, from, to);
  for (const test of tests(query)) {
    for (let sentence = from; sentence < to; sentence += 1) {
      if (found[sentence] && !test(sentence)) found[sentence] = 0;
    }
  }
  return found;
}

function tests(query) {
  const list = [];
  if (query.none) list.push((sentence) => carries(sentence, -1));
  query.frames.forEach((frame) => list.push((sentence) => carries(sentence, frame)));
  if (query.stance >= 0) list.push(treats(query));
  if (query.facet >= 0 && query.code !== null) list.push(inFacet(query));
  if (query.term >= 0) {
    const held = new Set(terms[query.term].sentences);
    list.push((sentence) => held.has(sentence));
  }
  if (query.rule) {
    const own = new Set(causes.flatMap(({ name }, id) => (name === query.rule ? [id] : [])));
    list.push((sentence) => data.finds.causes[sentence].some((cause) => own.has(cause)));
  }
  wanted(query.words).forEach((word) => list.push((sentence) => texts[sentence].search(word) >= 0));
  return list;
}

/** Whether the frames asked for, or any, are treated in one way. */
function treats({ frames: asked, stance }) {
  const so = (sentence) => (frame) => stanceTo(sentence, frame) === stance;
  if (!asked.length) return (sentence) => labels[sentence].some(so(sentence));
  return (sentence) => asked.every(so(sentence));
}

function inFacet({ facet, code, not }) {
  const { codes } = facets[facet];
  if (code === "rest") {
    const shown = new Set(namedCodes(data.fields.find((field) => field.facet === facet)));
    return (sentence) => codes[sentence] >= 0 && !shown.has(codes[sentence]);
  }
  return (sentence) => (codes[sentence] === code) !== not;
}

/** The words asked for, each as a pattern; what stands in quotation marks is one. */
function wanted(text) {
  const parts = text.replace(/[“”]/g, '"').match(/"[^"]+"?|\S+/g) || [];
  return parts.map((part) => part.replaceAll('"', "").trim()).filter(Boolean).map(typed);
}

/** Words as texts may have them: broken over lines, with a typewriter's apostrophe or a printer's. */
const typed = (words) => new RegExp(words.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
  .replace(/\s+/g, "\\s+").replace(/['’]/g, "['’]"), "giu");

/** What a query asks for, in words. */
function told(query) {
  const parts = [];
  if (query.none) parts.push("without a frame");
  if (query.frames.length) parts.push(`with ${names(query.frames, " and ")}`);
  if (query.stance >= 0) parts.push(`${stances[query.stance]}`);
  if (query.facet >= 0 && query.code !== null) parts.push(toldFacet(query));
  if (query.rule) parts.push(`hit by the rule ${query.rule}`);
  if (query.term >= 0) parts.push(`with the term “${terms[query.term].term}”`);
  if (query.words.trim()) parts.push(`with the words ${query.words.trim()}`);
  if (query.doc >= 0) parts.push(`in ${docs[query.doc].called}`);
  return parts.join(", ");
}

function toldFacet({ facet, code, not }) {
  const { name } = facets[facet];
  if (code === "rest") return `${name}: rarer values`;
  return `${name}${not ? " other than" : ":"} ${valueName(facet, code)}`;
}
