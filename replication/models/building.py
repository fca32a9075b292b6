"""Layers that users bring along: built once, of the right shape, without a second sigmoid."""

import keras

from replication.errors import InputError


def build_once(layer: keras.Layer, input_shape: tuple[int | None, ...]) -> None:
    """Build a layer, unless it comes with its weights.

    Args:
        layer: Any layer or model.
        input_shape: Shape (batch, ...) of its inputs.
    """
    if not layer.built:
        layer.build(input_shape)


def ends_in_sigmoid(layer: keras.Layer) -> bool:
    """Say whether the last thing that a layer or model does is to apply Keras's sigmoid."""
    last = layer
    while getattr(last, "layers", None):
        last = last.layers[-1]
    return getattr(last, "activation", None) is keras.activations.sigmoid


def check_shape(name: str, shape: tuple[int | None, ...], expected: tuple[int | None, ...]) -> None:
    """Raise where two shapes differ in an entry, the batch's aside, that both know.

    Args:
        name: Of what, for the message.
        shape: What was received, with the batch's entry first.
        expected: The shape of the inputs.

    Raises:
        InputError: They differ.
    """
    shape, expected = tuple(shape), tuple(expected)
    known = zip(shape[1:], expected[1:], strict=False)
    if len(shape) != len(expected) or any(None not in pair and len({*pair}) > 1 for pair in known):
        raise InputError(
            f"{name} must have the shape of the inputs. "
            f"Received: shape {shape} for inputs of shape {expected}"
        )
