"""Table 1: the paper's values and ours, one row for each model."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from replication import paper
from replication.experiments.records import Record, table
from replication.presentation.labels import ORDER
from replication.verdicts.statistics import binomial_half_width

MEASURES = ("test_error", "jacobian_mean_square", "jacobian_norm", "saturation")


def compare(records: Sequence[Record], dataset: str) -> pd.DataFrame:
    """Put the paper's row and the summary of our runs of each model side by side.

    Args:
        records: Runs of one data set.
        dataset: The paper's data set to compare with.

    Returns:
        One row for each model in the paper's order, with the columns `model`, `seeds`, for each
        measure its mean over seeds and, under `<measure>_deviation`, the standard deviation over
        seeds (missing for one seed), `half_width` (half of the 95 % interval that the finite test
        set gives to the mean error, in points) and `paper_<measure>` (missing where the paper has
        no row).
    """
    runs = table(list(records))
    sizes = {r.settings.model: r.results["test_examples"] for r in records}
    printed = paper.table1()
    printed = printed[printed["dataset"] == dataset].set_index("model")
    rows = []
    for model in ORDER:
        ours = runs[runs["model"] == model]
        row: dict[str, Any] = {"model": model, "seeds": len(ours)}
        for measure in MEASURES:
            row[measure] = ours[measure].mean() if len(ours) else np.nan
            row[f"{measure}_deviation"] = ours[measure].std(ddof=1) if len(ours) > 1 else np.nan
            known = model in printed.index and measure in printed.columns
            row[f"paper_{measure}"] = printed.loc[model, measure] if known else np.nan
        row["half_width"] = (
            binomial_half_width(row["test_error"], sizes[model]) if len(ours) else np.nan
        )
        rows.append(row)
    return pd.DataFrame(rows)
