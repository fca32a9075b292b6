"""Chains from the CAE and the Boltzmann machine, against oracles that share no code with them."""

import random

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import DivergedError, InputError
from replication.models import (
    ContractiveAutoencoder,
    HigherOrderContractiveAutoencoder,
    RestrictedBoltzmannMachine,
)
from replication.models.sampling.perturbation import perturbation
from tests.models.conftest import FEATURES, UNITS
from tests.models.test_higher_order import numerical_jacobians
from tests.models.test_penalty import ACTIVATIONS, deep, dense
from tests.models.test_restricted_boltzmann_machine import (
    VISIBLE,
    enumerated_weights,
    gibbs_transition,
    states,
    tiny,
)

__all__ = ["tiny"]  # a fixture of the other file
SIGMA = 0.4


def cae(placed, **arguments):
    """A small model at the hostile point, in float64."""
    return placed(ContractiveAutoencoder(UNITS, dtype="float64", **arguments))


def noise_like(h, seed=3):
    """Vectors in the space of the codes."""
    return np.random.default_rng(seed).normal(size=h.shape)


def moved_by(encoder, x, noise, method="auto"):
    """What the codes of NumPy's inputs are moved by, as NumPy's numbers."""
    x = ops.convert_to_tensor(x)
    h = encoder(x)
    return ops.convert_to_numpy(
        perturbation(encoder, x, h, ops.convert_to_tensor(noise, h.dtype), method)
    )


def expected_move(encoder, x, noise):
    """J J^T noise from the numerical Jacobian, example by example."""
    jacobians = numerical_jacobians(encoder, x)
    return np.stack([j @ (j.T @ e) for j, e in zip(jacobians, noise, strict=True)])


@pytest.mark.parametrize("method", ["closed", "automatic"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_perturbation_is_that_of_the_numerical_jacobian(hostile, activation, method):
    """J J^T noise, in closed form and by a backward and a forward pass."""
    encoder = dense(hostile, activation)
    exact = keras.backend.standardize_dtype(encoder(hostile["x"]).dtype) == "float64"
    noise = noise_like(np.empty((len(hostile["x"]), UNITS)))
    if not exact:  # Keras's tanh on JAX: no difference of outputs is fine enough
        h = ops.convert_to_numpy(encoder(hostile["x"])).astype(float)
        slopes = (1 - h * h)[:, :, None] * hostile["kernel"].T
        expected = np.einsum("nij,nkj,nk->ni", slopes, slopes, noise)
        np.testing.assert_allclose(moved_by(encoder, hostile["x"], noise, method), expected, 1e-4)
        return
    np.testing.assert_allclose(
        moved_by(encoder, hostile["x"], noise, method),
        expected_move(encoder, hostile["x"], noise),
        rtol=1e-6,
        atol=1e-8,
    )


def test_perturbation_of_a_deep_encoder(hostile):
    """The Jacobian of the whole composition counts."""
    encoder = deep(hostile)
    noise = noise_like(np.empty((len(hostile["x"]), 3)))
    np.testing.assert_allclose(
        moved_by(encoder, hostile["x"], noise),
        expected_move(encoder, hostile["x"], noise),
        rtol=1e-6,
    )


def convolutional():
    """A model of pictures whose encoder and decoder have layers with a mode, in float64."""
    layer = {"dtype": "float64"}
    encoder = keras.Sequential(
        [
            keras.layers.Conv2D(2, 3, activation="softplus", **layer),
            keras.layers.Dropout(0.5, **layer),
            keras.layers.Flatten(**layer),
            keras.layers.Dense(3, activation="sigmoid", **layer),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.layers.Dense(20, activity_regularizer="l2", **layer),
            keras.layers.Dropout(0.5, **layer),
            keras.layers.Reshape((5, 4, 1), **layer),
        ]
    )
    return ContractiveAutoencoder(encoder=encoder, decoder=decoder, **layer)


def test_a_convolutional_encoder_is_sampled_by_its_own_jacobian():
    """One step from pictures, with dropout off."""
    keras.utils.set_random_seed(0)
    model = convolutional()
    model.build((None, 5, 4, 1))
    x = np.random.default_rng(0).random((2, 5, 4, 1))
    chains = model.sample(x, 2, step_size=SIGMA, seed=7)
    assert chains.shape == (2, 3, 5, 4, 1)
    assert model.losses == []  # no call left anything behind
    h = ops.convert_to_numpy(model.encode(x))
    noise = SIGMA * np.random.default_rng(7).standard_normal(h.shape)

    def codes(flat):
        return model.encode(flat.reshape(-1, 5, 4, 1))

    moved = h + expected_move(codes, x.reshape(2, -1), noise)
    expected = ops.convert_to_numpy(model.decode(ops.convert_to_tensor(moved)))
    np.testing.assert_allclose(chains[:, 1], expected, rtol=1e-6)


def test_a_step_decodes_the_moved_code(hostile, placed):
    """x' = g(h + J J^T noise), with noise of the size that is asked for."""
    model = cae(placed)
    x = hostile["x"]
    received = model.sample(x, 1, step_size=SIGMA, seed=11)[:, 1]
    h = ops.convert_to_numpy(model.encode(x))
    noise = SIGMA * np.random.default_rng(11).standard_normal(h.shape)
    code = h + expected_move(model.encoder, x, noise)
    expected = 1 / (1 + np.exp(-(code @ hostile["kernel"].T + hostile["visible_bias"])))
    np.testing.assert_allclose(received, expected, rtol=1e-6)


def test_the_next_step_starts_from_the_last_state(hostile, placed):
    """A chain of two steps is one of one step, and another from where that ended."""
    model = cae(placed)
    whole = model.sample(hostile["x"], 2, step_size=0.0)
    again = model.sample(whole[:, 1], 1, step_size=0.0)
    np.testing.assert_array_equal(whole[:, 1:], again)
    np.testing.assert_array_equal(whole[:, 0], hostile["x"])


@pytest.mark.parametrize("tied", [True, False])
def test_without_noise_it_walks_from_reconstruction_to_reconstruction(hostile, placed, tied):
    """x -> g(f(x)), step after step."""
    model = cae(placed, tied=tied)
    states_seen = model.sample(hostile["x"], 4, step_size=0)
    x = hostile["x"]
    for step in range(1, 5):
        x = ops.convert_to_numpy(model(x))
        np.testing.assert_allclose(states_seen[:, step], x, rtol=1e-12)


def test_covariance_of_the_perturbation(hostile):
    """Over many draws it is sigma^2 (J J^T)^2, within five standard errors of each entry."""
    n = 40_000
    encoder, x = dense(hostile, "sigmoid"), hostile["x"][:1]
    draws = SIGMA * np.random.default_rng(0).normal(size=(n, UNITS))
    moves = moved_by(encoder, np.repeat(x, n, axis=0), draws)
    j = numerical_jacobians(encoder, x)[0]
    expected = SIGMA**2 * (j @ j.T) @ (j @ j.T)
    error = np.sqrt((np.outer(np.diag(expected), np.diag(expected)) + expected**2) / n)
    assert np.all(np.abs(np.cov(moves.T) - expected) < 5 * error)
    assert np.all(np.abs(moves.mean(axis=0)) < 5 * np.sqrt(np.diag(expected) / n))


def test_a_linear_code_moves_within_its_columns(hostile):
    """h = W x + b moves within the span of J J^T, and W^T has no part of it in any other way.

    The code has more units than the input: noise that left the image of J would be seen.
    """
    wide_kernel = np.concatenate([hostile["kernel"], hostile["kernel"] ** 2], axis=1)[:3]
    layer = keras.layers.Dense(2 * UNITS, dtype="float64")
    layer.build((None, 3))
    layer.set_weights([wide_kernel, np.zeros(2 * UNITS)])
    moves = moved_by(layer, hostile["x"][:, :3], noise_like(np.empty((4, 2 * UNITS))))
    within = moves @ np.linalg.pinv(wide_kernel) @ wide_kernel  # projected on the row space
    np.testing.assert_allclose(moves, within, atol=1e-9)
    assert np.abs(moves).min() > 1e-3


@pytest.mark.parametrize("make", [cae, None], ids=["cae", "rbm"])
def test_a_seed_repeats_a_chain_and_the_model_stays_as_it_is(hostile, placed, make):
    """Its weights, its generator and Python's."""
    model = (
        make(placed, seed=5)
        if make
        else placed(RestrictedBoltzmannMachine(UNITS, seed=5, dtype="float64"))
    )
    own = {"step_size": SIGMA} if make else {}

    def everything():
        values = [*model.variables, model.seed_generator.state]
        return [ops.convert_to_numpy(v) + 0 for v in values]

    before, pythons = everything(), random.getstate()
    one, same, other = (model.sample(hostile["x"], 5, seed=seed, **own) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert (one[:, 1:] != other[:, 1:]).any()
    anew = [model.sample(hostile["x"], 5, **own) for _ in range(2)]
    assert (anew[0][:, 1:] != anew[1][:, 1:]).any()
    for left, right in zip(before, everything(), strict=True):
        np.testing.assert_array_equal(left, right)
    assert random.getstate() == pythons  # Keras draws seeds from it


@pytest.mark.parametrize("dtype", ["float32", "float64", "mixed_bfloat16"])
@pytest.mark.parametrize("kind", [ContractiveAutoencoder, RestrictedBoltzmannMachine])
def test_precision(hostile, kind, dtype):
    """States are of the model's, and float32 where that is shorter."""
    model = kind(UNITS, seed=0, dtype=dtype)
    model.build((None, FEATURES))
    own = {"step_size": SIGMA} if kind is ContractiveAutoencoder else {}
    found = model.sample(hostile["x"] > 0.5, 3, seed=0, **own)
    assert found.dtype == ("float64" if dtype == "float64" else "float32")
    assert found.shape == (len(hostile["x"]), 4, FEATURES)
    assert found.min() >= 0
    assert found.max() <= 1


def test_a_stochastic_penalty_does_not_make_the_steps_stochastic(hostile, placed):
    """They are exact, and those of the other methods; a subclass has them, too."""
    found = [
        cae(placed, jacobian=method).sample(hostile["x"], 2, step_size=SIGMA, seed=0)
        for method in ("closed", "automatic", "stochastic")
    ]
    higher = placed(HigherOrderContractiveAutoencoder(UNITS, dtype="float64"))
    found.append(higher.sample(hostile["x"], 2, step_size=SIGMA, seed=0))
    for other in found[1:]:
        np.testing.assert_allclose(other, found[0], rtol=1e-9)


def test_a_chain_of_the_boltzmann_machine_has_the_exact_distribution(tiny):
    """After one step and after two, from each state: within five standard errors of enumeration."""
    n, exact = 20_000, gibbs_transition(tiny)
    for v, once, twice in zip(states(VISIBLE), exact, exact @ exact, strict=True):
        chains = tiny.sample(np.tile(v, (n, 1)), 2, seed=0, progress=False)
        for step, probabilities in ((1, once), (2, twice)):
            shares = (chains[:, step] @ [4, 2, 1])[:, None] == np.arange(8)
            error = np.sqrt(probabilities * (1 - probabilities) / n)
            assert np.all(np.abs(shares.mean(axis=0) - probabilities) < 5 * error)


def test_each_state_of_a_chain_is_drawn_from_the_last_drawn_one(tiny):
    """Given the first step the second has the exact distribution, with weights that bend it."""
    n = 100_000
    tiny.encoder.kernel.assign(3 * ops.convert_to_numpy(tiny.encoder.kernel))
    exact = gibbs_transition(tiny)
    chains = tiny.sample(np.full((n, VISIBLE), 0.5), 2, seed=0, progress=False) @ [4, 2, 1]
    for place, probabilities in enumerate(exact):
        following = chains[chains[:, 1] == place, 2]
        shares = (following[:, None] == np.arange(8)).mean(axis=0)
        error = np.sqrt(probabilities * (1 - probabilities) / len(following))
        assert len(following) > 1000
        assert np.all(np.abs(shares - probabilities) < 5 * error)


def test_probabilities_are_those_that_a_state_was_drawn_with(tiny):
    """Each is P(v | h) of one of the hidden states, and the drawn chain is the same one."""
    weights = enumerated_weights(tiny)
    possible = (weights / weights.sum(axis=0, keepdims=True)).T @ states(VISIBLE)  # h -> P(v | h)
    start = np.tile(states(VISIBLE), (500, 1))
    drawn, grey = (tiny.sample(start, 3, probabilities=p, seed=1) for p in (False, True))
    distance = np.abs(grey[:, 1:, None] - possible).max(axis=-1)
    assert distance.min(axis=-1).max() < 1e-9
    assert set(np.unique(drawn[:, 1:])) == {0.0, 1.0}
    for h in range(len(possible)):
        these = distance[..., h] < 1e-9
        error = np.sqrt(possible[h] * (1 - possible[h]) / these.sum())
        assert np.all(np.abs(drawn[:, 1:][these].mean(axis=0) - possible[h]) < 5 * error)


@pytest.mark.parametrize(
    ("start", "arguments", "message"),
    [
        (np.full((2, FEATURES), 0.5), {"steps": 0}, "steps must be a whole number of at least 1"),
        (np.full((2, FEATURES), 0.5), {"step_size": -1}, "step_size must be a finite number"),
        (np.full((2, FEATURES), 0.5), {"step_size": np.nan}, "step_size must be a finite number"),
        (np.full((2, FEATURES), 0.5), {"seed": -1}, "seed must be a whole number of at least 0"),
        (np.full((2, FEATURES + 1), 0.5), {}, "start must have the shape of the inputs"),
        (np.full(FEATURES, 0.5), {}, "start must have the shape of the inputs"),
        (np.zeros((0, FEATURES)), {}, "at least one example"),
        (np.full((2, FEATURES), np.nan), {}, "finite numbers"),
        (np.full((2, FEATURES), 255.0), {}, r"must lie in \[0, 1\]"),
        ("digits", {}, "inputs must be numbers"),
    ],
)
def test_bad_arguments(placed, start, arguments, message):
    """One sentence each."""
    with pytest.raises(InputError, match=message):
        cae(placed).sample(start, **{"steps": 1, "step_size": 0.1, **arguments})


def test_a_model_without_weights_is_refused(hostile):
    """Both of them."""
    for model, own in (
        (ContractiveAutoencoder(3), {"step_size": 0.1}),
        (RestrictedBoltzmannMachine(3), {}),
    ):
        with pytest.raises(InputError, match="the model has no weights yet"):
            model.sample(hostile["x"], 1, **own)


def test_a_chain_that_runs_away_is_stopped(placed, hostile):
    """A linear decoder and a code without bounds: told with the step where it happened."""
    model = cae(
        placed, activation="linear", reconstruction="squared_error", decoder_activation="linear"
    )
    model.encoder.kernel.assign(1e3 * hostile["kernel"])
    with pytest.raises(DivergedError, match=r"in step \d+; try a smaller step_size"):
        model.sample(hostile["x"], 200, step_size=1e3, seed=0)


def test_a_bar_is_shown_where_it_takes_long(placed, hostile, capsys, monkeypatch):
    """On standard error, and never where it is not wanted."""
    monkeypatch.setattr("replication.models.sampling.chain._SILENT", 0)
    model = cae(placed)
    model.sample(hostile["x"], 3, step_size=0.1, progress=False)
    assert capsys.readouterr().err == ""
    model.sample(hostile["x"], 3, step_size=0.1)
    assert "sampling" in capsys.readouterr().err
