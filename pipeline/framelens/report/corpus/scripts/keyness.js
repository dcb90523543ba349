// Keyness: the terms and rules that a group has more of, or less of, than all other sentences.
const keynessField = byId("keyness-field");
const keynessGroup = byId("keyness-group");
const keyFields = data.fields.filter(({ keyness }) => keyness.length);
let shownKeyness = null;

function fillKeynessFields() {
  keynessField.append(...keyFields.map(({ name }, id) => option(id, name)));
  keynessField.closest("label").hidden = keyFields.length < 2;
  keynessField.addEventListener("change", fillKeynessGroups);
  keynessGroup.addEventListener("change", showKeyness);
  fillKeynessGroups();
}

function fillKeynessGroups() {
  const { facet, keyness } = keyFields[keynessField.value];
  keynessGroup.replaceChildren(...keyness.map(({ code }, id) => option(id, valueName(facet, code))));
  showKeyness();
}

function showKeyness() {
  const { name: field, facet, keyness } = keyFields[keynessField.value];
  const { code, terms: keyTerms, rules } = keyness[keynessGroup.value];
  const group = { field, facet, code, name: valueName(facet, code) };
  byId("keyness-said").textContent =
    `${counted(keyTerms.length, "term")} and ${counted(rules.length, "rule")} set ${group.name} apart.`;
  const termRows = keyTerms.map((item) =>
    ({ ...item, shown: termButton(item.term, group), asked: { term: item.term } }));
  const ruleRows = rules.map((item) =>
    ({ ...item, shown: ruleName(item), asked: { rule: item.rule } }));
  byId("keyness-terms").replaceChildren(keynessTable("Term", group, termRows));
  byId("keyness-rules").replaceChildren(keynessTable("Rule", group, ruleRows));
  shownKeyness = { group, keyTerms, rules };
}

const termButton = (term, group) => make("button", {
  type: "button", class: "item", title: "Show in context",
  onclick: () => inContext(terms[term].term, `${group.facet}.${group.code}`),
}, terms[term].term);

const ruleName = ({ rule, frame }) => [letter(frame), " ", make("code", {}, rule)];

function keynessTable(kind, group, rows) {
  if (!rows.length) return make("p", { class: "aside" }, `${kind}s: nothing that is sure enough.`);
  const most = Math.max(...rows.map(({ z }) => Math.abs(z)));
  const caption = `${kind}s of ${group.name}: sentences that hold them, here and elsewhere, and z.`;
  const heads = [head(kind), head("Here", "n"), head("Elsewhere", "n"), head("z", "n"),
    head(unseen("z drawn"), "t")];
  const made = table("figures", caption, heads, rows.map((row) => keynessRow(group, row, most)));
  made.classList.add("keyness");
  return made;
}

function keynessRow({ facet, code }, { shown, asked, here, elsewhere, z }, most) {
  const way = (not) => link({ ...asked, facet, code, not });
  return make("tr", { class: z < 0 ? "less" : null },
    make("th", { scope: "row" }, shown),
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

function saveKeyness() {
  const { group, keyTerms, rules } = shownKeyness;
  const items = [
    ...keyTerms.map((item) => ({ ...item, kind: "term", name: terms[item.term].term })),
    ...rules.map((item) => ({ ...item, kind: "rule", name: item.rule })),
  ];
  save(`keyness ${group.field} ${group.name}`, [
    ["kind", "item", "group", "here", "elsewhere", "z"],
    ...items.map(({ kind, name, here, elsewhere, z }) => [kind, name, group.name, here, elsewhere, z]),
  ]);
}

if (keyFields.length) {
  fillKeynessFields();
  byId("save-keyness").addEventListener("click", saveKeyness);
}
