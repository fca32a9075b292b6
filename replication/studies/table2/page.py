"""Table 2: every set and column, the paper's error and ours, bold by the paper's own rule."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record
from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, COLUMNS, DATASETS
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.table2.plan import STUDY
from replication.verdicts.runs import Runs
from replication.verdicts.statistics import binomial_half_width

_MISSING = "–"
_Cells = Mapping[str, tuple[float, float]]  # column -> error and half of its interval


def table2_html(
    records: Sequence[Record], datasets: Sequence[str], with_paper: bool = True
) -> HTML:
    """Show Table 2: in each cell the paper's error, then ours with its interval, then the ratio.

    Intervals are the paper's, 1.96 sqrt(p (1 - p) / n). Bold is the smallest error of a row, and
    every one whose interval overlaps with its, among the paper's numbers and among ours; of ours
    none while a column of the row has no runs.

    Args:
        records: Final runs.
        datasets: Keys of the rows.
        with_paper: Show the paper's numbers; not at proof scale, where the data is another.
    """
    rows = []
    for name in datasets:
        ours = _ours(records, name)
        printed = _printed(name) if with_paper else {}
        bold, bold_paper = _bold(ours) if len(ours) == len(COLUMNS) else set(), _bold(printed)
        row = {"Set": DATASETS[name]}
        for column, title in COLUMNS.items():
            cells = [_cell(ours.get(column), column in bold)]
            if with_paper:
                cells.insert(0, _cell(printed.get(column), column in bold_paper))
            if column in ours and column in printed:
                cells.append(f"× {ours[column][0] / printed[column][0]:.2f}")
            row[title] = "<br>".join(cells)
        rows.append(row)
    return wide(pd.DataFrame(rows), sentences=False)  # cells have line breaks of their own


def table2_figure(
    records: Sequence[Record], datasets: Sequence[str], with_paper: bool = True
) -> Figure | Markdown:
    """Draw Table 2, a panel for each set that has records.

    Filled dots are ours, open ones the paper's; bars are the 95 % intervals of the test set.

    Args:
        records: Final runs.
        datasets: Keys of the rows.
        with_paper: Show the paper's numbers.
    """
    known = [name for name in datasets if _ours(records, name)]
    if not known:
        return nothing()
    across = min(4, len(known))
    down = -(-len(known) // across)
    with canvas(
        down, across, figsize=(max(4.5, 2.6 * across), 2.7 * down), sharey=True, squeeze=False
    ) as (figure, grid):
        places = {column: -place for place, column in enumerate(COLUMNS)}
        for axes, name in zip(grid.flat, known, strict=False):
            for whose, cells, shift in (
                ("paper", _printed(name) if with_paper else {}, 0.15),
                ("ours", _ours(records, name), -0.15),
            ):
                for column, (error, half) in cells.items():
                    colour = COLOURS.get(STUDY.arms[column].model, "grey")  # the SVM
                    y = places[column] + shift
                    axes.errorbar(error, y, xerr=half, fmt="none", ecolor=colour, capsize=2)
                    axes.plot(
                        error, y, "o", color=colour, markersize=5,
                        markerfacecolor="none" if whose == "paper" else colour,
                        label=f"_{whose}, {COLUMNS[column]}",
                    )  # fmt: skip
            axes.set(title=DATASETS[name], xlabel="test error, %")
            axes.set_yticks(list(places.values()), list(COLUMNS.values()))
        for axes in grid.flat[len(known) :]:
            axes.set_visible(False)
    return figure


def table2_drawing(
    records: Sequence[Record], datasets: Sequence[str], with_paper: bool = True
) -> HTML | Markdown:
    """Show the figure of Table 2 with what there is to see in it.

    Args:
        records: Final runs.
        datasets: Keys of the rows.
        with_paper: Show the paper's numbers.
    """
    known = [name for name in datasets if _ours(records, name)]
    best = [min(ours, key=lambda c: ours[c]) for ours in (_ours(records, n) for n in known)]
    firsts = [f"{COLUMNS[column]} on {best.count(column)}" for column in COLUMNS if column in best]
    caption = f"Smallest error of ours: {', '.join(firsts)} of {len(known)} sets."
    text = (
        f"Dot plot, one panel for each of {len(known)} data sets: the test error in percent on the "
        "horizontal axis and a line for each column of the table, with 95 % intervals. Filled dots "
        "are ours"
    )
    if with_paper:
        caption += " Filled dots are ours, open ones the paper's."
        text += ", open ones the paper's"
    return captioned(
        table2_figure(records, datasets, with_paper),
        "table2-errors",
        caption,
        f"{text}. The table above has the numbers.",
    )


def table2_findings(records: Sequence[Record], datasets: Sequence[str]) -> Markdown:
    """Say for each set which column makes the fewest mistakes, and which cannot be told from it.

    Args:
        records: Final runs.
        datasets: Keys of the rows.
    """
    lines = []
    for name in datasets:
        evidence = Runs.gather(records, name, STUDY.arm_of)
        errors = {column: error for column, (error, _) in _ours(records, name).items()}
        if not errors:
            continue
        best = min(errors, key=lambda column: errors[column])
        line = f"**{DATASETS[name]}.** "
        if len(errors) == 1:
            lines.append(f"{line}Only {COLUMNS[best]} has runs so far.")
            continue
        if len(errors) < len(COLUMNS):
            known = ", ".join(COLUMNS[column] for column in COLUMNS if column in errors)
            line += f"Of the columns that have runs so far ({known}), "
        line += f"{COLUMNS[best]} makes the fewest mistakes"
        alike = [
            COLUMNS[column]
            for column in COLUMNS
            if column != best
            and evidence.has(column, best)
            and evidence.error_difference(column, best).low <= 0
        ]
        others = [column for column in errors if column != best and evidence.has(column, best)]
        if not others:
            line += "; too few seeds are common to it and others for a ranking."
        elif alike:
            line += f", on a par with {', '.join(alike)} (95 % intervals)."
        else:
            line += ", fewer than every other column (95 % intervals)."
        lines.append(line)
    if not lines:
        return nothing("comparisons")
    return Markdown("\n".join(f"- {line}" for line in lines))


def _ours(records: Sequence[Record], dataset: str) -> _Cells:
    """Mean error over seeds, by column."""
    found = {}
    for column, by_seed in Runs.gather(records, dataset, STUDY.arm_of).runs.items():
        error = float(np.mean([r.results["test_error"] for r in by_seed.values()]))
        examples = next(iter(by_seed.values())).results["test_examples"]
        found[column] = (error, binomial_half_width(error, examples))
    return found


def _printed(dataset: str) -> _Cells:
    cells = paper.table2()
    cells = cells[cells["dataset"] == dataset]
    return {row.model: (row.test_error, row.interval) for row in cells.itertuples()}


def _bold(cells: _Cells) -> set[str]:
    if not cells:
        return set()
    error, half = min(cells.values())
    return {column for column, (e, h) in cells.items() if e - h <= error + half}


def _cell(value: tuple[float, float] | None, bold: bool) -> str:
    if value is None:
        return _MISSING
    text = f"{value[0]:.2f} ± {value[1]:.2f}"
    return f"<b>{text}</b>" if bold else text
