"use strict";
// Asks the API to mark the statement, and shows the answer. All text is set as text, never as HTML.
const MOST_ROWS = 8; // contributions with a row of their own; the lighter ones share one
const MOST_OPEN = 100; // sentences that can be opened at once
const SLICE = 100; // sentences drawn before the browser may do something else
const at = (id) => document.getElementById(id);
const frames = new Map(
  [...document.querySelectorAll("#frames > div")].map(({ dataset }) => [dataset.name, dataset]),
);
const limit = Number(document.body.dataset.limit);
const kinds = JSON.parse(document.body.dataset.kinds); // what one and many of a kind are called
const fileLimit = Number(document.body.dataset.fileLimit);
let answer = null;
let asking = null;
let brought = null; // the file whose text is shown, as long as nobody has changed that

function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

function draw(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const two = (value) => value.toFixed(2);
const chance = (value) => (value > 0.99 ? "over 0.99" : value < 0.01 ? "under 0.01" : two(value));
const signed = (value) => (value < 0 ? "−" : "+") + two(Math.abs(value));
const plural = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

// What reports count, too: prose in English.
const isForeign = ({ meta }) => Boolean(meta?.language) && meta.language !== "en";
const isCounted = (sentence) =>
  (sentence.meta?.kind ?? "prose") === "prose" && !isForeign(sentence);

function chip(name, text = name) {
  const { kind, letter } = frames.get(name);
  return make("span", `chip ${kind}`, make("b", "", letter), text && ` ${text}`);
}

// Asking

async function ask(path, question, signal) {
  const body = JSON.stringify(question);
  const most = path === "file" ? fileLimit : limit;
  if (new Blob([body]).size > most) {
    throw new Error(`The text is too long: expected at most ${most.toLocaleString("en")} bytes.`);
  }
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(path, { method: "POST", headers, body, signal });
  const found = await response.json();
  if (!response.ok) throw new Error(found.error);
  return found;
}

function said(error) {
  const lost = "The server does not answer. Is framelens serve still running?";
  return error instanceof TypeError ? lost : error.message;
}

function complain(message) {
  at("problem").textContent = message;
  at("problem").hidden = !message;
  if (message) at("problem").scrollIntoView({ block: "nearest" });
}

// Whether a text is the source of a web page, of which the text is to be marked and not the tags.
const isPage = (text) =>
  /^\s*(?:<\?xml[^>]*>\s*|<!--[^]*?-->\s*)*<(?:!doctype\s+html|html|head|body|main|article|section|header|div|table|ul|ol|h[1-6]|p)(?=[\s>])[^]*<[/]/i.test(text);

async function mark(file) {
  asking?.abort();
  complain("");
  const before = at("text").value;
  let text = before.toWellFormed?.() ?? before;
  if (!file && !text.trim()) {
    show(null);
    at("status").textContent = "Nothing to mark yet: paste a statement first.";
    at("text").focus();
    return;
  }
  const mine = (asking = new AbortController());
  at("ask").ariaBusy = "true";
  at("status").textContent = "Marking…";
  try {
    const begun = performance.now();
    file ??= brought?.shown === text ? brought : null;
    if (!file && isPage(text)) file = asFile("statement.html", new TextEncoder().encode(text));
    const found = file
      ? await ask("file", { name: file.name, content: file.content }, mine.signal)
      : await ask("classify", { text }, mine.signal);
    if (at("text").value !== before) {
      // What was typed meanwhile stays.
      at("status").textContent = "Changed while it was marked: mark it again.";
      return;
    }
    if (file) {
      text = at("text").value = found.text;
      brought = { ...file, shown: at("text").value };
    }
    await show(found, text, mine.signal);
    if (mine.signal.aborted) return;
    tell(found.sentences, performance.now() - begun);
  } catch (error) {
    if (mine.signal.aborted) return;
    at("status").textContent = "";
    complain(said(error));
  } finally {
    if (asking === mine) at("ask").ariaBusy = "false";
  }
}

// Bring the sentences into view where they begin below it.
function bring() {
  const { top } = at("result").getBoundingClientRect();
  if (top < 0.6 * window.innerHeight) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  at("result").scrollIntoView({ block: "start", behavior: calm ? "instant" : "smooth" });
}

function tell(sentences, time) {
  const own = sentences.filter(isCounted);
  const given = own.filter((sentence) => sentence.labels.length).length;
  const rest = sentences.length - own.length;
  at("status").textContent =
    `${plural(own.length, "sentence")} marked in ${Math.ceil(time)} ms; ` +
    `${given.toLocaleString("en")} with a frame.` +
    (rest ? ` ${rest.toLocaleString("en")} more ${rest === 1 ? "is" : "are"} not counted.` : "");
}

// The sentences

async function show(found, text, signal) {
  answer = found;
  const list = at("sentences");
  list.replaceChildren();
  at("open").textContent = "Open all";
  at("open").hidden = found?.sentences.length > MOST_OPEN;
  at("result").hidden = !found?.sentences.length;
  count(found?.sentences.filter(isCounted) ?? []);
  tellUncounted(found?.sentences ?? []);
  if (!found) return;
  const characters = Array.from(text); // offsets count code points
  let end = 0;
  for (const [number, sentence] of found.sentences.entries()) {
    const between = characters.slice(end, sentence.start).join("");
    const apart = number > 0 && /\n[^\S\n]*\n/.test(between.replace(/\r\n?/g, "\n"));
    list.append(row(sentence, apart));
    end = sentence.end;
    // The first of them alone, for where they begin has to be worked out from all there are.
    if (number === Math.min(SLICE, found.sentences.length) - 1) bring();
    if (number % SLICE === SLICE - 1) await new Promise((next) => setTimeout(next));
    if (signal.aborted) return;
  }
}

function count(sentences) {
  const rows = [...frames.keys()].map((name) => {
    const given = sentences.filter((sentence) => sentence.labels.includes(name)).length;
    const all = make("span", "bounds", `of ${plural(sentences.length, "sentence")}`);
    const figure = make("dd", "", given.toLocaleString("en"), all);
    return make("div", given ? "" : "none", make("dt", "", chip(name)), figure);
  });
  at("counts").replaceChildren(...rows);
}

// What is shown and not counted: other kinds than prose, and other languages than English.
function tellUncounted(sentences) {
  const others = new Map();
  const languages = new Set();
  for (const sentence of sentences) {
    if (isForeign(sentence)) languages.add(sentence.meta.language);
    else if (!isCounted(sentence)) {
      others.set(sentence.meta.kind, (others.get(sentence.meta.kind) ?? 0) + 1);
    }
  }
  const told = [...others].map(([kind, count]) => {
    const [one, many] = kinds[kind] ?? [kind, kind];
    return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  });
  at("uncounted").hidden = !told.length;
  at("uncounted").textContent = told.length ? `Shown and not counted: ${told.join(", ")}.` : "";
  const names = [...languages].map(
    (code) => new Intl.DisplayNames("en", { type: "language" }).of(code) ?? code,
  );
  at("foreign").hidden = !names.length;
  at("foreign").textContent = names.length
    ? `This looks like ${names.join(", ")}, not like English, which is all that framelens reads: its ` +
      "sentences are not counted, and what is marked in them means little."
    : "";
}

function row(sentence, apart) {
  const { labels, primary } = sentence;
  const letters = labels.map((name) => {
    const mine = chip(name, sentence.stances?.[name] ?? "");
    mine.title = treated(sentence, name) + (name === primary ? " (primary)" : "");
    if (name !== primary) mine.classList.add("further");
    return mine;
  });
  const given = make("span", "given", ...letters);
  given.ariaHidden = "true";
  const names = make("span", "unseen", ` (${labels.map((name) => treated(sentence, name)).join(", ") || "no frame"})`);
  const words = make("span", "words", ...marked(sentence), names);
  const kind = sentence.meta?.kind ?? "prose";
  if (kind !== "prose") words.append(" ", make("span", "tag", kinds[kind]?.[0] ?? kind));
  const details = make("details", "", make("summary", "", words, given));
  details.addEventListener("toggle", () => explain(details, sentence), { once: true });
  const classes = [apart && "apart", !labels.length && "without", !isCounted(sentence) && "uncounted"];
  return make("li", classes.filter(Boolean).join(" "), details);
}

// A frame and how the sentence treats it.
const treated = (sentence, name) => [name, sentence.stances?.[name]].filter(Boolean).join(" ");

// The sentence's text, with marks around the words on which a frame given hangs.
function marked(sentence) {
  const decisive = sentence.evidence.filter(({ frame, kind, name }) =>
    sentence.flip[frame]?.some((cause) => cause.kind === kind && cause.name === name),
  );
  const places = decisive.flatMap(({ start, end }) => [start, end]);
  const cuts = [...new Set([sentence.start, sentence.end, ...places])].sort((a, b) => a - b);
  const characters = Array.from(sentence.text);
  return cuts.slice(1).map((end, before) => {
    const start = cuts[before];
    const text = characters.slice(start - sentence.start, end - sentence.start).join("");
    const over = decisive.filter((item) => item.start <= start && end <= item.end);
    const names = sentence.labels.filter((name) => over.some(({ frame }) => frame === name));
    if (!names.length) return text;
    const stretch = make("mark", frames.get(names[0]).kind, text);
    const goesOn = (name) =>
      decisive.some((item) => item.frame === name && item.start < end && end < item.end);
    const ending = names.filter((name) => !goesOn(name)).map((name) => frames.get(name).letter);
    if (ending.length) stretch.dataset.frames = ending.join("");
    return stretch;
  });
}

// The evidence

async function explain(details, sentence) {
  const why = make("div", "why");
  details.append(why);
  try {
    const question = { text: sentence.text, unit: "sentence", explain: true };
    const [found] = (await ask("classify", question)).sentences;
    why.append(...reasons(found));
  } catch (error) {
    why.append(make("p", "warning", said(error)));
    details.addEventListener("toggle", () => why.remove(), { once: true });
  }
}

function reasons(sentence) {
  const names = [...frames.keys()];
  const given = names.filter((name) => sentence.labels.includes(name));
  const others = names.filter((name) => !sentence.labels.includes(name));
  const parts = given.flatMap((name) => account(sentence, name));
  if (!others.length) return parts;
  const shown = others.map((name) => {
    return make("span", "", chip(name), ` ${chance(sentence.scores[name])}`);
  });
  const rest = make("details", "", make("summary", "", "Not given: ", ...shown));
  rest.append(...others.flatMap((name) => account(sentence, name)));
  rest.open = !given.length;
  return [...parts, rest];
}

function account(sentence, name) {
  const rows = sentence.evidence.filter((item) => item.frame === name);
  const light = rows.slice(MOST_ROWS + 1).length ? rows.splice(MOST_ROWS) : [];
  const bias = sentence.bias[name];
  const sum = (items) => items.reduce((total, item) => total + item.weight, 0);
  const scale = Math.max(4, ...rows.map((item) => Math.abs(item.weight)), Math.abs(bias));
  const body = make("tbody", "", line(["bias"], bias, scale));
  body.append(...rows.map((item) => line(title(item), item.weight, scale)));
  if (light.length) body.append(line([`${light.length} lighter ones`], sum(light), scale));
  const score = make("th", "", "score");
  score.scope = "row";
  const total = make("td", "n", signed(bias + sum(rows) + sum(light)));
  const foot = make("tfoot", "", make("tr", "", score, make("td", "weighs"), total));
  const table = make("table", `account ${frames.get(name).kind}`, caption(sentence, name), head());
  table.append(body, foot);
  return [table, make("p", "", ...turning(sentence, name), ...treatment(sentence, name))];
}

function caption(sentence, name) {
  const primary = sentence.primary === name && sentence.labels.length > 1;
  const verdict = sentence.labels.includes(name) ? "given" : "not given";
  const value = make("b", "", chance(sentence.scores[name]));
  const words = ` ${verdict}${primary ? ", primary" : ""}: probability `;
  return make("caption", "", chip(name), words, value, beside(sentence, name));
}

// What a probability is to be held to: its threshold, or of frames that exclude one another, of which
// the likeliest is given, the likeliest other.
function beside({ scores, thresholds }, name) {
  if (!("exclusive" in at("frames").dataset)) return `, threshold ${two(thresholds[name])}`;
  const others = Object.keys(scores).filter((other) => other !== name);
  if (!others.length) return "";
  const likeliest = others.reduce((best, other) => (scores[other] > scores[best] ? other : best));
  return `, of ${likeliest} ${two(scores[likeliest])}`;
}

function head() {
  const titles = ["Contribution", "", "Log-odds"].map((text) => {
    const cell = make(text ? "th" : "td", "", text);
    if (text) cell.scope = "col";
    return cell;
  });
  return make("thead", "unseen", make("tr", "", ...titles));
}

function title(item) {
  const words = make("span", "found", `“${item.text}”`);
  const note = item.note ? [make("span", "note", item.note)] : [];
  return [`${item.kind} `, make("code", "", item.name), " ", words, ...note];
}

function line(name, weight, scale) {
  const figures = [make("td", "weighs", bar(weight / scale)), make("td", "n", signed(weight))];
  return make("tr", "", make("td", "", ...name), ...figures);
}

// A bar from the middle: to the right for the frame, to the left against it.
function bar(share) {
  const x = 50 + Math.min(0, 50 * share);
  const kind = share < 0 ? "against" : "for";
  const box = { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" };
  const rect = draw("rect", { class: kind, x, y: 1, width: Math.abs(50 * share), height: 6 });
  return draw("svg", box, rect, draw("line", { x1: 50, x2: 50, y1: 0, y2: 8 }));
}

function turning(sentence, name) {
  const given = sentence.labels.includes(name);
  const causes = sentence.flip[name];
  if (!causes) return [given ? "Given whatever is left out." : "Would not be given whatever is left out."];
  const listed = causes.flatMap((cause, number) => {
    const joint = number === 0 ? "" : number === causes.length - 1 ? " and " : ", ";
    return [`${joint}${cause.kind} `, make("code", "", cause.name)];
  });
  return [`Would ${given ? "not " : ""}be given without `, ...listed, "."];
}

// How the sentence treats a frame, how sure that is, and what decides it.
function treatment(sentence, name) {
  const stance = sentence.stances?.[name];
  if (!stance) return [];
  const why = sentence.reasons[name].map(({ words }) => words).join("; ");
  const sure = `, probability ${chance(sentence.treatments[name].probabilities[stance])}: ${why}.`;
  return [make("br"), "Stance: ", make("b", "", stance), sure];
}

// Files

async function read(file) {
  if (!file) return;
  complain("");
  // What is sent in base64 is a third larger, and has its name beside it.
  const most = Math.floor(0.75 * (fileLimit - 5000));
  if (file.size > most) {
    const sizes = [file.size, most].map((size) => size.toLocaleString("en"));
    complain(`${file.name}: ${sizes[0]} bytes; expected at most ${sizes[1]}.`);
    return;
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isPlain = /\.(txt|text|md)$/i.test(file.name);
  const name = isPlain && isPage(new TextDecoder().decode(bytes)) ? `${file.name}.html` : file.name;
  await mark(asFile(name, bytes));
}

// A file as it is sent, in base64.
function asFile(name, bytes) {
  let binary = "";
  for (let start = 0; start < bytes.length; start += 32768) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 32768));
  }
  return { name, content: btoa(binary) };
}

// Events

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  mark();
});
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) mark();
});
at("text").addEventListener("paste", () => setTimeout(() => mark()));
at("text").addEventListener("input", () => {
  if (answer) at("status").textContent = "Changed since it was marked.";
});
at("try").addEventListener("click", () => {
  at("text").value = at("example").content.textContent;
  mark();
});
at("clear").addEventListener("click", () => {
  asking?.abort();
  at("text").value = at("status").textContent = "";
  complain("");
  show(null);
  at("text").focus();
});
at("file").addEventListener("change", async (event) => {
  await read(event.target.files[0]);
  event.target.value = "";
});
at("open").addEventListener("click", () => {
  const all = [...document.querySelectorAll("#sentences > li > details")];
  const open = all.some((details) => !details.open);
  all.forEach((details) => (details.open = open));
  at("open").textContent = open ? "Close all" : "Open all";
});
at("save").addEventListener("click", () => {
  const lines = answer.sentences.map((sentence) => JSON.stringify(sentence) + "\n");
  const link = make("a");
  link.href = URL.createObjectURL(new Blob(lines, { type: "application/jsonl" }));
  link.download = "frames.jsonl";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});

const dragging = (on) => document.body.classList.toggle("dragging", on);
const holdsFiles = (event) => event.dataTransfer.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  dragging(true);
});
document.addEventListener("dragleave", (event) => event.relatedTarget ?? dragging(false));
document.addEventListener("drop", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  dragging(false);
  const { files } = event.dataTransfer;
  if (files.length > 1) complain("Drop one file at a time.");
  else read(files[0]);
});
