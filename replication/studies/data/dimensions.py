"""The intrinsic dimension of the data sets, measured once and recorded in one file."""

import dataclasses
import time
from typing import Any

from replication.datasets import load
from replication.engine import provenance
from replication.engine.measurements import Measurements
from replication.measures.intrinsic_dimension import IntrinsicDimension, intrinsic_dimension

RECORDED = Measurements("dimensions", needs=("estimate", "smallest", "largest", "provenance"))


def measure_dimension(dataset: str) -> dict[str, Any]:
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


def recorded_dimensions(recorded: Measurements = RECORDED) -> dict[str, IntrinsicDimension]:
    """Read what was measured, by data set.

    Args:
        recorded: What was recorded.

    Raises:
        InputError: The file is damaged.
    """
    return {
        name: IntrinsicDimension(entry["estimate"], entry["smallest"], entry["largest"])
        for name, entry in recorded.read().items()
    }
