"""The lines Min, Median and Max of Figure 1: the paper's and ours."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML

from replication import paper
from replication.experiments.records import Record
from replication.presentation.labels import DATASETS
from replication.presentation.tables import wide


def distances_table(records: Sequence[Record], dataset: str, with_paper: bool = True) -> HTML:
    """Show the distances between examples beside the paper's lines.

    Args:
        records: Runs of one data set, all measured on the same validation examples.
        dataset: The paper's data set to compare with.
        with_paper: Show the paper's lines; not at proof scale, where the data is another.
    """
    known = next((r for r in records if "distances" in r.results), None)
    if known is None:
        return HTML("<p><em>No records yet.</em></p>")
    lines = paper.distances()
    lines = lines[lines["dataset"] == dataset].set_index("line")["distance"]
    rows = []
    for line, ours in known.results["distances"].items():
        row = {"Line": line.capitalize()}
        if with_paper:
            row["paper, digitised"] = f"{lines[line]:.2f}"
        row[f"ours, {DATASETS[known.settings.dataset]}"] = f"{ours:.2f}"
        if with_paper:
            row["ours / paper"] = f"{ours / lines[line]:.2f}"
        rows.append(row)
    return wide(pd.DataFrame(rows))
