"""The change of the Jacobian in a neighbourhood, against oracles that share no code with it."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.models import ContractiveAutoencoder, HigherOrderContractiveAutoencoder
from tests.models.conftest import FEATURES, UNITS, compiled, numerical_gradient
from tests.models.test_penalty import deep, dense

NOISE = 0.3


def model_of(**arguments):
    """A small model in float64."""
    arguments = {"noise_level": NOISE, "draws": 3, "dtype": "float64", **arguments}
    return HigherOrderContractiveAutoencoder(UNITS, **arguments)


class OneNoise(HigherOrderContractiveAutoencoder):
    """A model that trains with the noise that it is evaluated with, the same at each step."""

    def regularizer(self, x, h, sample_weight=None, training=False):
        """Compute the terms without drawing anything."""
        return super().regularizer(x, h, sample_weight, training=False)


def drawn(model, x):
    """The noise that a model draws, caught at its source, draw by draw."""
    normal, seen = keras.random.normal, []

    def caught(*args, **kwargs):
        value = normal(*args, **kwargs)
        seen.append(ops.convert_to_numpy(value))
        return value

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keras.random, "normal", caught)
        model.jacobian_change(x)
    assert len(seen) == model.draws
    return [model.noise_level * e for e in seen]


def numerical_jacobians(function, x, step=1e-6):
    """Jacobians by central differences, shape (batch, d_h, features)."""
    columns = []
    for i in range(x.shape[1]):
        e = np.zeros_like(x)
        e[:, i] = step
        ends = [ops.convert_to_numpy(function(x + sign * e)) for sign in (1, -1)]
        columns.append((ends[0] - ends[1]) / (2 * step))
    return np.stack(columns, axis=-1)


def expected_change(model, encoder, x):
    """E_e ||J(x) - J(x + e)||^2 over the draws, from numerical Jacobians."""
    here = numerical_jacobians(encoder, x)
    changes = [
        np.sum((here - numerical_jacobians(encoder, x + e)) ** 2, axis=(1, 2))
        for e in drawn(model, x)
    ]
    return np.mean(changes, axis=0)


def test_value_per_example(hostile, placed):
    """The closed form is the squared norm of the difference of two numerical Jacobians."""
    model = placed(model_of())
    received = ops.convert_to_numpy(model.jacobian_change(hostile["x"]))
    expected = expected_change(model, model.encoder, hostile["x"])
    np.testing.assert_allclose(received, expected, rtol=1e-5)
    np.testing.assert_array_equal(
        ops.convert_to_numpy(model.jacobian_change(hostile["x"])), received
    )


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "elu"])
def test_closed_form_agrees_with_the_automatic_jacobian(hostile, placed, activation):
    """For activations that bend; whatever codes are handed in."""
    closed, automatic = (
        placed(model_of(activation=activation, jacobian=method))
        for method in ("closed", "automatic")
    )
    x = hostile["x"]
    value = ops.convert_to_numpy(closed.jacobian_change(x, closed.encoder(x)))
    exact = keras.backend.standardize_dtype(closed.encoder(x).dtype) == "float64"
    np.testing.assert_allclose(
        value, ops.convert_to_numpy(automatic.jacobian_change(x)), rtol=1e-9 if exact else 1e-4
    )


def test_a_linear_encoder_does_not_bend(hostile, placed):
    """Its Jacobian is the same everywhere."""
    model = placed(model_of(activation="linear"))
    np.testing.assert_array_equal(ops.convert_to_numpy(model.jacobian_change(hostile["x"])), 0)


def test_deep_encoder(hostile):
    """The Jacobian of the whole composition counts."""
    model = HigherOrderContractiveAutoencoder(
        encoder=deep(hostile),
        decoder=keras.layers.Dense(FEATURES, dtype="float64"),
        noise_level=NOISE,
        dtype="float64",
    )
    model.build((None, FEATURES))
    received = ops.convert_to_numpy(model.jacobian_change(hostile["x"]))
    np.testing.assert_allclose(
        received, expected_change(model, model.encoder, hostile["x"]), rtol=1e-5
    )


def test_small_noise_measures_second_derivatives(hostile, placed):
    """To first order in e it is noise_level^2 sum_j s''(a_j)^2 ||W_j||^4, for sigmoid units."""
    model = placed(model_of(noise_level=1e-4, draws=400))
    x = hostile["x"]
    h = ops.convert_to_numpy(model.encoder(x))
    norms = np.sum(hostile["kernel"] ** 2, axis=0)
    bend = (h * (1 - h) * (1 - 2 * h)) ** 2 @ norms**2
    received = ops.convert_to_numpy(model.jacobian_change(x)) / 1e-4**2
    # A chi-square with one degree of freedom a unit: 400 draws leave 5 to 10 percent.
    np.testing.assert_allclose(received, bend, rtol=0.25)


@pytest.mark.parametrize("jacobian", ["closed", "automatic"])
def test_gradient_per_entry(hostile, placed, trained_gradient, jacobian):
    """Training follows the true gradient of all three terms, for the noise that there is."""
    x = hostile["x"]
    arguments = {"noise_level": NOISE, "draws": 2, "contraction": 0.5, "curvature": 3.0}
    model = placed(OneNoise(UNITS, jacobian=jacobian, dtype="float64", **arguments))
    loss = compiled(lambda: model.compute_loss(x), jit_compile=True)  # as training does
    expected = numerical_gradient(loss, model.trainable_variables)
    received = trained_gradient(model, x)
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-5, atol=1e-7)


def test_each_term_has_its_weight(hostile, placed):
    """Without curvature it is the CAE; with it, gamma times the mean change is added."""
    x = hostile["x"]
    plain = placed(ContractiveAutoencoder(UNITS, contraction=0.4, dtype="float64"))
    without, with_it = (placed(model_of(contraction=0.4, curvature=c)) for c in (0.0, 2.5))
    value, same, more = (
        float(model.compute_loss(x, training=False)) for model in (plain, without, with_it)
    )
    np.testing.assert_allclose(same, value, rtol=1e-12)
    change = ops.convert_to_numpy(with_it.jacobian_change(x)).mean()
    np.testing.assert_allclose(more - value, 2.5 * change, rtol=1e-9)


def test_noise_is_drawn_anew_in_training(hostile, placed):
    """And not in evaluation; two draws differ from each other."""
    model = placed(model_of(draws=1, seed=3))
    values = [
        ops.convert_to_numpy(model.jacobian_change(hostile["x"], training=True)) for _ in range(2)
    ]
    assert (values[0] != values[1]).all()
    one, two = (placed(model_of(draws=draws)).jacobian_change(hostile["x"]) for draws in (1, 2))
    assert (ops.convert_to_numpy(one) != ops.convert_to_numpy(two)).all()


def test_stochastic_estimate_is_unbiased(hostile):
    """The mean over many examples that are one is the exact value, within five standard errors."""
    x = np.repeat(hostile["x"][:1], 4000, axis=0)

    def values(jacobian):
        model = model_of(jacobian=jacobian, draws=1)
        model.build((None, FEATURES))
        model.encoder.set_weights([hostile["kernel"], hostile["hidden_bias"]])
        return ops.convert_to_numpy(model.jacobian_change(x))

    difference = values("stochastic") - values("closed")
    assert abs(difference.mean()) < 5 * difference.std() / np.sqrt(len(x))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"curvature": -1}, "curvature must be"),
        ({"noise_level": 0}, "noise_level must be a finite number above 0"),
        ({"draws": 0}, "draws must be"),
    ],
)
def test_impossible_arguments(arguments, message):
    """One sentence each."""
    with pytest.raises(InputError, match=message):
        HigherOrderContractiveAutoencoder(3, **arguments)


def test_an_encoder_without_closed_form_needs_another_method(hostile):
    """As the penalty itself says."""
    model = HigherOrderContractiveAutoencoder(UNITS, activation="softmax", jacobian="closed")
    with pytest.raises(InputError, match="closed form needs a Dense encoder"):
        model.jacobian_change(hostile["x"].astype("float32"))
    softmax = model_of(activation="softmax")
    softmax.build((None, FEATURES))
    encoder = dense(hostile, "softmax")
    softmax.encoder.set_weights(encoder.get_weights())
    received = ops.convert_to_numpy(softmax.jacobian_change(hostile["x"]))
    np.testing.assert_allclose(received, expected_change(softmax, encoder, hostile["x"]), rtol=1e-4)
