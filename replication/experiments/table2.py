"""The protocol of Table 2 and Figure 3: stacks and an SVM on the benchmark sets.

As for Table 1, every column has the same number of trials; the best short ones go on to full
length. All layers of a stack share one setting, and the three depths of the CAE share what they can
of each other's pre-training.
"""

from collections.abc import Mapping
from typing import Any

from replication.checks import check_choice, check_count
from replication.experiments import protocol
from replication.experiments.records import missing
from replication.experiments.selection import best, leaders, read_recorded_trials
from replication.experiments.settings import Settings

EXPERIMENT = "table2"  # of the final runs
TRIALS = "table2-trials"  # of the trials, which never see the test set
NESTED = "table2-nested"  # of the lower parts of the deepest stacks
ROWS = ("rectangles", "basic", "rot", "bg-rand", "bg-img", "rectangles-image", "bg-img-rot")
# Column -> model and depth. The paper has no CAE-3.
COLUMNS: Mapping[str, tuple[str, int]] = {
    "svm-rbf": ("svm", 1),
    "sae-3": ("ae", 3),
    "rbm-3": ("rbm", 3),
    "dae-b-3": ("dae-b", 3),
    "cae-1": ("cae", 1),
    "cae-2": ("cae", 2),
    "cae-3": ("cae", 3),
}
MINIMUM_SEEDS = 3  # fewer decide nothing
SEEDS = 3  # of the final runs of a net; an SVM has no randomness, and one run
PROMOTED = 2  # pre-trainings that go on to full length, each fine-tuned at all rates
UNITS = 1000  # of every layer
MEASURED = 500  # validation examples behind the Jacobian and the curves of final runs

FINETUNE_RATES = (0.1, 0.3, 1.0)
SHORT: Mapping[str, int] = {"pretrain_epochs": 8, "finetune_epochs": 10, "finetune_patience": 10}
LONG: Mapping[str, int] = {"pretrain_epochs": 40, "finetune_epochs": 60, "finetune_patience": 15}
LONGER_BY = {"rectangles": 5}  # epochs are so many times more where examples are few
SVM_C = (1.0, 10.0, 100.0)
SVM_GAMMA = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2)

# At proof scale nothing is searched: one small run of each column on pictures that need no files.
PROOF_DATASET = "generated-rectangles"
_PROOF: Mapping[str, Any] = {
    "pretrain_epochs": 5,
    "pretrain_learning_rate": 0.1,
    "finetune_epochs": 10,
    "finetune_learning_rate": 1.0,
    "measure_examples": 200,
    "spectrum_examples": 0,
}
_PROOF_UNITS = 64
_PROOF_SVM: Mapping[str, Any] = {"svm_c": 10.0, "svm_gamma": 0.01}


def column_of(settings: Settings) -> str | None:
    """Find the column that a run belongs to; None if it belongs to none."""
    place = (settings.model, settings.depth)
    return next((column for column, where in COLUMNS.items() if where == place), None)


def screening(dataset: str, column: str) -> list[Settings]:
    """List the short trials of a column: its whole grid, 24 trials whatever the column.

    Those of an SVM are short only in name: it has no length.

    Args:
        dataset: The data set.
        column: Key of the column.

    Raises:
        InputError: A name is unknown.
    """
    model, depth = COLUMNS[check_choice("column", column, tuple(COLUMNS))]
    common: dict[str, Any] = {
        "dataset": dataset,
        "model": model,
        "seed": protocol.TRIAL_SEED,
        "evaluate_test": False,
    }
    if model == "svm":
        return [Settings(**common, svm_c=c, svm_gamma=g) for c in SVM_C for g in SVM_GAMMA]
    common |= {**protocol.COMMON, "units": (UNITS,) * depth, **_stretched(dataset, SHORT)}
    return [
        Settings(
            **common,
            **strength,
            pretrain_learning_rate=pretrain_rate,
            finetune_learning_rate=finetune_rate,
            measure_examples=10,  # nothing is chosen by them
            spectrum_examples=0,
        )
        for strength in protocol.STRENGTHS[model]
        for pretrain_rate in protocol.PRETRAIN_RATES[model]
        for finetune_rate in FINETUNE_RATES
    ]


def promoted(dataset: str, column: str) -> list[Settings]:
    """List the trials of full length: the best pre-trainings, with every rate of fine-tuning.

    An SVM has none.

    Raises:
        InputError: A name is unknown, or trials of the screening have no record yet.
    """
    grid = screening(dataset, column)
    if COLUMNS[column][0] == "svm":
        return []
    trials = read_recorded_trials(grid, TRIALS, "table2")
    return [
        Settings(
            **{
                **leader.to_dict(),
                **_stretched(dataset, LONG),
                "finetune_learning_rate": rate,
            }
        )
        for leader in leaders(trials, PROMOTED)
        for rate in FINETUNE_RATES
    ]


def selected(dataset: str, column: str) -> Settings:
    """Choose a column's setting: the long trial with the smallest validation error.

    Raises:
        InputError: A name is unknown, or trials have no record yet or all diverged.
    """
    candidates = promoted(dataset, column) or screening(dataset, column)
    return best(read_recorded_trials(candidates, TRIALS, "table2"), 1)[0].settings


def is_searched(dataset: str, column: str) -> bool:
    """Say whether a column's search on a data set is finished.

    Raises:
        InputError: A name is unknown, or a record is damaged.
    """
    if missing(screening(dataset, column), TRIALS):
        return False
    return not missing(promoted(dataset, column), TRIALS)


def finals(dataset: str, column: str, seeds: int = SEEDS) -> list[Settings]:
    """List the final runs of a column: what was selected, with other seeds, on the test set too.

    Raises:
        InputError: A name is unknown, or trials have no record yet.
    """
    check_count("seeds", seeds)
    chosen = selected(dataset, column).to_dict()
    chosen["evaluate_test"] = True
    if COLUMNS[column][0] == "svm":
        return [Settings(**{**chosen, "seed": 0})]
    chosen["measure_examples"] = MEASURED
    return [Settings(**{**chosen, "seed": seed}) for seed in range(seeds)]


def nested(dataset: str, seeds: int = SEEDS) -> list[Settings]:
    """List the lower parts of the final stacks of three CAEs: the same layers, fewer of them.

    The columns of the CAE have a setting each, so between them more differs than the depth. These
    runs measure one and two layers of the very stacks that CAE-3 consists of; they are hardly
    fine-tuned and see no test set.

    Args:
        dataset: The data set.
        seeds: Seeds of each depth.

    Raises:
        InputError: A name is unknown, or trials have no record yet.
    """
    return [
        Settings(
            **{
                **settings.to_dict(),
                "units": settings.units[:depth],
                "finetune_epochs": 1,
                "finetune_patience": 1,
                "evaluate_test": False,
            }
        )
        for settings in finals(dataset, "cae-3", seeds)
        for depth in range(1, settings.depth)
    ]


def proof(column: str) -> Settings:
    """Give a column's run at proof scale.

    Raises:
        InputError: The name is unknown.
    """
    model, depth = COLUMNS[check_choice("column", column, tuple(COLUMNS))]
    if model == "svm":
        return Settings(dataset=PROOF_DATASET, model=model, **_PROOF_SVM)
    units = (_PROOF_UNITS,) * depth
    return Settings(dataset=PROOF_DATASET, model=model, units=units, **_PROOF)


def wanted_runs(column: str) -> int:
    """Number of final runs that a column has on each data set when all are done."""
    return 1 if COLUMNS[column][0] == "svm" else SEEDS


def _stretched(dataset: str, length: Mapping[str, int]) -> dict[str, int]:
    factor = LONGER_BY.get(dataset, 1)
    return {name: factor * epochs for name, epochs in length.items()}
