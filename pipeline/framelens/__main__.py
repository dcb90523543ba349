"""`python -m framelens`: the command line."""

from framelens.cli.main import main

main()
