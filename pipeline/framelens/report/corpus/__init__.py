"""The page of documents: classified sentences to read, search and compare.

Read `page.py` first. The sentences are collected (`contents.py`, `evidence.py`), figures are worked
out (`findings.py`, from `facets.py`, `keyness.py` and `side_by_side.py`), and the page is filled
with drawings (`charts.py`), tables to save (`tables.py`), a paragraph on methods (`methods.py`) and
the data that its script works with (`payload.py`). `scripts/` are joined to one in the order that
`page.py` gives; `data.js` is read first.
"""
