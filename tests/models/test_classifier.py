"""Fine-tuning."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.models import (
    Autoencoder,
    Classifier,
    ContractiveAutoencoder,
    RestrictedBoltzmannMachine,
    StackedEncoder,
)


def separable(classes, n=300, seed=0):
    """Examples in [0, 1] whose class can be read off them."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, classes, n)
    x = np.clip(0.7 * np.eye(classes, 6)[y] + 0.3 * rng.random((n, 6)), 0, 1)
    return x.astype("float32"), y


@pytest.mark.parametrize("classes", [2, 4])
def test_learns_to_classify(classes):
    """Softmax and single sigmoid unit both learn what can be learnt; error is a percentage."""
    x, y = separable(classes)
    model = Autoencoder(8, seed=0)
    model.build((None, 6))
    net = Classifier.from_pretrained(model, classes, seed=0)
    net.compile(optimizer=keras.optimizers.SGD(0.5))
    net.fit(x, y, epochs=40, batch_size=20, verbose=0)
    assert net(x[:2]).shape == (2, 1 if classes == 2 else classes)
    error = net.evaluate(x, y, verbose=0, return_dict=True)["error"]
    np.testing.assert_allclose(error, 100 * np.mean(net.classify(x) != y), atol=1e-4)
    assert error < 5


@pytest.mark.parametrize("model", [ContractiveAutoencoder(8), RestrictedBoltzmannMachine(8)])
def test_a_model_is_no_encoder(model):
    """Nor is an encoder a model: each is told which way to take."""
    with pytest.raises(InputError, match=r"use Classifier.from_pretrained\(model, classes\)"):
        Classifier(model, classes=3)
    for encoder in (keras.layers.Dense(8), None):
        with pytest.raises(InputError, match="give an encoder to Classifier itself"):
            Classifier.from_pretrained(encoder, classes=3)


def test_pretrained_model_is_left_alone():
    """Fine-tuning works on a copy: the pre-trained encoder keeps its weights."""
    x, y = separable(3)
    model = StackedEncoder([ContractiveAutoencoder(8, seed=0), ContractiveAutoencoder(7, seed=1)])
    model.build((None, 6))
    before = ops.convert_to_numpy(model.encode(x))
    net = Classifier.from_pretrained(model, 3, seed=0)
    np.testing.assert_allclose(ops.convert_to_numpy(net.encoder(x)), before, rtol=1e-6)
    net.compile(optimizer=keras.optimizers.SGD(0.5))
    net.fit(x, y, epochs=2, verbose=0)
    np.testing.assert_array_equal(ops.convert_to_numpy(model.encode(x)), before)
    assert not np.allclose(ops.convert_to_numpy(net.encoder(x)), before)


def test_a_users_own_activation():
    """It is copied without being registered; two of one name cannot be told apart."""

    def layer(power):
        def own(a):
            return a**power

        return keras.layers.Dense(5, activation=own)

    x, _ = separable(3)
    model = Autoencoder(encoder=keras.Sequential([layer(2)]), decoder=keras.layers.Dense(6))
    model.build((None, 6))
    net = Classifier.from_pretrained(model, 3)
    expected = ops.convert_to_numpy(model.encode(x))
    np.testing.assert_allclose(ops.convert_to_numpy(net.encoder(x)), expected, rtol=1e-6)
    both = keras.Sequential([layer(2), layer(3)])
    model = Autoencoder(encoder=both, decoder=keras.layers.Dense(6))
    model.build((None, 6))
    with pytest.raises(InputError, match="two called 'own'"):
        Classifier.from_pretrained(model, 3)


def test_early_stopping_returns_to_the_best_epoch():
    """With patience the weights are those of the epoch with the smallest validation error."""
    x, y = separable(3, n=60)
    x_valid, _ = separable(3, seed=1)
    y_valid = np.random.default_rng(2).integers(0, 3, len(x_valid))  # nothing to learn
    model = Autoencoder(8, seed=0)
    model.build((None, 6))
    net = Classifier.from_pretrained(model, 3, seed=0)
    net.compile(optimizer=keras.optimizers.SGD(0.5))
    history = net.fit(
        x, y, validation_data=(x_valid, y_valid), epochs=100, patience=3, verbose=0
    ).history
    errors = history["val_error"]
    assert len(errors) < 100
    np.testing.assert_allclose(
        100 * np.mean(net.classify(x_valid) != y_valid), min(errors), atol=1e-4
    )


@pytest.mark.parametrize(("epochs", "patience"), [(3, 1), (40, 2)])
def test_a_mean_needs_its_epochs(epochs, patience):
    """Patience counts from the first mean on; where there is none, the last weights are kept."""
    window = 5
    x, y = separable(3)
    net = Classifier(keras.layers.Dense(4, "sigmoid"), 3, seed=0)
    net.compile(optimizer=keras.optimizers.SGD(0.01))
    errors = net.fit(
        x, y, validation_data=(x, y), epochs=epochs, patience=patience, window=window, verbose=0
    ).history["val_error"]
    if epochs < window:
        kept = epochs
    else:
        means = np.convolve(errors, np.full(window, 1 / window), mode="valid")
        kept = int(np.argmin(means)) + window
    np.testing.assert_allclose(100 * np.mean(net.classify(x) != y), errors[kept - 1], atol=1e-4)
    assert len(errors) == min(epochs, kept + patience)


def test_save_and_load(tmp_path):
    """A loaded classifier answers as the saved one and can go on training."""
    x, y = separable(3)
    model = Autoencoder(8, seed=0)
    model.build((None, 6))
    net = Classifier.from_pretrained(model, 3)
    net.compile(optimizer=keras.optimizers.SGD(0.5))
    net.fit(x, y, verbose=0)
    net.save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    np.testing.assert_array_equal(net.classify(x), loaded.classify(x))
    assert loaded.evaluate(x, y, verbose=0) == net.evaluate(x, y, verbose=0)
    loaded.fit(x, y, verbose=0)


@pytest.mark.parametrize("bad", [3, -1, 0.5])
def test_labels_outside_the_classes(bad):
    """A label outside 0 .. classes - 1 is refused before training."""
    x, y = separable(3)
    net = Classifier(keras.layers.Dense(4), 3)
    net.compile()
    y = y.astype(float)
    y[7] = bad
    with pytest.raises(InputError, match="whole numbers from 0 to 2"):
        net.fit(x, y, verbose=0)


def test_a_row_for_each_class_is_no_label():
    """A column of labels is taken, one-hot rows are refused in words."""
    x, y = separable(3)
    net = Classifier(keras.layers.Dense(4), 3)
    net.compile()
    net.fit(x, y[:, None], verbose=0)
    for rows in (np.eye(3)[y], y[:, None, None]):
        with pytest.raises(InputError, match="one number for each example"):
            net.fit(x, rows, verbose=0)


def test_bad_arguments():
    """Impossible constructions are refused with a sentence."""
    with pytest.raises(InputError, match="at least 2"):
        Classifier(keras.layers.Dense(4), 1)
    with pytest.raises(InputError, match="Keras layer"):
        Classifier("encoder", 3)
    with pytest.raises(InputError, match="no weights yet"):
        Classifier.from_pretrained(Autoencoder(3), 3)
    net = Classifier(keras.layers.Dense(4), 3)
    net.compile()
    with pytest.raises(InputError, match="needs validation_data"):
        net.fit(*separable(3), patience=3)


def test_dropout():
    """A share of the codes is off in training, none is when the net is used."""
    x, _ = separable(3)
    encoder = keras.layers.Dense(400, use_bias=False, kernel_initializer="ones")
    net = Classifier(encoder, 3, dropout=0.25, seed=0)
    net.build((None, x.shape[1]))
    net.output_layer.kernel.assign(np.ones((400, 3)))
    one = np.full((1, x.shape[1]), 1 / x.shape[1], "float32")
    used = ops.convert_to_numpy(net(one))
    np.testing.assert_allclose(used, 400, rtol=1e-5)
    trained = np.array([float(net(one, training=True)[0, 0]) for _ in range(20)])
    # What is left counts 4/3 times: 300 of 400 units on average, of a deviation of 8.7.
    kept = trained * 3 / 4
    np.testing.assert_allclose(kept, np.rint(kept), atol=0.01)
    assert abs(kept.mean() - 300) < 10
    assert len(set(kept)) > 5
    for wrong in (1, -0.1, float("nan")):
        with pytest.raises(InputError, match="dropout must be"):
            Classifier(encoder, 3, dropout=wrong)


def test_dropout_saves_and_repeats(tmp_path):
    """The same seed trains the same net; a saved one has its dropout."""
    x, y = separable(3)
    nets = []
    for _ in range(2):
        model = Autoencoder(8, seed=0)
        model.build((None, x.shape[1]))
        net = Classifier.from_pretrained(model, 3, dropout=0.5, seed=1)
        net.compile(optimizer=keras.optimizers.SGD(0.5))
        net.fit(x, y, epochs=2, shuffle=False, verbose=0)
        nets.append(net)
    for one, other in zip(nets[0].get_weights(), nets[1].get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    nets[0].save(tmp_path / "net.keras")
    loaded = keras.models.load_model(tmp_path / "net.keras")
    assert loaded.dropout == 0.5
    np.testing.assert_array_equal(loaded.classify(x), nets[0].classify(x))
    loaded.fit(x, y, epochs=1, verbose=0)
