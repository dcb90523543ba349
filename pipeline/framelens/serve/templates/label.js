"use strict";

const find = (name) => document.getElementById(name);
const frames = [...document.querySelectorAll(".choice[data-name]")];
const none = find("none"); // only where the codebook has it
const pressed = (button) => button?.getAttribute("aria-pressed") === "true";
const press = (button, on) => button?.setAttribute("aria-pressed", String(on));
let coder = "", items = [], at = 0, busy = false;
const answered = []; // places, each with what was said there before, for undo

async function ask(path, fields) {
  const options = fields && {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(fields),
  };
  let answer;
  try { answer = await fetch(path, options); } catch {
    throw new Error("The server does not answer. Start it again, then save once more: what was saved before is kept.");
  }
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

function complain(error) {
  find("problem").textContent = error ? error.message : "";
  find("problem").hidden = !error;
}

// One after the other, and the page moves on only when an answer is on the disk.
async function work(task) {
  if (busy) return;
  busy = true;
  try { await task(); complain(null); } catch (error) { complain(error); } finally { busy = false; }
}

function show() {
  const item = items[at];
  const done = items.filter((one) => one.labels !== null).length;
  find("done").max = items.length;
  find("done").value = done;
  find("count").textContent = `${done} of ${items.length} labelled · this is sentence ${at + 1}`;
  find("place").textContent = item.document ?? "";
  for (const name of ["before", "text", "after"]) find(name).textContent = item[name];
  find("about").replaceChildren(...Object.entries(item.about).map(row));
  find("about").hidden = Object.keys(item.about).length === 0;
  find("proposed").hidden = item.proposed === null;
  find("proposed").textContent = `framelens proposes: ${(item.proposed ?? []).join(", ") || "no frame"}`;
  for (const button of frames) press(button, (item.labels ?? []).includes(button.dataset.name));
  press(none, item.labels !== null && item.labels.length === 0);
  press(find("unsure"), item.unsure);
  find("note").value = item.note;
  find("end").hidden = done < items.length;
  find("undo").disabled = answered.length === 0;
  find("back").disabled = at === 0;
  find("on").disabled = at === items.length - 1;
}

function row([name, value]) {
  const made = document.createElement("div"), head = document.createElement("dt"), body = document.createElement("dd");
  head.textContent = name;
  body.textContent = value;
  made.append(head, body);
  return made;
}

function go(place) {
  at = Math.max(0, Math.min(items.length - 1, place));
  show();
  find("sentence").focus({ preventScroll: true });
}

// What the page says of the sentence: labels are null until a choice is made.
function said() {
  const chosen = frames.filter(pressed).map((button) => button.dataset.name);
  const labels = chosen.length || pressed(none) ? chosen : null;
  return { labels, unsure: pressed(find("unsure")), note: find("note").value };
}

const before = ({ labels, unsure, note }) => ({ labels, unsure, note });
const changed = () => coder !== "" && JSON.stringify(said()) !== JSON.stringify(before(items[at]));

async function store(place, answer) {
  const found = await ask("answer", { coder, id: items[place].id, ...answer });
  Object.assign(items[place], answer);
  find("outlook").textContent = found.outlook;
  find("saved").textContent = `saved in ${found.saved}`;
}

async function keep() {
  const old = before(items[at]);
  await store(at, said());
  answered.push({ place: at, old });
}

// The next sentence without labels; those passed over come again at the end.
function next() {
  const open = items.findIndex((item, place) => place > at && item.labels === null);
  const any = items.findIndex((item, place) => place !== at && item.labels === null);
  go(open >= 0 ? open : any >= 0 ? any : at);
}

function save() {
  const { labels, unsure } = said();
  if (labels === null && !unsure) {
    const zero = none ? "0 if the sentence carries none, " : "";
    complain(new Error(`No frame is chosen. Press ${zero}? if you are unsure.`));
    return;
  }
  work(async () => { await keep(); next(); });
}

const move = (steps) => work(async () => {
  if (changed()) await keep();
  go(at + steps);
});

const undo = () => work(async () => {
  if (!answered.length) return;
  const { place, old } = answered[answered.length - 1];
  await store(place, old);
  answered.pop();
  go(place);
});

function toggle(button) {
  press(button, !pressed(button));
  const alone = button === none || "exclusive" in find("choices").dataset;
  if (alone) for (const other of frames) if (other !== button) press(other, false);
  if (button !== none) press(none, false);
}

const toggleUnsure = () => press(find("unsure"), !pressed(find("unsure")));
function openCodebook() {
  const whole = find("whole");
  if (!whole) return;
  whole.open = !whole.open;
  find(whole.open ? "codebook" : "sentence").focus();
}

const keys = {
  Enter: save, 0: () => none && toggle(none), "?": toggleUnsure, Backspace: undo, "/": () => find("note").focus(),
  ArrowLeft: () => move(-1), ArrowRight: () => move(1), h: openCodebook,
};

document.addEventListener("keydown", (event) => {
  if (find("desk").hidden || event.altKey || event.isComposing) return;
  if (event.target === find("note")) {
    if (event.key === "Escape") find("sentence").focus();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
    return;
  }
  if (event.ctrlKey || event.metaKey) {
    if (event.key === "z") { event.preventDefault(); undo(); }
    return;
  }
  if (event.key === "Escape" && event.target.closest("aside")) { find("sentence").focus(); return; }
  // A button that was reached by Tab is pressed by Enter, as everywhere.
  if (event.key === "Enter" && event.target.closest("button, summary")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const frame = frames.find((button) => button.dataset.key === key);
  const act = frame ? () => toggle(frame) : Object.hasOwn(keys, key) ? keys[key] : null;
  if (!act || event.repeat) return;
  event.preventDefault();
  act();
});

for (const button of [...frames, none].filter(Boolean)) button.addEventListener("click", () => toggle(button));
find("save").addEventListener("click", save);
find("unsure").addEventListener("click", toggleUnsure);
find("undo").addEventListener("click", undo);
find("back").addEventListener("click", () => move(-1));
find("on").addEventListener("click", () => move(1));
window.addEventListener("beforeunload", (event) => { if (changed()) event.preventDefault(); });

find("enter").addEventListener("submit", (event) => {
  event.preventDefault();
  work(async () => {
    const name = find("coder").value.trim();
    const found = await ask(`items?coder=${encodeURIComponent(name)}`);
    items = found.items;
    find("outlook").textContent = found.outlook;
    find("file").textContent = found.file;
    coder = name;
    find("enter").hidden = true;
    find("desk").hidden = false;
    const open = items.findIndex((item) => item.labels === null);
    go(open < 0 ? items.length - 1 : open);
  });
});
