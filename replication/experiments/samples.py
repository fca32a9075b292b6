"""A few pictures of each data set, kept in the repository so that a page needs no data files."""

from pathlib import Path

from replication.datasets import load
from replication.errors import InputError
from replication.experiments.entries import read_entries
from replication.experiments.pictures import pack_rows

FILE = Path(__file__).parents[2] / "data" / "samples.json"
COUNT = 10  # pictures of each set, the first of its training part


def take_sample(dataset: str) -> dict:
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


def recorded_sample(dataset: str) -> dict:
    """Read what `take_sample` returned for a data set.

    Args:
        dataset: Key of the data set.

    Raises:
        InputError: Nothing was recorded, or the file is damaged.
    """
    found = read_entries(FILE).get(dataset)
    if found is None:
        raise InputError(
            f"no sample of {dataset} was recorded; run: python -m replication samples {dataset} "
            "--write"
        )
    return found
