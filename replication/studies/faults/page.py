"""Known faults of public code beside the right penalty, as figures, a table and sentences."""

import math
from collections.abc import Callable, Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.presentation.drawing import canvas
from replication.presentation.findings import together
from replication.presentation.labels import COLOURS
from replication.presentation.notes import measured_note
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.faults.small_nets import FAULTS, Training, caught_by
from replication.studies.faults.systems_page import found_in
from replication.studies.faults.titles import TITLES
from replication.verdicts.statistics import Estimate, geometric_mean_interval, mean_interval

_WHAT = "measurements"
# A right net is a CAE; a faulty one is no model of the paper, and has a colour of its own.
_FAULTY, _RIGHT = "#8E6BBF", COLOURS["cae"]


def faults_curve_figure(found: Mapping[str, dict]) -> Figure | Markdown:
    """Draw the reconstruction error during training with each fault, beside the right net's.

    Args:
        found: What `collect_faults` returned.
    """
    shown = _shown(found)
    if not shown:
        return nothing(_WHAT)
    with canvas(4, 3, figsize=(8.3, 7.6), sharex=True) as (figure, grid):
        for axes, name in zip(grid.flat, shown, strict=False):
            for key, colour, style in ((FAULTS[name], _RIGHT, "--"), (name, _FAULTY, "-")):
                curve = np.mean([run["reconstruction"] for run in found[key]["runs"]], axis=0)
                epochs = np.arange(1, len(curve) + 1)
                axes.plot(
                    epochs, curve, style, color=colour, linewidth=1.6, label=f"_{name}: {key}"
                )
            axes.set_title(TITLES[name], fontsize=10)
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
    falling = sum(_falls(found[name]) for name in shown)
    return Markdown(
        "Would the loss curves have warned you? The reconstruction error ends lower than it began "
        f"with {falling} of {len(shown)} faults. {_on_the_way(found, shown)}"
    )


def faults_jacobian_figure(found: Mapping[str, dict]) -> Figure | Markdown:
    """Draw the penalty that each faulty code reports at the end, the true one, and the right net's.

    Args:
        found: As for `faults_curve_figure`.
    """
    shown = _shown(found)
    if not shown:
        return nothing(_WHAT)
    with canvas(figsize=(8.3, 0.38 * len(shown) + 1)) as (figure, axes):
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
        axes.set_yticklabels([TITLES[name] for name in shown])
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
    return wide(
        pd.DataFrame(
            {
                "Fault": TITLES[name],
                "penalty as coded": f"{_mean(found[name], 'coded').value:#.3g}",
                "true penalty": f"{_mean(found[name], 'jacobian').value:#.3g}",
                "of the right net": f"{_mean(found[FAULTS[name]], 'jacobian').value:#.3g}",
                "reconstruction, nats": _beside(found, name, _last_reconstruction),
                "test error, %": _beside(found, name, _error),
            }
            for name in shown
        )
    )


def faults_note(found: Mapping[str, dict], times: bool = True) -> Markdown:
    """Say where the small nets come from, and what all of them cost together.

    Args:
        found: As for `faults_curve_figure`.
        times: Say what they cost; not where they were trained in this very page.
    """
    return measured_note(list(found.values()), (f"{len(found)} kinds of nets",), times)


def faults_rerun(found: Mapping[str, dict], name: str) -> Markdown:
    """Show the command that trains the small nets of one fault again, and what it cost.

    Args:
        found: As for `faults_curve_figure`.
        name: Key of the fault.
    """
    if name not in found:
        return nothing(_WHAT)
    alone, all_of_them = (
        sum(found[key]["provenance"]["seconds"] for key in keys) / 60 for keys in ([name], found)
    )
    return Markdown(
        f"```bash\n.venv/bin/python -m replication faults {name}\n```\n\n"
        f"trains the nets with this fault again, {Training().seeds} seeds; it took {alone:.1f} "
        f"minutes. Without a name the command trains all {len(found)} kinds of nets in "
        f"{all_of_them:.0f} minutes."
    )


def fault_findings(found: Mapping[str, dict], name: str) -> Markdown:
    """Say what one fault led to, where it was found, and which test catches it.

    Args:
        found: As for `faults_curve_figure`.
        name: Key of the fault.
    """
    parts = [f"**Found in** {found_in(name)}."]
    if name in _shown(found):
        parts.append(
            "**What it does.** After training the true penalty is "
            f"{_compared(_ratio(found, name))}."
        )
    test = caught_by(name)
    if test:
        parts.append(f"**Caught by** `{test}`.")
    return Markdown(" ".join(parts))


def faults_in_short(found: Mapping[str, dict]) -> Markdown:
    """Sum up in how many nets a fault changes the true penalty, and what their loss curves show.

    Args:
        found: As for `faults_curve_figure`.
    """
    shown = _shown(found)
    if not shown:
        return nothing(_WHAT)
    ratios = [_ratio(found, name) for name in shown]
    larger, smaller = sum(r.low > 1 for r in ratios), sum(r.high < 1 for r in ratios)
    same = len(shown) - larger - smaller
    parts = [
        f"{count} {'fault makes' if count == 1 else 'faults make'} it {what}"
        for count, what in ((larger, "larger"), (smaller, "smaller"))
        if count
    ]
    parts += [f"for {same} our nets show no certain difference"] if same else []
    falling = sum(_falls(found[name]) for name in shown)
    all_fall = falling == len(shown)
    tells = "as it does with the right penalty" if all_fall else "in the others it does not"
    return Markdown(
        f"We trained small nets with {len(shown)} faults and measured the true penalty: "
        f"{', '.join(parts)}. The reconstruction error ends lower than it began in "
        f"{falling} of the {len(shown)}, {tells}."
    )


def _on_the_way(found: Mapping[str, dict], shown: Sequence[str]) -> str:
    """Say with which faults the mean reconstruction error rises from one epoch to the next."""
    rising = [
        f"*{TITLES[name]}*"
        for name in shown
        if np.diff(np.mean([run["reconstruction"] for run in found[name]["runs"]], axis=0)).max()
        > 0
    ]
    return f"On the way it rises with {together(rising)}." if rising else "It never rises."


def _falls(measured: dict) -> bool:
    """Whether the reconstruction error is smaller in the last epoch than in the first."""
    return all(run["reconstruction"][-1] < run["reconstruction"][0] for run in measured["runs"])


def _ratio(found: Mapping[str, dict], name: str) -> Estimate:
    """The true penalty with a fault over that of the right net, seed by seed."""
    fault, right = (
        np.array([run["jacobian"] for run in found[key]["runs"]]) for key in (name, FAULTS[name])
    )
    return geometric_mean_interval(fault / right)


def _compared(ratio: Estimate) -> str:
    times = f"{ratio.value:.2g} times that of the right net"
    if math.isnan(ratio.low):
        return times
    times += f" (95 % interval {ratio.low:.2g} to {ratio.high:.2g})"
    return f"{times}, no certain difference" if ratio.low <= 1 <= ratio.high else times


def _beside(found: Mapping[str, dict], name: str, value: Callable[[dict], float]) -> str:
    """Write the mean over seeds of what is taken from a run, and in brackets the right net's."""
    fault, right = (
        mean_interval(np.array([value(run) for run in found[key]["runs"]])).value
        for key in (name, FAULTS[name])
    )
    return f"{fault:.1f} ({right:.1f})"


def _error(run: dict) -> float:
    return run["error"]


def _last_reconstruction(run: dict) -> float:
    return run["reconstruction"][-1]


def _mean(measured: dict, what: str) -> Estimate:
    return mean_interval(np.array([run[what] for run in measured["runs"]]))


def _shown(found: Mapping[str, dict]) -> list[str]:
    """Faults that were measured, as was the net without them."""
    return [name for name in FAULTS if name in found and FAULTS[name] in found]
