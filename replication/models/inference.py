"""An encoder as a function of its input alone."""

from typing import Any

import keras
from keras import ops

from replication.errors import InputError
from replication.models.autodiff import Function

# Batch normalisation is none of them: a penalty sees it with its moving averages.
_OF_MOMENTS = (keras.layers.LayerNormalization, keras.layers.GroupNormalization)


def inference(encoder: keras.Layer) -> Function:
    """Return what `encoder` computes when it is used, not trained.

    Dropout is off, batch normalisation uses its moving averages, and a call leaves nothing behind:
    no update of a state, no entry in `losses`. The weights are those of now, live: gradients
    through the function reach them.

    Args:
        encoder: A built layer or model.

    Raises:
        InputError: The encoder has no weights yet.
    """
    check_built(encoder)
    values = [(variable, ops.convert_to_tensor(variable.value)) for variable in encoder.variables]

    def function(x: keras.KerasTensor) -> keras.KerasTensor:
        with keras.StatelessScope(state_mapping=values):
            return encoder(x, training=False)

    return function


def check_built(layer: keras.Layer, name: str = "the encoder") -> None:
    """Raise where a layer has no weights yet.

    Args:
        layer: The layer.
        name: What to call it in the message.

    Raises:
        InputError: It was never built.
    """
    if not layer.built:
        raise InputError(
            f"{name} has no weights yet: call fit(x) or build((None, features)) first. "
            f"Received: {type(layer).__name__} named {layer.name!r}"
        )


def check_twice_differentiable(encoder: keras.Layer) -> None:
    """Raise where the gradient of a penalty on a Jacobian would be wrong.

    TensorFlow's `tf.nn.moments` holds the mean fixed where it computes the variance. That changes
    no gradient, since the mean minimises the variance, but it does change the gradient of one.

    Args:
        encoder: A built layer or model whose Jacobian is penalised.

    Raises:
        InputError: The backend is TensorFlow, and a layer computes moments of its input.
    """
    if keras.backend.backend() != "tensorflow":
        return
    for layer in encoder._flatten_layers():
        if isinstance(layer, _OF_MOMENTS):
            raise InputError(
                "on TensorFlow a penalty on the Jacobian has a wrong gradient through layers that "
                "compute moments of their input; train on JAX (KERAS_BACKEND=jax), or use "
                f"BatchNormalization. Received: {type(layer).__name__} named {layer.name!r}"
            )


def check_concrete(name: str, *values: Any) -> None:
    """Raise where numbers are asked for of symbols, by what is no layer.

    Keras's graphs are made of layers. A weight that is read outside of one is read at once, and the
    graph goes on computing with that value however the weight is trained.

    Args:
        name: What is asked for.
        *values: What it is asked of.

    Raises:
        InputError: One of them is symbolic.
    """
    for value in values:
        if isinstance(value, keras.KerasTensor):
            raise InputError(
                f"{name} of a symbolic input would keep the weights' values of now for ever: call "
                "the model itself, which is a layer, or put it inside a layer of your own. "
                f"Received: {value!r}"
            )
