"""Table 2: every set and column, the paper's error and ours, bold by the paper's own rule."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from replication import paper
from replication.experiments import table2
from replication.experiments.costs import total_seconds
from replication.experiments.records import Record
from replication.presentation.labels import DATASETS
from replication.presentation.tables import wide
from replication.verdicts.evidence import Evidence
from replication.verdicts.statistics import binomial_half_width

LABELS = {**paper.TABLE2_LABELS, "cae-3": "CAE-3"}
_MISSING = "–"


def table2_html(
    records: Mapping[str, Sequence[Record]], datasets: Sequence[str], with_paper: bool = True
) -> HTML:
    """Show Table 2: in each cell the paper's error, and below it ours, the interval and the ratio.

    Intervals are the paper's, 1.96 sqrt(p (1 - p) / n). Bold is the smallest error of a row, and
    every one whose interval overlaps with its, among the paper's numbers and among ours.

    Args:
        records: Final runs, by data set.
        datasets: Keys of the rows.
        with_paper: Show the paper's numbers; not at proof scale, where the data is another.
    """
    rows = []
    for name in datasets:
        ours = _ours(records.get(name, ()), name)
        printed = _printed(name) if with_paper else {}
        bold, bold_paper = _bold(ours), _bold(printed)
        row = {"Set": DATASETS[name]}
        for column in table2.COLUMNS:
            cells = []
            if with_paper:
                cells.append(_cell(printed.get(column), column in bold_paper))
            cells.append(_cell(ours.get(column), column in bold))
            if column in ours and column in printed:
                cells.append(f"× {ours[column][0] / printed[column][0]:.2f}")
            row[LABELS[column]] = "<br>".join(cells)
        rows.append(row)
    # Cells have line breaks of their own.
    return wide(pd.DataFrame(rows), sentences=False)


def costs_table(runs: Sequence[Record], trials: Sequence[Record], datasets: Sequence[str]) -> HTML:
    """Show what each column has cost, search and final runs, in minutes of one core.

    Args:
        runs: Final runs.
        trials: Trials.
        datasets: Keys of the rows.
    """
    rows = []
    for name in datasets:
        row = {"Set": DATASETS[name]}
        for column, place in table2.COLUMNS.items():
            found = [
                r
                for r in (*trials, *runs)
                if r.settings.dataset == name and (r.settings.model, r.settings.depth) == place
            ]
            row[LABELS[column]] = f"{total_seconds(found) / 60:.0f}" if found else _MISSING
        rows.append(row)
    return wide(pd.DataFrame(rows))


def progress_table(runs: Sequence[Record], trials: Sequence[Record]) -> HTML:
    """Show how far the runs of each row are.

    Args:
        runs: Final runs.
        trials: Trials.
    """
    nets = sum(model != "svm" for model, _ in table2.COLUMNS.values())
    rates = len(table2.FINETUNE_RATES)
    rows = []
    for name in table2.ROWS:
        grid = sum(len(table2.screening(name, column)) for column in table2.COLUMNS)
        wanted = grid + nets * table2.PROMOTED * rates
        done = sum(r.settings.dataset == name for r in trials)
        final = sum(r.settings.dataset == name for r in runs)
        rows.append(
            {
                "Set": DATASETS[name],
                "trials": f"{done} of {wanted}",
                "final runs": f"{final} of {nets * table2.SEEDS + 1}",
            }
        )
    return wide(pd.DataFrame(rows))


def _ours(records: Sequence[Record], dataset: str) -> dict[str, tuple[float, float]]:
    """Mean error and half of its interval, by column."""
    found = {}
    for column, by_seed in Evidence.gather_columns(records, dataset).runs.items():
        error = float(np.mean([r.results["test_error"] for r in by_seed.values()]))
        examples = next(iter(by_seed.values())).results["test_examples"]
        found[column] = (error, binomial_half_width(error, examples))
    return found


def _printed(dataset: str) -> dict[str, tuple[float, float]]:
    cells = paper.table2()
    cells = cells[cells["dataset"] == dataset]
    return {row.model: (row.test_error, row.interval) for row in cells.itertuples()}


def _bold(cells: Mapping[str, tuple[float, float]]) -> set[str]:
    if not cells:
        return set()
    error, half = min(cells.values())
    return {column for column, (e, h) in cells.items() if e - h <= error + half}


def _cell(value: tuple[float, float] | None, bold: bool) -> str:
    if value is None:
        return _MISSING
    text = f"{value[0]:.2f} ± {value[1]:.2f}"
    return f"<b>{text}</b>" if bold else text
