"""How the benchmark's sets look, and how hard they are, with other choices of their recipes."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.engine.records import Record
from replication.measures.packing import unpack_rows
from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, COLUMNS, DATASETS
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.studies.data.samples import recorded_sample
from replication.studies.generator.plan import EXPERIMENT, alternatives

TITLES: Mapping[str, str] = {
    "interpolation": "interpolation",
    "composite": "digit on background",
    "minimum_deviation": "least deviation of a patch",
    "margin": "margin of a photograph",
    "rectangle_side": "least side",
    "rectangle_difference": "least difference of sides",
    "rectangle_areas": "share of the picture covered",
}
_IN_PIXELS = ("margin", "rectangle_side", "rectangle_difference")
_STYLES = {"cae-1": ("o", COLOURS["cae"]), "svm-rbf": ("s", "dimgrey")}
_WHAT = "runs on variants"


def missing_note(records: Sequence[Record], wanted: int) -> Markdown:
    """Say which scale the page shows, and how many runs on variants are still to be done.

    Args:
        records: Runs on variants, and those of Table 2.
        wanted: Number of runs on variants that there should be.
    """
    done = sum(record.experiment == EXPERIMENT for record in records)
    text = "**Published scale.** Read from the records in the repository"
    if done < wanted:
        text += (
            f": {done} of {wanted} runs on variants have been done. A set's variants wait until "
            "its two columns of Table 2 are searched"
        )
    return Markdown(f"{text}.")


def show_variants(dataset: str) -> HTML | Markdown:
    """Show the first training pictures of a set, and below them those of each variant.

    Args:
        dataset: Name of the set.
    """
    names = {dataset: f"{DATASETS[dataset]}, our choices"} | {
        name: f"{_named(other.choice, other.value)}, not {other.ours}"
        for name, other in alternatives(dataset).items()
    }
    rows = []
    for name in names:
        found = recorded_sample(name)
        pictures = unpack_rows(found["pictures"]).reshape(-1, *found["shape"])
        # A white frame, so that pictures do not run into each other.
        rows.append(np.hstack([np.pad(picture, 1, constant_values=1) for picture in pictures]))
    with canvas(len(rows), 1, figsize=(8, 0.95 * len(rows)), squeeze=False, style=None) as (
        figure,
        axes,
    ):
        for place, row, title in zip(axes[:, 0], rows, names.values(), strict=True):
            place.imshow(row, cmap="gray", vmin=0, vmax=1)
            place.set_title(title, fontsize=9, loc="left")
            place.set_axis_off()
    return captioned(
        figure,
        f"variants-{dataset}",
        f"{DATASETS[dataset]}: the first row has our choices, each row below it one other choice. "
        "Compare pictures that stand below each other.",
        f"{len(rows)} rows of small grey pictures of {DATASETS[dataset]}: "
        f"{'; '.join(names.values())}.",
        readable=False,
    )


def effects_figure(effects: pd.DataFrame) -> Figure | Markdown:
    """Draw the change of the test error with its interval, for each variant and column.

    Args:
        effects: What `replication.studies.generator.effects.generator_effects` returned.
    """
    if not len(effects):
        return nothing(_WHAT)
    places = list(dict.fromkeys(_places(effects)))
    with canvas(figsize=(8.3, 1.2 + 0.4 * len(places))) as (figure, axes):
        for shift, (column, (marker, colour)) in zip((-0.12, 0.12), _STYLES.items(), strict=True):
            shown = effects[effects["column"] == column]
            heights = [places.index(place) + shift for place in _places(shown)]
            axes.errorbar(
                shown["change"],
                heights,
                xerr=[shown["change"] - shown["low"], shown["high"] - shown["change"]],
                fmt=marker,
                color=colour,
                capsize=3,
                label=COLUMNS[column],
            )
        axes.axvline(0, color="black", linewidth=0.8)
        axes.set_yticks(
            range(len(places)),
            [f"{DATASETS[name]}: {_named(choice, value)}" for name, choice, value in places],
        )
        axes.invert_yaxis()
        axes.set(xlabel="change of the test error, points (95 % interval)")
        figure.legend(loc="outside upper center", ncols=2, frameon=False)
    return figure


def effects_table(effects: pd.DataFrame) -> HTML | Markdown:
    """Show the same in numbers.

    Args:
        effects: As for `effects_figure`.
    """
    if not len(effects):
        return nothing(_WHAT)
    return wide(
        pd.DataFrame(
            {
                "Set": DATASETS[row.dataset],
                "choice": TITLES[row.choice],
                "ours": row.ours,
                "instead": row.value,
                "column": COLUMNS[row.column],
                "error %, ours": f"{row.ours_error:.2f}",
                "instead, %": f"{row.error:.2f}",
                "change, 95 % interval": f"{row.change:+.2f} [{row.low:+.2f}, {row.high:+.2f}]",
            }
            for row in effects.itertuples()
        ),
        one_line=24,
    )


def effects_lines(effects: pd.DataFrame) -> Markdown:
    """Say for each set which choice matters most, and whether the order of the columns holds.

    Args:
        effects: As for `effects_figure`.
    """
    if not len(effects):
        return nothing(_WHAT)
    lines = []
    for name, rows in effects.groupby("dataset", sort=False):
        largest = rows.loc[rows["change"].abs().idxmax()]
        line = (
            f"**{DATASETS[str(name)]}.** {_moved(rows)} of {len(rows)} comparisons show a change. "
            f"The largest is {largest['change']:+.2f} points, for {COLUMNS[largest['column']]} "
            f"with {_named(largest['choice'], largest['value'])} instead of {largest['ours']}. "
        )
        cae_is_better, turned = _order(rows)
        if cae_is_better is not None:
            better = COLUMNS["cae-1" if cae_is_better else "svm-rbf"]
            line += f"{better} makes fewer mistakes with our choice and " + (
                f"no longer with {', '.join(turned)}." if turned else "with all others."
            )
        lines.append(line)
    return Markdown("\n".join(f"- {line}" for line in lines))


def effects_in_short(effects: pd.DataFrame) -> Markdown:
    """Count the changes, and the choices with which the other column is better.

    Args:
        effects: As for `effects_figure`.
    """
    if not len(effects):
        return nothing(_WHAT)
    largest = effects["change"].abs().max()
    orders = [_order(rows) for _, rows in effects.groupby("dataset", sort=False)]
    turned = sum(len(others) for _, others in orders)
    choices = len(effects[["dataset", "choice", "value"]].drop_duplicates())
    return Markdown(
        f"**{_moved(effects)} of {len(effects)} comparisons show a change of the test error, the "
        f"largest by {largest:.1f} points.** "
        + (
            f"With {turned} of the {choices} other choices the other method makes fewer mistakes."
            if turned
            else f"With none of the {choices} other choices the other method makes fewer mistakes."
        )
    )


def _moved(rows: pd.DataFrame) -> int:
    """Number of comparisons whose interval leaves out 0."""
    return int(((rows["low"] > 0) | (rows["high"] < 0)).sum())


def _order(rows: pd.DataFrame) -> tuple[bool | None, list[str]]:
    """Whether the CAE is better with our choice (None: unknown), and the choices that turn it."""
    errors = rows.pivot_table(
        index=["choice", "value"], columns="column", values=["ours_error", "error"], sort=False
    ).dropna()
    if not len(errors) or not {"cae-1", "svm-rbf"} <= set(rows["column"]):
        return None, []
    ours, others = (
        errors[kind, "cae-1"] < errors[kind, "svm-rbf"] for kind in ("ours_error", "error")
    )
    turned = [_named(choice, value) for choice, value in errors.index[ours != others]]
    return bool(ours.iloc[0]), turned


def _named(choice: str, value: str) -> str:
    """A choice with one of its values."""
    return f"{TITLES[choice]} {value}{' pixels' if choice in _IN_PIXELS else ''}"


def _places(effects: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(effects["dataset"], effects["choice"], effects["value"], strict=True))
