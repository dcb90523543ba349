"""Pages for people: self-contained HTML that needs no network.

`corpus/` holds the page of documents. Here stands the reliability report: read `reliability.py`
first, then `methods.py` (its paragraph on methods), `error_analysis.py` (mistakes and their
evidence) and `plots.py` (its figures). Both pages are made with `pages.py` (templates), `palette.py`
(colours of frames) and `svg.py` (drawings).
"""
