"""The models inside programs that know Keras and nothing of us."""

import itertools
import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest
import scipy.sparse
from keras import ops

from replication.errors import InputError
from replication.measures.contraction import contraction_curve
from replication.measures.directions import leading_directions
from replication.measures.jacobian import spectrum, squared_norms
from replication.measures.saturation import saturation
from replication.models import (
    Autoencoder,
    Classifier,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    HigherOrderContractiveAutoencoder,
    RestrictedBoltzmannMachine,
    SparseAutoencoder,
    StackedEncoder,
)
from replication.models.penalty import has_closed_form, squared_frobenius_norm
from tests.models.conftest import FEATURES, UNITS
from tests.models.test_autoencoders import MODELS

on_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="a part of TensorFlow; `make test` does both"
)
CUSTOM = {
    "ae": Autoencoder,
    "cae": lambda **k: ContractiveAutoencoder(contraction=0.1, **k),
    "cae-h": lambda **k: HigherOrderContractiveAutoencoder(curvature=0.1, **k),
    "dae": lambda **k: DenoisingAutoencoder(noise_level=0.1, **k),
    "sae": SparseAutoencoder,
}
ROWS = 40
# To trace a graph takes TensorFlow longer than the few steps here; what is compiled is tested where
# it matters, and in the other files of this folder.
QUICKLY = {"run_eagerly": True} if keras.backend.backend() == "tensorflow" else {}


@pytest.fixture
def x():
    """Inputs in [0, 1]."""
    return np.random.default_rng(0).random((ROWS, FEATURES)).astype("float32")


def encoder(*layers):
    """Layers, and a dense one for the code."""
    return keras.Sequential([*layers, keras.layers.Dense(UNITS, activation="sigmoid")])


def decoder(*layers):
    """Layers, and a dense one for the pre-activations."""
    return keras.Sequential([*layers, keras.layers.Dense(FEATURES)])


def trained(model, x, epochs=2, **others):
    """The model after a few steps."""
    keras.utils.set_random_seed(0)
    model.compile(optimizer=keras.optimizers.SGD(0.1), **QUICKLY)
    model.fit(x, batch_size=20, epochs=epochs, verbose=0, shuffle=False, **others)
    return model


def loss_of(model, x, **others):
    """The objective, as `evaluate` gives it."""
    if not model.compiled:
        model.compile(optimizer="sgd", **QUICKLY)
    return model.evaluate(x, verbose=0, return_dict=True, **others)["loss"]


class TestTrainingReachesTheLayers:
    """Dropout, batch normalisation, regularisers and `add_loss` do what they do elsewhere."""

    @pytest.mark.parametrize("name", CUSTOM)
    def test_batch_normalisation_learns_its_averages(self, name, x):
        """Once a step, and the right ones."""
        normalise = keras.layers.BatchNormalization(momentum=0.5)
        model = CUSTOM[name](encoder=encoder(normalise), decoder=decoder(), seed=1)
        trained(model, x, epochs=1)
        if name == "dae":  # what it sees is noisy
            assert np.abs(ops.convert_to_numpy(normalise.moving_mean)).min() > 0
            return
        halves = x[:20].mean(axis=0), x[20:].mean(axis=0)
        np.testing.assert_allclose(
            ops.convert_to_numpy(normalise.moving_mean), halves[0] / 4 + halves[1] / 2, rtol=1e-4
        )

    @pytest.mark.parametrize("make", [encoder, decoder])
    def test_dropout_is_on_in_training_alone(self, make, x):
        """In the encoder and in the decoder."""
        ends = []
        for rate in (0.0, 0.5):
            keras.utils.set_random_seed(3)
            parts = {"encoder": encoder(), "decoder": decoder()}
            parts[make.__name__] = make(keras.layers.Dropout(rate, seed=2))
            model = trained(ContractiveAutoencoder(**parts, seed=1), x)
            assert loss_of(model, x) == loss_of(model, x)
            ends.append(model.get_weights()[0])
        assert np.abs(ends[0] - ends[1]).max() > 1e-4

    @pytest.mark.parametrize("make", [encoder, decoder])
    def test_penalties_of_layers_count(self, make, x):
        """Kernel and activity regularisers, and `add_loss`."""

        class Added(keras.layers.Layer):
            def call(self, x):
                self.add_loss(5.0 + 0.0 * ops.sum(x))
                return x

        plain = {"encoder": encoder(), "decoder": decoder()}
        base = Autoencoder(**plain, seed=1)
        base.build((None, FEATURES))
        for layer, extra in (
            (Added(), lambda h: 5.0),
            (
                keras.layers.ActivityRegularization(l2=2.0),
                lambda h: 2.0 * (h**2).sum() / len(h),
            ),
        ):
            parts = {**plain, make.__name__: make(layer)}
            model = Autoencoder(**parts, seed=1)
            model.build((None, FEATURES))
            model.set_weights(base.get_weights())
            h = x if make is encoder else ops.convert_to_numpy(base.encode(x))
            expected = loss_of(base, x) + extra(h)
            assert loss_of(model, x, batch_size=ROWS) == pytest.approx(expected, rel=1e-4)
        heavy = encoder()
        heavy.layers[-1].kernel_regularizer = keras.regularizers.L2(100.0)
        model = Autoencoder(encoder=heavy, decoder=decoder(), seed=1)
        model.build((None, FEATURES))
        kernel = heavy.layers[-1].kernel
        before = np.abs(ops.convert_to_numpy(kernel))
        assert loss_of(model, x) > 100.0 * (before**2).sum()
        model.compile(optimizer=keras.optimizers.SGD(1e-3))
        model.fit(x, epochs=3, verbose=0)
        assert np.abs(ops.convert_to_numpy(kernel)).max() < before.max() / 1.5

    def test_the_jacobian_is_that_of_use(self, x):
        """Without dropout, with the moving averages, and nothing is left behind."""
        for method in ("automatic", "stochastic"):
            layers = encoder(
                keras.layers.BatchNormalization(),
                keras.layers.ActivityRegularization(l1=1.0),
                keras.layers.Dropout(0.9, seed=1),
            )
            model = ContractiveAutoencoder(
                encoder=layers, decoder=decoder(), jacobian=method, seed=1
            )
            trained(model, x)
            before = [ops.convert_to_numpy(v) for v in model.non_trainable_variables]
            first, second = (ops.convert_to_numpy(model.penalty(x)) for _ in "ab")
            np.testing.assert_array_equal(first, second)
            for old, new in zip(before, model.non_trainable_variables, strict=True):
                np.testing.assert_array_equal(old, ops.convert_to_numpy(new))

    def test_in_stacks_and_classifiers(self, x):
        """A classifier's encoder is trained, too, with all its layers."""
        normalise = keras.layers.BatchNormalization()
        net = Classifier(encoder(normalise, keras.layers.Dropout(0.2)), classes=2)
        net.compile(optimizer="sgd", **QUICKLY)
        net.fit(x, np.arange(ROWS) % 2, verbose=0)
        assert np.abs(ops.convert_to_numpy(normalise.moving_mean)).min() > 0
        below = Autoencoder(encoder=encoder(keras.layers.BatchNormalization()), decoder=decoder())
        stack = StackedEncoder([below, Autoencoder(3)])
        stack.compile(optimizer="sgd", **QUICKLY)
        stack.fit(x, verbose=0)
        used = ops.convert_to_numpy(stack(x))
        np.testing.assert_allclose(used, ops.convert_to_numpy(stack.encode(x)), rtol=1e-5)
        assert np.abs(used - ops.convert_to_numpy(stack(x, training=True))).max() > 1e-4


# Trains each model on one device and on two, and prints losses and weights.
DEVICES = """
import json, sys
import keras, numpy as np
from contextlib import nullcontext
from tests.models.test_autoencoders import MODELS
if keras.backend.backend() == "tensorflow":
    import tensorflow as tf
    tf.config.set_logical_device_configuration(
        tf.config.list_physical_devices("CPU")[0], [tf.config.LogicalDeviceConfiguration()] * 2
    )
    two = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
else:
    assert len(keras.distribution.list_devices()) == 2
    two = keras.distribution.DataParallel()
x = np.random.default_rng(0).random((40, 6)).astype("float32")
for name in sys.argv[1:]:
    ends = []
    for scope in (nullcontext, two.scope):
        with scope():
            model = MODELS[name]()
            model.compile(optimizer=keras.optimizers.SGD(0.1))
            history = model.fit(x, batch_size=20, epochs=2, verbose=0, shuffle=False).history
        weights = [float(v) for w in model.get_weights() for v in w.ravel()]
        ends.append(history["loss"] + weights)
    print(json.dumps({name: ends}))
"""


def test_two_devices_make_the_steps_of_one():
    """Losses and weights, where each device has half of a batch and nothing is drawn."""
    names = ("ae", "ae-wd", "cae", "sae")
    done = subprocess.run(
        [sys.executable, "-c", DEVICES, *names],
        env={
            **os.environ,
            "KERAS_BACKEND": keras.backend.backend(),
            "XLA_FLAGS": "--xla_force_host_platform_device_count=2",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = {k: v for line in done.stdout.splitlines() for k, v in json.loads(line).items()}
    assert set(found) == set(names)
    for alone, together in found.values():
        np.testing.assert_allclose(alone, together, rtol=1e-4, atol=1e-6)


class TestWhatFitTakes:
    """Targets, weights, losses and metrics are honoured or refused."""

    @pytest.mark.parametrize("name", CUSTOM)
    def test_clean_targets(self, name, x):
        """`fit(noisy, clean)` rebuilds the clean ones; `fit(x, x)` is `fit(x)`."""
        clean = x[::-1].copy()
        model = CUSTOM[name](units=UNITS, seed=1)
        h = ops.convert_to_numpy(model.encode(x))
        z = h @ ops.convert_to_numpy(model.encoder.kernel).T
        expected = np.mean(np.sum(np.log1p(np.exp(z)) - clean * z, axis=1))
        model.compile(optimizer="sgd", **QUICKLY)
        received = model.evaluate(x, clean, verbose=0, return_dict=True)["reconstruction"]
        assert received == pytest.approx(expected, rel=1e-5)
        assert loss_of(model, x, y=x) == pytest.approx(loss_of(model, x), rel=1e-6)
        model.fit(x, clean, validation_data=(x, clean), verbose=0)

    @pytest.mark.parametrize("y", [np.zeros(ROWS), np.zeros((ROWS, FEATURES + 1))])
    def test_other_targets_are_refused(self, y, x):
        """Labels, and pictures of another size."""
        model = ContractiveAutoencoder(UNITS)
        model.compile(optimizer="sgd", **QUICKLY)
        with pytest.raises(InputError, match=r"y \(what to rebuild\) must have the shape"):
            model.fit(x, y, verbose=0)
        machine = RestrictedBoltzmannMachine(UNITS)
        machine.compile(optimizer="sgd", **QUICKLY)
        for others in ({"y": y}, {"sample_weight": np.ones(ROWS)}):
            with pytest.raises(InputError, match="learns from inputs alone"):
                machine.fit(x, verbose=0, **others)

    @pytest.mark.parametrize("name", [name for name in MODELS if name != "rbm"])
    def test_sample_weights(self, name, x):
        """Weight 2 on half of the rows is each of these rows twice; weight 0 leaves rows out."""
        half = np.repeat([2.0, 0.0], ROWS // 2)
        model = MODELS[name]()
        expected = loss_of(model, x[: ROWS // 2], batch_size=ROWS)
        received = loss_of(model, x, batch_size=ROWS, sample_weight=half)
        assert received == pytest.approx(expected, rel=1e-5)
        model.fit(x, sample_weight=half, verbose=0)

    @pytest.mark.parametrize("name", MODELS)
    def test_what_is_refused(self, name, x):
        """A loss of the user's own, and class weights."""
        model = MODELS[name]()
        with pytest.raises(InputError, match="an objective of its own"):
            model.compile(optimizer="sgd", loss="mse")
        model.compile(optimizer="sgd", **QUICKLY)
        with pytest.raises(InputError, match="knows no classes"):
            model.fit(x, class_weight={0: 1.0}, verbose=0)
        with pytest.raises(InputError, match="compile it without loss"):
            Classifier(encoder(), classes=2).compile(loss="mse")

    @pytest.mark.parametrize("name", ["cae", "rbm"])
    def test_metrics_compare_with_the_inputs(self, name, x):
        """As with `fit(x, x)` of other packages."""
        model = MODELS[name]()
        model.compile(optimizer="sgd", metrics=["mse"], **QUICKLY)
        received = model.evaluate(x, verbose=0, return_dict=True)["mse"]
        assert received == pytest.approx(np.mean((ops.convert_to_numpy(model(x)) - x) ** 2), 1e-5)

    def test_parts_of_the_loss_are_means_over_examples(self, x):
        """A small last batch counts for less, in the parts as in the whole."""
        model = ContractiveAutoencoder(UNITS, contraction=0.5, seed=1)
        model.compile(optimizer="sgd", **QUICKLY)
        parts = model.evaluate(x, batch_size=27, verbose=0, return_dict=True)
        whole = model.evaluate(x, batch_size=ROWS, verbose=0, return_dict=True)
        for name in ("loss", "reconstruction", "regularizer"):
            assert parts[name] == pytest.approx(whole[name], rel=1e-5)

    def test_a_decoder_of_another_shape(self, x):
        """Broadcasting would hide it."""
        model = Autoencoder(encoder=encoder(), decoder=keras.layers.Dense(1))
        model.compile(optimizer="sgd", **QUICKLY)
        with pytest.raises(InputError, match=r"decoder must have.*\(None, 1\).*\(None, 6\)"):
            model.fit(x, verbose=0)

    @pytest.mark.parametrize(
        "last", [keras.layers.Activation("sigmoid"), keras.layers.Dense(6, activation="sigmoid")]
    )
    def test_a_decoder_with_a_sigmoid(self, last):
        """The model would apply a second one."""
        with pytest.raises(InputError, match="decoder must give pre-activations"):
            Autoencoder(encoder=encoder(), decoder=keras.Sequential([last]))
        Autoencoder(
            encoder=encoder(),
            decoder=keras.Sequential([last]),
            decoder_activation="linear",
            reconstruction="squared_error",
        )

    @pytest.mark.parametrize("name", ["cae", "rbm"])
    @pytest.mark.parametrize("kind", ["array", "dataset", "sequence", "generator"])
    def test_inputs_that_no_model_learns_from(self, name, kind, x):
        """At the first batch, from whatever source; a generator loses no batch by it."""
        for bad, message in (
            (255 * x, "must lie in .0, 1.; scale them"),
            (np.where(x < 0.1, np.nan, x), "must be finite"),
        ):
            model = MODELS[name]()
            model.compile(optimizer="sgd", **QUICKLY)
            with pytest.raises(InputError, match=message):
                model.fit(source(kind, bad), shuffle=False, verbose=0)
            with pytest.raises(InputError, match=message):
                model.evaluate(source(kind, bad), verbose=0)
        seen = []
        model.fit(
            (seen.append(1) or (batch,) for batch in (x[:20], x[20:])),
            steps_per_epoch=2,
            shuffle=False,
            verbose=0,
        )
        assert len(seen) == 2
        others = {"steps_per_epoch": 2} if kind == "generator" else {}
        model.fit(source(kind, x), shuffle=kind == "array", verbose=0, **others)

    def test_squared_errors_take_any_range(self, x):
        """A linear decoder has no range."""
        model = Autoencoder(UNITS, reconstruction="squared_error", decoder_activation="linear")
        model.compile(optimizer="sgd", **QUICKLY)
        model.fit(3 * x - 1, verbose=0)

    def test_odd_arrays(self, x):
        """One sentence each."""
        model = Autoencoder(UNITS)
        model.compile(optimizer="sgd", **QUICKLY)
        for bad, message in (
            (scipy.sparse.csr_array(x), "give x.toarray"),
            (x[:0], "at least one example"),
            (np.full((4, FEATURES), "a"), "inputs must be numbers"),
        ):
            with pytest.raises(InputError, match=message):
                model.fit(bad, verbose=0)


def source(kind, x):
    """The same inputs in another form, in batches of 20."""
    if kind == "array":
        return x
    batches = [x[start : start + 20] for start in range(0, len(x), 20)]
    if kind == "generator":
        return ((batch,) for batch in batches)
    if kind == "sequence":
        return Sequence(batches)
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices(x).batch(20)


class Sequence(keras.utils.PyDataset):
    """Batches that are there already."""

    def __init__(self, batches):
        super().__init__()
        self.batches = batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, index):
        return (self.batches[index],)


class TestWhatPeopleWrite:
    """The usual ways to build, feed and store a model."""

    @pytest.mark.parametrize("name", CUSTOM)
    def test_an_encoder_that_names_its_input(self, name, x):
        """Full batches all along; also a layer that is built already."""
        for layers in (
            keras.Sequential([keras.Input((FEATURES,)), keras.layers.Dense(UNITS, "sigmoid")]),
            keras.layers.Dense(UNITS, activation="sigmoid"),
        ):
            if not isinstance(layers, keras.Sequential):
                layers.build((None, FEATURES))
            named = keras.Sequential([keras.Input((UNITS,)), keras.layers.Dense(FEATURES)])
            model = trained(CUSTOM[name](encoder=layers, decoder=named), x)
            net = Classifier.from_pretrained(model, classes=2)
            net.compile(optimizer="sgd", **QUICKLY)
            net.fit(x, np.arange(ROWS) % 2, batch_size=20, verbose=0)

    @pytest.mark.parametrize("name", ["cae", "dae-b", "rbm"])
    @pytest.mark.parametrize("dtype", ["uint8", "bool", "float64", "float16", "bfloat16"])
    def test_inputs_of_any_type(self, name, dtype, x):
        """What the model makes of them is what it makes of the same numbers."""
        bits = (x > 0.5).astype("float32")
        given = ops.convert_to_numpy(ops.cast(bits, dtype))
        model = MODELS[name]()
        assert loss_of(model, given) == pytest.approx(loss_of(model, bits), rel=1e-4)
        for function in ("encode", "__call__", "predict"):
            others = {"verbose": 0} if function == "predict" else {}
            received, expected = (
                ops.convert_to_numpy(getattr(model, function)(rows, **others)).astype("float32")
                for rows in (given, bits)
            )
            np.testing.assert_allclose(received, expected, rtol=1e-5, atol=1e-6)
        if hasattr(model, "penalty"):
            np.testing.assert_allclose(
                ops.convert_to_numpy(model.penalty(given)).astype("float32"),
                ops.convert_to_numpy(model.penalty(bits)),
                rtol=1e-2,
            )

    @pytest.mark.parametrize(
        ("name", "dtype"),
        [(n, "mixed_float16") for n in ("ae-wd", "cae", "dae-g", "sae")]
        + [("cae", "bfloat16"), ("rbm", "mixed_bfloat16")],
    )
    def test_policies(self, name, dtype, x):
        """They train."""
        model = MODELS[name](dtype=dtype)
        model.compile(optimizer=keras.optimizers.SGD(0.1))
        history = model.fit(x, batch_size=20, epochs=3, verbose=0).history["reconstruction"]
        assert history[-1] < history[0]

    def test_numbers_of_numpy(self, x, tmp_path):
        """As arguments, through saving and loading."""
        model = ContractiveAutoencoder(
            np.int64(UNITS), contraction=np.float32(0.5), probes=np.int32(2), seed=np.uint8(3)
        )
        trained(model, x).save(tmp_path / "model.keras")
        assert keras.saving.load_model(tmp_path / "model.keras").get_config() == model.get_config()

    @pytest.mark.parametrize("name", MODELS)
    def test_before_fit(self, name, x):
        """Codes at once, also of a symbolic input; what cannot be had says what to call."""
        assert MODELS[name]().encode(x).shape == (ROWS, UNITS)
        symbol = keras.Input((FEATURES,))
        model = MODELS[name]()
        net = keras.Model(symbol, keras.layers.Dense(2)(model.encode(symbol)))
        assert net.predict(x, verbose=0).shape == (ROWS, 2)
        new = MODELS[name]()
        with pytest.raises(InputError, match=r"call fit\(x\) or build"):
            new.decode(np.zeros((1, UNITS), "float32"))
        for use in (
            lambda: contraction_curve(new.encoder, x),
            lambda: spectrum(new.encoder, x),
            lambda: saturation(new.encoder, x),
            lambda: leading_directions(new.encoder, x, 1),
            lambda: squared_norms(new.encoder, x),
            lambda: Classifier.from_pretrained(new, classes=2),
            lambda: StackedEncoder([new]).evaluate(x),
        ):
            with pytest.raises(InputError, match=r"call fit\(x\) or build"):
                use()

    @pytest.mark.parametrize("name", ["rbm", "stochastic"])
    def test_evaluation_draws_nothing_that_training_needs(self, name, x):
        """Twice the same value; a fit with validation ends where one without it ends."""

        def make():
            if name == "rbm":
                return MODELS["rbm"]()
            return ContractiveAutoencoder(UNITS, jacobian="stochastic", seed=1)

        model = trained(make(), x)
        assert loss_of(model, x) == loss_of(model, x)
        other = trained(make(), x, validation_data=(x,))
        for one, two in zip(model.get_weights(), other.get_weights(), strict=True):
            np.testing.assert_allclose(one, two, rtol=1e-6, atol=1e-7)

    def test_many_rows_in_parts(self, x, monkeypatch):
        """The automatic Jacobian holds some examples at a time; none and all come out alike."""
        model = ContractiveAutoencoder(
            encoder=encoder(keras.layers.Dense(4, activation="tanh")), decoder=decoder()
        )
        whole = ops.convert_to_numpy(model.penalty(x))
        monkeypatch.setattr("replication.models.penalty._LARGEST", 7 * UNITS * FEATURES)
        np.testing.assert_allclose(ops.convert_to_numpy(model.penalty(x)), whole, rtol=1e-5)
        assert model.penalty(x[:0]).shape == (0,)

    def test_labels(self, x):
        """Names are refused with a way out; data sets of labels and parts of them are taken."""
        y = np.arange(ROWS) % 2
        net = Classifier(encoder(), classes=2)
        net.compile(optimizer="sgd", metrics=["mae"], **QUICKLY)
        with pytest.raises(InputError, match=r"return_inverse=True.*'b'"):
            net.fit(x, np.where(y, "a", "b"), verbose=0)
        with pytest.raises(InputError, match="call fit"):
            Classifier(encoder(), classes=2).classify(x)
        import tensorflow as tf

        data = tf.data.Dataset.from_tensor_slices((x, y)).batch(20)
        for valid in (
            {"validation_data": data},
            {"validation_data": (b for b in [(x, y)] * 9), "validation_steps": 1},
            {"validation_split": 0.5},
        ):
            net.fit(x, y, patience=2, epochs=2, verbose=0, **valid)
        with pytest.raises(InputError, match="validation_data or validation_split"):
            net.fit(x, y, patience=2, verbose=0)

    def test_a_users_own_layer(self, x):
        """Not registered anywhere."""

        class Doubled(keras.layers.Layer):
            def call(self, x):
                return 2 * x

        model = trained(Autoencoder(encoder=encoder(Doubled()), decoder=decoder()), x)
        net = Classifier.from_pretrained(model, classes=2)
        np.testing.assert_allclose(
            ops.convert_to_numpy(net.encoder(x)), ops.convert_to_numpy(model.encode(x)), rtol=1e-6
        )

    def test_another_call_than_that_of_a_dense_layer(self, x):
        """No closed form for a subclass that computes something else, or a quantised layer."""

        class Scaled(keras.layers.Dense):
            def call(self, x):
                return 3 * super().call(x)

        scaled = Scaled(UNITS, activation="sigmoid")
        scaled.build((None, FEATURES))
        assert not has_closed_form(scaled)
        plain = keras.layers.Dense(UNITS, activation="sigmoid")
        plain.build((None, FEATURES))
        plain.set_weights(scaled.get_weights())
        np.testing.assert_allclose(
            ops.convert_to_numpy(squared_frobenius_norm(scaled, x)),
            9 * ops.convert_to_numpy(squared_frobenius_norm(plain, x)),
            rtol=1e-4,
        )
        plain.quantize("int8")
        assert not has_closed_form(plain)

    def test_measures_of_pictures_and_of_bytes(self, x):
        """A picture is one example, whatever its shape; whole numbers are numbers."""
        pictures = x.reshape(ROWS, 3, 2)
        shaped = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(UNITS, "sigmoid")])
        shaped.build((None, 3, 2))
        flat = keras.Sequential([keras.Input((FEATURES,)), shaped.layers[-1]])
        one, two = contraction_curve(shaped, pictures), contraction_curve(flat, x)
        np.testing.assert_allclose(one.ratio, two.ratio, rtol=1e-4)
        bits = (pictures[:3] > 0.5).astype("uint8")
        for measure in (
            lambda rows: spectrum(shaped, rows).singular_value,
            lambda rows: leading_directions(shaped, rows, 2).singular_value,
            lambda rows: squared_norms(shaped, rows),
        ):
            received = measure(bits)
            np.testing.assert_allclose(received, measure(bits.astype("float32")), rtol=1e-5)
            assert received.max() > 0


@pytest.mark.parametrize("name", ["cae", "rbm"])
def test_validation_takes_no_batch_too_many(name, x):
    """Keras keeps the first batches of a generator; they are those that are evaluated.

    No more are drawn than Keras draws for a model of its own (TensorFlow reads ahead). Validation
    inputs are looked at as those of training are.
    """
    batches = [np.full((20, FEATURES), value, "float32") for value in (0.1, 0.4, 0.6, 0.9)]
    model = MODELS[name]()
    model.compile(optimizer=keras.optimizers.SGD(0.0), **QUICKLY)

    def fitted(model, *targets):
        taken = []
        history = model.fit(
            x,
            *targets,
            validation_data=(
                taken.append(1) or (batch, *(batch for _ in targets)) for batch in batches
            ),
            validation_steps=2,
            epochs=2,
            verbose=0,
        ).history
        return history, len(taken)

    plain = keras.Sequential([keras.layers.Dense(FEATURES)])
    plain.compile(optimizer="sgd", loss="mse", **QUICKLY)
    history, taken = fitted(model)
    each = [
        model.evaluate(batch, verbose=0, return_dict=True)["reconstruction"] for batch in batches
    ]
    np.testing.assert_allclose(history["val_reconstruction"], [np.mean(each[:2])] * 2, rtol=1e-5)
    assert taken == fitted(plain, x)[1]
    with pytest.raises(InputError, match="must lie in"):
        model.fit(x, validation_data=(255 * x,), verbose=0)


class TestStacks:
    """A stack goes through what its models go through."""

    @pytest.fixture
    def stack(self, x):
        """Two layers, of which the lower one is trained."""
        return StackedEncoder([trained(Autoencoder(UNITS, seed=1), x), Autoencoder(3, seed=2)])

    def test_validation(self, stack, x):
        """Arrays, data sets, sequences and generators."""
        stack.compile(optimizer="sgd", **QUICKLY)
        stack.build((None, FEATURES))
        losses = []
        for valid, others in (
            (x, {}),
            (source("dataset", x), {}),
            (source("sequence", x), {}),
            (((x,) for _ in itertools.count()), {"validation_steps": 1}),
        ):
            before = [model.get_weights() for model in stack.models]
            histories = stack.fit(x, validation_data=valid, verbose=0, shuffle=False, **others)
            losses.append([h.history["val_loss"][0] for h in histories])
            for model, weights in zip(stack.models, before, strict=True):
                model.set_weights(weights)
        np.testing.assert_allclose(losses, [losses[0]] * 4, rtol=1e-5)
        assert len(stack.fit(x, validation_split=0.5, verbose=0)) == 2

    def test_a_frozen_model_is_used_as_it_is(self, stack, x):
        """And the others are trained on its codes."""
        stack.compile(optimizer="sgd", **QUICKLY)
        stack.models[0].trainable = False
        before = stack.models[0].get_weights()
        assert len(stack.fit(x, verbose=0)) == 1
        for one, two in zip(before, stack.models[0].get_weights(), strict=True):
            np.testing.assert_array_equal(one, two)

    def test_after_loading(self, stack, x, tmp_path):
        """Optimisers go on where they were, compiled as they were."""
        stack.compile(optimizer=keras.optimizers.Adam(0.01), jit_compile=True)
        stack.fit(x, verbose=0)
        stack.save(tmp_path / "stack.keras")
        loaded = keras.saving.load_model(tmp_path / "stack.keras")
        for old, new in zip(stack.models, loaded.models, strict=True):
            assert new.jit_compile
            assert int(new.optimizer.iterations) == int(old.optimizer.iterations) > 0
            for one, two in zip(old.optimizer.variables, new.optimizer.variables, strict=True):
                np.testing.assert_array_equal(ops.convert_to_numpy(one), ops.convert_to_numpy(two))
        np.testing.assert_allclose(
            loaded.evaluate(x, verbose=0), stack.evaluate(x, verbose=0), rtol=1e-6
        )
        for model in (stack, loaded):
            model.fit(x, verbose=0, shuffle=False)
        np.testing.assert_allclose(
            ops.convert_to_numpy(loaded.encode(x)), ops.convert_to_numpy(stack.encode(x)), rtol=1e-5
        )

    @on_tensorflow
    def test_export(self, stack, x, tmp_path):
        """As a SavedModel that gives the top code."""
        import tensorflow as tf

        stack.compile(optimizer="sgd", **QUICKLY)
        stack.fit(x, verbose=0)
        stack.export(tmp_path / "stack", verbose=False)
        served = tf.saved_model.load(str(tmp_path / "stack"))
        np.testing.assert_allclose(
            served.serve(x).numpy(), ops.convert_to_numpy(stack(x)), rtol=1e-5
        )


@pytest.mark.parametrize("name", ["cae", "rbm", "frozen-kernel"])
def test_the_optimiser_goes_on_after_loading(name, x, tmp_path):
    """Its state, the way of compiling, and what the objective keeps."""
    from replication.models import FaultyContractiveAutoencoder

    if name == "frozen-kernel":
        model = FaultyContractiveAutoencoder(UNITS, fault=name, contraction=2.0, seed=1)
    else:
        model = MODELS[name]()
    model.compile(optimizer=keras.optimizers.Adam(0.01), jit_compile=True, metrics=["mse"])
    model.fit(x, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.jit_compile
    assert int(loaded.optimizer.iterations) == int(model.optimizer.iterations)
    ours, theirs = (m.evaluate(x, verbose=0, return_dict=True) for m in (model, loaded))
    assert theirs == pytest.approx(ours)
    assert "mse" in theirs


def test_loading_needs_no_more_than_the_package(x, tmp_path):
    """`import replication`, before Keras or after it, and the model can be loaded."""
    trained(ContractiveAutoencoder(UNITS, seed=1), x).save(tmp_path / "model.keras")
    # To import Keras takes long, and which backend it is makes no difference: one order on each.
    imports = {
        "tensorflow": "import replication, keras",
        "jax": "import keras, replication",
    }[keras.backend.backend()]
    code = f"{imports}; print(type(keras.saving.load_model('model.keras')).__name__)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "ContractiveAutoencoder\n", done.stderr
