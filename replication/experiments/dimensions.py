"""The intrinsic dimension of the data sets, measured once and recorded in one file."""

import dataclasses
import time
from pathlib import Path

from replication.datasets import load
from replication.errors import InputError
from replication.experiments import provenance
from replication.experiments.entries import read_entries
from replication.measures.intrinsic_dimension import IntrinsicDimension, intrinsic_dimension

FILE = Path(__file__).parents[2] / "data" / "dimensions.json"


def measure_dimension(dataset: str) -> dict:
    """Estimate the intrinsic dimension of a data set's validation part, with provenance.

    Args:
        dataset: Key of the data set.

    Raises:
        InputError: The data set is unknown or cannot be had.
    """
    data = load(dataset)
    started = time.perf_counter()
    found = intrinsic_dimension(data.valid.x)
    return {
        **{name: round(value, 4) for name, value in dataclasses.asdict(found).items()},
        "examples": len(data.valid.x),
        "provenance": provenance.of_measurement(data.checksum, started),
    }


def recorded_dimension(dataset: str) -> IntrinsicDimension | None:
    """Read what was measured of a data set; None if nothing was.

    Args:
        dataset: Key of the data set.

    Raises:
        InputError: The file is damaged.
    """
    found = recorded_measurement(dataset)
    if found is None:
        return None
    return IntrinsicDimension(found["estimate"], found["smallest"], found["largest"])


def recorded_measurement(dataset: str) -> dict | None:
    """Read what `measure_dimension` returned for a data set; None if nothing was recorded.

    Args:
        dataset: Key of the data set.

    Raises:
        InputError: The file is damaged.
    """
    found = read_entries(FILE).get(dataset)
    if found is not None and {"estimate", "smallest", "largest", "provenance"} - set(found):
        raise InputError(f"{FILE} is damaged: {dataset} lacks a number or its provenance")
    return found
