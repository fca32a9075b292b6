"""Where contraction curves have their maximum."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML

from replication import paper
from replication.experiments.records import Record
from replication.presentation.labels import DEPTH_COLOURS, ORDER, label
from replication.presentation.tables import wide


def peak_table(records: Sequence[Record], dataset: str, with_paper: bool = True) -> HTML:
    """Show for each model the ratio at the smallest radius, the largest one, and where (Figure 1).

    Args:
        records: Runs of one data set; curves are averaged over seeds.
        dataset: The paper's data set to compare with.
        with_paper: Add the median of our ratio over the paper's at the paper's radii, ours
            interpolated linearly.
    """
    ours = {label(model): [r for r in records if r.settings.model == model] for model in ORDER}
    printed = None
    if with_paper:
        points = paper.figure1(dataset)
        printed = {label(model): points[points["model"] == model] for model in ORDER}
    return _table("Model", ours, printed)


def depth_peak_table(records: Sequence[Record], with_paper: bool = True) -> HTML:
    """Show the same for each depth of the CAE (Figure 3).

    Args:
        records: Runs of one data set; those of other models are left out.
        with_paper: As for `peak_table`.
    """
    stacks = [r for r in records if r.settings.model == "cae"]
    ours = {str(d): [r for r in stacks if r.settings.depth == d] for d in DEPTH_COLOURS}
    printed = None
    if with_paper:
        points = paper.figure3()
        printed = {str(depth): points[points["depth"] == depth] for depth in DEPTH_COLOURS}
    return _table("Layers", ours, printed)


def _table(
    what: str, ours: Mapping[str, Sequence[Record]], printed: Mapping[str, pd.DataFrame] | None
) -> HTML:
    rows = []
    for name, runs in ours.items():
        if not runs:
            continue
        radius = np.array(runs[0].results["curve"]["radius"])
        ratio = np.mean([r.results["curve"]["ratio"] for r in runs], axis=0)
        top = int(ratio.argmax())
        row = {
            what: name,
            f"ratio at r = {radius[0]:g}": f"{ratio[0]:.3f}",
            "largest ratio": f"{ratio[top]:.3f}",
            "at r =": f"{radius[top]:g}",
            "shape": "falls from the start" if top == 0 else "rises, then falls",
        }
        if printed is not None:
            points = printed[name]
            at_points = np.interp(points["radius"], radius, ratio)
            median = np.median(at_points / points["ratio"]) if len(points) else np.nan
            row["ours / paper, median"] = "–" if np.isnan(median) else f"{median:.2f}"
        rows.append(row)
    if not rows:
        return HTML("<p><em>No records yet.</em></p>")
    return wide(pd.DataFrame(rows))
