"""Sentences about outcomes, chosen by the numbers and never typed."""

from collections.abc import Sequence

import pandas as pd
from IPython.display import Markdown

from replication.engine.records import Record
from replication.presentation.labels import label
from replication.presentation.nothing import nothing
from replication.verdicts.runs import Runs


def table1_findings(
    records: Sequence[Record], comparison: pd.DataFrame, with_paper: bool = True
) -> Markdown:
    """Say what the table shows: order of errors, smallest Jacobian, largest saturation.

    Args:
        records: Runs of one data set.
        comparison: What `compare` returned for them.
        with_paper: Compare with the paper as well; not at proof scale, where the data is another.
    """
    ours = comparison[comparison["seeds"] > 0].set_index("model")
    if "cae" not in ours.index or len(ours) < 2:
        return nothing("comparisons")
    lines = []
    others = ours.drop(index="cae")
    cae = ours.loc["cae"]

    lines.append(_errors(records, cae["test_error"], list(map(str, others.index))))
    for measure, name, best, extreme in (
        ("jacobian_mean_square", "Jacobian", others["jacobian_mean_square"].min(), "smallest"),
        ("saturation", "Saturation", others["saturation"].max(), "largest"),
    ):
        first = cae[measure] < best if extreme == "smallest" else cae[measure] > best
        chosen = ours[measure].idxmin() if extreme == "smallest" else ours[measure].idxmax()
        lines.append(
            f"**{name}.** The {extreme} value is "
            + (
                "the CAE's, as in the paper."
                if first
                else f"{label(str(chosen))}'s, not the CAE's."
            )
        )
    known = ours.dropna(subset=["paper_jacobian_mean_square"])
    if with_paper and len(known):
        ratios = known["jacobian_mean_square"] / known["paper_jacobian_mean_square"]
        nearest, farthest = (
            (ratios - 1).abs().idxmin(),
            (ratios.map(lambda r: max(r, 1 / r))).idxmax(),
        )
        lines.append(
            f"**Against the paper's Jacobian column.** Nearest is {label(str(nearest))} "
            f"({ratios[nearest]:.2f} of the printed value), farthest {label(str(farthest))} "
            f"({ratios[farthest]:.2f})."
        )
    return Markdown("\n".join(f"- {line}" for line in lines))


def _errors(records: Sequence[Record], error: float, others: list[str]) -> str:
    """Sort the other models by their difference to the CAE, both kinds of noise counted."""
    evidence = Runs.gather(records, records[0].settings.dataset)
    better: list[str] = []
    worse: list[str] = []
    open_: list[str] = []
    for model in others:
        if not evidence.has(model, "cae"):
            continue
        d = evidence.error_difference(model, "cae")
        (worse if d.low > 0 else better if d.high < 0 else open_).append(label(model))
    sorted_out = "; ".join(
        f"{word} {', '.join(names)}"
        for word, names in (
            ("fewer than", worse),
            ("more than", better),
            ("undecided against", open_),
        )
        if names
    )
    return f"**Error.** The CAE's classifier makes {error:.2f} % mistakes: " + (
        f"{sorted_out} (95 % intervals)."
        if sorted_out
        else "with one seed each, no ranking can be given."
    )
