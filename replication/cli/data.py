"""`data`: fetch and check the data sets."""

import argparse

from replication.cli.verb import Verbs, new_verb
from replication.datasets import load, names
from replication.datasets.variants import VARIANTS


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    parser = new_verb(verbs, "data", describe, "fetch and check the data sets, and describe them")
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="data sets (all, but of the benchmark of 2007 neither the ...-original archives nor "
        "the variants with another choice)",
    )


def describe(options: argparse.Namespace) -> None:
    """Load data sets, which checks them, and print what they are.

    Args:
        options: Their `names`, none for all.

    Raises:
        InputError: A name is unknown, or a data set cannot be had.
    """
    # The archives of the benchmark are large, and their only address is often gone; a variant
    # differs from its set in one choice.
    ours = [name for name in names() if not name.endswith("-original") and name not in VARIANTS]
    for name in options.names or ours:
        data = load(name)
        sizes = "/".join(f"{len(part.y):,}" for part in (data.train, data.valid, data.test))
        print(
            f"{name}: {sizes} train/valid/test, {data.shape[0]}x{data.shape[1]} pixels, "
            f"{data.classes} classes, {data.origin}, {data.checksum[:16]}"
        )
