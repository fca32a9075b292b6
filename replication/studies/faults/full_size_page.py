"""The faults that were copied most, in runs of full size beside the right ones."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from replication.engine.records import Record
from replication.engine.settings import FAULTS, Settings
from replication.presentation.drawing import canvas
from replication.presentation.findings import together
from replication.presentation.labels import COLOURS
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.faults.small_nets import RIGHT
from replication.studies.faults.titles import TITLES
from replication.verdicts.report import interval_text
from replication.verdicts.runs import Runs

_WHAT = "runs of full size"
_COLOURS: Mapping[str, str] = dict(
    # The right one is the CAE of all other pages; the faults have colours that no model has.
    zip((RIGHT, *FAULTS), (COLOURS["cae"], "#8E6BBF", "#7F7F7F", "#A0702A"), strict=True)
)


def full_size_table(records: Sequence[Record]) -> HTML | Markdown:
    """Show the runs of full size: what each fault does to error, Jacobian and saturation.

    Differences of errors are taken on the same test examples.

    Args:
        records: Final runs of the CAE on one data set, right ones and ones with a fault.
    """
    evidence = _evidence(records)
    if evidence is None:
        return nothing(_WHAT)
    rows = []
    for name in evidence.runs:
        row = {
            "Penalty": _title(name),
            "test error, %": f"{evidence.mean(name, lambda r: r['test_error']).value:.2f}",
            "more than right, points": "–",
            "mean squared Jacobian entry": _mean(evidence, name, "jacobian_mean_square"),
            "times right": "–",
            "saturated units, %": _mean(evidence, name, "saturation"),
        }
        if name != RIGHT and evidence.has(name, RIGHT):
            more = evidence.error_difference(name, RIGHT)
            times = evidence.difference(
                name, RIGHT, lambda r: r["jacobian_mean_square"], ratio=True
            )
            row["more than right, points"] = interval_text(more)
            row["times right"] = interval_text(times)
        rows.append(row)
    return wide(pd.DataFrame(rows))


def full_size_curve_figure(records: Sequence[Record]) -> Figure | Markdown:
    """Draw the objective that each code reports while it pre-trains, its own penalty in it.

    Args:
        records: As for `full_size_table`.
    """
    evidence = _evidence(records)
    if evidence is None:
        return nothing(_WHAT)
    with canvas(figsize=(7, 3.6)) as (figure, axes):
        for name in evidence.runs:
            curve = _objective(evidence, name)
            epochs = np.arange(1, len(curve) + 1)
            style = "--" if name == RIGHT else "-"
            axes.plot(epochs, curve, style, color=_COLOURS[name], linewidth=1.8, label=_title(name))
        axes.set(xlabel="epoch of pre-training", ylabel="objective as coded, nats")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.legend(frameon=False)
    return figure


def full_size_curve_note(records: Sequence[Record]) -> Markdown:
    """Say with which penalties the objective that the code reports falls, and with which it rises.

    Args:
        records: As for `full_size_table`.
    """
    evidence = _evidence(records)
    if evidence is None:
        return nothing(_WHAT)
    turns: dict[str, list[str]] = {}
    for name in evidence.runs:
        curve = _objective(evidence, name)
        lowest = int(np.argmin(curve))
        what = (
            "falls to the last epoch"
            if lowest == len(curve) - 1
            else f"rises from epoch {lowest + 1} on"
        )
        turns.setdefault(what, []).append(f"*{_title(name)}*")
    return Markdown(
        " ".join(
            f"The reported objective {what} with {together(names)}."
            for what, names in turns.items()
        )
    )


def full_size_in_short(records: Sequence[Record]) -> Markdown:
    """Sum up what each fault costs in points of the test error.

    Args:
        records: As for `full_size_table`.
    """
    evidence = _evidence(records)
    if evidence is None:
        return nothing(_WHAT)
    gaps = {
        name: evidence.error_difference(name, RIGHT)
        for name in evidence.runs
        if name != RIGHT and evidence.has(name, RIGHT)
    }
    costs = [f"{_title(name)} {interval_text(gap)}" for name, gap in gaps.items()]
    certain = sum(gap.low > 0 for gap in gaps.values())
    return Markdown(
        "At full size, the test error with a fault less that with the right penalty, in points: "
        f"{'; '.join(costs)}. Brackets hold 95 % intervals, and {certain or 'none'} of "
        f"{len(gaps)} {'lies' if certain == 1 else 'lie'} above 0."
    )


def _objective(evidence: Runs, name: str) -> np.ndarray:
    """Mean objective of each epoch of pre-training the one layer, shape (epochs,)."""
    layers = [r.results["history"]["pretrain_loss"] for r in evidence.runs[name].values()]
    return np.mean([only for [only] in layers], axis=0)


def _evidence(records: Sequence[Record]) -> Runs | None:
    """The runs by their fault, the right one first; None if nothing has a fault."""

    def name_of(settings: Settings) -> str:
        return settings.fault or RIGHT

    if not any(record.settings.fault for record in records):
        return None
    evidence = Runs.gather(records, records[0].settings.dataset, name_of)
    ordered = {name: evidence.runs[name] for name in _COLOURS if name in evidence.runs}
    return Runs(evidence.dataset, ordered)


def _title(name: str) -> str:
    return RIGHT if name == RIGHT else TITLES[name]


def _mean(evidence: Runs, name: str, measure: str) -> str:
    return f"{evidence.mean(name, lambda r: r[measure]).value:.3g}"
