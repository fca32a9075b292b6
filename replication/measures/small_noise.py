"""What small Gaussian noise adds to the loss of an auto-encoder (section 4)."""

import dataclasses

import keras
import numpy as np

from replication.checks import check_count, check_seed
from replication.errors import InputError


@dataclasses.dataclass(frozen=True)
class SmallNoise:
    """The extra loss under noise, split by its order, averaged over examples.

    Attributes:
        noise_level: Standard deviations sigma, shape (levels,).
        extra: Expected loss under noise minus the loss without, in nats, shape (levels,).
        jacobian: Weight of sigma^2 / 2 that the Jacobian of the reconstruction has: the mean of
            sum_ki (d z_k / d x_i)^2 / (z_k (1 - z_k)).
        residual: Weight of sigma^2 / 2 that the errors of the reconstruction have: the mean of
            sum_k (z_k - x_k) laplacian(a_k), with z = sigmoid(a).
        order: Exponent of sigma with which what is left shrinks, between the two smallest levels.
    """

    noise_level: np.ndarray
    extra: np.ndarray
    jacobian: float
    residual: float
    order: float

    @property
    def predicted(self) -> np.ndarray:
        """The second-order term, shape (levels,)."""
        return self.noise_level**2 / 2 * (self.jacobian + self.residual)


# Long because all terms of an example are made of the same few products.
def small_noise(
    model: keras.Model, x: np.ndarray, noise_level: np.ndarray, draws: int = 100, seed: int = 0
) -> SmallNoise:
    """Measure how the loss L(x, g(f(x + sigma e))), e standard normal, leaves L(x, g(f(x))).

    The second-order term is computed in closed form. What lies beyond it is averaged over drawn
    noise, of which each draw also serves with the other sign and without its own second order:
    no noise of the drawing is left in the orders 0 to 3. In float64 throughout.

    Args:
        model: An auto-encoder with one sigmoid layer, tied weights and cross-entropy.
        x: Inputs in [0, 1], shape (n, d_x).
        noise_level: Increasing standard deviations, at least 2, shape (levels,).
        draws: Drawn directions for each example.
        seed: Seed of the drawing.

    Raises:
        InputError: The model is another one, or a number is impossible.
    """
    known = getattr(model, "tied", False) and (model.activation, model.reconstruction) == (
        "sigmoid",
        "cross_entropy",
    )
    if not known:
        raise InputError(
            "the noise's second order is known for tied weights, sigmoid units and cross-entropy "
            f"alone. Received: {model!r}"
        )
    noise_level = np.asarray(noise_level, float)
    if len(noise_level) < 2 or noise_level[0] <= 0 or not np.all(np.diff(noise_level) > 0):
        raise InputError(
            "noise_level must hold at least two increasing numbers above 0. "
            f"Received: {noise_level.tolist()}"
        )
    check_count("draws", draws)
    kernel, hidden, visible = (  # W^T, b_h, b_y
        np.asarray(keras.ops.convert_to_numpy(v), float)
        for v in (model.encoder.kernel, model.encoder.bias, model.visible_bias)
    )
    generator = np.random.default_rng(check_seed(seed))
    jacobian, residual = [], []
    beyond = []  # what lies beyond the second order, for each example and level
    for one in np.asarray(x, float):
        h = _sigmoid(one @ kernel + hidden)
        z = _sigmoid(h @ kernel.T + visible)
        slope = h * (1 - h)
        bend = slope * (1 - 2 * h)  # sigmoid''
        gradients = (kernel * slope) @ kernel.T  # row k: d a_k / d x
        laplacians = (kernel * bend) @ np.square(kernel).sum(axis=0)
        jacobian.append(z * (1 - z) @ np.square(gradients).sum(axis=1))
        residual.append((z - one) @ laplacians)

        step = generator.standard_normal((draws, len(one)))
        along = step @ kernel
        first = (slope * along) @ kernel.T  # first and second derivative of a along each step
        second = (bend * np.square(along)) @ kernel.T
        curvature = np.square(first) @ (z * (1 - z)) + second @ (z - one)
        rest = []
        for sigma in noise_level:
            there, back = (
                _loss(
                    one, _sigmoid((one + s * sigma * step) @ kernel + hidden) @ kernel.T + visible
                )
                for s in (1, -1)
            )
            here = _loss(one, (h @ kernel.T + visible)[None])
            rest.append(np.mean((there + back) / 2 - here - sigma**2 / 2 * curvature))
        beyond.append(rest)
    rest = np.mean(beyond, axis=0)
    weights = float(np.mean(jacobian)), float(np.mean(residual))
    order = np.log(abs(rest[1] / rest[0])) / np.log(noise_level[1] / noise_level[0])
    extra = noise_level**2 / 2 * sum(weights) + rest
    return SmallNoise(noise_level, extra, *weights, float(order))


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(a / 2))


def _loss(x: np.ndarray, a: np.ndarray) -> np.ndarray:
    """Cross-entropy of each row of pre-activations, summed over entries."""
    return np.sum(np.logaddexp(0, a) - x * a, axis=1)
