"""Known faults of public code beside the right penalty, as figures, a table and sentences."""

import math
from collections.abc import Callable, Mapping

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.drawing import canvas
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.faults.small_nets import FAULTS, caught_by
from replication.verdicts.statistics import Estimate, geometric_mean_interval, mean_interval

# Fault -> its title, and in which public code it was found.
TITLES: Mapping[str, tuple[str, str]] = {
    "frozen-kernel": ("frozen kernel", "a much-copied blog post; hugochan/KATE"),
    "detached-kernel": ("detached kernel", "avijit9"),
    "summed-code": ("gradient of the summed code", "ruta; manupillai308; theanets; many notebooks"),
    "square-of-sum": ("square of the sum", "caglar"),
    "floor-division": ("floor division", "the Deep Learning Tutorials, since 2016"),
    "half-gradient": ("half the gradient", "ynd/cae.py"),
    "no-bias-gradient": ("no gradient to the bias", "shogun"),
    "other-derivative": ("another unit's derivative", "avijit9; rapidae"),
    "last-layer": ("last layer only", "rapidae"),
    "mean-entry": ("mean instead of sum", "pylearn2, before it was corrected"),
    "pixel-mean": ("mean over pixels", "zaouk"),
}
_WHAT = "measurements"
_FAULTY, _RIGHT = "#D55E00", "#000000"


def faults_curve_figure(found: Mapping[str, dict]) -> Figure | Markdown:
    """Draw the reconstruction error during training with each fault, beside the right net's.

    Args:
        found: What `collect_faults` returned.
    """
    shown = _shown(found)
    if not shown:
        return nothing(_WHAT)
    with canvas(3, 4, figsize=(10, 7), sharex=True) as (figure, grid):
        for axes, name in zip(grid.flat, shown, strict=False):
            for key, colour, style in ((FAULTS[name], _RIGHT, "--"), (name, _FAULTY, "-")):
                curve = np.mean([run["reconstruction"] for run in found[key]["runs"]], axis=0)
                epochs = np.arange(1, len(curve) + 1)
                axes.plot(
                    epochs, curve, style, color=colour, linewidth=1.6, label=f"_{name}: {key}"
                )
            axes.set_title(TITLES[name][0], fontsize=10)
            axes.set_ylim(bottom=0)
        spare = list(grid.flat)[len(shown) :]
        for axes in spare:
            axes.set_axis_off()
        lines = [
            plt.Line2D([], [], color=_FAULTY, linestyle="-", label="with the fault"),
            plt.Line2D([], [], color=_RIGHT, linestyle="--", label="right"),
        ]
        (spare[0] if spare else grid.flat[0]).legend(handles=lines, loc="center", frameon=False)
        figure.supxlabel("epoch")
        figure.supylabel("reconstruction error, nats")
    return figure


def faults_curve_note(found: Mapping[str, dict]) -> Markdown:
    """Say in how many faulty nets the reconstruction error falls all the same.

    Args:
        found: As for `faults_curve_figure`.
    """
    shown = _shown(found)
    if not shown:
        return nothing(_WHAT)
    falling = sum(
        all(run["reconstruction"][-1] < run["reconstruction"][0] for run in found[name]["runs"])
        for name in shown
    )
    return Markdown(
        "What a reader of the loss curves sees, who has no right net beside it. From the first "
        f"epoch to the last the reconstruction error falls with {falling} of {len(shown)} faults."
    )


def faults_jacobian_figure(found: Mapping[str, dict]) -> Figure | Markdown:
    """Draw the penalty that each faulty code reports at the end, the true one, and the right net's.

    Args:
        found: As for `faults_curve_figure`.
    """
    shown = _shown(found)
    if not shown:
        return nothing(_WHAT)
    with canvas(figsize=(9.5, 0.42 * len(shown) + 1)) as (figure, axes):
        places = np.arange(len(shown))
        coded, true, right = (
            [_mean(found[key], what).value for key in keys]
            for keys, what in (
                (shown, "coded"),
                (shown, "jacobian"),
                ([FAULTS[name] for name in shown], "jacobian"),
            )
        )
        axes.hlines(places, right, true, color=_FAULTY, linewidth=1.5, alpha=0.5)
        axes.plot(true, places, "o", color=_FAULTY, label="true, with the fault")
        # A penalty rounded down to 0 has no place on a logarithmic axis.
        shown_coded = [value if value > 0 else math.nan for value in coded]
        axes.plot(
            shown_coded, places, "o", color=_FAULTY, markerfacecolor="white",
            label="as the faulty code computes it",
        )  # fmt: skip
        axes.plot(
            right, places, "|", color=_RIGHT, markersize=14, markeredgewidth=2,
            label="true, right net",
        )  # fmt: skip
        axes.set(xscale="log", yticks=places, xlabel="mean squared norm of the Jacobian")
        axes.set_yticklabels([TITLES[name][0] for name in shown])
        axes.xaxis.set_major_formatter("{x:g}")
        axes.invert_yaxis()
        figure.legend(loc="outside upper center", ncols=3, frameon=False)
    return figure


def faults_table(found: Mapping[str, dict]) -> HTML | Markdown:
    """Show what each fault does to the penalty, the contraction and the error, mean over seeds.

    Args:
        found: As for `faults_curve_figure`.
    """
    shown = _shown(found)
    if not shown:
        return nothing(_WHAT)
    rows = []
    for name in shown:
        fault, right = found[name], found[FAULTS[name]]
        rows.append(
            {
                "Fault": TITLES[name][0],
                "Found in": TITLES[name][1],
                "penalty as coded": f"{_mean(fault, 'coded').value:#.3g}",
                "true penalty": f"{_mean(fault, 'jacobian').value:#.3g}",
                "right net": f"{_mean(right, 'jacobian').value:#.3g}",
                "reconstruction, nats": _beside(fault, right, _last_reconstruction),
                "test error, %": _beside(fault, right, lambda run: run["error"]),
            }
        )
    return wide(pd.DataFrame(rows), sentences=False)


def faults_note(found: Mapping[str, dict], times: bool = True) -> Markdown:
    """Say where the small nets come from, and what all of them cost together.

    Args:
        found: As for `faults_curve_figure`.
        times: Say what they cost; not where they were trained in this very page.
    """
    return measured_note(list(found.values()), (f"{len(found)} kinds of nets",), times)


def fault_findings(found: Mapping[str, dict], name: str) -> Markdown:
    """Say what one fault led to, where it was found, and which test catches it.

    Args:
        found: As for `faults_curve_figure`.
        name: Key of the fault.
    """
    parts = [f"**Found in** {TITLES[name][1]}."]
    if name in _shown(found):
        fault, right = found[name], found[FAULTS[name]]
        coded, true = _mean(fault, "coded"), _mean(fault, "jacobian")
        ratio = geometric_mean_interval(
            np.array([run["jacobian"] for run in fault["runs"]])
            / [run["jacobian"] for run in right["runs"]]
        )
        parts.append(
            f"**Led to.** At the end the code reports a penalty of {coded.value:#.3g}; the true "
            f"one is {true.value:#.3g}, {_compared(ratio)} without the fault. Test error "
            f"{_beside(fault, right, lambda run: run['error'])} %."
        )
    test = caught_by(name)
    if test:
        parts.append(f"**Caught by** `{test}`.")
    return Markdown(" ".join(parts))


def _compared(ratio: Estimate) -> str:
    times = f"{ratio.value:.2g} times that of the net"
    if math.isnan(ratio.low):
        return times
    interval = f"(95 % interval {ratio.low:.2g} to {ratio.high:.2g})"
    if ratio.low <= 1 <= ratio.high:
        return f"not to be told from that {interval} of the net"
    return f"{times} {interval}"


def _beside(fault: dict, right: dict, value: Callable[[dict], float]) -> str:
    """Write the mean over seeds of what is taken from a run, with the fault and without it."""
    with_fault, without = (
        mean_interval(np.array([value(run) for run in measured["runs"]])).value
        for measured in (fault, right)
    )
    return f"{with_fault:.1f} (right net: {without:.1f})"


def _last_reconstruction(run: dict) -> float:
    return run["reconstruction"][-1]


def _mean(measured: dict, what: str) -> Estimate:
    return mean_interval(np.array([run[what] for run in measured["runs"]]))


def _shown(found: Mapping[str, dict]) -> list[str]:
    """Faults that were measured, as was the net without them."""
    return [name for name in FAULTS if name in found and FAULTS[name] in found]
