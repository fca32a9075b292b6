"""The directions in which the encoder contracts least: leading right singular vectors of J."""

import dataclasses
from typing import Any

import keras
import numpy as np

from replication.checks import check_count
from replication.errors import InputError
from replication.measures.jacobian import jacobians
from replication.measures.measure import Measure, Subject
from replication.measures.packing import pack_rows

_EXAMPLES = 3  # first validation examples whose leading directions a record keeps
_COUNT = 6  # of each


@dataclasses.dataclass(frozen=True)
class Directions:
    """Leading singular directions of the Jacobian at some examples (section 5.3, Figure 2).

    Attributes:
        singular_value: How much each direction is stretched, largest first, shape (n, count).
        direction: Unit vectors in input space, shape (n, count, d_x). A singular vector has no
            sign; here its entry of the largest magnitude is positive.
    """

    singular_value: np.ndarray
    direction: np.ndarray


def leading_directions(encoder: keras.Layer, x: np.ndarray, count: int) -> Directions:
    """Compute the right singular vectors of J_f(x) with the largest singular values.

    Args:
        encoder: A built encoder from (batch, ...) to (batch, d_h).
        x: Inputs, shape (n, ...), n at least 1.
        count: Number of directions, from 1 to min(d_h, d_x).

    Raises:
        InputError: There is no input, or `count` is out of its range.
    """
    check_count("count", count)
    check_count("len(x)", len(x))
    values, vectors = [], []
    for n in range(len(x)):
        jacobian = jacobians(encoder, x[n : n + 1])[0].astype(float)
        if count > min(jacobian.shape):
            raise InputError(
                f"count must be at most {min(jacobian.shape)}, the number of singular values. "
                f"Received: count={count}"
            )
        _, singular, right = np.linalg.svd(jacobian, full_matrices=False)
        top = right[:count]
        largest = np.take_along_axis(top, np.abs(top).argmax(axis=1, keepdims=True), axis=1)
        values.append(singular[:count])
        vectors.append(top * np.sign(largest))
    return Directions(np.stack(values), np.stack(vectors))


def _of(subject: Subject) -> dict[str, Any]:
    """The leading directions at a few examples, small enough for a record."""
    if not subject.spectrum_count:
        return {}
    x = subject.x[:_EXAMPLES]
    units = keras.ops.shape(subject.encoder(x[:1]))[-1]
    found = leading_directions(subject.encoder, x, min(_COUNT, units, x.shape[1]))
    pictures = zip(x, found.singular_value, found.direction, strict=True)
    return {
        "directions": [
            {
                "example": pack_rows(example[None])[0],
                "singular_value": values,
                "direction": pack_rows(directions),
            }
            for example, values, directions in pictures
        ]
    }


MEASURES = (Measure({"directions": "singular values; rows of pixels, packed"}, _of),)
