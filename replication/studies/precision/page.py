"""Whether TF32 changes validation errors, in a sentence and a table."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.records import Record
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.presentation.tabs import as_html
from replication.studies.precision.plan import rounded
from replication.verdicts.report import interval_text
from replication.verdicts.statistics import mean_interval


def precision_pairs(full: Sequence[Record], less: Sequence[Record]) -> pd.DataFrame:
    """Put the runs of both precisions side by side.

    Args:
        full: Trials in float32.
        less: Trials in TF32.

    Returns:
        One row for each setting that has both: model, strength, float32 and tf32 (validation
        errors in percent; NaN where the training diverged).
    """
    there = {record.id: record for record in less}
    rows = []
    for record in full:
        settings = record.settings
        other = there.get(rounded(settings).id)
        if other is not None:
            rows.append(
                {
                    "model": settings.kind.label,
                    "strength": settings.strength,
                    "float32": _error(record),
                    "tf32": _error(other),
                }
            )
    return pd.DataFrame(rows, columns=["model", "strength", "float32", "tf32"])


def precision_answer(pairs: pd.DataFrame) -> HTML | Markdown:
    """Say what TF32 does to validation errors, with the pairs.

    Args:
        pairs: What `precision_pairs` returned.
    """
    both = pairs.dropna()
    if len(both) < 2:
        return nothing("runs in TF32, which only a GPU can make,")
    gap = mean_interval((both.tf32 - both.float32).to_numpy(), covers="settings")
    if gap.low <= 0 <= gap.high:
        said = "No difference can be seen"
    else:
        said = f"TF32 makes {'more' if gap.value > 0 else 'fewer'} mistakes"
    left_out = len(pairs) - len(both)
    text = (
        f"**{said}: its validation error less that of float32 is {interval_text(gap, 'points')}** "
        f"on average over {len(both)} settings."
        + (f" {left_out} more diverged in one of the two." if left_out else "")
    )
    table = pairs.assign(difference=pairs.tf32 - pairs.float32)
    for name in ("float32", "tf32", "difference"):
        table[name] = [
            f"{value:.2f}" if np.isfinite(value) else "diverged" for value in table[name]
        ]
    return HTML(f"<div>{as_html(Markdown(text))}{as_html(wide(table))}</div>")


def _error(record: Record) -> float:
    return np.nan if record.results.diverged else record.results.valid_error
