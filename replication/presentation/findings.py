"""Sentences about outcomes, chosen by the numbers and never typed."""

import pandas as pd
from IPython.display import Markdown

from replication.presentation.labels import label


def table1_findings(comparison: pd.DataFrame, with_paper: bool = True) -> Markdown:
    """Say what the table shows: order of errors, smallest Jacobian, largest saturation.

    Args:
        comparison: What `compare` returned.
        with_paper: Compare with the paper as well; not at proof scale, where the data is another.
    """
    ours = comparison[comparison["seeds"] > 0].set_index("model")
    if "cae" not in ours.index or len(ours) < 2:
        return Markdown("*There is nothing to compare yet.*")
    lines = []
    others = ours.drop(index="cae")
    cae = ours.loc["cae"]

    tied: list[str] = []
    better: list[str] = []
    worse: list[str] = []
    for model, row in others.iterrows():
        # Two independent binomial intervals; the paired comparison of mistakes is sharper.
        margin = (cae["half_width"] ** 2 + row["half_width"] ** 2) ** 0.5
        gap = row["test_error"] - cae["test_error"]
        (tied if abs(gap) <= margin else worse if gap > 0 else better).append(label(str(model)))
    lines.append(
        f"**Error.** The CAE's classifier makes {cae['test_error']:.2f} % mistakes: "
        + "; ".join(
            f"{word} {', '.join(names)}"
            for word, names in (
                ("clearly better than", worse),
                ("clearly worse than", better),
                ("within the noise of the test set next to", tied),
            )
            if names
        )
        + "."
    )
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
