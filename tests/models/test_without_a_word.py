"""What once went wrong without a word: it is right now, or refused in words."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.models import (
    Autoencoder,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    HigherOrderContractiveAutoencoder,
    JacobianClassifier,
    RestrictedBoltzmannMachine,
    SparseAutoencoder,
    StackedEncoder,
    TangentClassifier,
)
from replication.models.penalty import squared_frobenius_norm
from tests.models.conftest import FEATURES, UNITS, numerical_gradient
from tests.models.test_autoencoders import MODELS
from tests.models.test_in_other_programs import (
    QUICKLY,
    ROWS,
    decoder,
    encoder,
    loss_of,
    on_tensorflow,
)


@pytest.fixture
def x():
    """Inputs in [0, 1]."""
    return np.random.default_rng(0).random((ROWS, FEATURES)).astype("float32")


class TestLayersOfAContractedEncoder:
    """The penalty calls the encoder again; what its layers asked for counts all the same."""

    @pytest.mark.parametrize("cls", [ContractiveAutoencoder, HigherOrderContractiveAutoencoder])
    @pytest.mark.parametrize("jacobian", ["auto", "stochastic"])
    def test_activity_regularisers(self, cls, jacobian, x):
        """In `fit`, in `evaluate` and in the objective itself."""

        def make(weight):
            own = encoder(keras.layers.ActivityRegularization(l2=weight))
            model = cls(encoder=own, decoder=decoder(), jacobian=jacobian, seed=1)
            model.build((None, FEATURES))
            return model

        plain, asked = make(0.0), make(2.0)
        asked.set_weights(plain.get_weights())
        extra = 2.0 * (x**2).sum() / ROWS
        expected = float(plain.compute_loss(x, training=False)) + extra
        assert float(asked.compute_loss(x, training=False)) == pytest.approx(expected, rel=1e-5)
        assert loss_of(asked, x, batch_size=ROWS) == pytest.approx(expected, rel=1e-5)
        asked.compile(optimizer=keras.optimizers.SGD(0.0), **QUICKLY)
        fitted = asked.fit(x, batch_size=ROWS, verbose=0).history["loss"][0]
        # In training the noise is another one.
        assert fitted == pytest.approx(expected, rel=0.05)


def test_a_batch_without_weight_has_no_mean_activation(x):
    """It is not to be sparse, and leaves the weights as they are."""
    model = SparseAutoencoder(UNITS, sparsity_weight=2.0, seed=1)
    model.compile(optimizer=keras.optimizers.SGD(0.1), **QUICKLY)
    model.build((None, FEATURES))
    before = model.get_weights()
    weights = np.zeros(ROWS)
    assert loss_of(model, x, sample_weight=weights) == 0
    model.fit(x, sample_weight=weights, verbose=0)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


class TestSymbols:
    """A weight that is read outside a layer is a number in Keras's graphs, and stays that one."""

    @pytest.mark.parametrize("name", MODELS)
    def test_tied_decoders(self, name):
        """Codes can be had of a symbolic input, reconstructions by calling the model."""
        model, symbol = MODELS[name](), keras.Input((FEATURES,))
        codes = model.encode(symbol)
        with pytest.raises(InputError, match="decode .*call the model itself.* Received"):
            model.decode(codes)
        whole = keras.Model(symbol, model(symbol))
        rows = np.full((2, FEATURES), 0.5, "float32")
        model.encoder.kernel.assign(2 * model.encoder.kernel)
        np.testing.assert_allclose(
            whole.predict(rows, verbose=0), ops.convert_to_numpy(model(rows)), rtol=1e-5
        )

    def test_a_decoder_of_its_own_is_a_layer(self):
        """It takes symbols as layers do."""
        for model in (
            Autoencoder(UNITS, tied=False),
            Autoencoder(encoder=encoder(), decoder=decoder()),
        ):
            symbol = keras.Input((FEATURES,))
            net = keras.Model(symbol, model.decode(model.encode(symbol)))
            rows = np.full((2, FEATURES), 0.5, "float32")
            for variable in model.trainable_variables:
                variable.assign(variable + 1)
            np.testing.assert_allclose(
                net.predict(rows, verbose=0), ops.convert_to_numpy(model(rows)), rtol=1e-5
            )

    @pytest.mark.parametrize(
        ("name", "function"),
        [
            ("cae", "penalty"),
            ("cae-h", "jacobian_change"),
            ("rbm", "free_energy"),
            ("rbm", "gibbs"),
            ("cae", "compute_loss"),
            ("rbm", "compute_loss"),
        ],
    )
    def test_numbers_of_a_model(self, name, function):
        """The penalty and its kin."""
        with pytest.raises(InputError, match="put it inside a layer.* Received"):
            getattr(MODELS[name](), function)(keras.Input((FEATURES,)))

    def test_penalties_of_layers_and_classifiers(self):
        """Whatever the method."""
        symbol, parts = keras.Input((FEATURES,)), encoder()
        parts.build((None, FEATURES))
        for method in ("automatic", "stochastic"):
            with pytest.raises(InputError, match="put it inside a layer"):
                squared_frobenius_norm(parts, symbol, method=method, seed=1)
        net = TangentClassifier(parts, 2)
        net.build((None, FEATURES))
        with pytest.raises(InputError, match="put it inside a layer"):
            net.tangent_penalty(symbol, keras.Input((3, FEATURES)))


class TestDoubleNumbers:
    """Data of float64 in models of float32, and the other way round."""

    @pytest.mark.parametrize("name", MODELS)
    def test_data_of_float64(self, name, x):
        """A batch, a data set, and what the models compute of them."""
        import tensorflow as tf

        drawn = 1e-2 if name in ("cae-h", "rbm") else 1e-4  # other numbers in another precision
        wide = x.astype("float64")
        model = MODELS[name]()
        expected = loss_of(model, x, batch_size=20)
        assert loss_of(model, wide, batch_size=20) == pytest.approx(expected, rel=drawn)
        data = tf.data.Dataset.from_tensor_slices(wide).batch(20)
        assert loss_of(model, data) == pytest.approx(expected, rel=drawn)
        model.fit(data, shuffle=False, verbose=0)
        model.train_on_batch(wide)
        model.test_on_batch(wide)
        model.decode(ops.convert_to_numpy(model.encode(wide)).astype("float64"))
        for function in ("penalty", "jacobian_change", "free_energy", "compute_loss"):
            if hasattr(model, function):
                ops.convert_to_numpy(getattr(model, function)(ops.convert_to_tensor(wide)))

    @pytest.mark.parametrize("name", MODELS)
    def test_models_of_float64(self, name, x):
        """On numbers of float32 they do what they do on the same ones of float64."""
        model = MODELS[name](dtype="float64")
        model.compile(optimizer="sgd", **QUICKLY)
        model.train_on_batch(x)
        one, two = loss_of(model, x), loss_of(model, x.astype("float64"))
        assert one == pytest.approx(two, rel=1e-5)


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
class TestRareEventsIn16Bits:
    """Uniform numbers of 8 or 11 bits are below a small probability far too often."""

    rare, tolerance, rows = 0.001, 2e-4, 200_000

    def test_masks(self, dtype):
        """Of the denoising auto-encoder."""
        model = DenoisingAutoencoder(UNITS, noise="binary", noise_level=self.rare, seed=1)
        noisy = model.corrupt(ops.ones((self.rows, FEATURES), dtype))
        share = 1 - ops.convert_to_numpy(ops.cast(noisy, "float32")).mean()
        assert share == pytest.approx(self.rare, abs=self.tolerance)
        assert keras.backend.standardize_dtype(noisy.dtype) == dtype

    def test_states(self, dtype):
        """Of the Boltzmann machine."""
        model = RestrictedBoltzmannMachine(UNITS, seed=1, dtype=dtype)
        model.build((None, FEATURES))
        model.encoder.kernel.assign(0 * model.encoder.kernel)
        model.visible_bias.assign(np.full(FEATURES, np.log(self.rare), "float32"))
        state = model.gibbs(ops.ones((self.rows, FEATURES), dtype))
        share = ops.convert_to_numpy(ops.cast(state, "float32")).mean()
        assert share == pytest.approx(self.rare, abs=self.tolerance)


@pytest.mark.parametrize("name", MODELS)
def test_no_model_is_quantised(name):
    """Neither by itself nor within a stack; its reconstructions stay what they were."""
    model = MODELS[name]()
    model.build((None, FEATURES))
    rows = np.full((2, FEATURES), 0.5, "float32")
    before = ops.convert_to_numpy(model(rows))
    for whole in (model, StackedEncoder([model])):
        with pytest.raises(InputError, match="cannot be quantised.* Received: mode='int8'"):
            whole.quantize("int8")
    np.testing.assert_array_equal(ops.convert_to_numpy(model(rows)), before)


@pytest.mark.parametrize(
    "layer", [keras.layers.LayerNormalization, lambda **k: keras.layers.GroupNormalization(2, **k)]
)
class TestLayersOfMoments:
    """TensorFlow holds their mean fixed, which makes second derivatives wrong."""

    @pytest.fixture
    def parts(self, layer):
        """An encoder with such a layer between two of weights, in float64."""
        keras.utils.set_random_seed(2)
        below = keras.layers.Dense(6, dtype="float64")
        above = keras.layers.Dense(UNITS, activation="sigmoid", dtype="float64")
        net = keras.Sequential([below, layer(dtype="float64"), above])
        net.build((None, FEATURES))
        return net

    def uses(self, parts, x):
        """All that takes a gradient of a Jacobian."""
        bent = HigherOrderContractiveAutoencoder(encoder=parts, decoder=decoder(), dtype="float64")
        jacobian, tangent = (
            cls(parts, 2, seed=1, dtype="float64")
            for cls in (JacobianClassifier, TangentClassifier)
        )
        for net in (bent, jacobian, tangent):
            net.build((None, FEATURES))
        tangents = np.stack([x, x**2], axis=1)
        return (
            lambda: squared_frobenius_norm(parts, x),
            lambda: squared_frobenius_norm(parts, x, method="stochastic", seed=1),
            lambda: bent.jacobian_change(x),
            lambda: jacobian.penalty(x),
            lambda: tangent.tangent_penalty(x, tangents),
        )

    @on_tensorflow
    def test_they_are_refused(self, parts, x):
        """With the way out."""
        for use in self.uses(parts, x):
            with pytest.raises(InputError, match="KERAS_BACKEND=jax.* Received: (Layer|Group)Norm"):
                use()

    @pytest.mark.skipif(keras.backend.backend() != "jax", reason="TensorFlow refuses it")
    def test_on_jax_the_gradient_is_right(self, parts, x):
        """Of the penalty, against central differences."""
        import jax

        x = x[:3].astype("float64")
        kernel = parts.layers[0].kernel

        def penalty(value):
            with keras.StatelessScope(state_mapping=[(kernel, value)]):
                return ops.sum(squared_frobenius_norm(parts, x))

        received = jax.grad(penalty)(kernel.value)
        # Keras computes the means of float64 in float32 there, too coarse for a small step.
        expected = numerical_gradient(
            lambda: ops.sum(squared_frobenius_norm(parts, x)), [kernel], step=1e-3
        )[0]
        np.testing.assert_allclose(received, expected, atol=2e-3 * np.abs(expected).max())
