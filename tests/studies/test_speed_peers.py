"""Whoever is timed beside us trains the same model."""

import importlib.util

import keras
import numpy as np
import pytest

from replication.models import ContractiveAutoencoder
from replication.studies.speed.peers.by_hand import ByHand
from replication.studies.speed.peers.plain_jax import PlainJax
from replication.studies.speed.peers.plain_torch import PlainTorch

CONTRACTION, RATE = 0.7, 0.5
has_torch = pytest.mark.skipif(
    importlib.util.find_spec("torch") is None, reason="torch is not installed"
)


@pytest.mark.parametrize("peer", [PlainJax, ByHand, pytest.param(PlainTorch, marks=has_torch)])
def test_its_steps_are_ours(peer):
    """Two epochs in some order, from weights with biases: every weight agrees."""
    generator = np.random.default_rng(0)
    x = generator.random((40, 6), dtype=np.float32)
    model = ContractiveAutoencoder(5, contraction=CONTRACTION, seed=0)
    model.build((None, 6))
    first = [generator.normal(size=w.shape).astype("float32") for w in model.get_weights()]
    model.set_weights(first)
    c, kernel, b = first  # Keras lists what the model has itself before what its layers have
    model.compile(optimizer=keras.optimizers.SGD(RATE))
    theirs = peer((kernel, b, c), CONTRACTION, RATE)
    for _ in range(2):
        order = generator.permutation(40)
        for rows in order.reshape(-1, 10):
            model.train_on_batch(x[rows])
        theirs.train(x, 10, order)
    c, kernel, b = model.get_weights()
    for one, other, before in zip(
        (kernel, b, c), theirs.weights, (*first[1:], first[0]), strict=True
    ):
        np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-5)
        assert np.abs(one - before).max() > 0.05
