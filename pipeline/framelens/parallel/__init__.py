"""Inputs of any size, by one process, many, or machines, into files that are whole or not there.

stream.py classifies files or a text in this process, for all that wants sentences as they come. In parts,
plan.py makes shards of the input, cutting large files (cuts.py); workers.py calls work.py for each,
which writes its file; manifest.py keeps what is done, so that a run that was ended can go on; run.py
leads all this, and joins the files where there is to be one.
"""
