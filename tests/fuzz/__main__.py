"""`python -m tests.fuzz --minutes 30`: see fuzz.py."""

from tests.fuzz.fuzz import main

main()
