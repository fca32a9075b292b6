"""What the paper prints, by the same comparisons as ours."""

import pandas as pd

from replication import paper


def table1_rows(dataset: str) -> pd.DataFrame:
    """Return the rows of one data set, indexed by model."""
    table = paper.table1()
    return table[table["dataset"] == dataset].set_index("model")


def printed_gap(dataset: str, first: str, second: str, column: str = "test_error") -> float | None:
    """Subtract the second model's number from the first's; None where a row is missing.

    Args:
        dataset: Key of the data set.
        first, second: Keys of the models.
        column: Column of `paper.table1`.
    """
    values = _both(dataset, first, second, column)
    return None if values is None else values[0] - values[1]


def printed_ratio(dataset: str, first: str, second: str, column: str) -> float | None:
    """Divide the first model's number by the second's; None where a row is missing.

    Args:
        dataset: Key of the data set.
        first, second: Keys of the models.
        column: Column of `paper.table1`.
    """
    values = _both(dataset, first, second, column)
    return None if values is None else values[0] / values[1]


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
