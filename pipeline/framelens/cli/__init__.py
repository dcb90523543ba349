"""The command line.

main.py starts it and turns errors into one line and an exit code; app.py finds the command that is
asked for; options.py holds what several commands take; commands/ has a file a command. inputs.py
reads what a command works on, outputs.py writes what `classify` makes of it, progress.py tells of it
on standard error, console.py and render/ draw results for a terminal.
"""
