"""What the paper prints, by the same comparisons as ours."""

import math

import pandas as pd

from replication import paper
from replication.verdicts.estimate import Estimate, by_student, exactly
from replication.verdicts.statistics import binomial_error

EXAMPLES = 10_000  # test examples of MNIST and of CIFAR-bw


def table1_rows(dataset: str) -> pd.DataFrame:
    """Return the rows of one data set, indexed by model."""
    table = paper.table1()
    return table[table["dataset"] == dataset].set_index("model")


def is_printed(dataset: str, *models: str) -> bool:
    """Say whether the paper's Table 1 has all these cells; of data that it lacks, none is missing.

    Args:
        dataset: Key of the data set.
        models: Keys of the models.
    """
    rows = table1_rows(dataset)
    return not len(rows) or set(models) <= set(rows.index)


def printed_error_gap(dataset: str, first: str, second: str) -> Estimate | None:
    """Subtract the second model's printed test error from the first's, with the test set's noise.

    The paper tests on 10,000 examples and says nothing of seeds; the two errors count as
    independent.

    Args:
        dataset: Key of the data set.
        first, second: Keys of the models.
    """
    values = _both(dataset, first, second, "test_error")
    return None if values is None else error_gap(*values, EXAMPLES)


def error_gap(first: float, second: float, examples: int) -> Estimate:
    """Subtract two printed error rates, with the noise of a test set of a size that is known.

    Args:
        first, second: Error rates in percent.
        examples: Number of test examples.
    """
    error = math.hypot(*(binomial_error(percent, examples) for percent in (first, second)))
    return by_student(first - second, error, math.inf, "test set")


def printed_gap(dataset: str, first: str, second: str, column: str) -> Estimate | None:
    """Subtract the second model's number from the first's; None where a row is missing.

    Args:
        dataset: Key of the data set.
        first, second: Keys of the models.
        column: Column of `paper.table1`.
    """
    values = _both(dataset, first, second, column)
    return None if values is None else exactly(values[0] - values[1])


def printed_ratio(dataset: str, first: str, second: str, column: str) -> Estimate | None:
    """Divide the first model's number by the second's; None where a row is missing.

    Args:
        dataset: Key of the data set.
        first, second: Keys of the models.
        column: Column of `paper.table1`.
    """
    values = _both(dataset, first, second, column)
    return None if values is None else exactly(values[0] / values[1])


def _both(dataset: str, first: str, second: str, column: str) -> tuple[float, float] | None:
    rows = table1_rows(dataset)
    if first not in rows.index or second not in rows.index:
        return None
    return float(rows.loc[first, column]), float(rows.loc[second, column])


def printed_bump(dataset: str, depth: int) -> float:
    """Return the middle of the radii between which the paper's curve of the CAE has its peak.

    Args:
        dataset: Key of the data set.
        depth: Number of layers.
    """
    peaks = paper.peaks()
    peak = peaks[(peaks["dataset"] == dataset) & (peaks["depth"] == depth)].iloc[0]
    return float((peak["radius_low"] + peak["radius_high"]) / 2)


def printed_distance(dataset: str, line: str) -> float:
    """Return where one of the vertical lines of Figures 1 and 3 stands.

    Args:
        dataset: Key of the data set.
        line: "min", "median" or "max".
    """
    lines = paper.distances()
    chosen = lines[(lines["dataset"] == dataset) & (lines["line"] == line)]
    return float(chosen["distance"].iloc[0])
