"""What the choices that the benchmark's recipes leave open do to test errors.

A set is made again with one choice changed, and a CAE and a support vector machine are trained on
it with the settings that Table 2 selected on the set itself: nothing is searched a second time.
"""

import dataclasses

from replication.checks import check_choice
from replication.datasets.benchmark import Choices
from replication.datasets.variants import ALTERNATIVES, VARIANTS, value_text
from replication.experiments import table2
from replication.experiments.settings import Settings

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


def unchanged(dataset: str) -> list[Settings]:
    """List the final runs of Table 2 that the others are compared with.

    Args:
        dataset: The set.

    Raises:
        InputError: The set is unknown, or the search of a column is not finished.
    """
    return [settings for column in COLUMNS for settings in table2.finals(dataset, column)]


def changed(dataset: str) -> list[Settings]:
    """List the same runs on each variant of the set, variant by variant.

    Args:
        dataset: The set.

    Raises:
        InputError: The set has no variants, or the search of a column is not finished.
    """
    return [
        dataclasses.replace(settings, dataset=name)
        for name in alternatives(dataset)
        for settings in unchanged(dataset)
    ]


def wanted_runs(dataset: str) -> int:
    """Number of runs on a set's variants when all are done."""
    return len(alternatives(dataset)) * sum(table2.wanted_runs(column) for column in COLUMNS)


def is_searched(dataset: str) -> bool:
    """Say whether the settings to take over are selected.

    Raises:
        InputError: The name is unknown, or a record is damaged.
    """
    return all(table2.is_searched(dataset, column) for column in COLUMNS)
