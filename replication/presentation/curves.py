"""Contraction curves (Figure 1): ours over the paper's, their peaks, and distances."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record
from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas, draw_distances, plot_mean
from replication.presentation.labels import COLOURS, DATASETS, ORDER, label
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.verdicts.bounds import FLAT
from replication.verdicts.curve import peak_radius, rise

_AXES = {"mnist": ((0, 40), (0.1, 1.4)), "cifar-bw": ((0, 50), (0.1, 0.8))}  # as printed


def contraction_figure(
    records: Sequence[Record], dataset: str, with_paper: bool = True
) -> Figure | Markdown:
    """Draw the contraction curves (Figure 1).

    Lines are means over seeds with a band of one standard deviation; points are digitised from
    the paper's figure, dash-dotted lines are its distances between examples.

    Args:
        records: Runs of one data set.
        dataset: The paper's data set to compare with.
        with_paper: Show the paper's points and lines, and keep to its axes as far as they hold all.
    """
    if not records:
        return nothing()
    with canvas(figsize=(8, 5)) as (figure, axes):
        shown = records[0].settings.dataset
        smallest = np.inf
        for model in ORDER:
            curves = [r.results["curve"] for r in records if r.settings.model == model]
            if not curves:
                continue
            ratios = np.array([curve["ratio"] for curve in curves])
            smallest = min(smallest, ratios.min())
            plot_mean(axes, curves[0]["radius"], ratios, label(model), COLOURS[model])
        if with_paper:
            for model, points in paper.figure1(dataset).groupby("model"):
                axes.plot(
                    points["radius"], points["ratio"], "o", color=COLOURS[model], markersize=4.5,
                    markerfacecolor="none", label=f"_paper, {label(model)}",
                )  # fmt: skip
            draw_distances(axes, dataset)
            axes.plot([], [], "o", color="grey", markerfacecolor="none", label="paper, digitised")
            (low, high), sides = _AXES[dataset][1], _AXES[dataset][0]
            # Down to 0 where a curve of ours lies below the printed axis: none may be cut off.
            axes.set(xlim=sides, ylim=(low if smallest >= low else 0, high))
        axes.set(
            xlabel="distance from the example  ‖x₁ − x₀‖",
            ylabel="contraction ratio  ‖f(x₁) − f(x₀)‖ / ‖x₁ − x₀‖",
            title=f"Contraction curves on {DATASETS[shown]}",
        )
        figure.legend(loc="outside upper center", ncols=4, fontsize=9, frameon=False)
    return figure


def contraction_drawing(
    records: Sequence[Record], dataset: str, with_paper: bool = True
) -> HTML | Markdown:
    """Show the contraction curves with what there is to see in them.

    Args:
        records: Runs of one data set.
        dataset: The paper's data set to compare with; it names the figure and its data.
        with_paper: As for `contraction_figure`.
    """
    rising = [
        label(model)
        for model in ORDER
        if (curves := [r.results["curve"] for r in records if r.settings.model == model])
        and rise(mean_curve(curves)) > 0
    ]
    caption = "A low ratio means contraction. "
    if rising:
        caption += f"Rising before they fall: {', '.join(rising)}; all others fall from the start."
    else:
        caption += "All curves fall from the start."
    text = (
        "Line plot: the contraction ratio on the vertical axis against the distance from the "
        "example on the horizontal one, a line for each model with a band of one standard "
        "deviation over seeds. "
    )
    if with_paper:
        caption += " Open circles are digitised from the paper's figure."
        text += (
            "Open circles are the paper's points; vertical lines are its distances to the nearest, "
            "the median and the farthest example. "
        )
    return captioned(
        contraction_figure(records, dataset, with_paper),
        f"contraction-{dataset}",
        caption,
        f"{text}The table below says where each curve has its maximum.",
    )


def mean_curve(curves: Sequence[Mapping[str, Sequence[float]]]) -> dict[str, np.ndarray]:
    """Average curves over seeds.

    Args:
        curves: Of runs, all at the same radii, at least one.
    """
    ratio = np.mean([curve["ratio"] for curve in curves], axis=0)
    return {"radius": np.array(curves[0]["radius"]), "ratio": ratio}


def peak_table(records: Sequence[Record], dataset: str, with_paper: bool = True) -> HTML | Markdown:
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
    return curve_table("Model", ours, printed)


def curve_table(
    what: str, ours: Mapping[str, Sequence[Record]], printed: Mapping[str, pd.DataFrame] | None
) -> HTML | Markdown:
    """Show for each group of runs the first ratio of its curve, the largest one, and where.

    Where it is, is the mean over seeds of what the verdicts call the radius of the bump.

    Args:
        what: What the groups are.
        ours: Group -> runs; curves are averaged over seeds.
        printed: Group -> points of the paper's curve; None leaves the comparison out.
    """
    rows = []
    for name, runs in ours.items():
        if not runs:
            continue
        curves = [r.results["curve"] for r in runs]
        radius, ratio = mean_curve(curves).values()
        top = int(ratio.argmax())
        row = {
            what: name,
            f"ratio at r = {radius[0]:g}": f"{ratio[0]:.3f}",
            "largest ratio": f"{ratio[top]:.3f}",
            "at r =": f"{np.mean([peak_radius(curve) for curve in curves]):.1f}",
            "shape": _shape({"radius": radius, "ratio": ratio}),
        }
        if printed is not None:
            points = printed[name]
            at_points = np.interp(points["radius"], radius, ratio)
            median = np.median(at_points / points["ratio"]) if len(points) else np.nan
            row["ours / paper, median"] = "–" if np.isnan(median) else f"{median:.2f}"
        rows.append(row)
    if not rows:
        return nothing()
    return wide(pd.DataFrame(rows))


def _shape(curve: Mapping[str, np.ndarray]) -> str:
    """In words, by the protocol's bound: what rises by less than `FLAT` does not rise."""
    if rise(curve) > FLAT:
        return "rises, then falls"
    return "falls from the start" if curve["ratio"].argmax() == 0 else "flat, then falls"


def distances_table(
    records: Sequence[Record], dataset: str, with_paper: bool = True
) -> HTML | Markdown:
    """Show the distances between examples beside the paper's lines.

    Args:
        records: Runs of one data set, all measured on the same validation examples.
        dataset: The paper's data set to compare with.
        with_paper: Show the paper's lines; not at proof scale, where the data is another.
    """
    known = next((r for r in records if "distances" in r.results), None)
    if known is None:
        return nothing()
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
