"""The RBM against exact enumeration of a tiny one."""

import itertools

import numpy as np
import pytest
from keras import ops

from replication.models import RestrictedBoltzmannMachine
from tests.models.conftest import numerical_gradient

VISIBLE, HIDDEN = 3, 2


@pytest.fixture
def tiny():
    """An RBM of 3 x 2 units with weights of order 1, in float64."""
    rng = np.random.default_rng(5)
    model = RestrictedBoltzmannMachine(HIDDEN, gibbs_steps=1, seed=2, dtype="float64")
    model.build((None, VISIBLE))
    model.encoder.kernel.assign(rng.normal(size=(VISIBLE, HIDDEN)))
    model.encoder.bias.assign(rng.normal(size=HIDDEN))
    model.visible_bias.assign(rng.normal(size=VISIBLE))
    return model


def states(n):
    """All 2^n binary vectors."""
    return np.array(list(itertools.product([0.0, 1.0], repeat=n)))


def enumerated_weights(model):
    """exp(-E(v, h)) for all v (rows) and h (columns)."""
    kernel = ops.convert_to_numpy(model.encoder.kernel)
    b = ops.convert_to_numpy(model.encoder.bias)
    c = ops.convert_to_numpy(model.visible_bias)
    v, h = states(VISIBLE), states(HIDDEN)
    return np.exp(v @ kernel @ h.T + (v @ c)[:, None] + (h @ b)[None, :])


def gibbs_transition(model):
    """Exact probability of v' (column) after one step v -> h -> v' from v (row)."""
    weights = enumerated_weights(model)
    h_given_v = weights / weights.sum(axis=1, keepdims=True)
    v_given_h = (weights / weights.sum(axis=0, keepdims=True)).T
    return h_given_v @ v_given_h


def test_free_energy(tiny):
    """F(v) is minus the logarithm of the sum over all hidden states."""
    expected = -np.log(enumerated_weights(tiny).sum(axis=1))
    received = ops.convert_to_numpy(tiny.free_energy(states(VISIBLE)))
    np.testing.assert_allclose(received, expected, rtol=1e-12)


def test_encoder_is_the_conditional_probability(tiny):
    """f(x) is P(h = 1 | v) of the enumerated distribution."""
    weights = enumerated_weights(tiny)
    expected = (weights / weights.sum(axis=1, keepdims=True)) @ states(HIDDEN)
    np.testing.assert_allclose(
        ops.convert_to_numpy(tiny.encode(states(VISIBLE))), expected, rtol=1e-12
    )


def test_gibbs_step_has_the_exact_transition_probabilities(tiny):
    """Sampled transitions agree with the enumerated ones within five standard errors."""
    n = 20_000
    exact = gibbs_transition(tiny)
    all_states = states(VISIBLE)
    for v, probabilities in zip(all_states, exact, strict=True):
        drawn = ops.convert_to_numpy(tiny.gibbs(ops.convert_to_tensor(np.tile(v, (n, 1)))))
        shares = (drawn @ [4, 2, 1])[:, None] == np.arange(8)
        error = np.sqrt(probabilities * (1 - probabilities) / n)
        assert np.all(np.abs(shares.mean(axis=0) - probabilities) < 5 * error)


@pytest.mark.parametrize("steps", [1, 2])
def test_gradient_is_that_of_contrastive_divergence(tiny, trained_gradient, steps):
    """The expected gradient of training is that of CD-k by enumeration of the chain.

    E[dF(x)] - E[dF(x_k)], with x_k distributed by the k-th power of the exact transition matrix.
    """
    tiny.gibbs_steps = steps
    data = np.array([1, 4, 6, 6])  # indices into the visible states
    final = np.linalg.matrix_power(gibbs_transition(tiny), steps)[data].mean(axis=0)
    start = np.bincount(data, minlength=8) / len(data)
    variables = tiny.trainable_variables
    expected = numerical_gradient(
        lambda: (start - final) @ ops.convert_to_numpy(tiny.free_energy(states(VISIBLE))), variables
    )
    copies = 40_000
    received = trained_gradient(tiny, np.repeat(states(VISIBLE)[data], copies, axis=0))
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, atol=5 * 0.5 / np.sqrt(4 * copies))


def test_long_chain_follows_the_likelihood(tiny, trained_gradient):
    """With many Gibbs steps the gradient is that of the exact negative log-likelihood."""
    tiny.gibbs_steps = 10  # the second eigenvalue of a step is 0.14: 3e-9 of the start is left
    data = np.array([1, 4, 6, 6])

    def negative_log_likelihood():
        weights = enumerated_weights(tiny).sum(axis=1)
        return -np.log(weights[data] / weights.sum()).mean()

    expected = numerical_gradient(negative_log_likelihood, tiny.trainable_variables)
    copies = 20_000
    received = trained_gradient(tiny, np.repeat(states(VISIBLE)[data], copies, axis=0))
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, atol=5 * 0.5 / np.sqrt(4 * copies))
