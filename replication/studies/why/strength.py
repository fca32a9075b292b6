"""What lambda does to the Jacobian and to the bump of the contraction curve."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from replication import paper
from replication.engine.records import Record
from replication.presentation.drawing import canvas
from replication.presentation.labels import COLOURS, DATASETS
from replication.presentation.nothing import nothing
from replication.studies.finding import Finding
from replication.studies.table1.plan import DATASETS as SETS

_STYLES = dict(zip(SETS, ("-", "--"), strict=True))


def by_strength(trials: Sequence[Record], dataset: str) -> pd.DataFrame:
    """Take for each lambda the CAE that was trained longest and has the lowest validation error.

    Args:
        trials: Trials of Table 1.
        dataset: The data set.

    Returns:
        One row for each lambda, ascending: contraction, jacobian (mean squared entry), bump (radius
        at which the contraction ratio is largest).
    """
    rows = []
    for record in trials:
        settings = record.settings
        if (settings.dataset, settings.model) != (dataset, "cae") or record.results.diverged:
            continue
        curve = record.results["curve"]
        rows.append(
            {
                "contraction": settings.contraction,
                "jacobian": record.results["jacobian_mean_square"],
                "bump": curve["radius"][int(np.argmax(curve["ratio"]))],
                "order": (-settings.pretrain_epochs, record.results["valid_error"]),
            }
        )
    table = pd.DataFrame(rows, columns=["contraction", "jacobian", "bump", "order"])
    best = table.sort_values("order").groupby("contraction", as_index=False).first()
    return best.drop(columns="order")


def strength_finding(trials: Sequence[Record], chosen: dict[str, float]) -> Finding:
    """Say where lambda puts Jacobian and bump, and which lambda meets the paper's.

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
    steady = all(
        (np.diff(t["bump"]) >= 0).all() and (np.diff(t["jacobian"]) < 0).all()
        for t in tables.values()
    )
    return Finding(
        name="strength",
        headline="λ decides how much the encoder contracts and where the bump lies."
        if steady
        else "λ moves the Jacobian and the bump, though not steadily.",
        sentences=tuple(_sentence(n, t, peaks, chosen.get(n)) for n, t in tables.items()),
        figure=figure,
        caption="Left, the Jacobian falls as λ grows; right, the bump of the contraction curve "
        "moves away from the data. Grey is what the paper prints or draws: one λ need not meet "
        "both. Each point is the trial with the lowest validation error among the longest ones.",
        text="Two panels over lambda on a logarithmic axis, a line for each data set: the mean "
        "squared Jacobian entry of the CAE, and the radius at which its contraction ratio is "
        "largest, each with the paper's value in grey.",
    )


def _sentence(dataset: str, table: pd.DataFrame, peaks: pd.DataFrame, chosen: float | None) -> str:
    first, last = table.iloc[0], table.iloc[-1]
    low, high = peaks.loc[dataset, ["radius_low", "radius_high"]]
    nearest = table.loc[(table["bump"] - (low + high) / 2).abs().idxmin()]
    text = (
        f"On {DATASETS[dataset]} the largest ratio lies at distance {first['bump']:g} for "
        f"λ = {first['contraction']:g} and at {last['bump']:g} for λ = {last['contraction']:g}; "
        f"the paper draws it at {low:g} to {high:g}, which λ = {nearest['contraction']:g} comes "
        f"nearest to ({nearest['bump']:g})."
    )
    if chosen is None:
        return text
    return text + (
        " The search, which looks at validation errors alone, chose the same λ."
        if chosen == nearest["contraction"]
        else f" The search, which looks at validation errors alone, chose λ = {chosen:g}."
    )
