"""How good the best setting of a search is, by the number of settings that are tried."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.checks import check_choice
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS, ORDER
from replication.presentation.nothing import nothing
from replication.presentation.play.axis import Axis, nice_ticks
from replication.presentation.play.control import Control
from replication.presentation.play.plaything import plaything
from replication.presentation.tables import wide
from replication.studies.abstract_search import AbstractSearch
from replication.studies.best_of import SHARE, Best, best_of
from replication.studies.table1 import plan as version1
from replication.studies.table1_v2 import plan

_SEARCHES: Mapping[int, AbstractSearch] = {1: version1.SEARCH, 2: plan.SEARCH}
_START = 4  # settings at first
_GUESSING = 90.0  # error, percent, of a net that guesses one of ten classes, or of no net at all


def budget_play(version: int, dataset: str = "mnist") -> HTML | Markdown:
    """Let a reader draw how many settings are tried, and see how good the best of them is.

    The settings are the trials of the first round of the search, which are all of one length. They
    are drawn anew for each model, from its own. One whose training diverged counts as a net that
    guesses.

    Args:
        version: Version of the search of Table 1: 1 or 2.
        dataset: The data set.

    Raises:
        InputError: A name is unknown.
    """
    check_choice("version", str(version), [str(one) for one in _SEARCHES])
    check_choice("dataset", dataset, plan.DATASETS)
    search = _SEARCHES[version]
    found = _bests(search, dataset)
    if not found:
        return nothing(f"complete first rounds on {DATASETS[dataset]}")
    count = min(map(len, found.values()))
    start = min(_START, count)
    return plaything(
        "budget",
        f"budget-{version}-{dataset}",
        still=_still(found, start),
        text="Two diagrams. On the left a falling line for each model: the expected validation "
        "error of the best setting, over the number of settings that are tried. On the right a row "
        "for each model: a dot for that error at one number, and a bar for its interval.",
        caption=f"Move the number of settings that are tried for each model, out of the {count} of "
        f"“{search.rounds[0].name}” on {DATASETS[dataset]} (version {version} of the search). The "
        "dot is the validation error that the best of them can be expected to have, and the bar "
        f"holds it with a probability of {SHARE:.0%}. {_leaders(found, count)} The bars close at "
        "the end because nothing is left to draw, not because the search is then certain.",
        controls=[Control.over("settings tried", range(1, count + 1), start)],
        data={
            "axes": [axis.plain() for axis in (*_axes(found), _rows(found))],
            "models": [
                {
                    "name": plan.label(key),
                    "colour": _colour(key),
                    "mean": [best.mean for best in bests],
                    "low": [best.low for best in bests],
                    "high": [best.high for best in bests],
                    "texts": [_text(best) for best in bests],
                }
                for key, bests in found.items()
            ],
        },
        tables={f"The best of 1 to {count} settings, error in %": budget_table(found)},
    )


def budget_table(found: Mapping[str, Sequence[Best]]) -> HTML:
    """Show the best error by the number of settings.

    Args:
        found: Competitor -> the best of 1, 2, ... settings.
    """
    columns = {
        # In two lines, so that all models stand beside each other.
        plan.label(key): [_text(best).replace(" (", "<br>").rstrip(")") for best in bests]
        for key, bests in found.items()
    }
    count = min(map(len, found.values()))
    return wide(
        pd.DataFrame({"settings": [str(n + 1) for n in range(count)], **columns}), sentences=False
    )


def _bests(search: AbstractSearch, dataset: str) -> dict[str, list[Best]]:
    """The best of 1, 2, ... settings of every competitor whose first round is complete."""
    found = {}
    keys = [key for key in (*ORDER, plan.UNTRAINED) if key in search.arms]
    for key in keys:
        if not search.is_finished(dataset, key, 1):
            continue
        trials = search.read(search.trials(0, dataset, key))
        errors = [min(trial.valid_error, _GUESSING) for trial in trials]
        found[key] = [best_of(errors, n + 1) for n in range(len(errors))]
    return found


def _text(best: Best) -> str:
    return f"{best.mean:.2f} ({best.low:.2f} to {best.high:.2f})"


def _leaders(found: Mapping[str, Sequence[Best]], count: int) -> str:
    """Who has the smallest expected error with one setting, and with all."""
    one, all_ = (plan.label(min(found, key=lambda key: found[key][n].mean)) for n in (0, count - 1))
    first = f"With one setting the smallest expected error is that of {one}"
    if one == all_:
        return f"{first}, and so it is with all {count}."
    return f"{first}; with all {count} it is that of {all_}."


def _colour(key: str) -> str:
    colour = COLOURS.get(key, "#808080")
    return "currentColor" if colour == "#000000" else colour


def _axes(found: Mapping[str, Sequence[Best]]) -> tuple[Axis, Axis, Axis]:
    """Number of settings, expected error, and error with its interval."""
    count = min(map(len, found.values()))
    every = [best for bests in found.values() for best in bests]
    low, high = min(b.low for b in every), max(b.high for b in every)
    highest = max(b.mean for b in every)
    room = 0.05 * (highest - low)
    return (
        Axis(low=1, high=count, label="settings tried", ticks=nice_ticks(1, count)),
        Axis(
            low=low - room,
            high=highest + room,
            label="expected error of the best, %",
            ticks=nice_ticks(low - room, highest + room),
        ),
        Axis(
            low=low - room,
            high=high + room,
            label="validation error of the best, %",
            ticks=nice_ticks(low - room, high + room),
        ),
    )


def _rows(found: Mapping[str, Sequence[Best]]) -> Axis:
    """A row for each model, the first at the top."""
    count = len(found)
    marks = [(count - 1.0 - n, plan.label(key)) for n, key in enumerate(found)]
    return Axis(low=-0.6, high=count - 0.4, ticks=marks)


def _still(found: Mapping[str, Sequence[Best]], start: int) -> Figure:
    with canvas(1, 2, figsize=(8, 3.2)) as (figure, (left, right)):
        tried, expected, error = _axes(found)
        rows = _rows(found)
        for (key, bests), (row, _) in zip(found.items(), rows.ticks, strict=True):
            style: dict[str, Any] = {"color": COLOURS.get(key, "#808080")}
            left.plot(range(1, len(bests) + 1), [best.mean for best in bests], **style)
            best = bests[start - 1]
            right.plot([best.low, best.high], [row, row], linewidth=3, alpha=0.5, **style)
            right.plot([best.mean], [row], "o", **style)
        left.set(xlabel=tried.label, ylabel=expected.label)
        right.set(xlabel=error.label, title=f"{start} settings tried", ylim=(rows.low, rows.high))
        right.set_xlim(error.low, error.high)
        right.set_yticks([row for row, _ in rows.ticks], [name for _, name in rows.ticks])
    return figure
