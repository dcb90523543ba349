"""Where `framelens` and `python -m framelens` start: the command line, from its first line on ended
by an interrupt (Ctrl-C)."""

import os
import signal


def main() -> None:
    """Run the command line and leave with its exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # While modules are imported there is nothing yet that an end could leave half done.
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    from framelens.cli.main import main as run_command

    run_command()


if __name__ == "__main__":
    main()
