"""Derivatives of activations against central differences."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.models.derivatives import derivative_of


@pytest.mark.parametrize(
    "name",
    ["sigmoid", "tanh", "linear", "relu", "softplus", "softsign", "elu", "selu", "exponential"],
)
def test_derivative_from_the_output(name):
    """The rule, given the output, returns the slope of the activation."""
    activation = keras.activations.get(name)
    a = np.array([-2.5, -0.7, -0.1, 0.2, 0.9, 3.0])
    slope = (
        np.asarray(ops.convert_to_numpy(activation(ops.convert_to_tensor(a + 1e-3))), float)
        - np.asarray(ops.convert_to_numpy(activation(ops.convert_to_tensor(a - 1e-3))), float)
    ) / 2e-3
    h = activation(ops.convert_to_tensor(a))
    received = ops.convert_to_numpy(derivative_of(activation)(h))
    np.testing.assert_allclose(received, slope, atol=2e-4, rtol=1e-5)


@pytest.mark.parametrize("activation", [keras.activations.softmax, np.tanh])
def test_unknown_or_mixing_activations_have_no_rule(activation):
    """An activation that mixes units, or that is not Keras's own, has no rule."""
    assert derivative_of(activation) is None
