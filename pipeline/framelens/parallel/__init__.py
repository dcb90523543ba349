"""Input of any size → files that are whole or not there, by one process, several, or a cluster.

Read run.py first. It plans shards of the input (plan.py, which has large files cut by cuts.py), has
workers (workers.py) do them (work.py, a file each), records what is done, so that a run that was killed
can go on (manifest.py), and joins the files where one output is wanted. stream.py classifies in this
process, for all that take sentences as they come.
"""
