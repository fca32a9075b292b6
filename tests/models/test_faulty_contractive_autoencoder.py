"""Each known fault is what the book says of it, at a point where every term matters."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.models import ContractiveAutoencoder, FaultyContractiveAutoencoder
from replication.models.faulty_contractive_autoencoder import FAULTS
from tests.models.conftest import FEATURES, UNITS

CONTRACTION = 0.8
OWN_NETS = {"other-derivative", "last-layer"}  # need another encoder than one sigmoid layer
RIGHT_VALUE = {"frozen-kernel", "detached-kernel", "half-gradient", "no-bias-gradient"}


@pytest.fixture
def right(placed):
    """The right net at the hostile point."""
    return placed(ContractiveAutoencoder(UNITS, contraction=CONTRACTION, dtype="float64"))


@pytest.fixture
def faulty(hostile):
    """A net with a fault that starts at the hostile point."""

    def make(fault):
        net = FaultyContractiveAutoencoder(
            UNITS, fault=fault, contraction=CONTRACTION, dtype="float64"
        )
        net.build((None, FEATURES))
        net.encoder.set_weights([hostile["kernel"], hostile["hidden_bias"]])
        net.frozen = hostile["kernel"]
        net.visible_bias.assign(hostile["visible_bias"])
        return net

    return make


def slopes(hostile):
    """Sigmoid's derivative in every unit, by NumPy."""
    a = hostile["x"] @ hostile["kernel"] + hostile["hidden_bias"]
    return np.exp(-a) / (1 + np.exp(-a)) ** 2


def expected_value(fault, hostile):
    """What the code adds to the reconstruction error, over lambda, by NumPy."""
    s, w = slopes(hostile), hostile["kernel"]
    per_example = np.sum((s[:, None, :] * w) ** 2, axis=(1, 2))
    if fault == "summed-code":
        return np.mean(np.sum(np.sum(s[:, None, :] * w, axis=2) ** 2, axis=1))
    if fault == "square-of-sum":
        return np.mean(np.sum(s**2 * w.sum(axis=0) ** 2, axis=1))
    if fault == "floor-division":
        return np.floor(per_example.sum() / len(per_example))
    if fault == "mean-entry":
        return per_example.mean() / w.size
    return per_example.mean()


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - OWN_NETS))
def test_value_as_coded(fault, faulty, right, hostile):
    """The regulariser has the value of the faulty formula; `penalty` stays the true one."""
    net = faulty(fault)
    x = hostile["x"]
    coded = float(net.regularizer(ops.convert_to_tensor(x), net.encode(x))) / CONTRACTION
    np.testing.assert_allclose(coded, expected_value(fault, hostile), rtol=1e-12)
    true = ops.convert_to_numpy(right.penalty(x))
    np.testing.assert_allclose(ops.convert_to_numpy(net.penalty(x)), true, rtol=1e-12)
    if fault in RIGHT_VALUE:
        np.testing.assert_allclose(coded, true.mean(), rtol=1e-12)


@pytest.mark.parametrize("fault", sorted(set(FAULTS) - OWN_NETS))
def test_training_goes_another_way(fault, faulty, right, hostile, trained_gradient):
    """No fault is harmless: the gradient that training follows differs from the right one."""
    x = hostile["x"]
    wrong = np.concatenate([g.ravel() for g in trained_gradient(faulty(fault), x)])
    expected = np.concatenate([g.ravel() for g in trained_gradient(right, x)])
    assert np.linalg.norm(wrong - expected) > 0.02 * np.linalg.norm(expected)


def penalty_gradient(net, without, x, trained_gradient):
    """What the penalty adds to the gradient of kernel and hidden bias."""
    pairs = zip(trained_gradient(net, x), trained_gradient(without, x), strict=True)
    return {
        variable.name: with_penalty - reconstruction
        for variable, (with_penalty, reconstruction) in zip(
            net.trainable_variables, pairs, strict=True
        )
    }


def test_gradients_that_are_known(faulty, right, placed, hostile, trained_gradient):
    """Floor division adds none, half is half, and the bias gets none where it is forgotten."""
    x = hostile["x"]

    def added(net):
        plain = placed(ContractiveAutoencoder(UNITS, contraction=0.0, dtype="float64"))
        return penalty_gradient(net, plain, x, trained_gradient)

    true = added(right)
    floored = added(faulty("floor-division"))
    half = added(faulty("half-gradient"))
    forgotten = added(faulty("no-bias-gradient"))
    for name, gradient in true.items():
        np.testing.assert_allclose(floored[name], 0, atol=1e-12)
        np.testing.assert_allclose(half[name], gradient / 2, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(forgotten["kernel"], true["kernel"], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(forgotten["bias"], 0, atol=1e-12)
    assert np.abs(true["bias"]).max() > 0.01


def test_a_frozen_kernel_stays_and_a_detached_one_follows(hostile):
    """After a change of the kernel the frozen copy still gives the value of the initial one."""
    x = ops.convert_to_tensor(hostile["x"])
    for fault, follows in (("frozen-kernel", False), ("detached-kernel", True)):
        net = FaultyContractiveAutoencoder(UNITS, fault=fault, seed=3, dtype="float64")
        net.build((None, FEATURES))
        initial = ops.convert_to_numpy(net.encoder.kernel) + 0
        h = net.encode(x)
        net.encoder.kernel.assign(2 * initial)  # the same code `h` is passed again
        ratio = float(net.regularizer(x, h)) / net.contraction
        s = ops.convert_to_numpy(h * (1 - h))
        norms = np.sum(((2 if follows else 1) * initial) ** 2, axis=0)
        np.testing.assert_allclose(ratio, np.mean(s**2 @ norms), rtol=1e-12)


def test_faults_of_other_encoders(hostile):
    """A rectifier with the sigmoid's slope, and two layers of which one is counted."""
    x = ops.convert_to_tensor(hostile["x"])
    relu = FaultyContractiveAutoencoder(
        UNITS, fault="other-derivative", activation="relu", contraction=1.0, dtype="float64"
    )
    relu.build((None, FEATURES))
    relu.encoder.set_weights([hostile["kernel"], hostile["hidden_bias"]])
    h = ops.convert_to_numpy(relu.encode(x))
    expected = np.mean((h * (1 - h)) ** 2 @ np.sum(hostile["kernel"] ** 2, axis=0))
    np.testing.assert_allclose(float(relu.regularizer(x, relu.encode(x))), expected, rtol=1e-12)

    layers = [keras.layers.Dense(UNITS, activation="sigmoid", dtype="float64") for _ in range(2)]
    deep = FaultyContractiveAutoencoder(
        fault="last-layer",
        encoder=keras.Sequential(layers),
        decoder=keras.layers.Dense(FEATURES, dtype="float64"),
        contraction=1.0,
        dtype="float64",
    )
    deep.build((None, FEATURES))
    h = ops.convert_to_numpy(deep.encode(x))
    upper = ops.convert_to_numpy(layers[1].kernel)
    expected = np.mean((h * (1 - h)) ** 2 @ np.sum(upper**2, axis=0))
    np.testing.assert_allclose(float(deep.regularizer(x, deep.encode(x))), expected, rtol=1e-12)


def test_mean_over_pixels(faulty, right, hostile):
    """Its objective is the right penalty beside a reconstruction error over the pixels' number."""
    x = ops.convert_to_tensor(hostile["x"])
    penalty = CONTRACTION * float(np.mean(ops.convert_to_numpy(right.penalty(x))))
    reconstruction = float(right.compute_loss(x)) - penalty
    received = float(faulty("pixel-mean").compute_loss(x))
    np.testing.assert_allclose(received, reconstruction / FEATURES + penalty, rtol=1e-12)


def test_an_unknown_fault_is_refused():
    """The choices are listed."""
    with pytest.raises(InputError, match="frozen-kernel"):
        FaultyContractiveAutoencoder(UNITS, fault="typo")


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_net_that_cannot_have_the_fault(fault):
    """Refused when it is made, and not by an error of Python's in training."""

    def deep(*layers):
        return {"encoder": keras.Sequential(layers), "decoder": keras.layers.Dense(FEATURES)}

    dense = keras.layers.Dense
    if fault == "last-layer":
        for wrong in (
            deep(dense(UNITS, "sigmoid")),
            deep(dense(UNITS), dense(UNITS, "tanh")),
            deep(dense(UNITS), dense(UNITS), keras.layers.Activation("sigmoid")),
            {"encoder": dense(UNITS, "sigmoid"), "decoder": dense(FEATURES)},
        ):
            with pytest.raises(InputError, match="several dense layers.* Received"):
                FaultyContractiveAutoencoder(fault=fault, **wrong)
        with pytest.raises(InputError, match="give an encoder.* Received: units=5"):
            FaultyContractiveAutoencoder(UNITS, fault=fault)
        return
    with pytest.raises(InputError, match="units for any other.* Received: units=None"):
        FaultyContractiveAutoencoder(fault=fault, **deep(dense(3), dense(UNITS, "sigmoid")))
    if fault in ("floor-division", "half-gradient", "other-derivative", "mean-entry", "pixel-mean"):
        net = FaultyContractiveAutoencoder(UNITS, fault=fault, activation="gelu")
        net.compute_loss(np.full((2, FEATURES), 0.5, "float32"))
        return
    with pytest.raises(InputError, match="derivative is known. Received: activation='gelu'"):
        FaultyContractiveAutoencoder(UNITS, fault=fault, activation="gelu")
