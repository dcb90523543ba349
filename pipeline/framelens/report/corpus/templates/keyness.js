// What sets groups apart: the terms and rules that one has more of, or less of, than the others.
const apartField = byId("apart-field");
const apartGroup = byId("apart-group");

const compared = data.fields.filter((field) => field.apart.length);
const valueName = (facet, code) => (code < 0 ? "not given" : valueOfCode(facet, code));

function fillApart() {
  apartField.append(...compared.map((field, id) => option(id, field.name)));
  apartField.closest("label").hidden = compared.length < 2;
  apartField.addEventListener("change", fillGroups);
  apartGroup.addEventListener("change", showApart);
  fillGroups();
}

function fillGroups() {
  const field = compared[apartField.value];
  const groups = field.apart.map(([code], id) => option(id, valueName(field.facet, code)));
  apartGroup.replaceChildren(...groups);
  showApart();
}

function showApart() {
  const field = compared[apartField.value];
  const [code, terms, rules] = field.apart[apartGroup.value];
  const group = { facet: field.facet, code, name: valueName(field.facet, code) };
  byId("apart-said").textContent =
    `${counted(terms.length, "term")} and ${counted(rules.length, "rule")} set ${group.name} apart.`;
  const termRows = terms.map(([term, ...figures]) => [termItem(term, group), { term }, figures]);
  const ruleRows = rules.map(([name, frame, ...figures]) =>
    [ruleItem(name, frame), { rule: name }, figures]);
  byId("apart-terms").replaceChildren(apartTable("Term", group, termRows));
  byId("apart-rules").replaceChildren(apartTable("Rule", group, ruleRows));
  apartRows = { group, terms, rules };
}

let apartRows = null;

const termItem = (term, group) => make("button", {
  type: "button", class: "item", title: "Show in context",
  onclick: () => inContext(data.terms[term][0], `${group.facet}.${group.code}`),
}, data.terms[term][0]);

const ruleItem = (name, frame) => [letter(frame), " ", make("code", {}, name)];

function apartTable(kind, group, rows) {
  if (!rows.length) return make("p", { class: "aside" }, `${kind}s: nothing that is sure enough.`);
  const most = Math.max(...rows.map(([, , [, , z]]) => Math.abs(z)));
  const caption = `${kind}s of ${group.name}: sentences that hold them, here and elsewhere, and z.`;
  const heads = [head(kind), head("Here", "n"), head("Elsewhere", "n"), head("z", "n"),
    head(unseen("z drawn"), "t")];
  const made = table("figures", caption, heads, rows.map((row) => apartRow(group, row, most)));
  made.classList.add("apart");
  return made;
}

function apartRow({ facet, code }, [item, what, [here, elsewhere, z]], most) {
  const way = (not) => link({ ...what, facet, code, not });
  return make("tr", { class: z < 0 ? "less" : null },
    make("th", { scope: "row" }, item),
    number(make("a", { href: way(false) }, whole(here))),
    number(make("a", { href: way(true) }, whole(elsewhere))),
    number(signed(z)), cell(bar(z / most), "t"));
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
