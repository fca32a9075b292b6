"""Looks at data before anything is trained on them."""

import itertools
import types
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from replication.errors import InputError

_SLACK = 1e-6  # by how much rounding may carry an input out of [0, 1]


def first_batch(data: Any, y: Any = None) -> tuple[Any, Any, Any]:
    """Return what a first batch holds, or all of an array's, and the data to train on.

    Args:
        data: What Keras's `fit` takes as `x`.
        y: What it takes as `y`, where the data are inputs alone.

    Returns:
        Inputs and targets to look at (None where there are none, or no telling), and data of which
        nothing was used up.

    Raises:
        InputError: The data are of a kind that Keras would misread.
    """
    if hasattr(data, "tocsr"):
        raise InputError(
            "inputs must be a dense array; give x.toarray(). "
            f"Received: a sparse {type(data).__name__} of shape {data.shape}"
        )
    if hasattr(data, "shape"):
        return data, y, data
    if isinstance(data, keras.utils.PyDataset):
        return *_unpacked(data[0]), data
    if isinstance(data, types.GeneratorType):
        first = next(data, None)
        return *_unpacked(first), data if first is None else _chained(first, data)
    if hasattr(data, "take"):  # tf.data
        return *_unpacked(next(iter(data.take(1)), None)), data
    return None, y, data


def first_of_validation(data: Any) -> tuple[Any, Any, Any]:
    """Do as `first_batch` does with what Keras's `fit` takes as `validation_data`.

    Args:
        data: Inputs, a tuple of inputs, targets and weights, a data set, or None.

    Returns:
        Inputs and targets to look at (None where there are none, or no telling), and data of which
        nothing was used up.

    Raises:
        InputError: The data are of a kind that Keras would misread.
    """
    if isinstance(data, tuple | list):
        inputs, targets = _unpacked(tuple(data) or None)
        return *first_batch(inputs, targets)[:2], data
    return first_batch(data)


def check_inputs(x: Any, unit_interval: bool = False, name: str = "inputs") -> None:
    """Raise where inputs, or what is to be rebuilt from them, cannot be learned from.

    Args:
        x: Inputs or targets, shape (n, ...).
        unit_interval: They stand for probabilities.
        name: What to call them in the message.

    Raises:
        InputError: There are none, they are no finite numbers, or they leave [0, 1] where they
            must not.
    """
    try:
        values = np.asarray(keras.ops.convert_to_numpy(x))
    except (TypeError, ValueError) as error:
        raise InputError(f"{name} must be numbers. Received: {error}") from None
    if values.dtype.kind not in "biufV":  # bfloat16 is of the last kind
        raise InputError(f"{name} must be numbers. Received: dtype={values.dtype}")
    if not values.size:
        raise InputError(f"{name} must hold at least one example. Received: shape {values.shape}")
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all():
        raise InputError(f"{name} must be finite numbers. Received: NaN or infinity among them")
    if unit_interval and (low < -_SLACK or high > 1 + _SLACK):
        raise InputError(
            f"with cross-entropy {name} must lie in [0, 1]; scale them (x / 255 for bytes), or use "
            "reconstruction='squared_error' with decoder_activation='linear'. "
            f"Received: values from {low:g} to {high:g}"
        )


def _unpacked(batch: Any) -> tuple[Any, Any]:
    """The inputs and targets of a batch, where there is one."""
    if batch is None:
        return None, None
    x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
    return x, y


def _chained(first: Any, rest: Iterator) -> Iterator:
    """A generator, since Keras asks for that very type."""
    yield from itertools.chain([first], rest)
