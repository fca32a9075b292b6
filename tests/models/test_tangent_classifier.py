"""Tangent propagation, against oracles that share no code with it."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.measures.tangents import tangents_of
from replication.models import Autoencoder, Classifier, StackedEncoder, TangentClassifier
from tests.models.conftest import BATCH, FEATURES, UNITS, numerical_gradient
from tests.models.test_classifier import separable

COUNT, WEIGHT = 3, 1.7


@pytest.fixture
def tangents():
    """Directions of different lengths that are not orthogonal."""
    return np.random.default_rng(3).normal(size=(BATCH, COUNT, FEATURES))


@pytest.fixture
def net_of(hostile):
    """Build a net in float64 whose weights are of order 1, of one hidden layer or of two."""

    def make(classes=4, deep=False, activation="sigmoid", **arguments):
        sizes = (UNITS, 4) if deep else (UNITS,)
        encoder = keras.Sequential(
            [keras.layers.Dense(n, activation=activation, dtype="float64") for n in sizes]
        )
        arguments = {"tangent_weight": WEIGHT, "dtype": "float64", **arguments}
        net = TangentClassifier(encoder, classes, **arguments)
        net.build((None, FEATURES))
        net.bends = activation
        rng = np.random.default_rng(5)
        for variable in net.trainable_variables:
            variable.assign(rng.normal(size=variable.shape))
        encoder.layers[0].kernel.assign(hostile["kernel"])
        encoder.layers[0].bias.assign(hostile["hidden_bias"])
        return net

    return make


def probabilities(net, x):
    """The net's class probabilities with NumPy alone."""
    for layer in [*net.encoder.layers, net.output_layer]:
        kernel, bias = (ops.convert_to_numpy(v) for v in (layer.kernel, layer.bias))
        x = x @ kernel + bias
        if layer is not net.output_layer:
            x = np.tanh(x) if net.bends == "tanh" else 1 / (1 + np.exp(-x))
    if x.shape[1] == 1:
        return 1 / (1 + np.exp(-x))
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def expected_penalty(net, x, tangents, step=1e-6):
    """The squared norm of a numerical Jacobian times each tangent, summed over tangents."""
    jacobian = np.stack(
        [
            (probabilities(net, x + step * e) - probabilities(net, x - step * e)) / (2 * step)
            for e in np.eye(FEATURES)
        ],
        axis=-1,
    )  # (batch, classes, features)
    changes = np.einsum("ncf,nkf->nkc", jacobian, tangents)
    return np.sum(changes**2, axis=(1, 2))


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_value_per_example(hostile, tangents, net_of, classes, deep, activation):
    """Of a softmax and of one sigmoid, of one hidden layer and of two."""
    net = net_of(classes, deep, activation)
    received = ops.convert_to_numpy(net.tangent_penalty(hostile["x"], tangents))
    assert received.shape == (BATCH,)
    expected = expected_penalty(net, hostile["x"], tangents)
    assert (expected > 1e-6).all()
    np.testing.assert_allclose(received, expected, rtol=2e-5)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("deep", [False, True])
def test_gradient_per_entry(hostile, tangents, net_of, trained_gradient, classes, deep):
    """Training follows the true gradient of both terms, with respect to every weight."""
    x, y = hostile["x"], np.arange(BATCH) % classes
    net = net_of(classes, deep)
    net.compile()

    def loss():
        likelihood = probabilities(net, x)
        if classes == 2:
            likelihood = np.hstack([1 - likelihood, likelihood])
        term = ops.convert_to_numpy(net.tangent_penalty(x, tangents))
        return np.mean(WEIGHT * term - np.log(likelihood[np.arange(BATCH), y]))

    expected = numerical_gradient(loss, net.trainable_variables)
    # `trained_gradient` trains on inputs alone: labels ride along.
    train = net.train_on_batch
    net.train_on_batch = lambda x: train((x, tangents), y)
    received = trained_gradient(net, x)
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize("classes", [2, 4])
def test_the_term_has_its_weight(hostile, tangents, net_of, classes):
    """The loss is the classifier's plus beta times the mean; example weights count in both."""
    x, y = hostile["x"], np.arange(BATCH) % classes
    weights = np.array([0.5, 2.0, 0.0, 1.0])
    nets = [net_of(classes, tangent_weight=w) for w in (0.0, WEIGHT)]
    for net in nets:
        net.compile()
    for sample_weight in (None, weights):
        plain, more = (
            float(net.compute_loss((x, tangents), y, net(x), sample_weight)) for net in nets
        )
        each = expected_penalty(nets[1], x, tangents)
        mean = np.mean(each if sample_weight is None else each * weights)
        # Keras averages its own loss in float32.
        np.testing.assert_allclose(more - plain, WEIGHT * mean, rtol=1e-5)


def test_what_the_net_ignores_costs_nothing(hostile, tangents, net_of):
    """Along directions orthogonal to all filters, and those of length zero."""
    net = net_of()
    kernel = hostile["kernel"]
    ignored = np.linalg.svd(kernel)[0][:, UNITS:].T  # the filters are fewer than the features
    ignored = np.broadcast_to(ignored, (BATCH, *ignored.shape))
    assert (ops.convert_to_numpy(net.tangent_penalty(hostile["x"], ignored)) < 1e-25).all()
    np.testing.assert_array_equal(
        ops.convert_to_numpy(net.tangent_penalty(hostile["x"], 0 * tangents)), 0
    )


def test_signs_and_order_do_not_count(hostile, tangents, net_of):
    """A singular vector has no sign; twice the length costs four times as much."""
    net = net_of()
    base = ops.convert_to_numpy(net.tangent_penalty(hostile["x"], tangents))
    signs = np.random.default_rng(1).choice([-1.0, 1.0], size=(BATCH, COUNT, 1))
    for other, factor in ((signs * tangents, 1), (tangents[:, ::-1], 1), (2 * tangents, 4)):
        received = ops.convert_to_numpy(net.tangent_penalty(hostile["x"], other))
        np.testing.assert_allclose(received, factor * base, rtol=1e-12)


def pretrained(units=(8,)):
    """A model with its initial weights."""
    layers = [Autoencoder(n, seed=i) for i, n in enumerate(units)]
    model = layers[0] if len(layers) == 1 else StackedEncoder(layers)
    model.build((None, 6))
    return model


def fitted(model, x, y, inputs, epochs=3, **arguments):
    """A net that was fine-tuned as a run does it, and its history."""
    cls = TangentClassifier if arguments else Classifier
    net = cls.from_pretrained(model, int(y.max()) + 1, seed=0, **arguments)
    net.compile(optimizer=keras.optimizers.SGD(0.5), jit_compile=True)
    history = net.fit(
        inputs, y, validation_data=(x, y), epochs=epochs, shuffle=False, batch_size=20, verbose=0
    ).history
    return net, history


@pytest.mark.parametrize("classes", [2, 4])
def test_without_weight_it_is_the_classifier(classes):
    """Bit for bit, with tangents at hand and without."""
    x, y = separable(classes)
    model = pretrained()
    tangents = tangents_of(model.encoder, x, 2)
    plain, expected = fitted(model, x, y, x)
    for inputs in (x, (x, tangents)):
        net, received = fitted(model, x, y, inputs, tangent_weight=0.0)
        assert received == expected
        for one, other in zip(net.get_weights(), plain.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


def test_training_flattens_the_answers_along_the_tangents():
    """With the term they change less along the tangents than without; it still learns."""
    x, y = separable(3)
    model = pretrained()
    tangents = tangents_of(model.encoder, x, 2)
    found = {}
    for weight in (0.0, 1.0):
        net, history = fitted(model, x, y, (x, tangents), 15, tangent_weight=weight)
        found[weight] = float(np.mean(ops.convert_to_numpy(net.tangent_penalty(x, tangents))))
        assert net.evaluate(x, y, verbose=0, return_dict=True)["error"] == history["val_error"][-1]
        assert history["val_error"][-1] < 15
    assert found[1.0] < 0.7 * found[0.0]


def test_evaluation_with_tangents_and_without():
    """The error is the same; the loss has the term where there are tangents."""
    x, y = separable(3)
    model = pretrained()
    tangents = tangents_of(model.encoder, x, 2)
    net, _ = fitted(model, x, y, (x, tangents), tangent_weight=2.0)
    alone, pair = (
        net.evaluate(given, y, verbose=0, return_dict=True) for given in (x, (x, tangents))
    )
    assert alone["error"] == pair["error"]
    term = float(np.mean(ops.convert_to_numpy(net.tangent_penalty(x, tangents))))
    np.testing.assert_allclose(pair["loss"] - alone["loss"], 2.0 * term, rtol=1e-3)


def test_save_and_load(tmp_path):
    """A loaded net has its weight, answers as the saved one and can go on training."""
    x, y = separable(3)
    model = pretrained()
    pair = (x, tangents_of(model.encoder, x, 2))
    net, _ = fitted(model, x, y, pair, tangent_weight=0.5)
    net.save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    assert loaded.tangent_weight == 0.5
    np.testing.assert_array_equal(net.classify(x), loaded.classify(x))
    assert loaded.evaluate(pair, y, verbose=0) == net.evaluate(pair, y, verbose=0)
    loaded.fit(pair, y, verbose=0)


def test_pictures_have_tangents_of_their_shape():
    """Whatever shape an input has."""
    x, y = separable(3, n=40)
    x = x.reshape(-1, 2, 3)
    encoder = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(8, "sigmoid")])
    encoder.build((None, 2, 3))
    tangents = tangents_of(encoder, x, 2)
    assert tangents.shape == (40, 2, 2, 3)
    net = TangentClassifier(encoder, 3)
    net.compile()
    net.fit((x, tangents), y, epochs=1, verbose=0)


def test_a_data_set_of_pairs():
    """Batches of a data set are looked at as arrays are."""

    class Pairs(keras.utils.PyDataset):
        def __init__(self, x, tangents, y):
            super().__init__()
            self.parts = x, tangents, y

        def __len__(self):
            return 2

        def __getitem__(self, index):
            x, tangents, y = (part[20 * index : 20 * index + 20] for part in self.parts)
            return (x, tangents), y

    x, y = separable(3, n=40)
    model = pretrained()
    tangents = tangents_of(model.encoder, x, 2)
    net = TangentClassifier.from_pretrained(model, 3)
    net.compile()
    net.fit(Pairs(x, tangents, y), epochs=1, verbose=0)
    with pytest.raises(InputError, match="finite numbers"):
        net.fit(Pairs(x, tangents * np.nan, y), epochs=1, verbose=0)


def test_bad_inputs():
    """One sentence each."""
    with pytest.raises(InputError, match="tangent_weight must be a finite number of at least 0"):
        TangentClassifier(keras.layers.Dense(4), 3, tangent_weight=-1)
    x, y = separable(3, n=20)
    model = pretrained()
    tangents = tangents_of(model.encoder, x, 2)
    net = TangentClassifier.from_pretrained(model, 3)
    net.compile()
    with pytest.raises(InputError, match="training needs the tangents"):
        net.fit(x, y, verbose=0)
    for wrong in (tangents[:, 0], tangents[:7], tangents[:, :, :5]):
        with pytest.raises(InputError, match=r"tangents must have shape \(n, count, \.\.\.\)"):
            net.fit((x, wrong), y, verbose=0)
        with pytest.raises(InputError, match=r"tangents must have shape \(n, count, \.\.\.\)"):
            net.tangent_penalty(x, wrong)
    with pytest.raises(InputError, match="finite numbers"):
        net.fit((x, tangents * np.inf), y, verbose=0)
    with pytest.raises(InputError, match="whole numbers from 0 to 2"):
        net.fit((x, tangents), y + 1, verbose=0)
