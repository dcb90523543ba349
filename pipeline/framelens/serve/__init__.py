"""A local page and a JSON API: a statement in, its sentences with their frames and evidence out.

From bottom to top: limits.py says what a request may ask, engine.py classifies, schema.py describes
what goes in and out, page.py draws the page, guard.py stands before everything and hosts.py says
which names it answers to, app.py joins them, server.py runs it.
"""
