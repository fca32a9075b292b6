"""Declare what a change of the code behind the numbers means: `python -m` this module."""

import argparse
import sys
from collections.abc import Iterable
from typing import NoReturn

from replication.engine.fingerprint import TODAY, Code
from replication.errors import InputError

_COMMAND = "python -m replication.engine.declare"


def advice(components: Iterable[str]) -> str:
    """Say how to declare what components stand for whose code has changed.

    Args:
        components: Their names, at least one.
    """
    names = " ".join(components)
    return (
        f"The code behind the numbers has changed in: {names}. If no number can have changed,\n"
        f"  {_COMMAND} --same {names} --why TEXT\n"
        "keeps the records fresh; otherwise, to make those of the old code stale,\n"
        f"  {_COMMAND} --raise {names} --why TEXT"
    )


def main(arguments: list[str] | None = None, code: Code = TODAY) -> int:
    """Print which components are declared as they are today, after declaring some if asked to.

    Args:
        arguments: The command line; None takes the process's own.
        code: The code; another than this checkout's in tests.

    Returns:
        The exit status: 0; 1 if a component is not declared; or 2 after bad input, which prints
        one sentence on standard error.
    """
    parser = _Parser(prog=_COMMAND, description=__doc__, allow_abbrev=False)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--same", nargs="+", metavar="COMPONENT", help="it gives the same numbers as before"
    )
    what.add_argument("--raise", nargs="+", metavar="COMPONENT", dest="raised", help="it does not")
    parser.add_argument("--why", metavar="TEXT", default="", help="what was changed")
    try:
        options = parser.parse_args(arguments)
        components = options.same or options.raised
        if components:
            code = code.declare(components, options.why, same=bool(options.same))
        elif options.why:
            raise InputError("--why goes with --same or --raise")
        undeclared = code.undeclared
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    for component, digest in code.digests.items():
        count = len(code.revisions.get(component, ()))
        state = "not declared" if component in undeclared else f"declared, revision {count}"
        print(f"{component:<12} {digest}  {state}")
    if undeclared:
        print(advice(undeclared))
    return 1 if undeclared else 0


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as every other error here."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message)


if __name__ == "__main__":
    sys.exit(main())
