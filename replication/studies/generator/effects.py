"""How far the unpublished choices of the benchmark's recipes move test errors."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd

from replication.engine.records import Record
from replication.studies.generator.plan import COLUMNS, DATASETS, alternatives
from replication.studies.table2.plan import STUDY
from replication.verdicts.runs import Runs
from replication.verdicts.statistics import paired_difference


def generator_effects(records: Sequence[Record]) -> pd.DataFrame:
    """Compare each variant of a set with the set itself, column by column.

    Runs are paired by seed and test example: the same digit, or at least the same place in the
    sequence, under another choice.

    Args:
        records: Final runs of Table 2 and those of the variants.

    Returns:
        One row for each variant and column that both have two seeds of: dataset, choice, ours,
        value (both as text), column, ours_error and error (percent, means over seeds), change
        (points, with the ends low and high of its 95 % interval), seed_error, test_error.
    """
    rows = []
    for dataset in DATASETS:
        base = Runs.gather(records, dataset, STUDY.arm_of)
        for name, alternative in alternatives(dataset).items():
            other = Runs.gather(records, name, STUDY.arm_of)
            for column in COLUMNS:
                seeds = [s for s in other.runs.get(column, {}) if s in base.runs.get(column, {})]
                if len(seeds) < 2:
                    continue
                mistakes = [
                    np.stack([runs.runs[column][seed].results.test_mistakes for seed in seeds])
                    for runs in (other, base)
                ]
                d = paired_difference(*mistakes)
                rows.append(
                    {
                        "dataset": dataset,
                        **dataclasses.asdict(alternative),
                        "column": column,
                        "ours_error": 100 * float(mistakes[1].mean()),
                        "error": 100 * float(mistakes[0].mean()),
                        "change": d.value,
                        "low": d.low,
                        "high": d.high,
                        "seed_error": d.seed_error,
                        "test_error": d.test_error,
                    }
                )
    return pd.DataFrame(rows, columns=_COLUMNS)


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
