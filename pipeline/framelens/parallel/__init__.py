"""Inputs of any size, by many processes or machines, into files that are whole or not there.

plan.py makes shards of the input, cutting large files (cuts.py); workers.py calls work.py for each,
which writes its file; manifest.py keeps what is done, so that a run that was ended can go on; run.py
leads all this, and joins the files where there is to be one.
"""
