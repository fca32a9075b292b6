"""The metric of a classifier."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="replication", name="error")
def error(y_true: keras.KerasTensor, logits: keras.KerasTensor) -> keras.KerasTensor:
    """Percentage of wrong answers, per example 0 or 100: the metric `error` in Keras's logs.

    Args:
        y_true: Labels, shape (batch,) or (batch, 1).
        logits: Pre-activations of the output layer, shape (batch, classes) or (batch, 1).
    """
    if logits.shape[-1] == 1:
        answer = ops.cast(logits[:, 0] > 0, "int32")
    else:
        answer = ops.cast(ops.argmax(logits, axis=-1), "int32")
    truth = ops.reshape(ops.cast(y_true, "int32"), ops.shape(answer))
    return 100.0 * ops.cast(answer != truth, "float32")
