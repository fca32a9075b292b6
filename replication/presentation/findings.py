"""Sentences about outcomes, chosen by the numbers and never typed."""

import dataclasses
import html
from collections import Counter
from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication.engine.records import Record
from replication.presentation.labels import ORDER, label
from replication.presentation.nothing import nothing
from replication.verdicts.outcome import Outcome
from replication.verdicts.runs import Runs
from replication.verdicts.verdict import Verdict

OUTCOMES = {
    Outcome.REPRODUCED: "reproduced",
    Outcome.PARTLY: "reproduced in part",
    Outcome.NOT_REPRODUCED: "not reproduced",
    Outcome.CANNOT_TELL: "open",
    Outcome.NO_RECORDS: "without records",
}


def finding(*sentences: str) -> HTML:
    """Show what a page has found as its first line, larger than the text.

    Args:
        *sentences: One or two; empty ones are left out.
    """
    text = " ".join(sentence for sentence in sentences if sentence)
    return HTML(f'<p class="finding">{html.escape(text, quote=False)}</p>')


def together(names: Sequence[str]) -> str:
    """Write names one after the other, as in "AE, AE+wd and DAE-g".

    Args:
        names: At least one.
    """
    *others, end = names
    return f"{', '.join(others)} and {end}" if others else end


def tally(verdicts: Sequence[Verdict]) -> str:
    """Say in a sentence what came out of several claims.

    Args:
        verdicts: Those on the claims.
    """
    count = Counter(verdict.outcome for verdict in verdicts)
    if len(count) == 1 and len(verdicts) > 1:
        every = "Both" if len(verdicts) == 2 else f"All {len(verdicts)}"
        return f"{every} claims on this page are {OUTCOMES[verdicts[0].outcome]}."
    words = [
        f"{count[outcome]} {'is' if count[outcome] == 1 else 'are'} {word}"
        for outcome, word in OUTCOMES.items()
        if count[outcome]
    ]
    if not words:
        return ""
    if len(verdicts) == 1:
        return f"The claim on this page {words[0].removeprefix('1 ')}."
    return f"Of the {len(verdicts)} claims on this page {together(words)}."


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

    lines.append(_errors(records, cae["test_error"]))
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


@dataclasses.dataclass(frozen=True)
class Standing:
    """Where the CAE stands among the models of one data set, both kinds of noise counted.

    Attributes:
        worse: Labels of the models that make more mistakes than the CAE.
        better: Of those that make fewer.
        undecided: Of those whose difference to it could be chance.
    """

    worse: tuple[str, ...]
    better: tuple[str, ...]
    undecided: tuple[str, ...]

    @classmethod
    def of(cls, records: Sequence[Record]) -> "Standing":
        """Compare the test errors of the runs of one data set.

        Args:
            records: The runs; models that share no two seeds with the CAE are left out.
        """
        found: dict[str, list[str]] = {"worse": [], "better": [], "undecided": []}
        if records:
            evidence = Runs.gather(records, records[0].settings.dataset)
            for model in ORDER:
                if model == "cae" or not evidence.has(model, "cae"):
                    continue
                d = evidence.error_difference(model, "cae")
                where = "worse" if d.low > 0 else "better" if d.high < 0 else "undecided"
                found[where].append(label(model))
        return cls(**{where: tuple(names) for where, names in found.items()})


def _errors(records: Sequence[Record], error: float) -> str:
    """Sort the other models by their difference to the CAE."""
    standing = Standing.of(records)
    sorted_out = "; ".join(
        f"{word} {', '.join(names)}"
        for word, names in (
            ("fewer than", standing.worse),
            ("more than", standing.better),
            ("undecided against", standing.undecided),
        )
        if names
    )
    return f"**Error.** The CAE's classifier makes {error:.2f} % mistakes: " + (
        f"{sorted_out} (95 % intervals)."
        if sorted_out
        else "with one seed each, no ranking can be given."
    )
