"""How the benchmark's sets look, and how hard they are, with other choices of their recipes."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication.engine.records import Record
from replication.measures.packing import unpack_rows
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, COLUMNS, DATASETS
from replication.presentation.nothing import nothing
from replication.presentation.tables import explained, wide
from replication.studies.data.samples import recorded_sample
from replication.studies.generator.plan import EXPERIMENT, alternatives

TITLES: Mapping[str, str] = {
    "interpolation": "interpolation",
    "composite": "digit on background",
    "minimum_deviation": "least deviation of a patch",
    "margin": "margin of a photograph, pixels",
    "rectangle_side": "least side, pixels",
    "rectangle_difference": "least difference of sides, pixels",
    "rectangle_areas": "share of the picture covered",
}
_STYLES = {"cae-1": ("o", COLOURS["cae"]), "svm-rbf": ("s", "dimgrey")}
_WHAT = "runs on variants"


def missing_note(records: Sequence[Record], wanted: int) -> Markdown:
    """Say which scale the page shows, and how many runs on variants are still to be done.

    Args:
        records: Runs on variants, and those of Table 2.
        wanted: Number of runs on variants that there should be.
    """
    done = sum(record.experiment == EXPERIMENT for record in records)
    return Markdown(
        f"**Published scale.** Read from the records in the repository: {done} of {wanted} runs on "
        "variants have been done"
        + (
            "."
            if done == wanted
            else "; a set's variants wait until its two columns of Table 2 are searched."
        )
    )


def variant_pictures(dataset: str) -> Figure:
    """Show the first training pictures of a set, and below them those of each variant.

    Args:
        dataset: Name of the set.
    """
    names = {dataset: f"{DATASETS[dataset]}, our choices"} | {
        name: f"{TITLES[other.choice]}: {other.value}, not {other.ours}"
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
    return figure


def effects_figure(effects: pd.DataFrame) -> Figure | Markdown:
    """Draw the change of the test error with its interval, for each variant and column.

    Args:
        effects: What `replication.studies.generator.effects.generator_effects` returned.
    """
    if not len(effects):
        return nothing(_WHAT)
    places = list(dict.fromkeys(_places(effects)))
    with canvas(figsize=(8, 1.2 + 0.45 * len(places))) as (figure, axes):
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
            [f"{DATASETS[name]}: {TITLES[choice]} {value}" for name, choice, value in places],
        )
        axes.invert_yaxis()
        axes.set(xlabel="change of the test error, points (95 % interval)")
        axes.legend()
    return figure


def effects_table(effects: pd.DataFrame) -> HTML | Markdown:
    """Show the same in numbers, with both kinds of noise.

    Args:
        effects: As for `effects_figure`.
    """
    if not len(effects):
        return nothing(_WHAT)
    return wide(
        pd.DataFrame(
            {
                "set": DATASETS[row.dataset],
                "choice": explained(f"{TITLES[row.choice]}: {row.value}", f"instead of {row.ours}"),
                "column": COLUMNS[row.column],
                "error %, ours": f"{row.ours_error:.2f}",
                "error %, instead": f"{row.error:.2f}",
                "change, 95 % interval": explained(
                    f"{row.change:+.2f} [{row.low:+.2f}, {row.high:+.2f}]",
                    f"standard error {row.seed_error:.2f} from seeds, {row.test_error:.2f} from "
                    "the test set",
                ),
            }
            for row in effects.itertuples()
        ),
        sentences=False,
    )


def effects_headline(effects: pd.DataFrame) -> Markdown:
    """Say how many comparisons show a change, and where the largest one is.

    Args:
        effects: As for `effects_figure`.
    """
    if not len(effects):
        return nothing(_WHAT)
    moved = effects[(effects["low"] > 0) | (effects["high"] < 0)]
    largest = effects.loc[effects["change"].abs().idxmax()]
    return Markdown(
        f"{len(moved)} of {len(effects)} comparisons show that one open choice of a recipe moves "
        f"the test error. The largest change is {largest['change']:+.1f} points: "
        f"{COLUMNS[largest['column']]} on {DATASETS[largest['dataset']]}, with "
        f"{TITLES[largest['choice']]} {largest['value']} instead of {largest['ours']}. A printed "
        "error that differs from ours by no more than this may differ because of the recipe alone."
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
        moved = rows[(rows["low"] > 0) | (rows["high"] < 0)]
        line = (
            f"**{DATASETS[str(name)]}.** {len(moved)} of {len(rows)} comparisons show a change. "
            f"The largest is {largest['change']:+.2f} points, for {COLUMNS[largest['column']]} "
            f"with {TITLES[largest['choice']]} {largest['value']} instead of {largest['ours']}. "
        )
        errors = rows.pivot_table(
            index=["choice", "value"], columns="column", values=["ours_error", "error"], sort=False
        ).dropna()
        if len(errors):
            ours, others = (
                errors[kind, "cae-1"] < errors[kind, "svm-rbf"] for kind in ("ours_error", "error")
            )
            turned = [f"{TITLES[c]} {value}" for c, value in errors.index[ours != others]]
            better = COLUMNS["cae-1" if ours.iloc[0] else "svm-rbf"]
            line += f"{better} makes fewer mistakes with our choice and " + (
                f"no longer with {', '.join(turned)}." if turned else "with all others."
            )
        lines.append(line)
    return Markdown("\n".join(f"- {line}" for line in lines))


def _places(effects: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(effects["dataset"], effects["choice"], effects["value"], strict=True))
