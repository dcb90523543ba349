// All is in place: show the documents, or what the address asks for.
show({ ...NOTHING });
setForm();
lookUp();
follow();
document.documentElement.classList.add("ready");
