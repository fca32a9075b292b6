"""A few pictures of each data set, kept in the repository so that a page needs no data files."""

from typing import Any

from replication.datasets import load
from replication.engine.measurements import Measurements
from replication.errors import InputError
from replication.measures.packing import pack_rows

COUNT = 10  # pictures of each set, the first of its training part
RECORDED = Measurements(
    "samples", needs=("pictures", "labels", "shape", "origin", "checksum", "sizes")
)


def take_sample(dataset: str) -> dict[str, Any]:
    """Take the first training pictures of a data set, with their labels and their origin.

    Args:
        dataset: Key of the data set.

    Raises:
        InputError: The data set is unknown or cannot be had.
    """
    data = load(dataset)
    return {
        "pictures": pack_rows(data.train.x[:COUNT]),
        "labels": data.train.y[:COUNT].tolist(),
        "shape": list(data.shape),
        "origin": data.origin,
        "checksum": data.checksum,
        "sizes": [len(part.y) for part in (data.train, data.valid, data.test)],
    }


def recorded_sample(dataset: str, recorded: Measurements = RECORDED) -> dict[str, Any]:
    """Read what `take_sample` returned for a data set.

    Args:
        dataset: Key of the data set.
        recorded: What was recorded.

    Raises:
        InputError: Nothing was recorded, or the file is damaged.
    """
    found = recorded.get(dataset)
    if found is None:
        raise InputError(
            f"no sample of {dataset} was recorded; run: python -m replication samples {dataset} "
            "--write"
        )
    return found
