"""What a classifier is told: the number of a class for each example."""

from typing import Any

import keras
import numpy as np

from replication.errors import InputError


def check_labels(labels: Any, classes: int) -> None:
    """Raise where labels are no classes; None is none and passes.

    Args:
        labels: Shape (n,) or (n, 1).
        classes: Number of classes.

    Raises:
        InputError: They are no whole numbers from 0 to classes - 1, or of another shape.
    """
    if labels is None:
        return
    values = np.asarray(
        keras.ops.convert_to_numpy(labels) if keras.ops.is_tensor(labels) else labels
    )
    if values.dtype.kind not in "biuf":
        raise InputError(
            f"labels must be whole numbers from 0 to {classes - 1}; give the index of "
            "each name, np.unique(names, return_inverse=True)[1]. "
            f"Received: {str(values.flat[0])!r}"
        )
    if values.ndim > 2 or values.shape[1:] not in ((), (1,)):
        raise InputError(
            "labels must be one number for each example, and no row for each class; give "
            f"labels.argmax(axis=1). Received: shape {values.shape}"
        )
    if not np.isin(values, np.arange(classes)).all():
        raise InputError(
            f"labels must be whole numbers from 0 to {classes - 1}. "
            f"Received: values from {values.min()} to {values.max()}"
        )
