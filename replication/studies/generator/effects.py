"""How far the unpublished choices of the benchmark's recipes move test errors."""

import dataclasses
from collections.abc import Sequence

import pandas as pd

from replication.engine.records import Record
from replication.studies.generator.plan import COLUMNS, DATASETS, alternatives
from replication.studies.table2.plan import STUDY
from replication.verdicts.runs import Runs
from replication.verdicts.statistics import error_difference


def generator_effects(records: Sequence[Record]) -> pd.DataFrame:
    """Compare each variant of a set with the set itself, column by column.

    Test examples correspond: the same digit, or at least the same place in the sequence, under
    another choice. The seeds' variance is that of both together.

    Args:
        records: Final runs of Table 2 and those of the variants.

    Returns:
        One row for each variant and column of which both have enough runs: dataset, choice, ours,
        value (both as text), column, ours_error and error (percent, means over seeds), change
        (points, with the ends low and high of its 95 % interval), seed_error, test_error.
    """
    rows = []
    for dataset in DATASETS:
        base = Runs.gather(records, dataset, STUDY.arm_of)
        for name, alternative in alternatives(dataset).items():
            other = Runs.gather(records, name, STUDY.arm_of)
            for column in COLUMNS:
                if any(_is_alone(runs, column) for runs in (base, other)):
                    continue
                mistakes = {
                    "instead": other.mistakes_of(column),
                    "ours": base.mistakes_of(column),
                }
                d = error_difference(mistakes, "instead", "ours")
                rows.append(
                    {
                        "dataset": dataset,
                        **dataclasses.asdict(alternative),
                        "column": column,
                        "ours_error": 100 * float(mistakes["ours"].mean()),
                        "error": 100 * float(mistakes["instead"].mean()),
                        "change": d.value,
                        "low": d.low,
                        "high": d.high,
                        "seed_error": d.seed_error,
                        "test_error": d.test_error,
                    }
                )
    return pd.DataFrame(rows, columns=_COLUMNS)


def _is_alone(runs: Runs, column: str) -> bool:
    """Whether a column has no runs, or too few to know how its seeds differ."""
    by_seed = runs.runs.get(column, {})
    return len(by_seed) < (2 if STUDY.arms[column].is_net else 1)


_COLUMNS = [
    "dataset",
    "choice",
    "ours",
    "value",
    "column",
    "ours_error",
    "error",
    "change",
    "low",
    "high",
    "seed_error",
    "test_error",
]
