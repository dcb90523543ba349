// All is in place: show the documents, or what the address asks for.
show({ ...NOTHING });
setForm();
lookUp();
follow();
// The text has moved what the address names since the browser went there.
if (location.hash && !location.hash.startsWith("#find?")) {
  byId(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView({ behavior: "instant" });
}
document.documentElement.classList.add("ready");
