"""Tangents at many examples, against the singular value decomposition."""

import keras
import numpy as np
import pytest

from replication.errors import InputError
from replication.measures.directions import leading_directions
from replication.measures.jacobian import jacobians
from replication.measures.tangents import tangents_of

INPUTS, UNITS, COUNT = 90, 120, 5


def dense(kernel, activation="sigmoid"):
    """A dense layer with these weights, shape (inputs, units)."""
    layer = keras.layers.Dense(kernel.shape[1], activation=activation)
    layer.build((None, kernel.shape[0]))
    layer.set_weights([kernel, np.linspace(-1, 1, kernel.shape[1])])
    return layer


def with_values(values):
    """Weights of a layer that has these singular values, and zeros, where its units are linear."""
    generator = np.random.default_rng(1)
    left = np.linalg.qr(generator.normal(size=(INPUTS, len(values))))[0]
    right = np.linalg.qr(generator.normal(size=(UNITS, len(values))))[0]
    return (left * values) @ right.T


def inputs(n=3, features=INPUTS):
    """A few examples in [0, 1]."""
    return np.random.default_rng(2).random((n, features)).astype("float32")


def check(encoder, x, count):
    """Orthonormal, and stretched as the largest singular values say, to a millionth of them.

    Returns what was found, and all singular values and right singular vectors.
    """
    jacobian = jacobians(encoder, x).astype(float)  # of all examples at once, (n, d_h, d_x)
    _, values, right = np.linalg.svd(jacobian, full_matrices=False)
    found = tangents_of(encoder, x, count)
    assert found.shape == (len(x), count, *x.shape[1:])
    for n, rows in enumerate(found.reshape(len(x), count, -1).astype(float)):
        np.testing.assert_allclose(rows @ rows.T, np.eye(count), atol=1e-6)
        stretched = np.linalg.norm(jacobian[n] @ rows.T, axis=0)
        largest = values[n, :count]
        np.testing.assert_allclose(stretched, largest, rtol=1e-6, atol=3e-6 * largest[0])
    return found, values, right


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_directions_of_a_layer(activation):
    """Of a layer large enough for a Krylov space: those of the decomposition, but for signs."""
    kernel = np.random.default_rng(0).normal(size=(INPUTS, UNITS))
    kernel[:, :3] *= 3  # a few values that stand out, so that the vectors are determined
    encoder, x = dense(kernel, activation), inputs(40)
    found, values, right = check(encoder, x, 2)
    clear = values[:, 0] > 1.05 * values[:, 1]
    assert clear.sum() > 10
    cosines = np.abs(np.sum(found * right[:, :2], axis=2))
    np.testing.assert_allclose(cosines[clear, 0], 1, atol=1e-5)
    one = np.flatnonzero(clear)[0]
    direction = leading_directions(encoder, x[one : one + 1], 1).direction[0, 0]
    assert abs(found[one, 0] @ direction) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "values",
    [
        [3.0] * 8,  # all equal, and zeros beyond
        [3.0, 3.0, 3.0, 3.0, 3.0, 3.0, 1.0, 0.5],  # more copies than a block has vectors
        [3.0 + 1e-7 * i for i in range(30)],
        [2.0, 1.0],  # fewer than are asked for
        list(1 / np.arange(1, 80.0)),
    ],
)
def test_nearly_equal_singular_values_and_zeros(values):
    """Whatever is not determined is orthonormal all the same, and nothing larger is missed."""
    check(dense(with_values(values), "linear"), inputs(), COUNT)


def test_a_dead_encoder_has_some_directions():
    """Where no unit reacts at all any directions do."""
    layer = dense(np.zeros((INPUTS, UNITS)))
    rows = tangents_of(layer, inputs(1), COUNT)[0].astype(float)
    np.testing.assert_allclose(rows @ rows.T, np.eye(COUNT), atol=1e-6)


@pytest.mark.parametrize("shape", [(6, 5), (5, 9), (90, 20), (20, 90)])
def test_small_layers(shape):
    """Their whole space is looked at, up to as many directions as there are."""
    kernel = np.random.default_rng(0).normal(size=shape)
    check(dense(kernel), inputs(features=shape[0]), min(shape))


def test_other_encoders():
    """A stack goes through its automatic Jacobian; pictures have tangents of their shape."""
    generator = np.random.default_rng(0)
    layers = [dense(generator.normal(size=shape)) for shape in ((INPUTS, 100), (100, 80))]
    stack = keras.Sequential(layers)
    stack.build((None, INPUTS))
    check(stack, inputs(), COUNT)
    pictures = keras.Sequential([keras.layers.Flatten(), layers[0]])
    pictures.build((None, 9, 10))
    check(pictures, inputs().reshape(-1, 9, 10), COUNT)


def test_impossible_counts():
    """One sentence each."""
    layer = dense(np.ones((6, 5)))
    stack = keras.Sequential([layer])
    stack.build((None, 6))
    for encoder in (layer, stack):
        with pytest.raises(InputError, match="count must be at most 5"):
            tangents_of(encoder, inputs(features=6), 6)
        with pytest.raises(InputError, match="count must be at most 5"):  # no MemoryError
            tangents_of(encoder, inputs(features=6), 10**13)
    with pytest.raises(InputError, match="count must be"):
        tangents_of(layer, inputs(features=6), 0)
    with pytest.raises(InputError, match="len"):
        tangents_of(layer, inputs(features=6)[:0], 1)
    with pytest.raises(InputError, match="no weights yet"):
        tangents_of(keras.layers.Dense(4), inputs(), 1)
