"""Where contraction curves have their maximum."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from replication import paper
from replication.experiments.records import Record
from replication.presentation.labels import ORDER, label
from replication.presentation.tables import wide


def peak_table(records: Sequence[Record], dataset: str, with_paper: bool = True) -> HTML:
    """Show for each model the ratio at the smallest radius, the largest one, and where.

    Args:
        records: Runs of one data set; curves are averaged over seeds.
        dataset: The paper's data set to compare with.
        with_paper: Add the median of our ratio over the paper's at the paper's radii, ours
            interpolated linearly.
    """
    rows = []
    for model in ORDER:
        curves = [r.results["curve"] for r in records if r.settings.model == model]
        if not curves:
            continue
        radius = np.array(curves[0]["radius"])
        ratio = np.mean([curve["ratio"] for curve in curves], axis=0)
        top = int(ratio.argmax())
        row = {
            "Model": label(model),
            f"ratio at r = {radius[0]:g}": f"{ratio[0]:.3f}",
            "largest ratio": f"{ratio[top]:.3f}",
            "at r =": f"{radius[top]:g}",
            "shape": "falls from the start" if top == 0 else "rises, then falls",
        }
        if with_paper:
            points = paper.figure1(dataset)
            points = points[points["model"] == model]
            ours = np.interp(points["radius"], radius, ratio)
            median = np.median(ours / points["ratio"]) if len(points) else np.nan
            row["ours / paper, median"] = "–" if np.isnan(median) else f"{median:.2f}"
        rows.append(row)
    if not rows:
        return HTML("<p><em>No records yet.</em></p>")
    return wide(pd.DataFrame(rows))
