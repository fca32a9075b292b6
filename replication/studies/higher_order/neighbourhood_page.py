"""Whether the CAE+H contracts in a wider neighbourhood than a CAE of the same norm."""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from replication.engine.records import Record
from replication.engine.results import Results
from replication.presentation.drawing import canvas, plot_mean
from replication.presentation.findings import together
from replication.presentation.labels import DATASETS
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding
from replication.studies.higher_order.nets import NETS, SAME, by_net, grouped
from replication.studies.higher_order.plan import MODEL
from replication.verdicts.estimate import Estimate
from replication.verdicts.report import interval_text
from replication.verdicts.runs import Runs

# Distances between examples at which the curves are compared, as records name them.
_PLACES = {"min": "the nearest other digit", "median": "a digit at the median distance"}


def neighbourhood_finding(runs: Sequence[Record]) -> Finding:
    """Say how the curve of the CAE+H lies to that of a CAE of the same norm.

    Args:
        runs: Final runs, or those at proof scale.
    """
    nets = by_net(runs)
    if not nets:
        return Finding(name="neighbourhood", figure=nothing())
    group = grouped([run for of_net in nets.values() for run in of_net])
    headline, *sentences = (
        ["No CAE of the same norm has been trained here, so nothing is compared."]
        if group is None or not group.has(SAME, MODEL)
        else _compared(group, nets)
    )
    return Finding(
        name="neighbourhood",
        headline=headline,
        sentences=tuple(sentences),
        figure=_figure(nets),
        caption="A low line means contraction at that distance from a digit. Compare the CAE+H "
        "with the CAE of the same norm: they start at nearly the same height, and what parts them "
        "to the right is the effect of the second term.",
        text="Line plot: the contraction ratio against the distance from the example, a line for "
        "each net, with a band of one standard deviation over seeds.",
    )


def ratio_at(results: Results, place: str) -> float:
    """Read a contraction curve at a distance between examples.

    Args:
        results: Of a run.
        place: "min" or "median", a key of the distances that the run measured.
    """
    curve = results["curve"]
    return float(np.interp(results["distances"][place], curve["radius"], curve["ratio"]))


def _compared(group: Runs, nets: Mapping[str, Sequence[Record]]) -> list[str]:
    found = {
        place: group.difference(SAME, MODEL, functools.partial(ratio_at, place=place), ratio=True)
        for place in _PLACES
    }
    words = {place: _word(estimate) for place, estimate in found.items()}
    near, far = words.values()
    if near == far:
        headline = f"At the distance of other digits the CAE+H contracts {near} a CAE of its norm."
    else:
        headline = (
            f"The CAE+H contracts {near} a CAE of its norm at {_PLACES['min']}, and {far} it at "
            f"{_PLACES['median']}."
        )
    norm = group.difference(SAME, MODEL, lambda r: r["jacobian_mean_square"], ratio=True)
    distances = nets[MODEL][0].results["distances"]
    start = nets[MODEL][0].results["curve"]["radius"][0]
    first = group.difference(SAME, MODEL, lambda r: r["curve"]["ratio"][0], ratio=True)
    return [
        headline,
        f"At the digits themselves the mean squared Jacobian of that CAE is {norm.value:.2f} times "
        f"that of the CAE+H, and at a distance of {start:g} its ratio is {first.value:.2f} times "
        "as large: so much of what follows is not the second term's.",
        *(
            f"At a distance of {distances[place]:.1f}, that of {name}, the ratio of the CAE is "
            f"{interval_text(found[place])} times that of the CAE+H (interval over seeds)."
            for place, name in _PLACES.items()
        ),
        *_beside_table1(group),
    ]


def _beside_table1(group: Runs) -> list[str]:
    """Say how the CAE+H contracts beside the CAE of Table 1, whose norm is its own."""
    if not group.has("cae", MODEL):
        return []
    parts = []
    for place, name in _PLACES.items():
        read = functools.partial(ratio_at, place=place)
        parts.append(f"{_word(group.difference('cae', MODEL, read, ratio=True))} it at {name}")
    return [f"Beside the CAE of Table 1 the CAE+H contracts {together(parts)}."]


def _word(ratio: Estimate) -> str:
    """How the CAE+H contracts, where this is the other's ratio over its own."""
    if ratio.low > 1:
        return "more than"
    return "less than" if ratio.high < 1 else "about as much as"


def _figure(nets: Mapping[str, Sequence[Record]]) -> Figure:
    with canvas(figsize=(8, 4.4)) as (figure, axes):
        for net, runs in nets.items():
            curves = [run.results["curve"] for run in runs]
            name, colour = NETS[net]
            ratios = np.array([curve["ratio"] for curve in curves])
            plot_mean(axes, curves[0]["radius"], ratios, name, colour)
        shown = next(iter(nets.values()))[0]
        axes.set(
            xlabel="distance from the example",
            ylabel="contraction ratio",
            title=f"Contraction curves on {DATASETS[shown.settings.dataset]}",
            ylim=(0, None),
        )
        figure.legend(loc="outside upper center", ncols=3, fontsize=9, frameon=False)
    return figure
