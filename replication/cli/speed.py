"""`speed`: measure how fast training is."""

import argparse
import json
from pathlib import Path

from replication.cli.verb import Verbs, new_verb
from replication.places import root
from replication.studies.speed.measure import PARTS, PLAN, measure_part, measure_speed
from replication.studies.speed.recorded import SOURCE


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(
        verbs,
        "speed",
        measure,
        "measure how fast training and measuring are",
        "Measure how fast training and measuring are, beside what the machine can do, and write it "
        f"to {SOURCE}. Takes minutes, and the whole machine.",
    )
    parser.add_argument("--quick", action="store_true", help="small samples; writes no file")
    parser.add_argument("--output", type=Path, metavar="FILE", help=f"JSON file ({SOURCE})")
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        choices=[name for name, *_ in PLAN],
        metavar="NAME",
        help="measure some of it anew, the rest of the file stays: "
        + "; ".join(name for name, *_ in PLAN),
    )
    # What the processes are asked for that the command starts itself.
    parser.add_argument("--part", choices=tuple(PARTS), help=argparse.SUPPRESS)


def measure(options: argparse.Namespace) -> int:
    """Measure all parts, or print one of them as JSON.

    Args:
        options: Whether to be `quick`; the `output` file, None for the usual one; what is measured
            `only`; the `part` that a process of its own prints, None for all.

    Returns:
        The exit status: 1 if something could not be measured, else 0.

    Raises:
        InputError: The usual file is to be written, and there is no checkout; or it is damaged.
    """
    if options.part:
        print(json.dumps(measure_part(options.part, options.quick)))
        return 0
    usual = None if options.quick or options.output else root(f"to write {SOURCE}") / SOURCE
    return measure_speed(options.quick, options.output or usual, options.only)
