"""How a verb of the command line is declared."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Command = Callable[[argparse.Namespace], int | None]


def new_verb(
    verbs: Verbs, name: str, command: Command, summary: str, description: str | None = None
) -> argparse.ArgumentParser:
    """Add a verb, and return its parser, which takes the arguments.

    Args:
        verbs: All verbs.
        name: What the user types.
        command: What the verb does; it returns the exit status, None for 0.
        summary: What it does, in a line of the list of verbs.
        description: What it does, at more length, in its own help.
    """
    parser = verbs.add_parser(name, help=summary, description=description, allow_abbrev=False)
    parser.set_defaults(command=command)
    return parser
