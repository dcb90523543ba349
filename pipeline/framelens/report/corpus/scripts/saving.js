// Tables and drawings to save as files.
const FORMULA = ["=", "+", "-", "@", "\t", "\r"];

/** Cells as CSV; text that a spreadsheet would run as a formula gets an apostrophe before it. */
function csv(rows) {
  return rows.map((row) => row.map((value) => {
    if (value === null || value === undefined) return "";
    const text = String(value);
    const safe = typeof value === "string" && FORMULA.includes(text[0]) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }).join(",")).join("\r\n");
}

/** A text as part of a file's name: letters and digits with hyphens between. */
const slug = (text, most) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join("-").slice(0, most)
  .replace(/-$/, "");
const savedAs = new Map();

/** The name of a file: the page's title and what is in it. What is described in other words gets
 * another name. */
function fileName(what, ending) {
  const name = [slug(document.querySelector("h1").textContent, 40), slug(what, 80)].filter(Boolean).join("-");
  for (let copy = 1; ; copy += 1) {
    const candidate = `${name}${copy > 1 ? `-${copy}` : ""}.${ending}`;
    if ((savedAs.get(candidate) ?? what) !== what) continue;
    savedAs.set(candidate, what);
    return candidate;
  }
}

function download(what, ending, kind, text) {
  const url = URL.createObjectURL(new Blob([text], { type: kind }));
  make("a", { href: url, download: fileName(what, ending) }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

// The mark at the start tells spreadsheets that the letters are UTF-8.
const save = (what, rows) =>
  download(what, "csv", "text/csv;charset=utf-8", `\ufeff${csv(rows)}\r\n`);

const LOOKS = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
  "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "text-anchor",
  "paint-order"];

/** A drawing as a file of its own: what the style sheet says is written into it. */
function saveDrawing(what, drawing) {
  const copy = drawing.cloneNode(true);
  const parts = copy.querySelectorAll("*");
  drawing.querySelectorAll("*").forEach((part, place) => {
    const look = getComputedStyle(part);
    LOOKS.forEach((name) => parts[place].style.setProperty(name, look.getPropertyValue(name)));
  });
  const { width, height } = drawing.viewBox.baseVal;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.style.background = getComputedStyle(document.documentElement).backgroundColor;
  download(what, "svg", "image/svg+xml", new XMLSerializer().serializeToString(copy));
}

/** The sentences asked for, a row each. */
function sentenceRows(list) {
  const given = facets.filter(({ derived }) => !derived);
  const heads = ["document", "sentence", "text", "frames", "primary", ...(stances.length ? ["stances"] : []),
    ...frames.map(({ name }) => name), ...given.map(({ name }) => name)];
  const rows = list.map((sentence) => [
    docs[docOf[sentence]].name, sentence - docs[docOf[sentence]].first + 1, texts[sentence],
    names(labels[sentence], "|"),
    frames[primary[sentence] ?? labels[sentence][0]]?.name ?? "",
    ...(stances.length ? [labels[sentence].map((frame) => `${frames[frame].name}:${treated(sentence, frame)}`).join("|")] : []),
    ...frames.map((_, frame) => Number(logistic(scores[sentence][frame]).toFixed(4))),
    ...given.map((facet) => valueOf(facet, sentence) ?? "")]);
  return [heads, ...rows];
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { table: wanted, drawing, named } = button.dataset;
  if (wanted) save(named, data.tables[wanted]);
  if (drawing) {
    // Of a drawing as counted and one corrected, the one that is shown.
    const drawings = [...byId(drawing).querySelectorAll("svg")];
    saveDrawing(named, drawings.find((it) => it.checkVisibility()) ?? drawings[0]);
  }
  if (button.id === "save-sentences") {
    save(`sentences ${told(query)}`, sentenceRows([...found.keys()].filter((sentence) => found[sentence])));
  }
});
