"""The wrong penalties that were copied most, at full size: the CAE of Table 1 with each of them."""

import dataclasses
from collections.abc import Iterator

from replication.checks import check_choice
from replication.engine.records import Record
from replication.engine.settings import FAULTS, Settings
from replication.errors import InputError
from replication.studies.collect import collect
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep
from replication.studies.table1 import plan as table1

EXPERIMENT = "faults"
DATASET = "mnist"
SEEDS = 3


def full_size(study: Study = table1.STUDY) -> list[Settings]:
    """List the runs of full size: the CAE of Table 1 on MNIST, with each fault that has some.

    Args:
        study: The study whose CAE it is; a small one in tests.

    Returns:
        The runs, seed by seed, so that an unfinished sweep can be compared; none as long as
        nothing is chosen for the CAE.
    """
    return [
        dataclasses.replace(settings, fault=fault)
        for settings in study.finals(DATASET, "cae", SEEDS)
        for fault in FAULTS
    ]


def collect_full_size() -> list[Record]:
    """Get the runs of full size and the right ones beside them, as far as they have records."""
    right = table1.STUDY.finals(DATASET, "cae", SEEDS)
    return [
        *collect(right, table1.STUDY.experiment, "published"),
        *collect(full_size(), EXPERIMENT, "published"),
    ]


def stages(dataset: str, seeds: int, study: Study = table1.STUDY) -> Iterator[Stage]:
    """Yield the one stage of the wrong penalties: their runs of full size.

    Args:
        dataset: Has to be "mnist".
        seeds: Has to be the number that the page compares.
        study: The study whose CAE it is; a small one in tests.

    Raises:
        InputError: Something else is asked for.
    """
    check_choice("dataset", dataset, (DATASET,))
    if seeds != SEEDS:
        raise InputError(f"wrong penalties are trained with {SEEDS} seeds. Received: seeds={seeds}")
    yield Stage(
        name="runs with a wrong penalty",
        experiment=EXPERIMENT,
        size=SEEDS * len(FAULTS),
        runs=full_size(study) or None,
    )


SWEEP = Sweep(
    name="faults",
    datasets=(DATASET,),
    default=(DATASET,),
    seeds=SEEDS,
    stages=stages,
    about="the wrong penalties that were copied most, at full size",
)
