"""What noise adds to the loss, against an independent computation."""

import keras
import numpy as np
import pytest

from replication.errors import InputError
from replication.measures.small_noise import small_noise
from replication.models import Autoencoder

INPUTS, UNITS = 6, 5
LEVELS = np.array([0.005, 0.01, 0.1])


@pytest.fixture
def model():
    """Weights of order 1 with a shared direction, biases away from 0."""
    generator = np.random.default_rng(3)
    net = Autoencoder(UNITS, seed=0)
    net.build((None, INPUTS))
    net.encoder.kernel.assign(generator.normal(size=(INPUTS, UNITS)) + 0.5)
    net.encoder.bias.assign(generator.normal(size=UNITS))
    net.visible_bias.assign(generator.normal(size=INPUTS))
    return net


@pytest.fixture
def x():
    """A few inputs in [0, 1]."""
    return np.random.default_rng(4).random((3, INPUTS))


def reconstruct(model, x):
    """The reconstruction in float64, with numpy alone."""
    kernel, hidden, visible = (
        keras.ops.convert_to_numpy(v).astype(float)
        for v in (model.encoder.kernel, model.encoder.bias, model.visible_bias)
    )
    h = 1 / (1 + np.exp(-(x @ kernel + hidden)))
    return 1 / (1 + np.exp(-(h @ kernel.T + visible)))


def loss(model, clean, noisy):
    """Cross-entropy of the reconstruction of `noisy` with the clean input."""
    z = reconstruct(model, noisy)
    return -np.sum(clean * np.log(z) + (1 - clean) * np.log(1 - z), axis=-1)


def test_second_order_is_the_trace_of_the_hessian(model, x):
    """Central differences along every input, averaged over examples."""
    step = 1e-4
    traces = [
        sum(
            (loss(model, one, one + step * e) + loss(model, one, one - step * e))
            - 2 * loss(model, one, one)
            for e in np.eye(INPUTS)
        )
        / step**2
        for one in x
    ]
    found = small_noise(model, x, LEVELS)
    assert found.jacobian + found.residual == pytest.approx(np.mean(traces), rel=1e-5)


def test_the_jacobian_s_part_is_that_of_the_reconstruction(model, x):
    """The derivative of each output, squared, over its variance z (1 - z)."""
    step = 1e-5
    total = 0.0
    for one in x:
        z = reconstruct(model, one)
        for e in np.eye(INPUTS):
            there, back = (reconstruct(model, one + s * step * e) for s in (1, -1))
            total += np.sum(np.square((there - back) / (2 * step)) / (z * (1 - z)))
    assert small_noise(model, x, LEVELS).jacobian == pytest.approx(total / len(x), rel=1e-6)


def test_the_rest_is_of_fourth_order_and_the_mean_right(model, x):
    """The extra loss agrees with brute force where the noise is large enough to see it."""
    found = small_noise(model, x, LEVELS, draws=4000)
    assert found.order == pytest.approx(4, abs=0.05)
    noise = LEVELS[-1] * np.random.default_rng(5).standard_normal((100_000, INPUTS))
    noise = np.concatenate([noise, -noise])
    brute = np.mean([np.mean(loss(model, one, one + noise)) - loss(model, one, one) for one in x])
    assert found.extra[-1] == pytest.approx(brute, rel=0.1)
    assert found.extra[-1] != pytest.approx(found.predicted[-1], rel=1e-4)


def test_wrong_input_is_refused(model, x):
    """Another loss, too few or falling levels, an impossible seed."""
    other = Autoencoder(UNITS, reconstruction="squared_error", seed=0)
    other.build((None, INPUTS))
    with pytest.raises(InputError, match="cross-entropy"):
        small_noise(other, x, LEVELS)
    for levels in ([0.1], [0.2, 0.1], [0.0, 0.1]):
        with pytest.raises(InputError, match="increasing"):
            small_noise(model, x, np.array(levels))
    with pytest.raises(InputError, match="seed must be"):
        small_noise(model, x, LEVELS, seed=-1)
