"""Jacobian regularisation of a classifier, against oracles that share no code with it."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.models import Autoencoder, Classifier, JacobianClassifier
from tests.models.conftest import BATCH, FEATURES, UNITS, numerical_gradient
from tests.models.test_classifier import separable

WEIGHT = 1.3


@pytest.fixture
def net_of(hostile):
    """Build a net in float64 whose weights are of order 1, of one hidden layer or of two."""

    def make(classes=4, deep=False, activation="sigmoid", **arguments):
        sizes = (UNITS, 4) if deep else (UNITS,)
        encoder = keras.Sequential(
            [keras.layers.Dense(n, activation=activation, dtype="float64") for n in sizes]
        )
        arguments = {"jacobian_weight": WEIGHT, "dtype": "float64", "seed": 0, **arguments}
        net = JacobianClassifier(encoder, classes, **arguments)
        net.build((None, FEATURES))
        net.bends = activation
        rng = np.random.default_rng(5)
        for variable in net.trainable_variables:
            variable.assign(rng.normal(size=variable.shape))
        encoder.layers[0].kernel.assign(hostile["kernel"])
        # At the hostile point all rectified units are off.
        encoder.layers[0].bias.assign(hostile["hidden_bias"] + 2.0 * (activation == "relu"))
        return net

    return make


BENDS = {
    "sigmoid": (lambda a: 1 / (1 + np.exp(-a)), lambda h: h * (1 - h)),
    "tanh": (np.tanh, lambda h: 1 - h * h),
    "relu": (lambda a: np.maximum(a, 0), lambda h: (h > 0).astype(float)),
}  # what a unit computes, and its slope as a function of that


def computed(net, x):
    """The output layer's pre-activations and ||d z / d x||^2 by the chain rule, with NumPy."""
    bend, slope = BENDS[net.bends]
    jacobian = np.broadcast_to(np.eye(x.shape[1]), (len(x), x.shape[1], x.shape[1]))
    for layer in [*net.encoder.layers, net.output_layer]:
        kernel, bias = (ops.convert_to_numpy(v) for v in (layer.kernel, layer.bias))
        x = x @ kernel + bias
        jacobian = np.einsum("nif,ij->njf", jacobian, kernel)
        if layer is not net.output_layer:
            x = bend(x)
            jacobian = slope(x)[:, :, None] * jacobian
    return x, np.sum(np.square(jacobian), axis=(1, 2))


def expected_penalty(net, x):
    """The squared norm of the Jacobian of each example."""
    return computed(net, x)[1]


def likelihood(net, x, y):
    """The mean log-likelihood of the labels with NumPy alone."""
    z = computed(net, x)[0]
    z = np.hstack([np.zeros_like(z), z]) if z.shape[1] == 1 else z
    z = z - z.max(axis=1, keepdims=True)
    return np.mean((z - np.log(np.exp(z).sum(axis=1, keepdims=True)))[np.arange(len(y)), y])


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("deep", [False, True])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_value_per_example(hostile, net_of, classes, deep, activation):
    """Of a softmax and of one sigmoid, of one hidden layer and of two."""
    net = net_of(classes, deep, activation)
    received = ops.convert_to_numpy(net.penalty(hostile["x"]))
    assert received.shape == (BATCH,)
    expected = expected_penalty(net, hostile["x"])
    assert (expected > 1e-3).any()
    # Keras's tanh answers in float32 on JAX, whatever it is given.
    rtol = 2e-5 if activation == "tanh" else 1e-12
    np.testing.assert_allclose(received, expected, rtol=rtol)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("deep", [False, True])
def test_gradient_per_entry(hostile, net_of, trained_gradient, classes, deep):
    """Training follows the true gradient of both terms, with respect to every weight."""
    x, y = hostile["x"], np.arange(BATCH) % classes
    net = net_of(classes, deep)
    net.compile()

    def loss():
        return np.mean(WEIGHT * expected_penalty(net, x)) - likelihood(net, x, y)

    expected = numerical_gradient(loss, net.trainable_variables)
    # `trained_gradient` trains on inputs alone: labels ride along.
    train = net.train_on_batch
    net.train_on_batch = lambda x: train(x, y)
    received = trained_gradient(net, x)
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize("classes", [2, 4])
def test_the_term_has_its_weight(hostile, net_of, classes):
    """The loss is the classifier's plus the weighted mean; example weights count in both."""
    x, y = hostile["x"], np.arange(BATCH) % classes
    weights = np.array([0.5, 2.0, 0.0, 1.0])
    nets = [net_of(classes, jacobian_weight=w) for w in (0.0, WEIGHT)]
    for net in nets:
        net.compile()
    each = expected_penalty(nets[1], x)
    for sample_weight in (None, weights):
        plain, more = (float(net.compute_loss(x, y, net(x), sample_weight)) for net in nets)
        mean = np.mean(each if sample_weight is None else each * weights)
        # Keras averages its own loss in float32.
        np.testing.assert_allclose(more - plain, WEIGHT * mean, rtol=1e-5)


@pytest.mark.parametrize("classes", [2, 4])
def test_the_estimate_is_unbiased(hostile, net_of, classes):
    """Its mean over many random vectors is the exact value; each call of training draws anew."""
    many = np.repeat(hostile["x"], 1000, axis=0)
    exact = expected_penalty(net_of(classes), hostile["x"])
    net = net_of(classes, jacobian="stochastic", probes=2)
    received, again, other = (
        ops.convert_to_numpy(net.penalty(many, training)) for training in (False, False, True)
    )
    means = received.reshape(BATCH, -1).mean(axis=1)
    np.testing.assert_allclose(means, exact, rtol=0.15)
    np.testing.assert_array_equal(received, again)
    assert (received != other).all()


def fitted(x, y, **arguments):
    """A net that was fine-tuned as a run does it, and its history."""
    model = Autoencoder(8, seed=0)
    model.build((None, 6))
    cls = JacobianClassifier if "jacobian_weight" in arguments else Classifier
    net = cls.from_pretrained(model, int(y.max()) + 1, seed=0, **arguments)
    net.compile(optimizer=keras.optimizers.SGD(0.5), jit_compile=True)
    history = net.fit(
        x, y, validation_data=(x, y), epochs=15, shuffle=False, batch_size=20, verbose=0
    ).history
    return net, history


@pytest.mark.parametrize("classes", [2, 4])
def test_without_weight_it_is_the_classifier(classes):
    """The same history and weights."""
    x, y = separable(classes)
    plain, expected = fitted(x, y)
    net, received = fitted(x, y, jacobian_weight=0.0)
    for name, values in expected.items():
        np.testing.assert_allclose(received[name], values, rtol=1e-6)
    for one, other in zip(net.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("jacobian", ["automatic", "stochastic"])
def test_training_flattens_the_answers(jacobian):
    """With the term they change less with the input than without; it still learns."""
    x, y = separable(3)
    found = {}
    for weight in (0.0, 0.05):
        net, history = fitted(x, y, jacobian_weight=weight, jacobian=jacobian)
        found[weight] = float(np.mean(expected_of(net, x)))
        assert history["val_error"][-1] < 15
    assert found[0.05] < 0.7 * found[0.0]


def expected_of(net, x):
    """The exact term of a net, whatever it is trained with."""
    exact = JacobianClassifier(net.encoder, net.classes)
    exact.build((None, x.shape[1]))
    exact.output_layer.set_weights(net.output_layer.get_weights())
    return ops.convert_to_numpy(exact.penalty(x))


def test_dropout_is_off_in_the_term(hostile, net_of):
    """The term is that of the net as it is used."""
    x = hostile["x"]
    net = net_of(dropout=0.5)
    np.testing.assert_allclose(
        ops.convert_to_numpy(net.penalty(x, training=True)), expected_penalty(net, x), rtol=1e-12
    )


@pytest.mark.parametrize("jacobian", ["automatic", "stochastic"])
@pytest.mark.parametrize("dtype", ["mixed_bfloat16", "float64"])
def test_other_precisions(jacobian, dtype):
    """It trains in 16 bits and in 64, and takes inputs of another type than its own."""
    x, y = separable(3)
    encoder = keras.layers.Dense(5, "sigmoid", dtype=dtype)
    net = JacobianClassifier(encoder, 3, jacobian=jacobian, dtype=dtype, seed=0)
    net.compile(optimizer=keras.optimizers.SGD(0.5))
    losses = net.fit(x, y, epochs=3, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    for other in ("float16", "float64"):
        assert net.penalty(x[:4].astype(other)).shape == (4,)
    assert net.penalty(x[:0]).shape == (0,)


def test_weight_0_costs_nothing():
    """The term is not computed: what is infinite there does no harm."""
    x, y = separable(3)
    net = JacobianClassifier(keras.layers.Dense(5), 3, jacobian_weight=0.0, seed=0)
    net.compile()
    net.build((None, 6))
    net.encoder.kernel.assign(np.full((6, 5), 1e25))
    assert np.isinf(ops.convert_to_numpy(net.penalty(x))).all()
    assert np.isfinite(net.evaluate(x, y, verbose=0)[0])


def test_masks_and_random_vectors_are_apart():
    """A net with both has other random numbers for each."""
    net = JacobianClassifier(keras.layers.Dense(5), 3, jacobian="stochastic", dropout=0.5, seed=7)
    states = [
        ops.convert_to_numpy(one.state).tolist()
        for one in (net.seed_generator, net.dropout_layer.seed_generator)
    ]
    assert states[0] != states[1]


@pytest.mark.parametrize("jacobian", ["automatic", "stochastic"])
def test_save_and_load(tmp_path, jacobian):
    """A loaded net has its settings, answers as the saved one and can go on training."""
    x, y = separable(3)
    net, _ = fitted(x, y, jacobian_weight=0.02, jacobian=jacobian, probes=2, dropout=0.2)
    net.save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    assert (loaded.jacobian_weight, loaded.jacobian, loaded.probes) == (0.02, jacobian, 2)
    assert loaded.dropout == 0.2
    np.testing.assert_array_equal(net.classify(x), loaded.classify(x))
    assert loaded.evaluate(x, y, verbose=0) == net.evaluate(x, y, verbose=0)
    loaded.fit(x, y, verbose=0)


def test_bad_inputs():
    """One sentence each."""
    layer = keras.layers.Dense(4)
    for arguments, message in (
        ({"jacobian_weight": -1}, "jacobian_weight must be a finite number of at least 0"),
        ({"jacobian": "closed"}, "jacobian must be one of automatic, stochastic"),
        ({"probes": 0}, "probes must be a whole number of at least 1"),
        ({"dropout": 1}, "dropout must be below 1"),
    ):
        with pytest.raises(InputError, match=message):
            JacobianClassifier(layer, 3, **arguments)
    with pytest.raises(InputError, match="has no weights yet"):
        JacobianClassifier(layer, 3).penalty(np.ones((2, 3), "float32"))
