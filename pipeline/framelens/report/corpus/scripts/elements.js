// Small helpers to show figures and texts. Texts enter the page as text nodes only.
const byId = (id) => document.getElementById(id);
const whole = (number) => number.toLocaleString("en");
const percent = (share) => `${(100 * share).toFixed(1)}%`;
const counted = (number, noun) => `${whole(number)} ${noun}${number === 1 ? "" : "s"}`;
const names = (list, between = ", ") => list.map((frame) => frames[frame].name).join(between);
const logistic = (hundredths) => 1 / (1 + Math.exp(-hundredths / 100));

/** A number with its sign, or 0 where it rounds to that. */
function signed(number, digits = 2) {
  const size = Math.abs(number).toFixed(digits);
  return Number(size) === 0 ? "0" : `${number < 0 ? "−" : "+"}${size}`;
}

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

/** The letters of a sentence's frames, each as its stance looks if there is one. */
const letters = (sentence) => labels[sentence].map((frame) => {
  const made = letter(frame);
  const stance = stanceTo(sentence, frame);
  if (stance !== null) made.classList.add(`st${stance % 6}`);
  return made;
});
const chip = (frame) =>
  make("span", { class: `chip f${frame}` }, make("b", {}, frames[frame].letter), " ",
    make("span", { class: "name" }, frames[frame].name));
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
const number = (...parts) => make("td", { class: "n" }, parts);
const bounds = (low, high) =>
  make("span", { class: "bounds" }, `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`);

/** A table with its caption in the page, or for those who listen. */
function table(kind, caption, heads, rows) {
  const heading = kind.startsWith("figures") ? make("span", {}, caption) : unseen(caption);
  return make("table", { class: kind },
    make("caption", {}, heading),
    make("thead", {}, make("tr", {}, heads)),
    make("tbody", {}, rows));
}

/** The end of a list that is shown in part: a button for the rest, or nothing. */
function more(left, step, show) {
  if (left <= 0) return null;
  const text = `Show ${whole(Math.min(step, left))} more of ${whole(left)}`;
  return make("p", { class: "more" }, make("button", { type: "button", onclick: show }, text));
}
