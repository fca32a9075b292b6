"""The protocol of Table 1 and Figures 1 and 2: one hidden layer on MNIST and CIFAR-bw.

The page `notebooks/protocol.ipynb` says in words, with reasons, what this module says in numbers.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from replication.engine.settings import Settings
from replication.studies.search import Arm, Length, Round, Search
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep

DATASETS = ("mnist", "cifar-bw")
REDUCED = "table1-reduced"  # experiment of the small copies of final runs, for verification
SEEDS = 5  # of the final runs: 0, 1, ...
MINIMUM_SEEDS = 5  # fewer decide nothing
TRIAL_SEED = 1000  # of every trial, and of no final run
PROMOTED = 3  # pre-trainings of each model that go on to full length, each fine-tuned at all rates

# What a model's own settings may be: four values each, about a factor of three apart. The models
# without a regulariser of that kind spend the same number of trials on their learning rate.
STRENGTHS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "ae": ({},),
    "ae-wd": tuple({"weight_decay": v} for v in (3e-5, 1e-4, 3e-4, 1e-3)),
    "dae-g": tuple({"noise_level": v} for v in (0.15, 0.3, 0.5, 0.8)),
    "dae-b": tuple({"noise_level": v} for v in (0.1, 0.25, 0.4, 0.55)),
    "cae": tuple({"contraction": v} for v in (0.03, 0.1, 0.3, 1.0)),
    "sae": tuple({"sparsity": p, "sparsity_weight": w} for p in (0.05, 0.15) for w in (0.03, 0.3)),
    "rbm": tuple({"gibbs_steps": k} for k in (1, 3)),
}
PRETRAIN_RATES: Mapping[str, tuple[float, ...]] = {
    **dict.fromkeys(("ae-wd", "dae-g", "dae-b", "cae", "sae"), (0.05, 0.2)),
    "ae": (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5),
    "rbm": (0.01, 0.03, 0.1, 0.3),
}

SEARCH = Search(
    version=1,
    study="table1",
    experiment="table1-trials",
    arms=MappingProxyType(
        {
            model: Arm(
                key=model,
                model=model,
                strengths=STRENGTHS[model],
                pretrain_rates=PRETRAIN_RATES[model],
            )
            for model in STRENGTHS
        }
    ),
    rounds=(
        Round(
            name="short trials",
            length=Length(pretrain_epochs=4, finetune_epochs=5, finetune_patience=5),
        ),
        Round(
            name="long trials",
            length=Length(pretrain_epochs=20, finetune_epochs=30, finetune_patience=10),
            leaders=PROMOTED,
        ),
        Round(
            name="longer trials",
            length=Length(pretrain_epochs=30, finetune_epochs=60, finetune_patience=15),
            leaders=1,
        ),
    ),
    finetune_rates=(0.3, 1.0, 3.0),
    # Where the short trials have shown that smaller rates are needed.
    later_rates=MappingProxyType({"cifar-bw": (0.03, 0.1, 0.3)}),
    width=1000,
    common=MappingProxyType(
        {
            "pretrain_batch_size": 20,
            "finetune_batch_size": 50,
            "measure_examples": 1000,
            "spectrum_examples": 0,
        }
    ),
    seed=TRIAL_SEED,
)

# At proof scale nothing is searched: one reasonable setting a model, small and quick.
_PROOF: Mapping[str, Mapping[str, Any]] = {
    "ae": {},
    "ae-wd": {"weight_decay": 1e-4},
    "dae-g": {"noise_level": 0.3},
    "dae-b": {"noise_level": 0.25},
    "cae": {"contraction": 0.1},
    "sae": {"sparsity": 0.1, "sparsity_weight": 0.1},
    "rbm": {"pretrain_learning_rate": 0.05},
}
_PROOF_LENGTH: Mapping[str, Any] = {
    "dataset": "digits",
    "units": (64,),
    "pretrain_epochs": 8,
    "finetune_learning_rate": 1.0,
    "finetune_batch_size": 20,
    "finetune_epochs": 8,
    "spectrum_examples": 20,
}

STUDY = Study(
    name="table1",
    experiment="table1",
    datasets=DATASETS,
    search=SEARCH,
    selections=Path(__file__).parent / "selection",
    seeds=SEEDS,
    minimum_seeds=MINIMUM_SEEDS,
    final=MappingProxyType(
        {"measure_examples": 10_000, "spectrum_examples": 200, "evaluate_test": True}
    ),
    proof=MappingProxyType(
        {model: Settings(model=model, **{**_PROOF_LENGTH, **own}) for model, own in _PROOF.items()}
    ),
    in_turns=True,
)

# What makes a final run a small copy of itself, for verification.
_REDUCED: Mapping[str, Any] = {
    "units": (200,),
    "train_examples": 10_000,
    "pretrain_epochs": 3,
    "finetune_epochs": 3,
    "measure_examples": 1000,
    "spectrum_examples": 0,
}


def reduced(dataset: str, study: Study = STUDY) -> list[Settings]:
    """Shrink the first final run of each model to what takes seconds, for verification.

    Args:
        dataset: The data set.
        study: The study; a small one in tests.

    Returns:
        The runs; without those of models that nothing was chosen for yet.
    """
    first = study.final_runs(dataset, 1)
    return [dataclasses.replace(settings, **_REDUCED) for settings in first]


def stages(dataset: str, seeds: int, study: Study = STUDY) -> Iterator[Stage]:
    """Yield the stages of Table 1: the search, the final runs, small copies of them.

    Args:
        dataset: The data set.
        seeds: Seeds of each final run.
        study: The study; a small one in tests.
    """
    yield from study.stages(dataset, seeds)
    small = reduced(dataset, study)
    yield Stage(
        name="small copies, for verification",
        experiment=REDUCED,
        size=len(study.arms),
        runs=small if len(small) == len(study.arms) else None,
    )


SWEEP = Sweep(
    name="table1",
    datasets=DATASETS,
    default=("mnist",),
    seeds=SEEDS,
    stages=stages,
    about="Table 1 and Figures 1 and 2",
)
