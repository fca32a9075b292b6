"""Tables as HTML for the pages."""

import math

import pandas as pd
from IPython.display import HTML

from replication.presentation.labels import label

_MISSING = "–"
_SENTENCE = 36  # characters from which a cell holds a sentence


def table1_html(comparison: pd.DataFrame, with_paper: bool = True) -> HTML:
    """Show Table 1: the paper's columns and, beside each, ours.

    Args:
        comparison: What `compare` returned.
        with_paper: Show the paper's columns; not at proof scale, where the data is another.
    """
    rows = []
    for row in comparison.to_dict("records"):
        cells = {"Model": label(row["model"])}
        if with_paper:
            cells["Error %, paper"] = _fixed(row["paper_test_error"], 2)
        cells["Error %, ours"] = _spread(row, "test_error", 2)
        cells["± from the test set"] = _fixed(row["half_width"], 2)
        if with_paper:
            cells["Jacobian, paper"] = _scaled(row["paper_jacobian_mean_square"])
        cells["Jacobian, ours"] = _scaled(row["jacobian_mean_square"])
        if with_paper:
            ratio = row["jacobian_mean_square"] / row["paper_jacobian_mean_square"]
            cells["ours / paper"] = _fixed(ratio, 2)
        cells["‖J‖, ours"] = _spread(row, "jacobian_norm", 1)
        if with_paper:
            cells["SAT %, paper"] = _fixed(row["paper_saturation"], 1)
        cells["SAT %, ours"] = _spread(row, "saturation", 1)
        cells["Seeds"] = str(row["seeds"])
        rows.append(cells)
    return wide(pd.DataFrame(rows))


def wide(table: pd.DataFrame, sentences: bool = True) -> HTML:
    """Show a table that may scroll sideways within the page.

    Args:
        table: Cells as they are to be shown.
        sentences: Give cells with much text room to break into lines.
    """
    if sentences:  # numbers stay on one line
        table = table.map(lambda t: f'<div class="sentence">{t}</div>' if len(t) > _SENTENCE else t)
    html = table.to_html(index=False, escape=False, border=0, justify="left")
    return HTML(f'<div class="wide-table">{html}</div>')


def _fixed(value: float, digits: int) -> str:
    return _MISSING if math.isnan(value) else f"{value:.{digits}f}"


def _spread(row: dict, measure: str, digits: int) -> str:
    text = _fixed(row[measure], digits)
    deviation = row[f"{measure}_deviation"]
    return text if math.isnan(deviation) else f"{text} ± {deviation:.{digits}f}"


def _scaled(value: float) -> str:
    """In units of 1e-4, as the paper prints MNIST; three digits, as it prints all."""
    return _MISSING if math.isnan(value) else f"{value * 1e4:#.3g}e-4"
