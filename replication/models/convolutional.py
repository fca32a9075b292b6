"""A small convolutional encoder and its decoder."""

import math

import keras

from replication.checks import LARGEST_SEED, check_count, check_seed
from replication.errors import InputError

FILTERS = (8, 16)
"""Filters of the layers, lowest first."""
_KERNEL, _STRIDE = 5, 2


def convolutional(
    inputs: int, units: int, activation: str = "relu", seed: int | None = None
) -> tuple[keras.Sequential, keras.Sequential]:
    """Make an encoder of grey pictures and a decoder, for `ContractiveAutoencoder` and the like.

    Two convolutions of stride 2 halve the picture's side twice, and a dense layer makes the code of
    it; the decoder goes the same way back. Its last layer has no activation, as auto-encoders want
    it. The penalty of such an encoder has no closed form: take `jacobian="stochastic"`.

    Args:
        inputs: Pixels of a picture, which is square, of a side that 4 divides.
        units: Units of the code.
        activation: Of all layers but the last.
        seed: Seed of the initial weights, Glorot's uniform ones; None draws one.

    Returns:
        A model from flat pictures (batch, inputs) to codes (batch, units), and one back.

    Raises:
        InputError: The pictures are not square, their side is no multiple of 4, or an argument is
            out of its range.

    Example:
        >>> encoder, decoder = convolutional(784, units=64)
        >>> model = ContractiveAutoencoder(encoder=encoder, decoder=decoder, jacobian="stochastic")
    """
    check_count("units", units)
    check_seed(seed)
    side = math.isqrt(check_count("inputs", inputs, low=0))
    small, left_over = divmod(side, _STRIDE ** len(FILTERS))
    if side * side != inputs or left_over or not small:
        raise InputError(
            "a convolutional encoder takes square pictures of a side that "
            f"{_STRIDE ** len(FILTERS)} divides. Received: {inputs} pixels"
        )
    draw = iter(range(2 * len(FILTERS) + 2))

    def start() -> keras.Initializer:
        if seed is None:
            return keras.initializers.GlorotUniform()
        # No two layers may share their random numbers. A seed has 32 bits.
        return keras.initializers.GlorotUniform((100 * seed + next(draw)) % (LARGEST_SEED + 1))

    def layer(kind: type[keras.Layer], filters: int, bend: str | None) -> keras.Layer:
        return kind(filters, _KERNEL, strides=_STRIDE, padding="same", activation=bend,
                    kernel_initializer=start())  # fmt: skip

    convolution, back = keras.layers.Conv2D, keras.layers.Conv2DTranspose
    encoder = keras.Sequential(
        [
            keras.layers.Reshape((side, side, 1)),
            *(layer(convolution, filters, activation) for filters in FILTERS),
            keras.layers.Flatten(),
            keras.layers.Dense(units, activation=activation, kernel_initializer=start()),
        ]
    )
    top = (small, small, FILTERS[-1])
    decoder = keras.Sequential(
        [
            keras.layers.Dense(math.prod(top), activation=activation, kernel_initializer=start()),
            keras.layers.Reshape(top),
            *(layer(back, filters, activation) for filters in FILTERS[-2::-1]),
            layer(back, 1, None),
            keras.layers.Flatten(),
        ]
    )
    return encoder, decoder
