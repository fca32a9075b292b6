"""What lambda does to the Jacobian and to the bump of the contraction curve."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from replication import paper
from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.findings import together
from replication.presentation.labels import COLOURS, DATASETS
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding
from replication.studies.table1.plan import DATASETS as SETS
from replication.verdicts.curve import peak_radius

_STYLES = dict(zip(SETS, ("-", "--"), strict=True))


def by_strength(trials: Sequence[Record], dataset: str) -> pd.DataFrame:
    """Take for each lambda the CAE that was trained longest and has the lowest validation error.

    Args:
        trials: Trials of Table 1.
        dataset: The data set.

    Returns:
        One row for each lambda, ascending: contraction, jacobian (mean squared entry), bump (radius
        at which the contraction ratio is largest), epochs (of pre-training).
    """
    rows = []
    for record in trials:
        settings = record.settings
        if (settings.dataset, settings.model) != (dataset, "cae") or record.results.diverged:
            continue
        rows.append(
            {
                "contraction": settings.contraction,
                "jacobian": record.results["jacobian_mean_square"],
                "bump": peak_radius(record.results["curve"]),
                "epochs": settings.pretrain_epochs,
                "error": record.results["valid_error"],
            }
        )
    table = pd.DataFrame(rows, columns=["contraction", "jacobian", "bump", "epochs", "error"])
    ordered = table.sort_values(["epochs", "error"], ascending=[False, True])
    return ordered.groupby("contraction", as_index=False).first().drop(columns="error")


def strength_finding(trials: Sequence[Record], chosen: dict[str, float]) -> Finding:
    """Say which lambda comes nearest to the paper's Jacobian, and which one to its bump.

    Args:
        trials: Trials of Table 1.
        chosen: Data set -> the lambda that the search chose.
    """
    tables = {name: by_strength(trials, name) for name in SETS}
    tables = {name: table for name, table in tables.items() if len(table) > 1}
    if not tables:
        return Finding(name="strength", figure=nothing("trials"))
    printed = paper.table1().set_index(["dataset", "model"])["jacobian_mean_square"]
    peaks = paper.peaks()
    peaks = peaks[peaks["source"] == "Figure 1"].set_index("dataset")
    steady = all(
        (np.diff(t["bump"]) >= 0).all() and (np.diff(t["jacobian"]) < 0).all()
        for t in tables.values()
    )
    nearest = {
        name: (
            _nearest(t["jacobian"], printed[name, "cae"]),
            _nearest(t["bump"], _drawn(peaks, name)),
        )
        for name, t in tables.items()
    }
    alike = [DATASETS[name] for name, (first, second) in nearest.items() if first == second]
    epochs = pd.concat([table["epochs"] for table in tables.values()])
    return Finding(
        name="strength",
        headline=_headline(alike, [DATASETS[name] for name in tables]),
        sentences=(
            *(
                _sentence(name, table, nearest[name], printed[name, "cae"], peaks, chosen.get(name))
                for name, table in tables.items()
            ),
            "The larger λ, the more the encoder contracts and the farther away the bump lies."
            if steady
            else "λ moves the Jacobian and the bump, though not steadily.",
        ),
        figure=_figure(tables, printed, peaks),
        caption="Left, the Jacobian; right, where the contraction curve has its bump. Grey is what "
        "the paper prints or draws: a λ that explains both has both its points on grey. Each point "
        "is the λ's longest trial with the lowest validation error; their pre-training took "
        f"{epochs.min()} to {epochs.max()} epochs, so λ is not all that differs.",
        text="Two panels over lambda on a logarithmic axis, a line for each data set: the mean "
        "squared Jacobian entry of the CAE, and the radius at which its contraction ratio is "
        "largest, each with the paper's value in grey.",
    )


def _figure(tables: dict[str, pd.DataFrame], printed: pd.Series, peaks: pd.DataFrame) -> Figure:
    with canvas(1, 2, figsize=(9, 3.6)) as (figure, (left, right)):
        for name, table in tables.items():
            style = {"color": COLOURS["cae"], "linestyle": _STYLES[name], "marker": "o"}
            left.plot(table["contraction"], table["jacobian"], label=DATASETS[name], **style)
            right.plot(table["contraction"], table["bump"], label=DATASETS[name], **style)
            for axes, low, high in (
                (left, printed[name, "cae"], printed[name, "cae"]),
                (right, *peaks.loc[name, ["radius_low", "radius_high"]]),
            ):
                if low < high:
                    axes.axhspan(low, high, color="grey", alpha=0.25, linewidth=0)
                    axes.text(
                        0.02, (low + high) / 2, f"the paper's, {DATASETS[name]}", fontsize=8,
                        va="center", color="dimgrey", transform=axes.get_yaxis_transform(),
                    )  # fmt: skip
                else:
                    axes.plot(
                        table["contraction"].iloc[[0, -1]], [low, low], color="grey", alpha=0.6,
                        linestyle=_STYLES[name], linewidth=2, label=f"_paper, {DATASETS[name]}",
                    )  # fmt: skip
        left.set(xscale="log", yscale="log", xlabel="λ", ylabel="mean squared Jacobian entry")
        right.set(xscale="log", xlabel="λ", ylabel="distance at which the ratio peaks")
        left.plot([], [], color="grey", linewidth=4, alpha=0.4, label="the paper's CAE")
        left.legend(fontsize=9)
    return figure


def _drawn(peaks: pd.DataFrame, dataset: str) -> float:
    """The middle of the range in which the paper draws the bump."""
    return float(peaks.loc[dataset, ["radius_low", "radius_high"]].mean())


def _nearest(values: pd.Series, target: float) -> int:
    """Which of some positive values is nearest to another one, as a ratio."""
    return int(np.log(values / target).abs().idxmin())


def _headline(alike: list[str], every: list[str]) -> str:
    """On which data sets one lambda comes nearest to both."""
    if not alike:
        return "No λ comes nearest to both the paper's Jacobian and its bump."
    where = "" if alike == every else f" on {together(alike)} alone"
    return f"One λ comes nearest to both the paper's Jacobian and its bump{where}."


def _sentence(
    dataset: str,
    table: pd.DataFrame,
    nearest: tuple[int, int],
    printed: float,
    peaks: pd.DataFrame,
    chosen: float | None,
) -> str:
    """What comes nearest to the paper's values on one data set, and what the search chose."""
    low, high = peaks.loc[dataset, ["radius_low", "radius_high"]]
    by_jacobian, by_bump = (table.loc[index] for index in nearest)
    text = (
        f"On {DATASETS[dataset]} λ = {by_jacobian['contraction']:g} comes nearest to the Jacobian "
        f"({by_jacobian['jacobian']:.2g}, printed {printed:.2g}), and "
        f"{'it' if nearest[0] == nearest[1] else 'λ = ' + format(by_bump['contraction'], 'g')} "
        f"to the bump (at {by_bump['bump']:.1f}, drawn at {low:g} to {high:g})."
    )
    if chosen is None:
        return text
    same = chosen in (by_jacobian["contraction"], by_bump["contraction"])
    return (
        f"{text} The search, which looks at validation errors alone, chose "
        f"{'' if same else 'another one, '}λ = {chosen:g}."
    )
