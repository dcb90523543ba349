"use strict";
// What the page is about, as the program wrote it, and small helpers to show it. Texts enter the
// page as text nodes only.
const data = JSON.parse(document.getElementById("data").textContent);
const { frames, texts, labels, causes } = data;

/** Numbers as they were packed: in base 44, the lowest digit first, the last of a number in the
 * first half of the digits. */
function unpack(text) {
  const list = [];
  let number = 0;
  let scale = 1;
  for (let place = 0; place < text.length; place += 1) {
    const digit = digits[text.charCodeAt(place)];
    number += (digit % half) * scale;
    scale *= half;
    if (digit >= half) continue;
    list.push(number);
    number = 0;
    scale = 1;
  }
  return list;
}

const half = data.digits.length / 2;
const digits = [];
[...data.digits].forEach((digit, value) => (digits[digit.charCodeAt(0)] = value));

const unpackSigned = (text) =>
  unpack(text).map((number) => (number % 2 ? -(number + 1) / 2 : number / 2));

const scores = data.scores.map(unpackSigned);

/** For each sentence what its scores hang on: cause, first character and length of each find. */
function unpackFinds(text) {
  const numbers = unpack(text);
  const rows = [];
  for (let place = 0; place < numbers.length;) {
    const row = [];
    const last = place + 3 * numbers[place];
    for (place += 1; place <= last; place += 3) row.push(numbers.slice(place, place + 3));
    rows.push(row);
  }
  return rows;
}

const finds = unpackFinds(data.finds);

let at = 0;
const sizes = unpack(data.sizes);
const docs = data.docs.map((name, number) => {
  const doc = { name, first: at, end: at + sizes[number] };
  at = doc.end;
  return doc;
});
const docOf = new Int32Array(texts.length);
docs.forEach((doc, number) => docOf.fill(number, doc.first, doc.end));

const facets = data.facets.map(({ name, values, runs: packed, made }) => {
  const runs = unpackSigned(packed);
  const codes = new Int32Array(texts.length);
  const counts = new Int32Array(values.length);
  let from = 0;
  for (let run = 0; run < runs.length; run += 2) {
    codes.fill(runs[run], from, from + runs[run + 1]);
    if (runs[run] >= 0) counts[runs[run]] += runs[run + 1];
    from += runs[run + 1];
  }
  return { name, values, codes, counts, made };
});

const byId = (id) => document.getElementById(id);
const whole = (number) => number.toLocaleString("en");
const percent = (share) => `${(100 * share).toFixed(1)}%`;
const signed = (hundredths) =>
  `${hundredths < 0 ? "−" : "+"}${(Math.abs(hundredths) / 100).toFixed(2)}`;
const counted = (number, noun) => `${whole(number)} ${noun}${number === 1 ? "" : "s"}`;
const names = (list, between = ", ") => list.map((frame) => frames[frame].name).join(between);
const logistic = (hundredths) => 1 / (1 + Math.exp(-hundredths / 100));

/** An element with attributes (an `on…` is a listener) and children; strings become text. */
function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

const letter = (frame) => make("b", { class: `letter f${frame}` }, frames[frame].letter);
const chip = (frame) =>
  make("span", { class: `chip f${frame}` }, make("b", {}, frames[frame].letter),
    ` ${frames[frame].name}`);
const option = (value, text) => make("option", { value }, text);
/** Choose an option that a long list may lack. */
function choose(select, value, text) {
  select.value = value;
  if (select.selectedIndex < 0) select.append(option(value, text));
  select.value = value;
}

const unseen = (text) => make("span", { class: "unseen" }, text);
const cell = (text, kind) => make("td", { class: kind }, text);
const head = (text, kind) => make("th", { scope: "col", class: kind }, text);

/** A table with its caption in the page, or for those who listen. */
function table(kind, caption, heads, rows) {
  const heading = kind === "figures" ? make("span", {}, caption) : unseen(caption);
  return make("table", { class: kind },
    make("caption", {}, heading),
    make("thead", {}, make("tr", {}, heads)),
    make("tbody", {}, rows));
}

const bounds = (low, high) =>
  make("span", { class: "bounds" }, `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`);
const number = (...parts) => make("td", { class: "n" }, parts);

/** Whether a sentence carries a frame, or with −1 none. */
const carries = (sentence, frame) =>
  (frame < 0 ? labels[sentence].length === 0 : labels[sentence].includes(frame));

/** The end of a list that is shown in part: a button for the rest, or nothing. */
function more(left, step, show) {
  if (left <= 0) return null;
  const text = `Show ${whole(Math.min(step, left))} more of ${whole(left)}`;
  return make("p", { class: "more" }, make("button", { type: "button", onclick: show }, text));
}

/** Where the text of a sentence is in a field. */
const valueOf = (facet, sentence) => facet.values[facet.codes[sentence]];
