"""Pictures in records: rows of numbers, rounded to 255 grey levels and packed as text."""

import base64

import numpy as np

_LEVELS = 127  # of either sign, so that 0 stays 0


def pack_rows(rows: np.ndarray) -> list[str]:
    """Pack rows of numbers, shape (n, width), into one base64 text each.

    Each row is scaled by its largest magnitude, so only its direction comes back.
    """
    largest = np.abs(rows).max(axis=1, keepdims=True)
    levels = np.rint(_LEVELS * rows / np.where(largest == 0, 1, largest)).astype(np.int8)
    return [base64.b64encode(row.tobytes()).decode() for row in levels]


def unpack_rows(texts: list[str]) -> np.ndarray:
    """Unpack what `pack_rows` packed: shape (n, width), each row's largest magnitude is 1."""
    rows = np.stack([np.frombuffer(base64.b64decode(text), np.int8) for text in texts])
    return rows / _LEVELS
