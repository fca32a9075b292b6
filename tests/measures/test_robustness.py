"""Errors on changed pictures, against oracles that share no code with them."""

import keras
import numpy as np
import pytest

from replication.measures.robustness import SIZES, loss_gradient, robustness
from replication.models import Classifier

SIDE, CLASSES = 8, 4


@pytest.fixture
def net():
    """A classifier of small pictures with weights of order 1."""
    return made(CLASSES)


def made(classes, dtype="float32"):
    """A classifier with weights of order 1."""
    layers = [keras.layers.Dense(6, "sigmoid", dtype=dtype)]
    net = Classifier(keras.Sequential(layers), classes, seed=0, dtype=dtype)
    net.build((None, SIDE * SIDE))
    rng = np.random.default_rng(2)
    for variable in net.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    return net


def pictures(n=60):
    """Grey pictures in the middle of the range, whole 255ths."""
    rng = np.random.default_rng(1)
    return (rng.integers(60, 190, (n, SIDE * SIDE)) / 255).astype("float32")


def losses(net, x, y):
    """The loss of each example with NumPy alone."""
    for layer in [*net.encoder.layers, net.output_layer]:
        x = x @ np.asarray(layer.kernel) + np.asarray(layer.bias)
        x = x if layer is net.output_layer else 1 / (1 + np.exp(-x))
    z = np.hstack([np.zeros_like(x), x]) if x.shape[1] == 1 else x
    return np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y]


@pytest.mark.parametrize("classes", [2, CLASSES])
def test_gradient_against_central_differences(classes):
    """Of each example's own loss with respect to each pixel, in float64."""
    net = made(classes, "float64")
    x = pictures(5).astype(float)
    y = np.arange(5) % classes
    step = 1e-6
    expected = np.stack(
        [(losses(net, x + step * e, y) - losses(net, x - step * e, y)) / (2 * step)
         for e in np.eye(SIDE * SIDE)], axis=1
    )  # fmt: skip
    np.testing.assert_allclose(loss_gradient(net, x, y), expected, rtol=1e-5, atol=1e-8)


def test_no_change_is_the_error_itself(net):
    """At size 0 of each kind it is the error of the pictures as they are."""
    x, y = pictures(), net.classify(pictures())
    y[:15] = (y[:15] + 1) % CLASSES
    found = robustness(net, x, y, (SIDE, SIDE), sizes={kind: (0.0,) for kind in SIZES})
    assert set(found) == set(SIZES)
    for curve in found.values():
        assert curve == {"size": [0.0], "error": [25.0]}


def test_an_attack_is_worse_than_noise_of_its_size(net):
    """It raises the loss of each example, and the error by more than noise does."""
    x = pictures(400)
    y = net.classify(x)
    attacked = x + 0.01 * np.sign(loss_gradient(net, x, y))
    assert (losses(net, attacked, y) > losses(net, x, y)).mean() > 0.99
    found = robustness(net, x, y, (SIDE, SIDE), sizes={"noise": (0.1,), "attack": (0.1,)})
    assert found["attack"]["error"][0] > 2 * found["noise"]["error"][0] > 0


def test_a_picture_is_turned_either_way():
    """A net that knows the side of a bright spot is as often right as wrong about its new place."""
    x = np.zeros((200, SIDE, SIDE), "float32")
    x[:, 1, 3:5] = 1.0  # in the middle of the top
    encoder = keras.layers.Dense(SIDE * SIDE, use_bias=False, kernel_initializer="identity")
    net = Classifier(encoder, 2)
    net.build((None, SIDE * SIDE))
    right = np.zeros((SIDE, SIDE))
    right[:, SIDE // 2 :], right[:, : SIDE // 2] = 1.0, -1.0
    net.output_layer.set_weights([right.reshape(-1, 1), np.zeros(1)])
    y = np.ones(200, int)
    found = robustness(net, x.reshape(200, -1), y, (SIDE, SIDE), sizes={"rotation": (45.0,)})
    assert 35 < found["rotation"]["error"][0] < 65


def test_the_seed_draws(net):
    """The same seed, the same errors; another one, others."""
    x = pictures(300)
    y = net.classify(x)
    sizes = {"noise": (0.3,), "rotation": (20.0,)}
    first, again, other = (robustness(net, x, y, (SIDE, SIDE), seed, sizes) for seed in (0, 0, 1))
    assert first == again
    assert first != other
