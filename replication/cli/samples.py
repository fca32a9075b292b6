"""`samples`: take the pictures that the page of the benchmark sets shows."""

from typing import Any

from replication.cli.measuring import Measuring, add_measuring
from replication.cli.verb import Verbs
from replication.datasets import names
from replication.datasets.remade import SIZES
from replication.studies.data.samples import RECORDED, take_sample


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    add_measuring(
        verbs,
        Measuring(
            summary="take the pictures that the page of the benchmark sets shows",
            description="Take the first training pictures of data sets, for the page that shows "
            "them.",
            what="data sets (all of the benchmark)",
            choices=names(),
            usual=("rectangles", *SIZES),
            measure=take_sample,
            describe=_describe,
            recorded=RECORDED,
            bar=True,
        ),
    )


def _describe(name: str, sample: dict[str, Any]) -> str:
    return f"{name}: {sample['origin']}, labels {sample['labels']}"
