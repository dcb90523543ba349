"""Inputs of any size, by many processes or machines, into files that are whole or not there.

One file: pieces.py cuts the input, pool.py sends the pieces to worker processes, work.py classifies
them there, and run.py puts the results together in order; partial.py and journal.py let a run that
was ended go on.
"""
