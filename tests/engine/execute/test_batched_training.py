"""Populations: every member comes out as Keras's `fit` trains it alone."""

import dataclasses

import numpy as np
import pytest

from replication.datasets import load
from replication.engine.train import build_layers, finetune, stacked
from replication.kinds import KINDS
from tests.engine.execute.populations import (
    SMALL,
    STRENGTHS,
    by_keras,
    distance,
    finetuned,
    members,
    on_jax,
    pretrained,
    same_bits,
)

pytestmark = on_jax

CLOSE = 1e-5  # in every weight after 102 steps: float32 in another order
ALONE = 1e-6  # a member alone and among neighbours


def test_every_net_is_covered():
    """A new model needs a line here."""
    assert set(STRENGTHS) == {kind.key for kind in KINDS.values() if kind.is_net}


@pytest.mark.parametrize("model", STRENGTHS)
def test_pretraining_agrees_with_keras(model):
    """Of one and of four members: weights, and the curve of the losses."""
    runs = members(model)
    together, alone = pretrained(runs)[1], pretrained(runs[1:2])[0]
    keras = by_keras(runs[1])
    for ours in (together, alone):
        assert distance(ours.weights, keras.weights) < CLOSE
        np.testing.assert_allclose(ours.losses, keras.losses, rtol=2e-6)
    assert distance(alone.weights, together.weights) < ALONE


@pytest.mark.parametrize(
    "others",
    [
        {"pretrain_optimizer": "adam", "pretrain_learning_rate": 0.002},
        {"fault": "frozen-kernel"},
        {"pretrain_epochs": 0},
        {"activation": "relu", "initial_range": 1.0, "pretrain_learning_rate": 0.01},
        {"encoder": "conv", "activation": "relu", "initial_range": 4.0, "units": (6,),
         "pretrain_optimizer": "adam", "pretrain_learning_rate": 0.002, "pretrain_epochs": 1},
    ],
)  # fmt: skip
def test_other_pretrainings_agree_with_keras(others):
    """Adam, a penalty that keeps a copy of the initial weights, no training, other encoders."""
    runs = members("cae", **others)[:2]
    for ours, settings in zip(pretrained(runs), runs, strict=True):
        keras = by_keras(settings)
        assert distance(ours.weights, keras.weights) < CLOSE
        np.testing.assert_allclose(ours.losses, keras.losses, rtol=2e-6)


def test_an_upper_layer_agrees_with_keras():
    """Two layers, of which the lower one is that of another run."""
    deep = members("cae", units=(24, 12))[:2]
    shallow = [dataclasses.replace(run, units=(24,)) for run in deep]
    ours = pretrained(deep, pretrained(shallow))
    for one, settings in zip(ours, deep, strict=True):
        keras = by_keras(settings)
        assert distance(one.weights, keras.weights) < CLOSE
        np.testing.assert_allclose(one.losses, keras.losses, rtol=2e-6)


FINETUNED = [
    {},
    {"finetune_decay": True},
    {"finetune_keep": "last", "finetune_decay": True},
    {"finetune_examples": 50, "finetune_epochs": 12},
    {"finetune_learning_rate": 1.5, "finetune_epochs": 30, "finetune_patience": 2},
    {
        "finetune_learning_rate": 1.5,
        "finetune_epochs": 30,
        "finetune_patience": 3,
        "finetune_window": 3,
    },
    {"finetune_epochs": 7, "finetune_patience": 1, "finetune_window": 4},
    {"finetune_epochs": 3, "finetune_window": 5},
    {"units": (24, 12)},
    {"activation": "tanh"},
    {"finetune_optimizer": "adam", "finetune_learning_rate": 0.003},
    {"finetune_dropout": 0.3},
    {"finetune_jacobian": 0.02, "finetune_dropout": 0.3},
]


@pytest.mark.parametrize("others", FINETUNED)
def test_finetuning_agrees_with_keras(others):
    """Histories, where they end, the errors to the last bit, and the weights that are kept."""
    data = load("digits")
    runs = [members(model, **others)[seed] for seed, model in enumerate(("cae", "ae"))]
    first = [by_keras(run) for run in runs]
    for ours, settings, start in zip(finetuned(runs, first), runs, first, strict=True):
        model = stacked(build_layers(settings, start.weights, data.train.x.shape[1]))
        net, history = finetune(settings, model, data, progress=False)
        assert ours.history["val_error"] == pytest.approx(history["val_error"], abs=0)
        np.testing.assert_allclose(ours.history["loss"], history["loss"], rtol=2e-5)
        assert distance(ours.weights, net.get_weights()) < 2 * CLOSE


def test_some_members_stop_early():
    """Otherwise the comparison above would not see how."""
    others = next(o for o in FINETUNED if o.get("finetune_patience") == 2)
    runs = members("cae", **others)
    lengths = [len(one.history["loss"]) for one in finetuned(runs, pretrained(runs))]
    assert min(lengths) < SMALL["finetune_epochs"] * 5


def test_the_same_population_gives_the_same_bits():
    """Twice, in both phases."""
    runs = members("dae-b")
    first, second = pretrained(runs), pretrained(runs)
    assert same_bits([one.weights for one in first], [one.weights for one in second])
    ends = [[one.weights for one in finetuned(runs, first)] for _ in range(2)]
    assert same_bits(*ends)


def test_a_member_that_diverges_harms_no_other():
    """The others come out as they do beside one that does not; the error is Keras's."""
    runs = members("ae-wd")
    wild = dataclasses.replace(runs[1], weight_decay=1e3)  # each step makes the weights larger
    good, bad = pretrained(runs), pretrained([runs[0], wild, *runs[2:]])
    assert "diverged: its loss was no finite number in epoch" in str(bad[1].error)
    for index in (0, 2, 3):
        assert same_bits(good[index].weights, bad[index].weights)
