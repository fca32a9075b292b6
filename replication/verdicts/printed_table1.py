"""What the paper's Table 1 says, by the same comparisons as ours."""

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
