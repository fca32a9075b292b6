"""The records of many runs, trained where they are missing."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from replication.checks import check_choice, check_count
from replication.experiments import fashion, generator_choices, protocol, records, table2
from replication.experiments.settings import MODELS, Settings


def collect(runs: Sequence[Settings], experiment: str, scale: str) -> list[records.Record]:
    """Get the records of a list of runs at the scale that a page was asked for.

    Args:
        runs: What is wanted.
        experiment: Name of the experiment.
        scale: "proof" trains all of them now and keeps no record; "published" takes those that
            have a record; "full" trains what has none and records it.

    Returns:
        Records in the order of `runs`; at "published" scale without those that do not exist yet.
    """
    if scale == "published":
        paths = [records.path_of(experiment, settings) for settings in runs]
        return [records.read(path) for path in paths if path.exists()]
    # Only where something may be trained: Keras takes seconds to import.
    from replication.experiments.run import run

    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) if scale == "proof" else None
        return [
            run(settings, experiment, folder=folder, progress=scale == "full")
            for settings in tqdm(runs, desc=experiment, unit="run")
        ]


def collect_table1(dataset: str, seeds: int | None, scale: str) -> tuple[list[records.Record], int]:
    """Get the final runs of Table 1 and Figure 1 at the scale that a page was asked for.

    Args:
        dataset: The data set; at proof scale the embedded digits stand in for it.
        seeds: Seeds of each model, at least 1; None is one at proof scale, else the protocol's.
        scale: "proof" trains one reasonable setting of each model now; "published" reads what has
            a record, and the first look as long as the search is not finished; "full" goes
            through the whole protocol first, which takes hours.

    Returns:
        The records, seed by seed, and how many there should be.

    Raises:
        InputError: A name is unknown or a number impossible.
    """
    if scale == "proof":
        runs = protocol.table1(dataset, seeds, scale)
        return collect(runs, protocol.TABLE1, scale), len(runs)
    check_choice("scale", scale, protocol.SCALES)
    wanted = protocol.SEEDS if seeds is None else check_count("seeds", seeds)
    if scale == "full":
        from replication.experiments.stages import table1_stages

        for stage in table1_stages(dataset, wanted):
            stage.sweep()
    if protocol.is_searched(dataset):
        runs, experiment = protocol.table1(dataset, wanted, scale), protocol.TABLE1
    else:
        runs, experiment = protocol.first_look(dataset), protocol.FIRST
    return collect(runs, experiment, "published"), wanted * len(MODELS)


def collect_table2(
    datasets: Sequence[str], scale: str, columns: Sequence[str] = tuple(table2.COLUMNS)
) -> tuple[list[records.Record], int]:
    """Get final runs of Table 2 at the scale that a page was asked for.

    Args:
        datasets: The rows; at proof scale generated rectangles stand in for all of them.
        scale: "proof" trains one small run of each column now; "published" reads what has a
            record; "full" goes through the whole protocol of each row first, which takes hours.
        columns: Keys of the columns.

    Returns:
        The records, row by row, and how many there should be.

    Raises:
        InputError: A name is unknown.
    """
    for name in datasets:
        check_choice("dataset", name, table2.ROWS)
    if scale == "proof":
        runs = [table2.proof(column) for column in columns]
        return collect(runs, table2.EXPERIMENT, scale), len(runs)
    check_choice("scale", scale, protocol.SCALES)
    if scale == "full":
        from replication.experiments.stages import table2_stages

        for name in datasets:
            for stage in table2_stages(name, table2.SEEDS):
                stage.sweep()
    runs = [
        settings
        for name in datasets
        for column in columns
        if table2.is_searched(name, column)
        for settings in table2.finals(name, column)
    ]
    wanted = len(datasets) * sum(table2.wanted_runs(column) for column in columns)
    return collect(runs, table2.EXPERIMENT, "published"), wanted


def collect_nested(dataset: str) -> list[records.Record]:
    """Get the stacks of three CAEs and their lower parts, as far as they have records.

    Args:
        dataset: A row of Table 2.

    Raises:
        InputError: The data set is unknown.
    """
    if not table2.is_searched(dataset, "cae-3"):
        return []
    lower = collect(table2.nested(dataset), table2.NESTED, "published")
    return [*lower, *collect(table2.finals(dataset, "cae-3"), table2.EXPERIMENT, "published")]


def collect_fashion(scale: str) -> tuple[list[records.Record], int]:
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
        runs = protocol.table1(fashion.SOURCE, None, scale)
        return collect(runs, fashion.EXPERIMENT, scale), len(runs)
    check_choice("scale", scale, protocol.SCALES)
    if scale == "full":
        from replication.experiments.stages import fashion_stages

        for stage in fashion_stages(fashion.DATASET, protocol.SEEDS):
            stage.sweep()
    searched = protocol.is_searched(fashion.SOURCE)
    runs = fashion.runs() if searched else []
    return collect(runs, fashion.EXPERIMENT, "published"), protocol.SEEDS * len(MODELS)


def collect_generator() -> tuple[list[records.Record], int]:
    """Get what was recorded of the generator's choices.

    Returns:
        The runs on variants, and those of Table 2 on the sets themselves; and how many runs on
        variants there should be.
    """
    found = []
    wanted = 0
    for dataset in generator_choices.DATASETS:
        wanted += generator_choices.wanted_runs(dataset)
        if generator_choices.is_searched(dataset):
            runs = generator_choices.changed(dataset)
            found += collect(runs, generator_choices.EXPERIMENT, "published")
            runs = generator_choices.unchanged(dataset)
            found += collect(runs, table2.EXPERIMENT, "published")
    return found, wanted


def collect_published() -> list[records.Record]:
    """Get all records of Tables 1 and 2 that there are, as the verdicts need them."""
    return [
        *(r for name in protocol.DATASETS for r in collect_table1(name, None, "published")[0]),
        *collect_table2(table2.ROWS, "published")[0],
    ]
