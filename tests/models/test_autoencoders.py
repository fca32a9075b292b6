"""What every auto-encoder and the RBM must do for a user."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.kinds import KINDS
from replication.models import (
    Autoencoder,
    ContractiveAutoencoder,
    DenoisingAutoencoder,
    HigherOrderContractiveAutoencoder,
    RestrictedBoltzmannMachine,
    SparseAutoencoder,
    WeightDecayAutoencoder,
)
from tests.models.conftest import FEATURES, UNITS, numerical_gradient

MODELS = {
    "ae": lambda **k: Autoencoder(UNITS, seed=1, **k),
    "ae-wd": lambda **k: WeightDecayAutoencoder(UNITS, weight_decay=0.01, seed=1, **k),
    "sae": lambda **k: SparseAutoencoder(UNITS, sparsity=0.1, sparsity_weight=2.0, seed=1, **k),
    "dae-g": lambda **k: DenoisingAutoencoder(UNITS, noise_level=0.4, seed=1, **k),
    "dae-b": lambda **k: DenoisingAutoencoder(UNITS, noise="binary", noise_level=0.4, seed=1, **k),
    "cae": lambda **k: ContractiveAutoencoder(UNITS, contraction=0.2, seed=1, **k),
    "cae-h": lambda **k: HigherOrderContractiveAutoencoder(UNITS, curvature=0.2, seed=1, **k),
    "rbm": lambda **k: RestrictedBoltzmannMachine(UNITS, gibbs_steps=2, seed=1, **k),
}
DETERMINISTIC = ("ae", "ae-wd", "sae", "cae")


def test_no_model_is_left_out():
    """Whoever adds a net adds it here."""
    assert set(MODELS) == {key for key, kind in KINDS.items() if kind.is_net}


@pytest.fixture(params=MODELS)
def model(request):
    """Each model in turn."""
    return MODELS[request.param]()


@pytest.fixture
def x():
    """Two blobs in [0, 1]: something to learn."""
    rng = np.random.default_rng(0)
    centres = rng.random((2, FEATURES)) > 0.5
    rows = centres[rng.integers(0, 2, 205)] * 0.8 + 0.2 * rng.random((205, FEATURES))
    return rows.astype("float32")


def test_basics(model, x, tmp_path):
    """Compile, fit, evaluate, encode, save and load, as with any Keras model."""
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    history = model.fit(x, batch_size=20, epochs=8, verbose=0).history
    assert history["reconstruction"][-1] < history["reconstruction"][0]
    assert np.isfinite(model.evaluate(x, verbose=0, return_dict=True)["loss"])
    assert len(model.trainable_variables) == 3  # kernel, hidden bias, visible bias
    assert model.encode(x).shape == (205, UNITS)
    assert model.predict(x, verbose=0).shape == x.shape
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for function in ("encode", "__call__"):
        np.testing.assert_array_equal(
            ops.convert_to_numpy(getattr(model, function)(x)),
            ops.convert_to_numpy(getattr(loaded, function)(x)),
        )
    assert loaded.get_config() == model.get_config()
    loaded.fit(x, batch_size=20, epochs=1, verbose=0)  # a loaded model goes on training


def test_tied_weights_stay_one_variable(model, x):
    """After training the decoder still uses the transposed kernel of the encoder."""
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    model.fit(x, batch_size=20, epochs=1, verbose=0)
    kernel, _, visible_bias = (
        model.encoder.kernel,
        model.encoder.bias,
        model.visible_bias,
    )
    h = ops.convert_to_numpy(model.encode(x))
    logits = h @ ops.convert_to_numpy(kernel).T + ops.convert_to_numpy(visible_bias)
    np.testing.assert_allclose(
        ops.convert_to_numpy(model(x)), 1 / (1 + np.exp(-logits)), rtol=1e-4, atol=1e-6
    )


@pytest.mark.parametrize("name", DETERMINISTIC)
def test_gradient_per_entry(name, hostile, placed, trained_gradient):
    """Training follows the gradient of the stated objective in every entry."""
    model = placed(MODELS[name](dtype="float64"))
    expected = numerical_gradient(
        lambda: model.compute_loss(hostile["x"]), model.trainable_variables
    )
    received = trained_gradient(model, hostile["x"])
    for e, r in zip(expected, received, strict=True):
        np.testing.assert_allclose(r, e, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("reconstruction", ["cross_entropy", "squared_error"])
def test_reconstruction_is_summed_over_inputs(reconstruction, hostile, placed):
    """The loss is the textbook formula, summed over inputs and averaged over examples."""
    model = placed(Autoencoder(UNITS, reconstruction=reconstruction, dtype="float64"))
    x, h = (
        hostile["x"],
        1 / (1 + np.exp(-hostile["x"] @ hostile["kernel"] - hostile["hidden_bias"])),
    )
    g = 1 / (1 + np.exp(-h @ hostile["kernel"].T - hostile["visible_bias"]))
    per_entry = {
        "cross_entropy": -x * np.log(g) - (1 - x) * np.log(1 - g),
        "squared_error": (x - g) ** 2,
    }[reconstruction]
    expected = per_entry.sum(axis=1).mean()
    np.testing.assert_allclose(float(model.compute_loss(x)), expected, rtol=1e-12)


def test_regularizers_by_hand(hostile, placed):
    """Weight decay and sparsity add what their formulas say."""
    x = hostile["x"]
    plain = float(placed(Autoencoder(UNITS, dtype="float64")).compute_loss(x))
    decay = placed(WeightDecayAutoencoder(UNITS, weight_decay=0.3, dtype="float64"))
    np.testing.assert_allclose(
        float(decay.compute_loss(x)) - plain, 0.3 * np.sum(hostile["kernel"] ** 2), rtol=1e-12
    )
    sparse = placed(SparseAutoencoder(UNITS, sparsity=0.2, sparsity_weight=1.5, dtype="float64"))
    mean = (1 / (1 + np.exp(-x @ hostile["kernel"] - hostile["hidden_bias"]))).mean(axis=0)
    divergence = 0.2 * np.log(0.2 / mean) + 0.8 * np.log(0.8 / (1 - mean))
    np.testing.assert_allclose(
        float(sparse.compute_loss(x)) - plain, 1.5 * divergence.sum(), rtol=1e-9
    )


def test_gaussian_noise_has_the_stated_size():
    """DAE-g adds noise of mean 0 and the given standard deviation, another at each call."""
    model = DenoisingAutoencoder(3, noise="gaussian", noise_level=0.25, seed=4)
    x = np.full((400, 500), 0.5, "float32")
    first, second = (ops.convert_to_numpy(model.corrupt(ops.convert_to_tensor(x))) for _ in "ab")
    noise = first - x
    assert abs(noise.mean()) < 5 * 0.25 / np.sqrt(noise.size)
    assert abs(noise.std() / 0.25 - 1) < 0.01
    assert not np.array_equal(first, second)


def test_binary_noise_masks_the_stated_share():
    """DAE-b sets the given share of inputs to 0 and leaves the others as they are."""
    model = DenoisingAutoencoder(3, noise="binary", noise_level=0.25, seed=4)
    x = np.full((400, 500), 0.5, "float32")
    corrupted = ops.convert_to_numpy(model.corrupt(ops.convert_to_tensor(x)))
    assert set(np.unique(corrupted)) == {0.0, 0.5}
    assert abs((corrupted == 0).mean() - 0.25) < 5 * np.sqrt(0.25 * 0.75 / x.size)


def test_evaluation_corrupts_nothing(x):
    """A denoising auto-encoder is evaluated on clean inputs: twice the same value."""
    model = MODELS["dae-g"]()
    model.compile(optimizer="sgd")
    first, second = (model.evaluate(x, verbose=0, return_dict=True)["loss"] for _ in "ab")
    assert first == second


@pytest.mark.parametrize("name", MODELS)
def test_same_seed_same_model(name, x):
    """Two models of one seed train to identical weights; another seed gives others."""
    weights = []
    for _ in range(2):
        model = MODELS[name]()
        model.compile(optimizer=keras.optimizers.SGD(0.1))
        model.fit(x, batch_size=20, epochs=1, verbose=0, shuffle=False)
        weights.append(model.get_weights()[0])
    np.testing.assert_array_equal(*weights)


def test_untied_weights(x):
    """Untied, the decoder has a kernel of its own that starts elsewhere."""
    model = Autoencoder(UNITS, tied=False, seed=1)
    model.compile(optimizer="sgd")
    model.fit(x, verbose=0)
    assert len(model.trainable_variables) == 4
    kernel = ops.convert_to_numpy(model.encoder.kernel)
    assert not np.allclose(kernel, ops.convert_to_numpy(model.decoder.kernel).T)


def test_after_the_largest_seed_comes_the_first():
    """The decoder of its own has another seed than the encoder, whatever that is."""
    model = ContractiveAutoencoder(UNITS, seed=2**32 - 1, tied=False)
    model.build((None, FEATURES))
    kernel, other = (ops.convert_to_numpy(layer.kernel) for layer in (model.encoder, model.decoder))
    assert np.abs(kernel - other.reshape(kernel.shape)).max() > 0.1


def test_initial_weights_fill_the_stated_range():
    """Initial weights are uniform in +-4 sqrt(6 / (d_x + d_h)), biases 0."""
    model = Autoencoder(300, seed=1)
    model.build((None, 200))
    kernel = ops.convert_to_numpy(model.encoder.kernel)
    limit = 4 * np.sqrt(6 / 500)
    assert np.abs(kernel).max() <= limit
    np.testing.assert_allclose(np.abs(kernel).max(), limit, rtol=1e-3)
    np.testing.assert_allclose(kernel.std(), limit / np.sqrt(3), rtol=0.02)
    assert not ops.convert_to_numpy(model.encoder.bias).any()


def test_steps_per_execution_changes_nothing(x):
    """Several steps in one compiled call give the weights of single steps, last batch included."""
    weights = []
    for steps in (1, 4):
        model = MODELS["cae"]()
        model.compile(optimizer=keras.optimizers.SGD(0.1), steps_per_execution=steps)
        model.fit(x, batch_size=20, epochs=2, verbose=0, shuffle=False)
        weights.append(model.get_weights()[0])
    np.testing.assert_allclose(*weights, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Autoencoder(0), "units must be a whole number of at least 1"),
        (lambda: Autoencoder(2.5), "units must be a whole number"),
        (lambda: Autoencoder(), "exactly one of units and encoder"),
        (lambda: Autoencoder(3, seed=-1), "seed must be a whole number of at least 0"),
        (lambda: Autoencoder(3, seed=2**32), "seed must be at most 4294967295"),
        (lambda: Autoencoder(3, reconstruction="mse"), "cross_entropy, squared_error.*'mse'"),
        (lambda: Autoencoder(3, decoder_activation="linear"), "needs decoder_activation='sigmoid'"),
        (lambda: Autoencoder(encoder=keras.layers.Dense(2)), "given together"),
        (lambda: ContractiveAutoencoder(3, contraction=-0.1), "contraction must be .*-0.1"),
        (lambda: ContractiveAutoencoder(3, contraction=float("nan")), "contraction must be"),
        (lambda: ContractiveAutoencoder(3, jacobian="fast"), "jacobian must be one of"),
        (lambda: WeightDecayAutoencoder(3, weight_decay=-1), "weight_decay must be"),
        (lambda: SparseAutoencoder(3, sparsity=0.0), "sparsity must be .* above 0 and below 1"),
        (lambda: SparseAutoencoder(3, sparsity_weight=-1), "sparsity_weight must be"),
        (lambda: SparseAutoencoder(3, activation="relu"), "activation must be one of sigmoid"),
        (lambda: DenoisingAutoencoder(3, noise="salt"), "gaussian, binary.*'salt'"),
        (lambda: DenoisingAutoencoder(3, noise_level=-0.5), "noise_level must be .*-0.5"),
        (
            lambda: DenoisingAutoencoder(3, noise="binary", noise_level=1.5),
            "noise_level must be .*1.5",
        ),
        (lambda: RestrictedBoltzmannMachine(3, gibbs_steps=0), "gibbs_steps must be"),
    ],
)
def test_impossible_arguments_are_refused(make, message):
    """An impossible value is refused with a sentence that names it."""
    with pytest.raises(InputError, match=message):
        make()


def test_pictures_need_their_own_encoder():
    """A dense auto-encoder says plainly that it wants flat inputs."""
    with pytest.raises(InputError, match=r"\(batch, features\)"):
        Autoencoder(3).build((None, 28, 28))
