"""A copy of an encoder, its weights included."""

import inspect
from typing import Any

import keras

from replication.errors import InputError


def copy_of(encoder: keras.Layer) -> keras.Layer:
    """Return a copy of a built layer or model, which shares nothing with it.

    Layers and activations of a user's own need not be registered with Keras.

    Args:
        encoder: What to copy.

    Raises:
        InputError: Two of its classes or activations have one name, by which Keras finds them.
    """
    with keras.saving.custom_object_scope(_parts_of(encoder)):
        # Serialising keeps the input shape, so the copy comes back built.
        config = keras.saving.serialize_keras_object(encoder)
        copy = keras.saving.deserialize_keras_object(config)
    copy.set_weights(encoder.get_weights())
    return copy


def _parts_of(encoder: keras.Layer) -> dict[str, Any]:
    """The classes and activations of all layers, by name: at hand, since the layers are."""
    parts: dict[str, Any] = {}
    for layer in encoder._flatten_layers():
        activation = getattr(layer, "activation", None)
        found: list[Any] = [type(layer)]
        if inspect.isfunction(activation):
            found.append(activation)
        for part in found:
            if parts.setdefault(part.__name__, part) is not part:
                raise InputError(
                    "an encoder that is copied must have one class or activation of each name. "
                    f"Received: two called {part.__name__!r}"
                )
    return parts
