"""Chains of digits as pictures, and what was measured of them over the step size."""

from collections.abc import Mapping, Sequence

import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from replication.measures.packing import unpack_rows
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, label
from replication.presentation.nothing import nothing
from replication.presentation.tables import explained, listed, wide
from replication.studies.pictures.pixels import draw_grey, tiled
from replication.studies.sampling.groups import Found, Group, choose, group, held_out
from replication.studies.sampling.plan import CONTROL, STEP_SIZES, Plan

_WHAT = "chains"
_REFERENCES = {"digits": "training digits", "shuffled": "noise"}
_PANELS = {
    "log_likelihood": "log-likelihood of held-out digits",
    "nearest": "distance to a training digit",
    "classes": "classes that a chain visits",
}


def chains_figure(found: Found, plan: Plan) -> Figure | Markdown:
    """Draw chains as rows of pictures: of the CAE around the chosen step size, and of the RBM.

    Args:
        found: What was measured.
        plan: Which steps are shown.
    """
    groups = _beside_the_chosen(group(found))
    if not groups:
        return nothing(_WHAT)
    chosen = choose(group(found))
    shape = next(iter(found.values()))["shape"]
    rows = (len(groups) + 1) // 2
    with canvas(rows, 2, figsize=(8.3, 2.75 * rows), style=None) as (figure, grid):
        for axes, one in zip(grid.flat, groups, strict=False):
            pictures = unpack_rows([text for row in one.pictures for text in row])
            columns = len(plan.shown_steps)
            draw_grey(axes, tiled(pictures.reshape(-1, *shape), columns))
            places = [(shape[1] + 2) * n + shape[1] / 2 for n in range(columns)]
            axes.set_xticks(places, [str(step) for step in plan.shown_steps], fontsize=8)
            axes.tick_params(length=0)
            axes.set_title(_name(one, chosen), fontsize=10)
        for axes in list(grid.flat)[len(groups) :]:
            axes.set_axis_off()
        figure.supxlabel("step of the chain", fontsize=9)
    return figure


def measures_figure(found: Found) -> Figure | Markdown:
    """Draw what was measured over the step size, beside the RBM, training digits and noise.

    Args:
        found: What was measured.
    """
    groups = group(found)
    chosen = choose(groups)
    if chosen is None:
        return nothing(_WHAT)
    # The sizes stand side by side: no scale has room for 0 and for factors.
    places = {size: place for place, size in enumerate(STEP_SIZES)}
    with canvas(1, len(_PANELS), figsize=(8.3, 3.2)) as (figure, grid):
        for axes, (what, title) in zip(grid, _PANELS.items(), strict=True):
            _draw_measure(axes, groups, what, found, places)
            axes.axvline(places[chosen.sigma], color="grey", linestyle=":", linewidth=1)
            axes.set_title(title, fontsize=9)
            axes.set_xticks(list(places.values()), [f"{size:g}" for size in places], fontsize=8)
        figure.supxlabel("step size σ", fontsize=10)
        handles = {line.get_label(): line for axes in grid for line in axes.get_lines()}
        named = {name: line for name, line in handles.items() if not str(name).startswith("_")}
        figure.legend(
            named.values(), named.keys(), loc="outside upper center", ncols=4, frameon=False
        )
    return figure


def measures_data(found: Found) -> pd.DataFrame:
    """Return what was measured of every net, a row for each of its step sizes.

    Args:
        found: What was measured.
    """
    rows = [
        {"samples of": name, **{key: value for key, value in sample.items() if key != "pictures"}}
        for name, entry in found.items()
        for sample in entry["samples"]
    ]
    return pd.DataFrame(rows)


def measures_table(found: Found) -> HTML | Markdown:
    """Show all that was measured, mean over nets.

    Args:
        found: What was measured.
    """
    groups = group(found)
    if not groups:
        return nothing(_WHAT)
    return wide(
        pd.DataFrame(
            {
                "samples of": _name(one, choose(groups)),
                "nets": str(len(one.samples)) if one.key not in _REFERENCES else "–",
                "log-likelihood, nats": _spread(one, "log_likelihood", ".1f"),
                "bandwidth": listed(one.values("bandwidth")),
                "distance to a training digit": _spread(one, "nearest", ".2f"),
                "classes visited": _spread(one, "classes", ".1f"),
                "steps that change the class, %": _spread(one, "changes", ".1f"),
            }
            for one in groups
        )
    )


def _beside_the_chosen(groups: Sequence[Group]) -> list[Group]:
    """The groups that are drawn: step sizes around the chosen one, and the RBM."""
    chosen = choose(groups)
    if chosen is None:
        return []
    sizes = [one for one in groups if one.step_size is not None and one.pictures]
    place = sizes.index(chosen)
    around = sizes[max(0, place - 1) : place + 2]
    return [*around, *(one for one in groups if one.step_size is None and one.pictures)]


def _draw_measure(
    axes: Axes, groups: Sequence[Group], what: str, found: Found, places: Mapping[float, int]
) -> None:
    walked = [one for one in groups if one.step_size is not None]
    sizes = [places[one.sigma] for one in walked]
    colour = COLOURS["cae"]
    for values in zip(*(one.values(what) for one in walked), strict=True):
        axes.plot(sizes, values, ".", color=colour, alpha=0.4, label="_nolegend_")
    axes.plot(sizes, [one.mean(what) for one in walked], color=colour, label=label("cae"))
    for one in groups:
        if one.step_size is not None or what not in one.samples[0]:
            continue
        copies = one.key == "digits" and what == "nearest"  # of themselves
        value = held_out(found) if copies else one.mean(what)
        name, colour, style = {
            "rbm": (label("rbm"), COLOURS["rbm"], "-"),
            "digits": ("digits", "black", "--"),
            "shuffled": ("noise", "grey", "-."),
        }[one.key]
        axes.plot([sizes[0], sizes[-1]], [value, value], style, color=colour, label=name)


def _name(one: Group, chosen: Group | None) -> str:
    if one.key in _REFERENCES:
        return _REFERENCES[one.key]
    if one.step_size is None:
        return label(one.key)
    end = {CONTROL: " (no noise)"}.get(one.step_size, "")
    if chosen is not None and one.step_size == chosen.step_size:
        end = " (chosen)"
    return f"{label(one.key)}, σ = {one.step_size:g}{end}"


def _spread(one: Group, what: str, form: str) -> str:
    """The mean, and below it the smallest and the largest where there are several nets."""
    if what not in one.samples[0]:
        return "–"
    values = one.values(what)
    ends = f"{min(values):{form}} to {max(values):{form}}" if len(values) > 1 else ""
    return explained(f"{one.mean(what):{form}}", ends)
