"""The mean over a batch, in the precision of its argument."""

import keras
from keras import ops


def average(
    values: keras.KerasTensor, weights: keras.KerasTensor | None = None
) -> keras.KerasTensor:
    """Compute the mean over the first axis.

    Keras's own `mean` on JAX works in float32 even on float64, which is too coarse for the tests
    that compare gradients with central differences.

    Args:
        values: Shape (batch, ...).
        weights: Of each example, shape (batch,). As in Keras's losses the weighted sum is divided
            by the number of examples, not by the sum of the weights.
    """
    if weights is not None:
        shape = (-1, *[1] * (len(values.shape) - 1))
        values = values * ops.reshape(ops.cast(weights, values.dtype), shape)
    return ops.sum(values, axis=0) / ops.cast(ops.shape(values)[0], values.dtype)
