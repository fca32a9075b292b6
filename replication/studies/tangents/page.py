"""The page of the study: tangents as pictures, and a table of few labels."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication import successor
from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.kinds import kind_of
from replication.measures.packing import unpack_rows
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS
from replication.presentation.nothing import nothing
from replication.presentation.tables import explained, wide
from replication.studies.collect import collect, collect_finals
from replication.studies.pictures.pixels import draw_grey, draw_signed
from replication.studies.selection import Choice
from replication.studies.table1 import plan as table1
from replication.studies.tangents.gains import Gain
from replication.studies.tangents.plan import COUNTS, DATASET, LABELS, STUDY
from replication.verdicts.estimate import Estimate

_STEP = 3.0  # t in x + t u; other digits lie about 10 away
_SHOWN = ("cae", "ae")
_TANGENTS = 2  # of each example
_WORDS = {"lower": "lowers", "higher": "raises"}


def pictured(scale: str) -> list[Record]:
    """Get a run of the CAE and of the plain auto-encoder, whose directions are shown.

    Args:
        scale: "proof" trains small ones now; else those of Table 1 are read.
    """
    if scale != "proof":
        return collect_finals(table1.STUDY, (DATASET,), "published", 1, _SHOWN)[0]
    small = table1.STUDY.proof_runs(1, _SHOWN)
    # A picture needs no classifier.
    runs = [dataclasses.replace(settings, finetune_epochs=0) for settings in small]
    return collect(runs, STUDY.experiment, scale)


def tangents_figure(records: Sequence[Record]) -> Figure | Markdown:
    """Draw examples, their first tangents, and what a step along them makes of the example.

    Args:
        records: What `pictured` returned.
    """
    found = {r.settings.model: r.results["directions"] for r in records}
    if not set(_SHOWN) <= set(found):
        return nothing("recorded directions")
    rows = [(n, model) for n in range(len(found[_SHOWN[0]])) for model in _SHOWN]
    columns = 1 + 3 * _TANGENTS
    size = (1.15 * columns, 1.25 * len(rows))
    with canvas(len(rows), columns, figsize=size, squeeze=False, style=None) as (figure, grid):
        for (n, model), axes in zip(rows, grid, strict=True):
            one = found[model][n]
            [example] = unpack_rows([one["example"]])
            directions = unpack_rows(one["direction"][:_TANGENTS])
            _show(axes[0], example, kind_of(model).label)
            for k, direction in enumerate(directions):
                # Packed, a direction has lost its length.
                u = direction / np.linalg.norm(direction)
                first = 1 + 3 * k
                _show(axes[first], example - _STEP * u, f"x − {_STEP:g} u")
                _show(axes[first + 1], direction, f"u, {k + 1}", signed=True)
                _show(axes[first + 2], example + _STEP * u, f"x + {_STEP:g} u")
    return figure


def labels_figure(found: Sequence[Gain]) -> Figure | Markdown:
    """Draw test errors over the number of labels, with those that the paper prints.

    Args:
        found: What `gains` returned.
    """
    if not found:
        return nothing()
    printed = successor.tangents()
    with canvas(figsize=(6.5, 3.6)) as (figure, axes):
        for colour, model, arm, name in (
            ("dimgrey", "cae-h", "plain", "without tangents"),
            (COLOURS["cae"], "mtc", "tangents", "with tangents"),
        ):
            estimates = [getattr(gain, arm) for gain in found]
            values = np.array([estimate.value for estimate in estimates])
            ends = np.nan_to_num([[abs(e.low - e.value), abs(e.high - e.value)] for e in estimates])
            labels = [gain.labels for gain in found]
            axes.errorbar(labels, values, yerr=ends.T, color=colour, marker="o", capsize=3,
                          label=f"ours, {name}")  # fmt: skip
            rows = printed[(printed["model"] == model) & (printed["labels"] != "all")]
            axes.plot(rows["labels"].astype(int), rows["test_error"], "o", mfc="none",
                      color=colour, label=f"printed, {name}")  # fmt: skip
        axes.set(xscale="log", yscale="log", xlabel="labels", ylabel="test error, %")
        axes.set_xticks(LABELS, [f"{labels:,}" for labels in LABELS])
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_formatter("{x:g}")
        axes.minorticks_off()
        axes.set_yticks([2, 3, 5, 10, 20])
        axes.legend(frameon=False, fontsize=9)
    return figure


def labels_table(found: Sequence[Gain]) -> HTML | Markdown:
    """Show the test errors of both arms, what the tangents gain, and what the paper prints.

    Args:
        found: What `gains` returned.
    """
    if not found:
        return nothing()
    rows = []
    for gain in found:
        without, with_them = (_printed(gain.labels, model) for model in ("cae-h", "mtc"))
        rows.append(
            {
                "Labels": f"{gain.labels:,}",
                "drawings": str(gain.drawings),
                "without tangents, %": _cell(gain.plain),
                "with tangents, %": _cell(gain.tangents),
                "gain, points": _cell(gain.gain, sign="+"),
                "printed: CAE+H, %": f"{without:g}",
                "printed: with tangents, %": f"{with_them:g}",
                "printed gain, points": f"{without - with_them:+.2f}",
            }
        )
    return wide(pd.DataFrame(rows))


def gain_lines(found: Sequence[Gain]) -> Markdown:
    """Say for each number of labels what tangents do to the error.

    Args:
        found: What `gains` returned.
    """
    if not found:
        return nothing()
    return Markdown("\n".join(f"- {_line(gain)}" for gain in found))


def lead(found: Sequence[Gain]) -> str:
    """Say in a sentence with how many numbers of labels tangents help; empty without runs.

    Args:
        found: What `gains` returned.
    """
    total = len(found)
    counts = {v: sum(gain.verdict == v for gain in found) for v in ("lower", "higher", "open")}
    for verdict, word in _WORDS.items():
        if counts[verdict] == total > 0:
            every = f"every number of labels ({total})"
            return f"Tangent propagation {word} the test error with {every}."
    if not found:
        return ""
    return (
        f"Tangent propagation was tried with {total} numbers of labels: it lowers the test error "
        f"for {counts['lower'] or 'none'} of them, raises it for {counts['higher'] or 'none'}, and "
        f"for {counts['open'] or 'none'} the runs cannot tell."
    )


def in_short(found: Sequence[Gain]) -> Markdown:
    """Say with how many numbers of labels tangents help, and whether as in the paper.

    Args:
        found: What `gains` returned.
    """
    if not found:
        return nothing()
    if len(found) == 1:
        return Markdown(_line(found[0]))
    best = max(found, key=lambda gain: gain.gain.value)
    text = f"**{lead(found)}** "
    if best.gain.value > 0:
        text += f"Its largest gain is {best.gain.value:.2f} points, with {best.labels:,} labels. "
    else:
        text += "It gains nothing on average with any of them. "
    printed = [_printed(one.labels, "cae-h") - _printed(one.labels, "mtc") for one in found]
    gained = sum(gain > 0 for gain in printed)
    text += f"The tangent paper prints a gain for {gained or 'none'} of these {len(found)}."
    return Markdown(f"{text} {_beside_the_paper(found)}")


def _beside_the_paper(found: Sequence[Gain]) -> str:
    """Say how far our errors with tangents lie from the printed ones, which have other encoders."""
    above = [one.tangents.value - _printed(one.labels, "mtc") for one in found]
    nearest, farthest = min(above, key=abs), max(above, key=abs)
    if min(above) > 0:
        where = "above"
    elif max(above) < 0:
        where = "below"
    else:
        return "Its errors with tangents lie on both sides of ours."
    return (
        f"Our errors with tangents are {abs(nearest):.1f} to {abs(farthest):.1f} points {where} "
        "the printed ones, which come from other encoders."
    )


def chosen_table() -> HTML | Markdown:
    """Show what the search chose for each arm, with the validation error it was chosen by."""
    chosen = STUDY.chosen(DATASET)
    if not chosen:
        return nothing("settings chosen")
    rows = []
    for key, arm in STUDY.search.arms.items():
        if key in chosen:
            s: Settings = chosen[key].settings
            rows.append(
                {
                    "Labels": f"{arm.fixed['finetune_examples']:,}",
                    "tangents": str(s.tangents) if s.tangents else "none",
                    "weight β": f"{s.tangent_weight:g}" if s.tangents else "–",
                    "learning rate": f"{s.finetune_learning_rate:g}",
                    "validation error, %": f"{chosen[key].valid_error:.2f}",
                }
            )
    return wide(pd.DataFrame(rows))


def edges_line(chosen: Mapping[str, Choice]) -> Markdown:
    """Say in how many choices the rate or the weight is the smallest or largest that was tried.

    Only two numbers of tangents were tried, so each choice has one of the outermost.

    Args:
        chosen: Arm -> what was chosen for it.
    """
    if not chosen:
        return nothing("settings chosen")
    outermost = 0
    for key, choice in chosen.items():
        tried = STUDY.search.arms[key].tried
        outermost += any(
            getattr(choice.settings, name) in (min(values), max(values))
            for name in ("finetune_learning_rate", "tangent_weight")
            if (values := [one[name] for one in tried if name in one])
        )
    return Markdown(
        f"In {outermost or 'none'} of {len(chosen)} choices the rate or the weight is the smallest "
        "or the largest that was tried. A longer search may find better settings there, in either "
        f"arm. Only {' and '.join(map(str, COUNTS))} tangents were tried."
    )


def _printed(labels: int, model: str) -> float:
    """The printed error; there is one for each of our numbers of labels."""
    value = successor.printed_error(labels, model)
    return math.nan if value is None else value


def _line(gain: Gain) -> str:
    """What tangents do with one number of labels."""
    said = f"**{gain.labels:,} labels.** "
    points = f"{abs(gain.gain.value):.2f} points"
    if gain.drawings == 1:
        more = "fewer" if gain.gain.value > 0 else "more"
        return f"{said}On the one drawing so far there are {points} {more} mistakes with tangents."
    interval = f"[{gain.gain.low:+.2f}, {gain.gain.high:+.2f}]"
    if gain.verdict == "open":
        return (
            f"{said}{gain.drawings} drawings cannot tell: the mean gain is {gain.gain.value:+.2f} "
            f"points, {interval}."
        )
    return (
        f"{said}Tangent propagation {_WORDS[gain.verdict]} the error by {points}, {interval} over "
        f"{gain.drawings} drawings."
    )


def _cell(estimate: Estimate, sign: str = "") -> str:
    value = f"{estimate.value:{sign}.2f}"
    if math.isnan(estimate.low):
        return explained(value, "one drawing, no interval")
    return explained(value, f"{estimate.low:{sign}.2f} to {estimate.high:{sign}.2f}")


def _show(axes: Axes, picture: np.ndarray, title: str, signed: bool = False) -> None:
    side = round(len(picture) ** 0.5)
    (draw_signed if signed else draw_grey)(axes, picture.reshape(side, side))
    axes.set_title(title, fontsize=9)
