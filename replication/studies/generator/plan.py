"""What the choices that the benchmark's recipes leave open do to test errors.

A set is made again with one choice changed, and a CAE and a support vector machine are trained on
it with the settings that Table 2 selected on the set itself: nothing is searched a second time.
"""

import dataclasses
from collections.abc import Iterator

from replication.checks import check_choice
from replication.datasets.remade import Choices
from replication.datasets.variants import ALTERNATIVES, VARIANTS, value_text
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.collect import collect
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep
from replication.studies.table2 import plan as table2

EXPERIMENT = "table2-choices"
COLUMNS = ("cae-1", "svm-rbf")  # of Table 2
DATASETS = tuple(ALTERNATIVES)


@dataclasses.dataclass(frozen=True)
class Alternative:
    """What differs between a variant and its set, as text.

    Attributes:
        choice: Name of the choice, a field of `Choices`.
        ours: Its value in the set itself.
        value: Its value in the variant.
    """

    choice: str
    ours: str
    value: str


def alternatives(dataset: str) -> dict[str, Alternative]:
    """Return the names of a set's variants, and what differs in each.

    Args:
        dataset: The set.

    Raises:
        InputError: The set has no variants.
    """
    check_choice("dataset", dataset, DATASETS)
    return {
        name: Alternative(
            variant.choice,
            value_text(getattr(Choices(), variant.choice)),
            value_text(variant.value),
        )
        for name, variant in VARIANTS.items()
        if variant.dataset == dataset
    }


def unchanged(dataset: str, study: Study = table2.STUDY) -> list[Settings]:
    """List the final runs of Table 2 that the others are compared with.

    Args:
        dataset: The set.
        study: The study that they belong to; a small one in tests.

    Returns:
        The runs; none as long as nothing is chosen for one of the columns.

    Raises:
        InputError: The set is unknown.
    """
    if not set(COLUMNS) <= set(study.chosen(dataset)):
        return []
    return study.final_runs(dataset, keys=COLUMNS)


def changed(dataset: str, study: Study = table2.STUDY) -> list[Settings]:
    """List the same runs on each variant of the set, variant by variant.

    Args:
        dataset: The set.
        study: The study that they belong to; a small one in tests.

    Raises:
        InputError: The set has no variants.
    """
    return [
        dataclasses.replace(settings, dataset=name)
        for name in alternatives(dataset)
        for settings in unchanged(dataset, study)
    ]


def wanted_runs(dataset: str) -> int:
    """Number of runs on a set's variants when all are done."""
    return len(alternatives(dataset)) * table2.STUDY.wanted(keys=COLUMNS)


def collect_generator() -> tuple[list[Record], int]:
    """Get what was recorded of the generator's choices.

    Returns:
        The runs on variants, and those of Table 2 on the sets themselves; and how many runs on
        variants there should be.
    """
    found = []
    for dataset in DATASETS:
        found += collect(changed(dataset), EXPERIMENT, "published")
        found += collect(unchanged(dataset), table2.STUDY.experiment, "published")
    return found, sum(wanted_runs(dataset) for dataset in DATASETS)


def stages(dataset: str, seeds: int, study: Study = table2.STUDY) -> Iterator[Stage]:
    """Yield the stages of the generator's choices: two columns of Table 2, then the variants.

    Args:
        dataset: The set.
        seeds: Has to be the number of Table 2.
        study: The study that the columns belong to; a small one in tests.

    Raises:
        InputError: Another number is asked for, or the set has no variants.
    """
    if seeds != table2.SEEDS:
        raise InputError(
            f"variants are compared with the {table2.SEEDS} seeds of Table 2. "
            f"Received: seeds={seeds}"
        )
    check_choice("dataset", dataset, DATASETS)
    yield from study.stages(dataset, seeds, COLUMNS)
    yield Stage(
        name="runs on variants",
        experiment=EXPERIMENT,
        size=wanted_runs(dataset),
        runs=changed(dataset, study) or None,
    )


SWEEP = Sweep(
    name="generator",
    datasets=DATASETS,
    default=DATASETS,
    seeds=table2.SEEDS,
    stages=stages,
    about="the benchmark sets with other choices of their recipes",
)
