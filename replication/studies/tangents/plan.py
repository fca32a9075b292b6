"""Few labels of MNIST, with tangents and without: which runs, and why these.

The manifold tangent classifier (Rifai, Dauphin, Vincent, Bengio and Muller, NIPS 2011, Table 2) is
fine-tuned on 100, 600, 1,000 or 3,000 labels, from an encoder that saw all 50,000 training
examples without labels. So is ours, ten times, each time with other labels and another encoder.

What is the same in both arms:

- the encoder: one layer, a CAE with the setting that Table 1 chose on MNIST (the paper has CAE+H);
- the labels: the seed draws the same number of every class;
- the length: 40 epochs in batches of 10, and the weights of the last epoch. Nobody with so few
  labels has 10,000 others to stop by, so no label of the validation set stops or picks an epoch;
- the search: eight trials for each arm and number of labels, on one further drawing, seed 2000,
  by the validation error. Both arms try the same eight rates, from 0.02 to 2. The arm with
  tangents has no more trials for its two further settings: the number of tangents is 3 and 8 in
  turn, and the weight is drawn from 0.03 to 10, evenly on a logarithmic scale. So what the term
  gains is what it gains at no larger budget.

Eight trials is what the time allows. Of one core that is free it takes, roughly: a pre-training 4
minutes (50,000 examples, 20 epochs), which all eight arms of a drawing share; on 3,000 labels a
fine-tuning 15 seconds without tangents, and 2 minutes with 8 of them, half of it for finding them
(20 ms an example); fewer labels in proportion, but for 10 seconds in which the validation error of
each epoch is measured. That is 5 minutes for the eight fine-tunings of a drawing: about 1.6 hours
for ten drawings and 0.75 hours for the trials, 2.4 core hours in all. The paper's 15 tangents, and
its 2,000 units, would take four times as long.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from replication.engine.settings import Settings
from replication.studies.list_rounds import OneRound
from replication.studies.list_search import ListedArm, ListSearch
from replication.studies.space import Range
from replication.studies.study import Study, Sweep
from replication.studies.table1 import plan as table1

NAME = "tangents"
DATASET = "mnist"
LABELS = (100, 600, 1000, 3000)  # as in the paper's table
SEEDS = 10
TRIAL_SEED = 2000  # of no final run
EPOCHS = 40  # of fine-tuning, whatever the number of labels
BATCH = 10
RATES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
COUNTS = (3, 8)  # of tangents, in turn
WEIGHTS = Range(low=0.03, high=10)
_WEIGHTS_SEED = 0  # of the draw of the weights


def plain(labels: int) -> str:
    """Return the key of the arm without tangents.

    Args:
        labels: Number of labelled examples.
    """
    return f"plain-{labels}"


def with_tangents(labels: int) -> str:
    """Return the key of the arm with tangents.

    Args:
        labels: Number of labelled examples.
    """
    return f"tangents-{labels}"


def _trials_without() -> tuple[Mapping[str, Any], ...]:
    return tuple({"finetune_learning_rate": rate} for rate in RATES)


def _trials_with() -> tuple[Mapping[str, Any], ...]:
    """The same rates, each with a weight and a number of tangents."""
    # One weight from each eighth of the range, in an order that says nothing about the rate.
    generator = np.random.default_rng(_WEIGHTS_SEED)
    shares = (generator.permutation(len(RATES)) + generator.random(len(RATES))) / len(RATES)
    return tuple(
        {
            "finetune_learning_rate": rate,
            "tangents": COUNTS[turn % len(COUNTS)],
            "tangent_weight": WEIGHTS.draw(float(shares[turn])),
        }
        for turn, rate in enumerate(RATES)
    )


def _pretraining() -> dict[str, Any]:
    """What the search of Table 1 chose for the CAE on MNIST, as far as it is pre-training."""
    chosen = table1.STUDY.chosen(DATASET)["cae"].settings
    names = ("contraction", "pretrain_learning_rate", "pretrain_batch_size", "pretrain_epochs")
    return {name: getattr(chosen, name) for name in names}


def _arms() -> Mapping[str, ListedArm]:
    arms = {}
    for labels in LABELS:
        for key, tried in (
            (plain(labels), _trials_without()),
            (with_tangents(labels), _trials_with()),
        ):
            arms[key] = ListedArm(
                key=key,
                model="cae",
                fixed=MappingProxyType({"finetune_examples": labels}),
                above_zero=MappingProxyType({"tangents": key == with_tangents(labels)}),
                tried=tried,
            )
    return MappingProxyType(arms)


_COMMON: Mapping[str, Any] = MappingProxyType(
    {
        **_pretraining(),
        "finetune_batch_size": BATCH,
        "finetune_epochs": EPOCHS,
        "finetune_keep": "last",
        "measure_examples": 10,
        "spectrum_examples": 0,
    }
)
SEARCH = ListSearch(
    version=1,
    study=NAME,
    experiment="tangents-trials",
    width=1000,
    common=_COMMON,
    seed=TRIAL_SEED,
    arms=_arms(),
    rounds=(OneRound("trials"),),
)

# At proof scale nothing is searched: one reasonable setting, small and quick.
_SMALL = Settings(
    dataset="digits",
    model="cae",
    units=(64,),
    pretrain_epochs=8,
    finetune_learning_rate=0.3,
    finetune_batch_size=BATCH,
    finetune_epochs=15,
    finetune_keep="last",
    finetune_examples=LABELS[0],
    measure_examples=10,
    spectrum_examples=0,
)
_PROOF: Mapping[str, Settings] = MappingProxyType(
    {
        plain(LABELS[0]): _SMALL,
        with_tangents(LABELS[0]): dataclasses.replace(
            _SMALL, tangents=COUNTS[0], tangent_weight=1.0
        ),
    }
)

STUDY = Study(
    name=NAME,
    experiment=NAME,
    datasets=(DATASET,),
    search=SEARCH,
    selections=Path(__file__).parent / "selection",
    seeds=SEEDS,
    minimum_seeds=table1.MINIMUM_SEEDS,
    final=MappingProxyType({"evaluate_test": True}),
    proof=_PROOF,
    in_turns=True,
)
SWEEP = Sweep(
    name=NAME,
    datasets=(DATASET,),
    default=(DATASET,),
    seeds=SEEDS,
    stages=STUDY.stages,
    about="few labels on MNIST, with tangent propagation and without",
)
