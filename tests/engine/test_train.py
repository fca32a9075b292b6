"""How one model is trained: in which order, from which random numbers, on which lower layers."""

import dataclasses
import random

import numpy as np
import pytest

from replication.datasets import load
from replication.engine import train
from replication.engine.batches import Batches, labelled_part, training_part
from replication.engine.environment import chosen_backend
from replication.engine.run import prepare, run
from replication.engine.settings import Settings
from replication.errors import InputError


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


def test_the_rate_of_fine_tuning_may_fall_to_0():
    """Then the last steps hardly move the weights, while a constant rate goes on moving them."""
    data = load("digits")
    moves = {}
    for decays in (False, True):
        settings = small(finetune_epochs=8, finetune_learning_rate=1.0, finetune_decay=decays)
        prepared = prepare(settings, data, progress=False)
        model = train.stacked(train.build_layers(settings, prepared.weights, 64))
        _, history = train.finetune(settings, model, data, progress=False)
        losses = history["loss"]
        moves[decays] = abs(losses[-1] - losses[-2])
    assert moves[True] < moves[False]


def test_the_kept_epoch_is_the_best_mean_of_several(store):
    """With a window of 3 it ends the best three epochs in a row; or it is the last one."""
    common = {"finetune_epochs": 7, "finetune_patience": 7, "finetune_learning_rate": 1.0}
    found = run(small(**common, finetune_window=3), "test", progress=False).results
    errors = found["history"]["finetune_valid_error"]
    means = [np.mean(errors[i - 3 : i]) for i in range(3, 8)]
    assert found["best_epoch"] == 3 + int(np.argmin(means))
    assert found.valid_error == pytest.approx(errors[found["best_epoch"] - 1], abs=1e-4)
    last = run(small(**common, finetune_keep="last"), "test", progress=False).results
    assert last["best_epoch"] == 7
    assert last.valid_error == pytest.approx(last["history"]["finetune_valid_error"][-1], abs=1e-4)


def test_few_labels_are_drawn_evenly_by_the_seed():
    """The same number of every class; another seed draws others; pre-training has all examples."""
    data = load("digits")
    first, again, other = (
        labelled_part(small(finetune_examples=50, seed=seed), data) for seed in (0, 0, 1)
    )
    assert np.bincount(first[1]).tolist() == [5] * 10
    np.testing.assert_array_equal(first[0], again[0])
    assert not np.array_equal(first[0], other[0])
    assert len(training_part(small(finetune_examples=50), data)[0]) == len(data.train.x)
    for impossible in (55, 100_000):
        with pytest.raises(InputError, match="finetune_examples must be a multiple of 10"):
            labelled_part(small(finetune_examples=impossible), data)


def test_tangents_reach_the_fine_tuning(store):
    """Of the labelled examples, from the encoder as it was pre-trained; they change the net."""
    common = {"finetune_examples": 50, "finetune_keep": "last", "finetune_epochs": 3}
    plain = run(small(**common), "test", progress=False)
    found = run(small(**common, tangents=2, tangent_weight=3.0), "test", progress=False)
    assert found.results["history"]["pretrain_loss"] == plain.results["history"]["pretrain_loss"]
    losses = [r.results["history"]["finetune_loss"] for r in (plain, found)]
    assert losses[1][0] > losses[0][0]
    with pytest.raises(InputError, match="tangents must be at most"):
        run(small(**common, tangents=999, tangent_weight=3.0), "test", progress=False)


@pytest.mark.parametrize(
    "changes",
    [
        {"activation": "relu"},
        {"encoder": "conv", "units": (6,)},
        {"finetune_optimizer": "adam", "finetune_learning_rate": 0.003},
        {"finetune_dropout": 0.4},
        {"finetune_jacobian": 0.1},
    ],
)
def test_what_is_used_today_reaches_the_training(store, changes):
    """Other units, other encoders and other ways to fine-tune: each changes the run it is in."""
    plain = small(model="cae", train_examples=200, measure_examples=20)
    other = dataclasses.replace(plain, **changes)
    losses = {}
    for settings in (plain, other):
        results = run(settings, "test", progress=False).results
        losses[settings.id] = results["history"]["finetune_loss"]
        assert results.has("saturation") == (settings.activation == "sigmoid")
        assert results.has("kernel_norm") == (settings.encoder == "dense")
        assert results["jacobian_mean_square"] > 0
    assert losses[plain.id] != losses[other.id]


def test_robustness_is_measured_where_it_is_asked_for(store):
    """On the test set, of the classifier."""
    results = run(small(measure_robustness=True), "test", progress=False).results
    assert set(results["robustness"]) == {"noise", "rotation", "attack"}
    for curve in results["robustness"].values():
        assert len(curve["size"]) == len(curve["error"])
        assert curve["error"][-1] > results.test_error
    assert not run(small(), "test", progress=False).results.has("robustness")


def test_a_run_without_fine_tuning_has_no_errors(store):
    """It measures the encoder, and looks at no label."""
    found = run(small(finetune_epochs=0), "test", progress=False).results
    assert found.has("saturation")
    assert not [name for name in found if "error" in name or "test" in name]
