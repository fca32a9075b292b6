"""Errors on changed pictures, against oracles that share no code with them."""

import keras
import numpy as np
import pytest

from replication.errors import InputError
from replication.measures.robustness import SIZES, loss_direction, robustness
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
def test_direction_against_central_differences(classes):
    """The gradient of each example's own loss, divided by the probability of a wrong answer."""
    net = made(classes, "float64")
    x = pictures(5).astype(float)
    y = np.arange(5) % classes
    step = 1e-6
    gradient = np.stack(
        [(losses(net, x + step * e, y) - losses(net, x - step * e, y)) / (2 * step)
         for e in np.eye(SIDE * SIDE)], axis=1
    )  # fmt: skip
    expected = gradient / -np.expm1(-losses(net, x, y))[:, None]
    np.testing.assert_allclose(loss_direction(net, x, y), expected, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("scale", [1, 100, 10_000])
def test_a_net_that_is_sure_of_itself_is_attacked_all_the_same(scale):
    """Where float32 rounds the probability of the answer to 1, too.

    Of two classes the scale of the pre-activations changes no direction. Of more, all that is left
    far out is the difference between the true class and the next one.
    """
    x = pictures(40)
    for classes in (2, CLASSES):
        net = made(classes)
        y = net.classify(x)
        first = np.sign(loss_direction(net, x, y))
        net.output_layer.set_weights([scale * w for w in net.output_layer.get_weights()])
        found = loss_direction(net, x, y)
        assert np.isfinite(found).all()
        if classes == 2:
            np.testing.assert_array_equal(np.sign(found), first)
            continue
        h = np.asarray(net.encoder(x), float)
        kernel, bias = (np.asarray(w, float) for w in net.output_layer.get_weights())
        z = h @ kernel + bias
        wrong = np.where(np.eye(CLASSES)[y] > 0, -np.inf, z)
        v = np.exp(wrong - wrong.max(axis=1, keepdims=True))
        v = v / v.sum(axis=1, keepdims=True) - np.eye(CLASSES)[y]
        expected = (v @ kernel.T * h * (1 - h)) @ np.asarray(net.encoder.layers[0].kernel, float).T
        np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-4 * abs(expected).max())


def test_bad_input_is_refused(net):
    """In words; labels in a column are taken as they are elsewhere."""
    x, shape = pictures(), (SIDE, SIDE)
    y = net.classify(x)
    sizes = {"noise": (0.1,)}
    assert robustness(net, x, y[:, None], shape, sizes=sizes) == robustness(
        net, x, y, shape, sizes=sizes
    )
    for changed, words in (
        ({"x": (255 * x).astype("uint8")}, "pixels must lie in"),
        ({"x": x[:0]}, "at least one example"),
        ({"y": y + 7}, "a label from 0 to 3"),
        ({"y": y[1:]}, "a label from 0 to 3"),
        ({"shape": (SIDE, SIDE + 1)}, r"\(n, 8 \* 9\)"),
        ({"sizes": {"blur": (1.0,)}}, "kind of change must be one of"),
        ({"sizes": {"noise": (-0.1,)}}, "size of noise must be"),
        ({"sizes": {"attack": (float("nan"),)}}, "size of attack must be"),
        ({"seed": -1}, "seed must be"),
        ({"seed": 2**32}, "seed must be"),
    ):
        given = {"x": x, "y": y, "shape": shape, "sizes": sizes, **changed}
        with pytest.raises(InputError, match=words):
            robustness(net, **given)


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
    attacked = x + 0.01 * np.sign(loss_direction(net, x, y))
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
