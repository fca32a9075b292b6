"""Stacks: greedy training, the whole Jacobian, saving."""

import keras
import numpy as np
import pytest
from keras import ops

from replication.errors import InputError
from replication.measures.jacobian import jacobians, squared_norms
from replication.models import (
    Autoencoder,
    Classifier,
    ContractiveAutoencoder,
    RestrictedBoltzmannMachine,
    StackedEncoder,
)
from replication.models.penalty import squared_frobenius_norm


@pytest.fixture
def x():
    """Random inputs in [0, 1]."""
    return np.random.default_rng(0).random((120, 8)).astype("float32")


@pytest.fixture
def stack():
    """Three layers of different kinds."""
    return StackedEncoder(
        [
            ContractiveAutoencoder(7, seed=1),
            RestrictedBoltzmannMachine(6, seed=2),
            Autoencoder(5, seed=3),
        ]
    )


def test_greedy_training_layer_by_layer(stack, x):
    """Each layer is trained on the codes of the finished one below, as if by hand."""
    stack.compile(optimizer=keras.optimizers.SGD(0.1))
    histories = stack.fit(x, batch_size=20, epochs=2, verbose=0, shuffle=False)
    assert len(histories) == 3
    codes = x
    by_hand = [
        ContractiveAutoencoder(7, seed=1),
        RestrictedBoltzmannMachine(6, seed=2),
        Autoencoder(5, seed=3),
    ]
    for model in by_hand:
        model.compile(optimizer=keras.optimizers.SGD(0.1))
        model.fit(codes, batch_size=20, epochs=2, verbose=0, shuffle=False)
        codes = ops.convert_to_numpy(model.encode(codes))
    np.testing.assert_allclose(ops.convert_to_numpy(stack.encode(x)), codes, rtol=1e-5)


def test_jacobian_is_that_of_the_whole_stack(stack, x):
    """The Jacobian of the stack is the product of the layers' Jacobians."""
    stack.build((None, 8))
    product, h = np.eye(8)[None], x[:5]
    for model in stack.models:
        h = ops.convert_to_numpy(model.encode(h))
        kernel = ops.convert_to_numpy(model.encoder.kernel)
        product = ((h * (1 - h))[:, :, None] * kernel.T[None]) @ product
    expected = np.sum(product**2, axis=(1, 2))
    received = ops.convert_to_numpy(squared_frobenius_norm(stack.encoder, x[:5]))
    np.testing.assert_allclose(received, expected, rtol=1e-4)


def test_save_and_load(stack, x, tmp_path):
    """A loaded stack encodes exactly as the saved one."""
    stack.compile(optimizer="sgd")
    stack.fit(x, verbose=0)
    stack.save(tmp_path / "stack.keras")
    loaded = keras.models.load_model(tmp_path / "stack.keras")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(stack.encode(x)), ops.convert_to_numpy(loaded.encode(x))
    )


@pytest.mark.parametrize("models", [[], [keras.layers.Dense(3)]])
def test_only_models_with_an_encoder(models):
    """A stack of nothing, or of plain layers, is refused."""
    with pytest.raises(InputError, match="at least one auto-encoder or RBM"):
        StackedEncoder(models)


def test_models_of_one_name(x):
    """Encoders of two sessions may have one name; the stack has an encoder all the same."""
    layers = []
    for units, seed in ((7, 1), (6, 2)):
        keras.utils.clear_session(free_memory=False)
        layers.append(ContractiveAutoencoder(units, seed=seed))
    assert layers[0].encoder.name == layers[1].encoder.name
    stack = StackedEncoder(layers)
    stack.build((None, 8))
    codes = ops.convert_to_numpy(stack.encoder(x))
    np.testing.assert_allclose(codes, ops.convert_to_numpy(stack.encode(x)), rtol=1e-6)
    automatic = jacobians(stack.encoder, x)
    squares = np.sum(automatic.astype(float) ** 2, axis=(1, 2))
    np.testing.assert_allclose(squared_norms(stack.encoder, x), squares, rtol=1e-4)
    net = Classifier.from_pretrained(stack, 3)
    np.testing.assert_allclose(ops.convert_to_numpy(net.encoder(x)), codes, rtol=1e-6)
