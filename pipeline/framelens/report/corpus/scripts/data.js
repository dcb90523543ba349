// What the page is about: named JSON, gzipped, in base64. Its fields are described where the program
// writes it, in report/corpus/payload.py.
async function readData() {
  const packed = atob(document.getElementById("data").textContent);
  const bytes = new Uint8Array(packed.length);
  for (let at = 0; at < packed.length; at += 1) bytes[at] = packed.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

if (!globalThis.DecompressionStream) document.getElementById("too-old").hidden = false;
const data = await readData();
const { frames, texts, labels, primary, scores, follows, causes, terms } = data;

const NEW_LINE = 1;
const NEW_PARAGRAPH = 2;
const NOTE = 3;

const stances = data.stances.names;
/** How a sentence treats a frame that it carries: the number of the stance, or null. */
const stanceTo = (sentence, frame) =>
  (stances.length ? data.stances.given[sentence][labels[sentence].indexOf(frame)] ?? null : null);
const treated = (sentence, frame) => stances[stanceTo(sentence, frame)] ?? "";
/** What decides that stance, in words. */
function whyTreated(sentence, frame) {
  const given = stances.length ? data.stances.reasons[sentence][labels[sentence].indexOf(frame)] ?? [] : [];
  return Array.from({ length: given.length / 3 }, (_, at) => {
    const [phrase, start, length] = given.slice(3 * at, 3 * at + 3);
    return (length ? `“${texts[sentence].slice(start, start + length)}”` : "") + data.stances.phrases[phrase];
  }).join("; ");
}

/** The documents, each with its first sentence and the one after its last; `called` has the title. */
const docs = [];
const docOf = new Int32Array(texts.length);
data.documents.forEach(({ name, title, sentences, others }, number) => {
  const first = docs.at(-1)?.end ?? 0;
  const short = title?.replace(/^(.{60}).+$/su, "$1…");
  const called = title && title !== name ? `${short} (${name})` : name;
  docs.push({ name, title: title || name, called, first, end: first + sentences, others });
  docOf.fill(number, first, first + sentences);
});

/** The facets, each with how many sentences have each of its values. */
const facets = data.facets.map((facet) => {
  const counts = new Int32Array(facet.values.length);
  facet.codes.forEach((code) => (code >= 0 ? (counts[code] += 1) : 0));
  return { ...facet, counts };
});

/** Where in a sentence causes stand. */
const findsIn = (sentence) => data.finds.causes[sentence].map((cause, at) =>
  ({ cause, start: data.finds.starts[sentence][at], length: data.finds.lengths[sentence][at] }));

const valueOf = (facet, sentence) => facet.values[facet.codes[sentence]];
const valueName = (facet, code) => (code < 0 ? "not given" : facets[facet].values[code]);

/** The values of a field that have a group of their own. */
const namedCodes = (field) =>
  field.groups.map(({ code }) => code).filter((code) => code !== null && code >= 0);

/** Whether a sentence carries a frame, or with −1 none. */
const carries = (sentence, frame) =>
  (frame < 0 ? labels[sentence].length === 0 : labels[sentence].includes(frame));
