"""The contraction curves of stacks (Figure 3), and what another layer does to them."""

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record
from replication.presentation.captioned import captioned
from replication.presentation.curves import curve_table, mean_curve
from replication.presentation.drawing import canvas, draw_distances, plot_mean
from replication.presentation.findings import together
from replication.presentation.labels import DATASETS, DEPTH_COLOURS
from replication.presentation.nothing import nothing
from replication.studies.table2.plan import STUDY
from replication.verdicts.curve import peak_radius
from replication.verdicts.report import interval_text
from replication.verdicts.runs import Runs
from replication.verdicts.statistics import Estimate

_DATASET = "rot"  # the paper has points for no other


def depth_figure(
    records: Sequence[Record],
    dataset: str,
    with_paper: bool = True,
    title: str = "Stacks of CAEs",
) -> Figure | Markdown:
    """Draw the contraction curves of stacks of CAEs (Figure 3).

    The ratio is taken between the input and the code of the top layer. Lines are means over seeds
    with a band of one standard deviation, points are digitised from the paper's figure, and
    dash-dotted lines are its distances between examples.

    Args:
        records: Runs of one data set; those of other models are left out.
        dataset: The paper's data set to compare with.
        with_paper: Show the paper's points and lines where it has some, on its axes.
        title: What is drawn, without the data set.
    """
    stacks = [r for r in records if r.settings.model == "cae"]
    if not stacks:
        return nothing()
    with canvas(figsize=(8, 5)) as (figure, axes):
        smallest, largest = np.inf, 0.0
        for depth, colour in DEPTH_COLOURS.items():
            curves = [r.results["curve"] for r in stacks if r.settings.depth == depth]
            if not curves:
                continue
            ratios = np.array([curve["ratio"] for curve in curves])
            name = f"{depth} layer" + ("s" if depth > 1 else "")
            plot_mean(axes, curves[0]["radius"], ratios, name, colour)
            smallest, largest = min(smallest, ratios.min()), max(largest, ratios.max())
        if with_paper and dataset == _DATASET:
            for depth, points in paper.figure3().groupby("depth"):
                axes.plot(
                    points["radius"], points["ratio"], "o", color=DEPTH_COLOURS[depth],
                    markersize=4.5, markerfacecolor="none", label=f"_paper, depth {depth}",
                )  # fmt: skip
            draw_distances(axes, dataset)
            axes.plot([], [], "o", color="grey", markerfacecolor="none", label="paper, digitised")
            # As printed, and further where a curve of ours would be cut off.
            axes.set(xlim=(0, 40), ylim=(0.1 if smallest >= 0.1 else 0, max(0.4, 1.05 * largest)))
        axes.set(
            xlabel="distance from the example  ‖x₁ − x₀‖",
            ylabel="contraction ratio  ‖f(x₁) − f(x₀)‖ / ‖x₁ − x₀‖",
            title=f"{title} on {DATASETS[stacks[0].settings.dataset]}",
        )
        figure.legend(loc="outside upper center", ncols=4, fontsize=9, frameon=False)
    return figure


def depth_drawing(
    records: Sequence[Record],
    dataset: str,
    name: str,
    with_paper: bool = True,
    title: str = "Stacks of CAEs",
) -> HTML | Markdown:
    """Show the contraction curves of stacks with what there is to see in them.

    Args:
        records: Runs of one data set; those of other models are left out.
        dataset: The paper's data set to compare with.
        name: Unique on the page.
        with_paper: As for `depth_figure`.
        title: As for `depth_figure`.
    """
    curves = {
        depth: [r.results["curve"] for r in records if r.settings.depth == depth]
        for depth in DEPTH_COLOURS
        if any(r.settings.model == "cae" and r.settings.depth == depth for r in records)
    }
    first = [f"{mean_curve(found)['ratio'][0]:.2f}" for found in curves.values()]
    bump = [f"{np.mean([peak_radius(c) for c in found]):.0f}" for found in curves.values()]
    caption = ""
    if curves:
        caption = (
            f"With {together([str(depth) for depth in curves])} layers the ratio next to the data "
            f"is {together(first)}, the radius of the bump {together(bump)}."
        )
    text = (
        "Line plot: the contraction ratio between input and top code on the vertical axis against "
        "the distance from the example on the horizontal one, a line for each depth with a band of "
        "one standard deviation over seeds. "
    )
    if with_paper and dataset == _DATASET:
        caption += " Open circles are digitised from the paper's figure."
        text += (
            "Open circles are the paper's points; vertical lines are its distances to the nearest, "
            "the median and the farthest example."
        )
    figure = depth_figure(records, dataset, with_paper, title)
    return captioned(figure, name, caption, text.strip())


def depth_peak_table(records: Sequence[Record], with_paper: bool = True) -> HTML | Markdown:
    """Show for each depth of the CAE its first ratio, the largest one, and where (Figure 3).

    Args:
        records: Runs of one data set; those of other models are left out.
        with_paper: Add the median of our ratio over the paper's at the paper's radii, ours
            interpolated linearly.
    """
    stacks = [r for r in records if r.settings.model == "cae"]
    ours = {str(d): [r for r in stacks if r.settings.depth == d] for d in DEPTH_COLOURS}
    printed = None
    if with_paper:
        points = paper.figure3()
        printed = {str(depth): points[points["depth"] == depth] for depth in DEPTH_COLOURS}
    return curve_table("Layers", ours, printed)


def depth_findings(records: Sequence[Record]) -> Markdown:
    """Say how the ratio next to the data and the radius of the bump change with each layer.

    Args:
        records: Stacks of CAEs on one data set, one setting for each depth.
    """
    if not records:
        return nothing()
    lines = [
        f"**From {step.lower} to {step.upper} layers.** Next to the data the ratio "
        f"{step.falls}: {interval_text(step.ratio, 'times')}. The bump {step.moves}: its radius "
        f"differs by {interval_text(step.shift)}."
        for step in depth_steps(records)
    ]
    if not lines:
        return nothing("comparisons")
    return Markdown("\n".join(f"- {line}" for line in lines))


@dataclasses.dataclass(frozen=True)
class Step:
    """What another layer changes.

    Attributes:
        lower, upper: The two depths.
        ratio: The ratio next to the data with the upper layer over that without.
        shift: The radius of the bump with it minus that without.
    """

    lower: int
    upper: int
    ratio: Estimate
    shift: Estimate

    @property
    def falls(self) -> str:
        """What becomes of the ratio, in words."""
        return _moved(self.ratio, 1, "rises", "falls")

    @property
    def moves(self) -> str:
        """What becomes of the bump, in words."""
        return _moved(self.shift, 0, "moves out", "moves in")


def depth_steps(records: Sequence[Record]) -> list[Step]:
    """Compare each depth with the next.

    Args:
        records: Stacks of CAEs on one data set, one setting for each depth.
    """
    if not records:
        return []
    e = Runs.gather(records, records[0].settings.dataset, STUDY.arm_of)
    steps = []
    for lower, upper in itertools.pairwise(DEPTH_COLOURS):
        columns = (f"cae-{upper}", f"cae-{lower}")
        if e.has(*columns):
            ratio = e.difference(*columns, lambda r: r["curve"]["ratio"][0], ratio=True)
            shift = e.difference(*columns, lambda r: peak_radius(r["curve"]))
            steps.append(Step(lower, upper, ratio, shift))
    return steps


def _moved(estimate: Estimate, bound: float, up: str, down: str) -> str:
    if estimate.low > bound:
        return up
    return down if estimate.high < bound else "does not change measurably"
