"""A record that has every kind of result, to be damaged."""

import base64
from typing import Any

from replication.engine.records import Record
from replication.engine.settings import Settings

SETTINGS = Settings(dataset="digits", model="cae", units=(30,))
MISTAKES = base64.b64encode(bytes([0b10000000, 0b01000000])).decode()
RESULTS: dict[str, Any] = {
    "valid_error": 1.5,
    "test_error": 20.0,
    "test_examples": 10,
    "test_mistakes": MISTAKES,
    "saturation": 12.0,
    "jacobian_mean_square": 0.1,
    "jacobian_norm": 2.0,
    "kernel_norm": [3.0],
    "best_epoch": 4,
    "curve": {"radius": [0.3, 1.5], "ratio": [0.2, 0.1], "deviation": [0.0, 0.0]},
    "spectrum": {"singular_value": [2.0, 1.0], "deviation": [0.1, 0.1]},
    "directions": [{"example": "AA", "singular_value": [1.0], "direction": ["AA"]}],
}


def whole_record() -> Record:
    """The record, as it is before anything happens to it."""
    return Record("test", SETTINGS, RESULTS, {"seconds": {"total": 1.0}})
