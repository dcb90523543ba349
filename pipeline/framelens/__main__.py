"""`python -m framelens`: the command line."""

from framelens.cli import main

main()
