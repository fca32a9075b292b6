"""The mean over a batch, in the precision of its argument."""

import keras
from keras import ops


def average(values: keras.KerasTensor) -> keras.KerasTensor:
    """Compute the mean over the first axis.

    Keras's own `mean` on JAX works in float32 even on float64, which is too coarse for the tests
    that compare gradients with central differences.

    Args:
        values: Shape (batch, ...).
    """
    return ops.sum(values, axis=0) / ops.cast(ops.shape(values)[0], values.dtype)
