"""Table 1 and Figure 1 again on a data set that the paper never saw: Fashion-MNIST.

The settings are those that the protocol selected on MNIST. Nothing is searched, so what is asked
is whether claims and settings travel together; every model is treated alike.
"""

import dataclasses
from collections.abc import Iterator

from replication.checks import check_choice
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.studies.collect import collect
from replication.studies.stage import Stage
from replication.studies.study import Study, Sweep
from replication.studies.table1 import plan as table1

EXPERIMENT = "table1-fashion"
DATASET = "fashion-mnist"
SOURCE = "mnist"  # where the settings come from


def runs(seeds: int | None = None, study: Study = table1.STUDY) -> list[Settings]:
    """List the runs: the final ones of MNIST, seed by seed, on the other data.

    Args:
        seeds: Seeds of each model, at least 1; None is the number of Table 1.
        study: The study whose settings are taken over; a small one in tests.

    Returns:
        The runs; without those of models that nothing was chosen for yet.

    Raises:
        InputError: The number is impossible.
    """
    return [
        dataclasses.replace(settings, dataset=DATASET)
        for settings in study.final_runs(SOURCE, seeds)
    ]


def collect_fashion(scale: str) -> tuple[list[Record], int]:
    """Get the runs on Fashion-MNIST at the scale that a page was asked for.

    Args:
        scale: "proof" trains one small run of each model on the embedded digits now; "published"
            reads what has a record; "full" trains what has none.

    Returns:
        The records, seed by seed, and how many there should be.

    Raises:
        InputError: The scale is unknown.
    """
    if scale == "proof":
        small = table1.STUDY.proof_runs()
        return collect(small, EXPERIMENT, scale), len(small)
    if scale == "full":
        for stage in stages(DATASET, table1.SEEDS):
            stage.sweep()
        scale = "published"
    return collect(runs(), EXPERIMENT, scale), table1.STUDY.wanted()


def stages(dataset: str, seeds: int, study: Study = table1.STUDY) -> Iterator[Stage]:
    """Yield the one stage of Fashion-MNIST: Table 1 with the settings of MNIST.

    Args:
        dataset: Has to be "fashion-mnist".
        seeds: Seeds of each model.
        study: The study whose settings are taken over; a small one in tests.

    Raises:
        InputError: Another data set is asked for.
    """
    check_choice("dataset", dataset, (DATASET,))
    found = runs(seeds, study)
    size = study.wanted(seeds)
    yield Stage(
        name="runs on Fashion-MNIST",
        experiment=EXPERIMENT,
        size=size,
        runs=found if len(found) == size else None,
    )


SWEEP = Sweep(
    name="fashion",
    datasets=(DATASET,),
    default=(DATASET,),
    seeds=table1.SEEDS,
    stages=stages,
    about="Table 1 on Fashion-MNIST",
)
