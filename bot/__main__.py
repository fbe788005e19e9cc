"""`portico` and `python -m bot`: hands the command line to the front door that it is for."""

import sys


def main() -> int:
    from bot.cli.app import run  # noqa: PLC0415 a hook's start-up must not pay for the command line

    return run()


if __name__ == "__main__":
    sys.exit(main())
