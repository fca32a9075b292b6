"""An auto-encoder of two inputs, on a curve in the plane: what contraction looks like."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np

from replication.checks import check_count, check_number
from replication.engine import environment

if TYPE_CHECKING:
    from replication.models import ContractiveAutoencoder

EXTENT = 4.0  # half of the side of the square that is drawn
_EXAMPLES = 500
_NOISE = 0.12  # across the curve and along it
_UNITS = 30
_EPOCHS = 150
_RATE = 0.01


@dataclasses.dataclass(frozen=True)
class Toy:
    """What a trained net does to the plane.

    Attributes:
        contraction: Its lambda.
        examples: Training data, shape (n, 2).
        points: Places on the curve, shape (m, 2).
        jacobians: Of the encoder at these places, shape (m, d_h, 2).
        grid: Places in the whole square, shape (k, 2).
        reconstructions: g(f(x)) of the grid, shape (k, 2).
        curve: Places all along the curve, shape (n, 2).
        rebuilt: g(f(x)) of these, shape (n, 2).
    """

    contraction: float
    examples: np.ndarray
    points: np.ndarray
    jacobians: np.ndarray
    grid: np.ndarray
    reconstructions: np.ndarray
    curve: np.ndarray
    rebuilt: np.ndarray


def curve(t: np.ndarray) -> np.ndarray:
    """The manifold, one period of a sine, shape (n, 2), at parameters from -1 to 1."""
    return np.stack([3.2 * t, 1.8 * np.sin(np.pi * t)], axis=1).astype("float32")


def train_toy(contraction: float, seed: int = 0) -> Toy:
    """Train a contractive auto-encoder with tied weights on noisy points of the curve.

    Args:
        contraction: lambda, at least 0; 0 is the plain auto-encoder.
        seed: Seed of data, initial weights and batch order.

    Raises:
        InputError: An argument is out of its range.
    """
    check_number("contraction", contraction, 0)
    check_count("seed", seed, low=0)
    environment.enter(environment.chosen_backend())
    # Only where something is trained: Keras takes seconds to import.
    import keras

    from replication.measures.jacobian import jacobians

    generator = np.random.default_rng(seed)
    x = curve(generator.uniform(-1, 1, _EXAMPLES))
    x += generator.normal(0, _NOISE, x.shape).astype(x.dtype)
    net = _fitted(x, contraction, seed)
    points = curve(np.linspace(-0.95, 0.95, 15))
    side = np.linspace(-EXTENT, EXTENT, 11, dtype=x.dtype)
    grid = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    everywhere = curve(np.linspace(-1, 1, 61))
    return Toy(
        contraction,
        x,
        points,
        np.asarray(jacobians(net.encoder, points)),
        grid,
        keras.ops.convert_to_numpy(net(grid)),
        everywhere,
        keras.ops.convert_to_numpy(net(everywhere)),
    )


# The page shows this function.
def _fitted(x: np.ndarray, contraction: float, seed: int) -> "ContractiveAutoencoder":
    import keras

    from replication.engine.batches import Batches
    from replication.models import ContractiveAutoencoder

    keras.utils.set_random_seed(seed)
    net = ContractiveAutoencoder(
        _UNITS,
        contraction=contraction,
        reconstruction="squared_error",
        decoder_activation="linear",  # the data are no pixels
        seed=seed,
    )
    net.build((None, 2))
    net.compile(
        optimizer=keras.optimizers.Adam(_RATE),
        jit_compile=True,
        steps_per_execution=10,
    )
    net.fit(Batches(x, None, 50, seed=seed), epochs=_EPOCHS, shuffle=False, verbose=0)
    return net
