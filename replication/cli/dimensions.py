"""`dimensions`: estimate the intrinsic dimension of data sets."""

from typing import Any

from replication.cli.measuring import Measuring, add_measuring
from replication.cli.verb import Verbs
from replication.datasets import names
from replication.studies.data.dimensions import RECORDED, measure_dimension
from replication.studies.table1.plan import DATASETS


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    add_measuring(
        verbs,
        Measuring(
            summary="estimate the intrinsic dimension of data sets",
            description="Estimate the local dimension of data sets from distances between "
            "neighbours, for claim 17.",
            what=f"data sets ({', '.join(DATASETS)})",
            choices=names(),
            usual=DATASETS,
            measure=measure_dimension,
            describe=_describe,
            recorded=RECORDED,
            bar=True,
        ),
    )


def _describe(name: str, measured: dict[str, Any]) -> str:
    return (
        f"{name}: {measured['estimate']:.2f} ({measured['smallest']:.2f} to "
        f"{measured['largest']:.2f} by the number of neighbours)"
    )
