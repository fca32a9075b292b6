"""The protocol of Table 2 and Figure 3: stacks and an SVM on the benchmark sets.

As for Table 1, every column has the same number of trials; the best short ones go on to full
length. All layers of a stack share one setting, and the three depths of the CAE share what they can
of each other's pre-training.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from replication.checks import check_choice
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.studies.collect import collect
from replication.studies.search import Arm, Length, Round, Search
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep
from replication.studies.table1 import plan as table1

NESTED = "table2-nested"  # experiment of the lower parts of the deepest stacks
ROWS = ("rectangles", "basic", "rot", "bg-rand", "bg-img", "rectangles-image", "bg-img-rot")
SEEDS = 3  # of the final runs of a net; an SVM has no randomness, and one run
MINIMUM_SEEDS = 3  # fewer decide nothing
PROMOTED = 2  # pre-trainings that go on to full length, each fine-tuned at all rates
_SVM_C = (1.0, 10.0, 100.0)
_SVM_GAMMA = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)


def _net(key: str, model: str, depth: int) -> Arm:
    """A stack that may choose from what the model may in Table 1."""
    return dataclasses.replace(table1.SEARCH.arms[model], key=key, depth=depth)


_SVM = Arm(
    key="svm-rbf",
    model="svm",
    strengths=tuple({"svm_c": c, "svm_gamma": g} for c in _SVM_C for g in _SVM_GAMMA),
)

SEARCH = Search(
    version=1,
    study="table2",
    experiment="table2-trials",
    # The columns. The paper has no CAE-3.
    arms=MappingProxyType(
        {
            arm.key: arm
            for arm in (
                _SVM,
                _net("sae-3", "ae", 3),
                _net("rbm-3", "rbm", 3),
                _net("dae-b-3", "dae-b", 3),
                _net("cae-1", "cae", 1),
                _net("cae-2", "cae", 2),
                _net("cae-3", "cae", 3),
            )
        }
    ),
    rounds=(
        Round(
            name="short trials",
            length=Length(pretrain_epochs=8, finetune_epochs=10, finetune_patience=10),
        ),
        Round(
            name="long trials",
            length=Length(pretrain_epochs=40, finetune_epochs=60, finetune_patience=15),
            leaders=PROMOTED,
        ),
    ),
    finetune_rates=(0.1, 0.3, 1.0),
    width=1000,
    common=MappingProxyType(
        {
            **table1.SEARCH.common,
            "measure_examples": 10,  # nothing is chosen by them
        }
    ),
    seed=table1.TRIAL_SEED,
    # Epochs are so many times more where examples are few.
    longer_by=MappingProxyType({"rectangles": 5}),
)

# At proof scale nothing is searched: one small run of each column on pictures that need no files.
PROOF_DATASET = "generated-rectangles"
_PROOF: Mapping[str, Any] = {
    "dataset": PROOF_DATASET,
    "pretrain_epochs": 5,
    "pretrain_learning_rate": 0.1,
    "finetune_epochs": 10,
    "finetune_learning_rate": 1.0,
    "measure_examples": 200,
    "spectrum_examples": 0,
}
_PROOF_UNITS = 64


def _proof(arm: Arm) -> Settings:
    if not arm.is_net:
        return Settings(dataset=PROOF_DATASET, model=arm.model, svm_c=10.0, svm_gamma=0.01)
    return Settings(model=arm.model, units=(_PROOF_UNITS,) * arm.depth, **_PROOF)


STUDY = Study(
    name="table2",
    experiment="table2",
    datasets=ROWS,
    search=SEARCH,
    selections=Path(__file__).parent / "selection",
    seeds=SEEDS,
    minimum_seeds=MINIMUM_SEEDS,
    final=MappingProxyType({"measure_examples": 500, "evaluate_test": True}),
    proof=MappingProxyType({key: _proof(arm) for key, arm in SEARCH.arms.items()}),
)
DEEPEST = "cae-3"  # the column whose stacks are also measured layer by layer


def nested(dataset: str, seeds: int = SEEDS, study: Study = STUDY) -> list[Settings]:
    """List the lower parts of the final stacks of three CAEs: the same layers, fewer of them.

    The columns of the CAE have a setting each, so between them more differs than the depth. These
    runs measure one and two layers of the very stacks that CAE-3 consists of; they are hardly
    fine-tuned and see no test set.

    Args:
        dataset: The data set.
        seeds: Seeds of each depth.
        study: The study; a small one in tests.

    Raises:
        InputError: A name is unknown.
    """
    return [
        dataclasses.replace(
            settings,
            units=settings.units[:depth],
            finetune_epochs=1,
            finetune_patience=1,
            evaluate_test=False,
        )
        for settings in study.finals(dataset, DEEPEST, seeds)
        for depth in range(1, settings.depth)
    ]


def collect_nested(dataset: str) -> list[Record]:
    """Get the stacks of three CAEs and their lower parts, as far as they have records.

    Args:
        dataset: A row of Table 2.

    Raises:
        InputError: The data set is unknown.
    """
    lower = collect(nested(STUDY.check_dataset(dataset)), NESTED, "published")
    return [*lower, *collect(STUDY.finals(dataset, DEEPEST), STUDY.experiment, "published")]


def nested_stages(dataset: str, seeds: int) -> Iterator[Stage]:
    """Yield the one stage of the lower parts of the stacks of three CAEs.

    Args:
        dataset: The data set.
        seeds: Seeds of each depth.

    Raises:
        InputError: The data set is no row of Table 2.
    """
    check_choice("dataset", dataset, ROWS)
    yield Stage(
        name="lower parts of stacks",
        experiment=NESTED,
        size=(STUDY.arms[DEEPEST].depth - 1) * seeds,
        runs=nested(dataset, seeds) or None,
    )


SWEEPS = (
    Sweep(
        name="table2",
        datasets=ROWS,
        default=ROWS,
        seeds=SEEDS,
        stages=STUDY.stages,
        about="Table 2 and Figure 3",
    ),
    Sweep(
        name="nested",
        datasets=ROWS,
        default=("rot",),
        seeds=SEEDS,
        stages=nested_stages,
        about="the lower parts of stacks of three CAEs",
    ),
)
