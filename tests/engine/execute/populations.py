"""Small populations on the digits, and what Keras's `fit` makes of their members."""

import keras
import numpy as np
import pytest

from replication.datasets import load
from replication.engine.settings import Settings
from replication.engine.train import Pretrained

on_jax = pytest.mark.skipif(
    keras.backend.backend() != "jax", reason="a part of JAX; `make test` does both"
)

# 17 steps an epoch, the last one with 10 examples.
SMALL = {
    "dataset": "digits",
    "units": (24,),
    "train_examples": 330,
    "pretrain_epochs": 6,
    "pretrain_batch_size": 20,
    "finetune_epochs": 6,
    "finetune_batch_size": 20,
    "measure_examples": 40,
    "spectrum_examples": 2,
}

# Strengths in which the members of a population differ, by model.
STRENGTHS = {
    "ae": [{}] * 4,
    "ae-wd": [{"weight_decay": w} for w in (1e-5, 1e-3, 0.0, 1e-4)],
    "dae-g": [{"noise_level": n} for n in (0.1, 0.5, 0.0, 0.3)],
    "dae-b": [{"noise_level": n} for n in (0.1, 0.5, 0.0, 0.3)],
    "cae": [{"contraction": c} for c in (0.1, 1.0, 0.0, 0.3)],
    "cae-h": [
        {"contraction": c, "curvature": g, "noise_level": n, "draws": 2}
        for c, g, n in ((0.1, 1.0, 0.3), (1.0, 0.0, 0.1), (0.0, 0.3, 1.0), (0.3, 10.0, 0.2))
    ],
    "sae": [
        {"sparsity": s, "sparsity_weight": w}
        for s, w in ((0.05, 0.1), (0.2, 1.0), (0.1, 0.0), (0.3, 0.5))
    ],
    "rbm": [{"gibbs_steps": 2}] * 4,
}


def members(model: str, **others) -> list[Settings]:
    """Four runs of one form: other seeds, strengths, rates and initial weights."""
    return [
        Settings(
            model=model,
            **{
                **SMALL,
                "seed": seed,
                "pretrain_learning_rate": 0.05 * (1 + seed),
                "finetune_learning_rate": 0.1 * (1 + seed),
                "initial_range": (4.0, 1.0)[seed % 2],
                **strength,
                **others,
            },
        )
        for seed, strength in enumerate(STRENGTHS[model])
    ]


def pretrained(runs, lower=None, watch=None):
    """Pre-train a population."""
    from replication.engine.execute.batched import pretraining
    from replication.engine.execute.batched.population import on_device
    from replication.engine.execute.batched.watch import Stopwatch

    x = on_device(load("digits").train.x[: runs[0].train_examples])
    watch = watch or Stopwatch(len(runs))
    return pretraining.pretrain(runs, lower or [None] * len(runs), x, watch)


def finetuned(runs, first, watch=None):
    """Fine-tune a population."""
    from replication.engine.execute.batched import finetuning
    from replication.engine.execute.batched.population import on_device
    from replication.engine.execute.batched.watch import Stopwatch

    data = load("digits")
    count = runs[0].train_examples
    values = (data.train.x[:count], data.train.y[:count], data.valid.x, data.valid.y)
    parts = finetuning.Parts(*map(on_device, values))
    return finetuning.finetune(runs, first, data, parts, watch or Stopwatch(len(runs)))


def by_keras(settings: Settings) -> Pretrained:
    """Pre-train one run with `fit`."""
    from replication.engine.run import prepare

    return prepare(settings, load("digits"), progress=False)


def distance(first, second) -> float:
    """The largest difference between two lists of arrays, or lists of such."""
    if isinstance(first, np.ndarray):
        return float(np.abs(first - second).max())
    return max(distance(a, b) for a, b in zip(first, second, strict=True))


def same_bits(first, second) -> bool:
    """Whether two lists of arrays, or lists of such, are equal to the last bit."""
    return distance(first, second) == 0.0
