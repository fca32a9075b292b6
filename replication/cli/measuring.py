"""What the verbs share that measure something and may record it in `data/VERB.json`."""

import argparse
import dataclasses
from collections.abc import Callable
from typing import Any

from tqdm import tqdm

from replication.checks import check_choice
from replication.cli.verb import Verbs, new_verb
from replication.engine.measurements import Measurements


@dataclasses.dataclass(frozen=True, kw_only=True)
class Measuring:
    """A verb that measures.

    Attributes:
        summary: What it does, in a line.
        description: What it does, at more length.
        what: What its names are, in its help.
        choices: The names that there are.
        usual: The names where none is given.
        measure: Takes a name to what was measured, plain JSON values.
        describe: Takes a name and that to text.
        recorded: The file, whose name is also that of the verb.
        bar: Show a progress bar over the names; without one, each measurement shows its own.
    """

    summary: str
    description: str
    what: str
    choices: tuple[str, ...]
    usual: tuple[str, ...]
    measure: Callable[[str], dict[str, Any]]
    describe: Callable[[str, dict[str, Any]], str]
    recorded: Measurements
    bar: bool = False


def add_measuring(verbs: Verbs, measuring: Measuring) -> None:
    """Add a verb that measures.

    Args:
        verbs: All verbs.
        measuring: The verb.
    """

    def command(options: argparse.Namespace) -> None:
        _measure(measuring, options.names or list(measuring.usual), options.write)

    name = measuring.recorded.name
    parser = new_verb(verbs, name, command, measuring.summary, measuring.description)
    parser.add_argument("names", nargs="*", metavar="NAME", help=measuring.what)
    parser.add_argument(
        "--write", action="store_true", help=f"record it in {measuring.recorded.source}"
    )


def _measure(measuring: Measuring, names: list[str], write: bool) -> None:
    for name in names:  # all of them before any is measured
        check_choice("name", name, measuring.choices)
    if write:
        measuring.recorded.check_writable()
    for name in tqdm(names, desc=measuring.recorded.name, disable=not measuring.bar):
        measured = measuring.measure(name)
        tqdm.write(measuring.describe(name, measured))
        if write:
            measuring.recorded.write(name, measured)
