"""The spectrum of the encoder's Jacobian (Figure 2): curves, counts, and directions as pictures."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from IPython.display import HTML, Markdown
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record
from replication.measures.packing import unpack_rows
from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas, plot_mean
from replication.presentation.labels import COLOURS, DATASETS, ORDER, label
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.verdicts.spectrum import count_above

_MIDDLE = 50  # index at which the caption compares the models
_AXES = {"cifar-bw": ((0, 700), (0, 1.25))}  # as printed, where Figure 2 has the data set


def spectrum_figure(records: Sequence[Record], with_paper: bool = True) -> Figure | Markdown:
    """Draw the average spectrum of the Jacobian, model by model (Figure 2).

    Lines are means over seeds with a band of one standard deviation; dashed lines lie one standard
    deviation over examples above and below, and points are digitised from the paper's figure. On a
    data set that the paper does not show the vertical axis is logarithmic and shows all values
    above a hundredth.

    Args:
        records: Runs of one data set.
        with_paper: Show the paper's points where it has some for this data set, on its axes.
    """
    known = _with_spectrum(records)
    if not known:
        return nothing()
    dataset = known[0].settings.dataset
    with canvas(figsize=(8, 5)) as (figure, axes):
        for model in ORDER:
            ours = [r.results["spectrum"] for r in known if r.settings.model == model]
            if not ours:
                continue
            values = np.array([spectrum["singular_value"] for spectrum in ours])
            index = list(range(1, values.shape[1] + 1))
            mean = plot_mean(axes, index, values, label(model), COLOURS[model])
            examples = np.mean([spectrum["deviation"] for spectrum in ours], axis=0)
            for edge in (mean - examples, mean + examples):
                axes.plot(index, edge, color=COLOURS[model], linestyle="--", linewidth=0.6)
        if with_paper and dataset in _AXES:
            for model, points in paper.figure2().groupby("model"):
                axes.plot(
                    points["index"], points["singular_value"], "o", color=COLOURS[model],
                    markersize=4.5, markerfacecolor="none", label=f"_paper, {label(model)}",
                )  # fmt: skip
            axes.plot([], [], "o", color="grey", markerfacecolor="none", label="paper, digitised")
            axes.set(xlim=_AXES[dataset][0], ylim=_AXES[dataset][1])
        else:
            axes.set(yscale="log", xlim=(0, None), ylim=(0.01, None))
            axes.yaxis.set_major_formatter("{x:g}")
        axes.set(
            xlabel="index of the singular value",
            ylabel="singular value of the Jacobian",
            title=f"Spectrum of the Jacobian on {DATASETS[dataset]}",
        )
        figure.legend(loc="outside upper center", ncols=4, fontsize=9, frameon=False)
    return figure


def spectrum_drawing(records: Sequence[Record], with_paper: bool = True) -> HTML | Markdown:
    """Show the average spectra with what there is to see in them.

    Args:
        records: Runs of one data set.
        with_paper: As for `spectrum_figure`.
    """
    known = _with_spectrum(records)
    if not known:
        return nothing()
    dataset = known[0].settings.dataset
    printed = with_paper and dataset in _AXES
    middle = min(_MIDDLE, *(len(r.results["spectrum"]["singular_value"]) for r in known))
    caption = (
        "The earlier a line falls, the fewer directions the code follows. "
        f"Largest at the left end: {_extreme(known, 0)}; at index {middle}: "
        f"{_extreme(known, middle - 1)}. "
    )
    text = (
        "Line plot: the singular value of the Jacobian on the vertical axis "
        f"({'linear' if printed else 'logarithmic'}) against its index on the horizontal one, a "
        "line for each model with a band of one standard deviation over seeds, and dashed lines "
        "one standard deviation over examples above and below. "
    )
    if printed:
        caption += "Open circles are digitised from the paper's figure."
        text += "Open circles are the paper's points. "
    return captioned(
        spectrum_figure(records, with_paper),
        f"spectrum-{dataset}",
        caption.strip(),
        f"{text}The table below counts how many values are large.",
    )


def counts_table(records: Sequence[Record], with_paper: bool = True) -> HTML | Markdown:
    """Show how many singular values of each model lie above the thresholds, ours and the paper's.

    Args:
        records: Runs of one data set.
        with_paper: Show the paper's counts where it has some for this data set.
    """
    known = _with_spectrum(records)
    if not known:
        return nothing()
    printed = paper.counts()
    beside = with_paper and known[0].settings.dataset in _AXES
    rows = []
    for model in ORDER:
        ours = [r.results for r in known if r.settings.model == model]
        if not ours:
            continue
        row = {"Model": label(model)}
        for threshold in sorted(set(printed["threshold"]), reverse=True):
            if beside:
                cell = printed[(printed["model"] == model) & (printed["threshold"] == threshold)]
                row[f"above {threshold:g}, paper"] = (
                    ("more than " if cell["bound"].iloc[0] == "lower" else "")
                    + str(cell["count"].iloc[0])
                    if len(cell)
                    else "–"
                )
            row[f"above {threshold:g}, ours"] = _spread(
                [count_above(results, threshold) for results in ours]
            )
        largest = [results["spectrum"]["singular_value"][0] for results in ours]
        row["largest, ours"] = f"{np.mean(largest):.2f}"
        rows.append(row)
    return wide(pd.DataFrame(rows))


def directions_figure(
    records: Sequence[Record],
    models: Sequence[str] = ("ae", "cae"),
    most_examples: int | None = None,
    most_directions: int | None = None,
) -> Figure | Markdown:
    """Show examples and the leading singular directions there, as images.

    Red and blue are opposite signs; above each direction stands its singular value.

    Args:
        records: Runs of one data set; of each model the one with the smallest seed is shown.
        models: Keys of the models.
        most_examples: How many examples are shown; None shows all that are recorded.
        most_directions: The same of the directions of each.
    """
    shown = {
        model: min(
            (r for r in records if r.settings.model == model and r.results.get("directions")),
            key=lambda r: r.settings.seed,
            default=None,
        )
        for model in models
    }
    chosen = {model: record for model, record in shown.items() if record is not None}
    if not chosen:
        if not records:
            return nothing()
        return Markdown("*These runs were made before records held directions.*")
    examples = min(len(r.results["directions"]) for r in chosen.values())
    directions = min(len(r.results["directions"][0]["direction"]) for r in chosen.values())
    examples = min(examples, most_examples or examples)
    columns = 1 + min(directions, most_directions or directions)
    with canvas(
        examples * len(chosen),
        columns,
        squeeze=False,
        figsize=(1.15 * columns, 1.3 * examples * len(chosen)),
        style=None,
    ) as (figure, grid):
        for row, (example, model) in enumerate((e, m) for e in range(examples) for m in chosen):
            found = chosen[model].results["directions"][example]
            pictures = unpack_rows([found["example"], *found["direction"]])
            titles = [label(model), *(f"{value:.2f}" for value in found["singular_value"])]
            for column, axes in enumerate(grid[row]):
                side = round(pictures.shape[1] ** 0.5)
                axes.imshow(
                    pictures[column].reshape(side, side),
                    cmap="RdBu" if column else "gray",
                    vmin=-1 if column else 0,
                    vmax=1,
                )
                axes.set_title(titles[column], fontsize=9)
                axes.set_axis_off()
    return figure


def directions_drawing(records: Sequence[Record]) -> HTML | Markdown:
    """Show the leading directions of AE and CAE at two examples, with what there is to see.

    Args:
        records: Runs of one data set.
    """
    figure = directions_figure(records, most_examples=2)
    return captioned(
        figure,
        f"directions-{records[0].settings.dataset}" if records else "directions",
        "Two examples, and the directions in which AE and CAE react most to a change. Above each "
        "stands its singular value; red and blue are opposite signs, and the sign as a whole means "
        "nothing.",
        "Grid of images. Each row begins with an example; beside it stand the leading singular "
        "directions there, of the plain auto-encoder in the first row of an example and of the "
        "contractive one in the second, each with its singular value.",
        readable=False,
    )


def _extreme(known: Sequence[Record], index: int) -> str:
    """The model with the largest mean singular value at an index."""
    values = {
        model: np.mean(
            [
                r.results["spectrum"]["singular_value"][index]
                for r in known
                if r.settings.model == model
            ]
        )
        for model in ORDER
        if any(r.settings.model == model for r in known)
    }
    return label(max(values, key=lambda model: values[model]))


def _with_spectrum(records: Sequence[Record]) -> list[Record]:
    return [record for record in records if record.results.get("spectrum")]


def _spread(counts: Sequence[int]) -> str:
    mean = f"{np.mean(counts):.0f}"
    return mean if len(counts) == 1 else f"{mean} ± {np.std(counts, ddof=1):.0f}"
