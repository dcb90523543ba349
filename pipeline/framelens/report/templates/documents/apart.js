// What sets groups apart: the terms and rules that one has more of, or less of, than the others.
const apartField = byId("apart-field");
const apartGroup = byId("apart-group");

const compared = data.fields.filter((field) => field.apart.length);
const valueName = (facet, code) => (code < 0 ? "not given" : facets[facet].values[code]);

function fillApart() {
  apartField.append(...compared.map((field, id) => option(id, field.name)));
  apartField.closest("label").hidden = compared.length < 2;
  apartField.addEventListener("change", fillGroups);
  apartGroup.addEventListener("change", showApart);
  fillGroups();
}

function fillGroups() {
  const field = compared[apartField.value];
  apartGroup.replaceChildren(...field.apart.map(([code], id) => option(id, valueName(field.facet, code))));
  showApart();
}

function showApart() {
  const field = compared[apartField.value];
  const [code, terms, rules] = field.apart[apartGroup.value];
  const group = { facet: field.facet, code, name: valueName(field.facet, code) };
  byId("apart-said").textContent =
    `${counted(terms.length, "term")} and ${counted(rules.length, "rule")} set ${group.name} apart.`;
  byId("apart-terms").replaceChildren(
    apartTable("Terms", group, terms.map(([term, ...figures]) => [termItem(term, group), { term }, figures])));
  byId("apart-rules").replaceChildren(
    apartTable("Rules", group, rules.map(([name, frame, ...figures]) => [ruleItem(name, frame), { rule: name }, figures])));
  apartRows = { group, terms, rules };
}

let apartRows = null;

const termItem = (term, group) => make("button", {
  type: "button", class: "item", title: "Show in context",
  onclick: () => inContext(data.terms[term][0], `${group.facet}.${group.code}`),
}, data.terms[term][0]);

const ruleItem = (name, frame) => [letter(frame), " ", make("code", {}, name)];

function apartTable(title, { facet, code, name }, rows) {
  if (!rows.length) return make("p", { class: "aside" }, `${title}: nothing that is sure enough.`);
  const most = Math.max(...rows.map(([, , [, , z]]) => Math.abs(z)));
  const body = rows.map(([item, what, [here, elsewhere, z]]) => make("tr", { class: z < 0 ? "less" : null },
    make("th", { scope: "row" }, item),
    make("td", { class: "n" }, make("a", { href: link({ ...what, facet, code }) }, whole(here))),
    make("td", { class: "n" }, make("a", { href: link({ ...what, facet, code, not: true }) }, whole(elsewhere))),
    make("td", { class: "n" }, signed(z)),
    make("td", { class: "t" }, bar(z / most))));
  return make("table", { class: "figures apart" },
    make("caption", {}, make("span", {}, `${title} of ${name}: sentences that hold them, here and elsewhere, and z.`)),
    make("thead", {}, make("tr", {}, head(title.slice(0, -1)), head("Here", "n"), head("Elsewhere", "n"),
      head("z", "n"), head(unseen("z drawn"), "t"))),
    make("tbody", {}, body));
}

/** A bar to the right for more, to the left for less; the number stands beside it. */
function bar(share) {
  const width = 50 * Math.abs(share);
  const made = make("span", { class: "bar", "aria-hidden": "true" }, make("span", {}));
  made.firstChild.style.marginLeft = `${share < 0 ? 50 - width : 50}%`;
  made.firstChild.style.width = `${width}%`;
  return made;
}

function saveApart() {
  const { group, terms, rules } = apartRows;
  const rows = [
    ...terms.map(([term, ...figures]) => ["term", data.terms[term][0], ...figures]),
    ...rules.map(([name, , ...figures]) => ["rule", name, ...figures]),
  ].map(([kind, item, here, elsewhere, z]) => [kind, item, group.name, here, elsewhere, z / 100]);
  save("apart", [["kind", "item", "group", "here", "elsewhere", "z"], ...rows]);
}

if (compared.length) {
  fillApart();
  byId("save-apart").addEventListener("click", saveApart);
}
