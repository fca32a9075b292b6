"""How one model is trained: in which order, from which random numbers, on which lower layers."""

import random

import numpy as np

from replication.datasets import load
from replication.engine import train
from replication.engine.batches import Batches
from replication.engine.environment import chosen_backend
from replication.engine.run import prepare, run
from replication.engine.settings import Settings


def small(**values):
    """Settings of a run that takes a second or two."""
    return Settings(
        **{
            "dataset": "digits",
            "model": "ae",
            "units": (20,),
            "pretrain_epochs": 2,
            "finetune_epochs": 2,
            "spectrum_examples": 0,
            "backend": chosen_backend(),
            **values,
        }
    )


def test_lower_layers_are_shared():
    """A stack on lower layers that were trained before is the one trained from nothing."""
    deep, shallow = small(units=(20, 10)), small(units=(20,))
    data = load("digits")
    lower = prepare(shallow, data, progress=False)
    shared, alone = (prepare(deep, data, progress=False, lower=low) for low in (lower, None))
    for ours, theirs in zip(shared.weights, alone.weights, strict=True):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(a, b)
    assert shared.losses == alone.losses
    assert shared.seconds >= lower.seconds


def test_batch_order_is_the_seed_s_alone():
    """Two models see the same batches in the same order; each epoch has another order."""
    x = np.arange(10.0)
    first, second = Batches(x, None, 4, seed=3), Batches(x, None, 4, seed=3)
    np.testing.assert_array_equal(first[0][0], second[0][0])
    assert [len(first[k][0]) for k in range(len(first))] == [4, 4, 2]
    before = np.concatenate([first[k][0] for k in range(3)])
    first.on_epoch_end()
    after = np.concatenate([first[k][0] for k in range(3)])
    assert sorted(before) == sorted(after) == list(x)
    assert not np.array_equal(before, after)


def test_training_shares_no_randomness_with_others(store, monkeypatch):
    """Other threads may draw from Python's generator, as dask's do: the results stay the same.

    Nor does a fine-tuning depend on the one before: a run that shared its pre-training with
    another has the bits of one that did not.
    """
    alone = run(small(), "alone", progress=False).results
    trial = run(small(finetune_learning_rate=1.0), "alone", progress=False).results
    assert trial["history"]["pretrain_loss"] == alone["history"]["pretrain_loss"]
    assert trial["jacobian_mean_square"] == alone["jacobian_mean_square"]
    assert trial["history"]["finetune_loss"] != alone["history"]["finetune_loss"]

    class Disturbed(Batches):
        def on_epoch_end(self):
            random.random()
            super().on_epoch_end()

    monkeypatch.setattr(train, "Batches", Disturbed)
    assert run(small(), "disturbed", progress=False).results == alone
