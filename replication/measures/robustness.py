"""How a classifier stands changes of the pictures: noise, rotation, an attack on its weak spots."""

import math
from collections.abc import Callable, Mapping, Sequence

import keras
import numpy as np
from keras import ops

from replication.checks import check_choice, check_number, check_seed
from replication.datasets.rotation import rotate
from replication.errors import InputError
from replication.models.autodiff import vector_jacobian_product
from replication.models.classifier import Classifier
from replication.models.fitting.first_batch import check_inputs
from replication.models.inference import inference
from replication.models.precision import floating

SIZES: Mapping[str, tuple[float, ...]] = {
    "noise": (0.1, 0.2, 0.3, 0.4),  # standard deviation of each pixel
    "rotation": (10.0, 20.0, 30.0),  # degrees
    "attack": (0.02, 0.05, 0.1, 0.15),  # change of each pixel
}
"""Kind of change -> its sizes."""
_BATCH = 1000  # pictures that an attack differentiates at once

Curve = dict[str, list[float]]


def robustness(
    net: Classifier,
    x: np.ndarray,
    y: np.ndarray,
    shape: tuple[int, int],
    seed: int = 0,
    sizes: Mapping[str, Sequence[float]] = SIZES,
) -> dict[str, Curve]:
    """Measure the error of a classifier on changed pictures.

    Args:
        net: A fine-tuned classifier.
        x: Pictures, pixels in [0, 1], shape (n, rows * columns).
        y: Their labels, shape (n,) or (n, 1).
        shape: Rows and columns of a picture.
        seed: Seed of the noise, and of the side to which a picture is turned.
        sizes: How large each kind of change is, at least 0. Noise is Gaussian. A rotation is about
            the centre, to one side or the other, in whole 255ths; what comes in from outside is
            black. An attack
            adds to each pixel the size times the sign of the loss's gradient there, as computed for
            the net itself (Goodfellow, Shlens and Szegedy, ICLR 2015). All keep pixels within
            [0, 1].

    Returns:
        Kind of change -> "size" and "error", percent, as lists of one length.

    Raises:
        InputError: Pictures or labels are not as described, or a kind, size or seed is impossible.
    """
    y = _checked(net, x, y, shape, sizes)
    draw = np.random.default_rng(check_seed(seed))
    noise = draw.standard_normal(x.shape, dtype=np.float32)
    sides = draw.choice([-1.0, 1.0], size=len(x))
    direction = np.sign(loss_direction(net, x, y) if "attack" in sizes else 0.0)
    grey = np.rint(255 * x).astype(np.uint8).reshape(-1, *shape)

    def turned(degrees: float) -> np.ndarray:
        pictures = rotate(grey, np.deg2rad(degrees) * sides, "bilinear")
        return pictures.reshape(x.shape).astype(np.float32) / np.float32(255)

    def attacked(size: float) -> np.ndarray:
        return x + np.float32(size) * direction

    changed: Mapping[str, Callable[[float], np.ndarray]] = {
        "noise": lambda size: x + np.float32(size) * noise,
        "rotation": turned,
        "attack": attacked,
    }
    found = {}
    for kind, values in sizes.items():
        errors = [
            100 * float(np.mean(net.classify(np.clip(changed[kind](size), 0, 1)) != y))
            for size in values
        ]
        found[kind] = {"size": [float(size) for size in values], "error": errors}
    return found


def loss_direction(net: Classifier, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Compute the direction in which the log-likelihood loss of each example grows fastest.

    It is the gradient with respect to the input, divided by the probability of a wrong answer. Of a
    net that is sure of itself that probability is rounded to 0, and so would be the gradient: the
    net would seem to have no direction of attack, only because its answers are scaled up.

    Args:
        net: A classifier with weights.
        x: Inputs, shape (n, ...).
        y: Labels, integers of shape (n,).

    Returns:
        Directions, of the shape of `x`.

    Raises:
        InputError: The net has no weights yet.
    """
    function = inference(net)
    parts = []
    for start in range(0, len(x), _BATCH):
        inputs = floating(x[start : start + _BATCH], net.compute_dtype)
        labels = y[start : start + _BATCH]
        z = function(inputs)
        # The loss's gradient with respect to the pre-activations is, for a wrong class, its
        # probability, and for the true one less the sum of these. Divided by that sum:
        if net.classes == 2:
            v = ops.cast(1 - 2 * labels, z.dtype)[:, None]
        else:
            truth = ops.one_hot(labels, net.classes, dtype=z.dtype)
            v = ops.softmax(ops.where(truth > 0, -math.inf, z)) - truth
        parts.append(keras.ops.convert_to_numpy(vector_jacobian_product(function, inputs, v)))
    return np.concatenate(parts)


def _checked(
    net: Classifier,
    x: np.ndarray,
    y: np.ndarray,
    shape: tuple[int, int],
    sizes: Mapping[str, Sequence[float]],
) -> np.ndarray:
    """Return the labels, shape (n,), after looking at all that `robustness` was given."""
    check_inputs(x)
    if x.min() < 0 or x.max() > 1:
        raise InputError(
            f"pixels must lie in [0, 1]. Received: values from {x.min():g} to {x.max():g}"
        )
    if x.shape[1:] != (math.prod(shape),):
        raise InputError(
            f"pictures must have the shape (n, {shape[0]} * {shape[1]}). Received: {x.shape}"
        )
    labels = np.asarray(y).reshape(-1)
    if len(labels) != len(x) or not np.isin(labels, np.arange(net.classes)).all():
        raise InputError(
            f"there must be a label from 0 to {net.classes - 1} for each of {len(x)} pictures. "
            f"Received: shape {np.shape(y)}, values {np.unique(labels)[:12]}"
        )
    for kind, values in sizes.items():
        check_choice("kind of change", kind, tuple(SIZES))
        for size in values:
            check_number(f"size of {kind}", size, 0)
    return labels.astype(int)
