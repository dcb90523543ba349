"use strict";
// The page is whole without this: it adds a search, a count of what is shown, and a copy button.
const list = [...document.querySelectorAll(".mistakes > li")];
const search = document.getElementById("search");
const shown = document.getElementById("shown");

function count() {
  const visible = list.filter((item) => item.getClientRects().length > 0).length;
  shown.textContent = `${visible} of ${list.length} shown`;
}

/** A text in lower case, with a typewriter's apostrophes. */
const plain = (text) => text.toLowerCase().replaceAll("’", "'");

function filter() {
  const words = plain(search.value).split(/\s+/).filter(Boolean);
  list.forEach((item) => {
    item.words ??= plain(item.textContent);
    item.hidden = !words.every((word) => item.words.includes(word));
  });
  count();
}

if (search) {
  search.closest("[hidden]").hidden = false;
  const form = search.form;
  form.reset();
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => (event.target === search ? filter() : count()));
  filter();
}

const copy = document.getElementById("copy");
if (copy && navigator.clipboard) {
  copy.closest("[hidden]").hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById("paragraph").textContent);
    document.getElementById("copied").textContent = "copied";
  });
}
