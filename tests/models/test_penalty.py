"""The penalty against oracles that share no code with it."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.models import ContractiveAutoencoder, HigherOrderContractiveAutoencoder
from replication.models.penalty import squared_frobenius_norm
from tests.models.conftest import FEATURES, UNITS, compiled, numerical_gradient

ACTIVATIONS = [
    "sigmoid",
    "tanh",
    "linear",
    "relu",
    "softplus",
    "softsign",
    "elu",
    "selu",
    "exponential",
]


def numerical_squared_norms(function, x, step=1e-6):
    """||J||_F^2 per example from central differences of the outputs, one input at a time."""
    total = np.zeros(len(x))
    for i in range(x.shape[1]):
        e = np.zeros_like(x)
        e[:, i] = step
        difference = ops.convert_to_numpy(function(x + e)) - ops.convert_to_numpy(function(x - e))
        total += np.sum((difference / (2 * step)) ** 2, axis=1)
    return total


def dense(hostile, activation):
    """A float64 dense encoder at the hostile point."""
    layer = keras.layers.Dense(UNITS, activation=activation, dtype="float64")
    layer.build((None, FEATURES))
    layer.set_weights([hostile["kernel"], hostile["hidden_bias"]])
    return layer


def deep(hostile):
    """Two float64 dense layers, the lower one at the hostile point."""
    upper = keras.layers.Dense(3, activation="sigmoid", dtype="float64")
    upper.build((None, UNITS))
    upper.set_weights([1.5 * hostile["kernel"][:UNITS, :3], hostile["hidden_bias"][:3]])
    return keras.Sequential(
        [keras.Input((FEATURES,), dtype="float64"), dense(hostile, "softplus"), upper]
    )


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_closed_form_per_example(hostile, activation):
    """The closed form is the squared norm of the numerical Jacobian, example by example."""
    encoder = dense(hostile, activation)
    # Keras's tanh answers in float32 on JAX, whatever it is given: differences must be coarser.
    exact = keras.backend.standardize_dtype(encoder(hostile["x"]).dtype) == "float64"
    expected = numerical_squared_norms(encoder, hostile["x"], step=1e-6 if exact else 3e-3)
    received = ops.convert_to_numpy(squared_frobenius_norm(encoder, hostile["x"], method="closed"))
    np.testing.assert_allclose(received, expected, rtol=1e-6 if exact else 2e-3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_closed_form_agrees_with_the_automatic_jacobian(hostile, activation):
    """Closed form and automatic Jacobian agree to rounding."""
    encoder = dense(hostile, activation)
    closed = squared_frobenius_norm(encoder, hostile["x"], method="closed")
    automatic = squared_frobenius_norm(encoder, hostile["x"], method="automatic")
    exact = keras.backend.standardize_dtype(encoder(hostile["x"]).dtype) == "float64"
    np.testing.assert_allclose(
        ops.convert_to_numpy(closed),
        ops.convert_to_numpy(automatic),
        rtol=1e-12 if exact else 1e-5,
    )


def test_hand_computed_two_by_two():
    """W = [[1, 2], [3, -1]] on a balanced input gives 15/16 by hand, and lambda is the paper's.

    a = (2*1 - 1*2 + 0, ...) is arranged to be (0, 0), so h = 1/2, s = 1/4 and the penalty is
    (1 + 4 + 9 + 1) / 16. The reconstruction's logits are then (2, 1/2) against x = (1, 0).
    """
    model = ContractiveAutoencoder(2, contraction=0.4, dtype="float64")
    model.build((None, 2))
    # Rows of the paper's W are columns of Keras's kernel: W_1 = (1, 2), W_2 = (3, -1).
    model.encoder.set_weights([np.array([[1.0, 3.0], [2.0, -1.0]]), np.array([-1.0, -3.0])])
    x = np.array([[1.0, 0.0]])
    np.testing.assert_allclose(ops.convert_to_numpy(model.penalty(x)), [15 / 16], rtol=1e-14)
    reconstruction = (np.log(1 + np.exp(2)) - 2) + np.log(1 + np.exp(0.5))
    np.testing.assert_allclose(
        float(model.compute_loss(x)), reconstruction + 0.4 * 15 / 16, rtol=1e-14
    )


def test_gradient_per_entry(hostile, placed, trained_gradient):
    """Training follows the true gradient in every entry of the kernel and both biases."""
    model = placed(ContractiveAutoencoder(UNITS, contraction=0.9, dtype="float64"))
    x = hostile["x"]
    expected = numerical_gradient(lambda: model.compute_loss(x), model.trainable_variables)
    received = trained_gradient(model, x)
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-6, atol=1e-8)


def test_gradient_per_entry_of_the_penalty_alone(hostile, placed, trained_gradient):
    """The part of the gradient that lambda adds is the penalty's, entry by entry."""
    x = hostile["x"]
    parts = []
    for contraction in (0.0, 1.0):
        model = placed(ContractiveAutoencoder(UNITS, contraction=contraction, dtype="float64"))
        parts.append(trained_gradient(model, x))
    model = placed(ContractiveAutoencoder(UNITS, dtype="float64"))

    def mean_penalty():
        return np.mean(numerical_squared_norms(model.encoder, x, step=1e-4))

    expected = numerical_gradient(mean_penalty, model.trainable_variables, step=1e-5)
    for without, with_penalty, e in zip(*parts, expected, strict=True):
        np.testing.assert_allclose(with_penalty - without, e, rtol=1e-4, atol=1e-6)


def test_one_step_moves_the_weight_term(hostile, placed):
    """The penalty uses the live kernel: after a step it is the Jacobian of the *new* encoder."""
    model = placed(ContractiveAutoencoder(UNITS, contraction=2.0, dtype="float64"))
    model.compile(optimizer=keras.optimizers.SGD(0.2))
    before = ops.convert_to_numpy(model.penalty(hostile["x"]))
    model.train_on_batch(hostile["x"])
    after = ops.convert_to_numpy(model.penalty(hostile["x"]))
    np.testing.assert_allclose(
        after, numerical_squared_norms(model.encoder, hostile["x"]), rtol=1e-6
    )
    assert after.mean() < before.mean()


def test_deep_encoder_counts_every_layer(hostile):
    """The penalty of a deep encoder is that of the whole composition."""
    encoder = deep(hostile)
    expected = numerical_squared_norms(encoder, hostile["x"])
    received = ops.convert_to_numpy(squared_frobenius_norm(encoder, hostile["x"]))
    np.testing.assert_allclose(received, expected, rtol=1e-6)


def test_gradient_per_entry_of_a_deep_encoder(hostile, trained_gradient):
    """Training through the automatic Jacobian follows the true gradient, too."""
    decoder = keras.layers.Dense(FEATURES, dtype="float64")
    model = ContractiveAutoencoder(
        encoder=deep(hostile), decoder=decoder, contraction=0.7, dtype="float64"
    )
    model.build((None, FEATURES))
    x = hostile["x"]
    loss = compiled(lambda: model.compute_loss(x))
    expected = numerical_gradient(loss, model.trainable_variables)
    received = trained_gradient(model, x)
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-5, atol=1e-7)


def test_softmax_is_served_by_the_automatic_jacobian(hostile):
    """An activation that mixes units gets its exact penalty, not a wrong closed form."""
    encoder = dense(hostile, "softmax")
    expected = numerical_squared_norms(encoder, hostile["x"])
    received = ops.convert_to_numpy(squared_frobenius_norm(encoder, hostile["x"]))
    np.testing.assert_allclose(received, expected, rtol=1e-6)


def test_convolutional_encoder():
    """Inputs may be pictures: the Jacobian is taken with respect to every pixel."""
    keras.utils.set_random_seed(3)
    encoder = keras.Sequential(
        [
            keras.Input((5, 4, 1), dtype="float64"),
            keras.layers.Conv2D(2, 3, activation="softplus", dtype="float64"),
            keras.layers.Flatten(dtype="float64"),
        ]
    )
    x = np.random.default_rng(0).random((2, 5, 4, 1))

    def flat(v):
        return encoder(v.reshape(2, 5, 4, 1))

    expected = numerical_squared_norms(flat, x.reshape(2, 20))
    received = ops.convert_to_numpy(squared_frobenius_norm(encoder, x))
    np.testing.assert_allclose(received, expected, rtol=1e-6)


def test_stochastic_estimate_is_unbiased(hostile):
    """The mean of many probes is the exact penalty within five standard errors."""
    encoder = dense(hostile, "sigmoid")
    exact = ops.convert_to_numpy(squared_frobenius_norm(encoder, hostile["x"]))
    x = np.repeat(hostile["x"], 5000, axis=0)
    estimates = ops.convert_to_numpy(
        squared_frobenius_norm(encoder, x, method="stochastic", seed=1)
    ).reshape(len(exact), -1)
    error = estimates.std(axis=1) / np.sqrt(estimates.shape[1])
    assert np.all(np.abs(estimates.mean(axis=1) - exact) < 5 * error)


def test_more_probes_average_more(hostile):
    """Sixteen probes scatter about a quarter as much as one."""
    encoder = dense(hostile, "sigmoid")
    x = np.repeat(hostile["x"][:1], 2000, axis=0)
    one, sixteen = (
        ops.convert_to_numpy(
            squared_frobenius_norm(encoder, x, method="stochastic", probes=probes, seed=1)
        ).std()
        for probes in (1, 16)
    )
    assert 3 < one / sixteen < 5.3


@pytest.mark.parametrize("seed", [np.int64(3), 2**32 - 1])
def test_seeds_of_any_size_and_kind(hostile, seed):
    """NumPy's numbers are taken, and the largest one has room for several random vectors."""
    layer = keras.layers.Dense(3, dtype="float64")
    layer.build((None, hostile["x"].shape[1]))
    values = squared_frobenius_norm(layer, hostile["x"], method="stochastic", probes=3, seed=seed)
    assert np.isfinite(ops.convert_to_numpy(values)).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "guess"}, "method must be one of auto, closed, automatic, stochastic"),
        ({"method": "stochastic"}, "needs a seed"),
        ({"method": "stochastic", "seed": -1}, "seed must be a whole number of at least 0"),
        ({"method": "stochastic", "seed": True}, "seed must be a whole number"),
        ({"method": "stochastic", "seed": 2**32}, "seed must be at most 4294967295"),
        ({"method": "stochastic", "seed": 0, "probes": 0}, "probes must be a whole number"),
    ],
)
def test_bad_arguments(hostile, arguments, message):
    """Wrong arguments are named in the message."""
    with pytest.raises(InputError, match=message):
        squared_frobenius_norm(dense(hostile, "sigmoid"), hostile["x"], **arguments)


def test_closed_form_is_refused_where_there_is_none(hostile):
    """Asking for the closed form of a softmax layer is an error, not a wrong number."""
    with pytest.raises(InputError, match="element-wise.*softmax"):
        squared_frobenius_norm(dense(hostile, "softmax"), hostile["x"], method="closed")


def test_encoder_without_flat_code():
    """An encoder whose code is a picture is refused with what to do."""
    encoder = keras.Sequential([keras.Input((5, 4, 1)), keras.layers.Conv2D(2, 3)])
    with pytest.raises(InputError, match="Flatten"):
        squared_frobenius_norm(encoder, np.zeros((2, 5, 4, 1), "float32"))


def test_whole_numbers_are_numbers(hostile):
    """They have the penalty of the same numbers with a point, where a derivative could be 0."""
    whole = np.arange(2 * FEATURES).reshape(2, FEATURES) % 2
    np.testing.assert_allclose(
        ops.convert_to_numpy(squared_frobenius_norm(deep(hostile), whole)),
        ops.convert_to_numpy(squared_frobenius_norm(deep(hostile), whole.astype("float32"))),
        rtol=1e-6,
    )


@pytest.mark.parametrize("method", ["auto", "closed", "automatic"])
def test_a_dense_layer_on_pictures(method):
    """Its code is a picture too, and summed over half of it a penalty would be wrong."""
    encoder = keras.layers.Dense(UNITS, activation="sigmoid")
    encoder.build((None, 2, 3))
    x = np.zeros((4, 2, 3), "float32")
    with pytest.raises(InputError, match=r"Flatten.*\(4, 2, 5\)"):
        squared_frobenius_norm(encoder, x, method=method)
    model = HigherOrderContractiveAutoencoder(
        encoder=encoder, decoder=keras.layers.Dense(3), jacobian=method
    )
    with pytest.raises(InputError, match=r"Flatten.*\(4, 2, 5\)"):
        model.jacobian_change(x)
