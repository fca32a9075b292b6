"""The inputs of a data set as one array."""

import itertools
from collections.abc import Iterable
from typing import Any

import keras
import numpy as np

from replication.checks import check_count
from replication.models.fitting.first_batch import check_inputs, first_batch


def all_inputs(data: Any, steps: int | None = None, name: str = "steps") -> np.ndarray:
    """Read the inputs of a data set, without whatever stands beside them.

    Args:
        data: An array, a tuple of which the first is one, or a data set that Keras's `fit` takes.
        steps: How many batches to read; None reads all of them.
        name: What the caller calls `steps`, for the message.

    Returns:
        Inputs, shape (n, ...).

    Raises:
        InputError: They are none that a model could learn from.
    """
    if isinstance(data, tuple):
        data = data[0]
    looked_at, _, data = first_batch(data)
    if looked_at is data:
        check_inputs(data)
        return data
    if steps is not None:
        check_count(name, steps)
    batches: Iterable = data
    if isinstance(data, keras.utils.PyDataset):  # which does not end by itself
        batches = (data[index] for index in range(data.num_batches))
    found = [
        keras.ops.convert_to_numpy(keras.utils.unpack_x_y_sample_weight(batch)[0])
        for batch in itertools.islice(batches, steps)
    ]
    x = np.concatenate(found) if found else np.empty((0, 0))
    check_inputs(x)
    return x
