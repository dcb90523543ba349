"""The command line.

main.py finds the command that is asked for and turns errors into one line and an exit code; options.py
holds what several commands take; commands/ has a file a command. inputs.py reads what a command works
on, outputs.py writes what `classify` makes of it, console.py and render/ draw results for a terminal.
"""
