"""Verdicts on the pages: a line for each claim, and the comparisons behind it."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication import paper
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.verdicts.outcome import Outcome
from replication.verdicts.report import interval_text
from replication.verdicts.verdict import Verdict

_SIGNS = {
    Outcome.REPRODUCED: "✔",
    Outcome.PARTLY: "◐",
    Outcome.NOT_REPRODUCED: "✘",
    Outcome.CANNOT_TELL: "?",
    Outcome.NO_RECORDS: "–",
}


def outcome_text(outcome: Outcome) -> str:
    """Write an outcome with a sign, so that colour is not needed to tell them apart."""
    return f"{_SIGNS[outcome]} {outcome}"


def claims_table(verdicts: Sequence[Verdict]) -> HTML:
    """Show one row for each claim: what the paper says, the verdict, what is still missing.

    Args:
        verdicts: What `judge` returned, or some of it.
    """
    claims = {claim.number: claim for claim in paper.claims()}
    return wide(
        pd.DataFrame(
            {
                "Claim": str(v.claim),
                "verdict": outcome_text(v.outcome),
                "the paper says": claims[v.claim].text,
                "in": claims[v.claim].source,
                "no records of": ", ".join(v.missing) or "nothing is missing",
            }
            for v in verdicts
        )
    )


def comparisons_table(
    verdicts: Sequence[Verdict],
    claims: Sequence[int] | None = None,
    dataset: str | None = None,
) -> HTML | Markdown:
    """Show each comparison: the paper's value, ours with its interval, the rule, the outcome.

    Args:
        verdicts: What `judge` returned.
        claims: Numbers of the claims to show; None shows all that have a comparison.
        dataset: Show the comparisons on this data set alone; None shows all.
    """
    rows = [
        {
            "Claim": str(v.claim),
            "comparison": f"{part.statement} ({part.where})",
            "paper": "–" if part.paper is None else f"{part.paper:.3g}",
            "ours, 95 % interval": interval_text(part.estimate, part.unit),
            "outcome": outcome_text(part.outcome),
            "counts as reproduced if": part.rule.text,
            "remark": part.note,
        }
        for v in verdicts
        if claims is None or v.claim in claims
        for part in v.parts
        if dataset in (None, part.dataset)
    ]
    if not rows:
        return nothing("comparisons")
    return wide(pd.DataFrame(rows))


def verdict_lines(verdicts: Sequence[Verdict], claims: Sequence[int]) -> Markdown:
    """Say for each claim what came out, in a sentence that the verdict chooses.

    Args:
        verdicts: What `judge` returned.
        claims: Numbers of the claims.
    """
    texts = {claim.number: claim.text for claim in paper.claims()}
    lines = []
    for verdict in verdicts:
        if verdict.claim not in claims:
            continue
        so_far = ", so far" if verdict.parts and not verdict.is_final else ""
        count = Counter(part.outcome for part in verdict.parts)
        counted = ", ".join(f"{count[o]} {o}" for o in Outcome if count[o])
        lines.append(
            f"- **Claim {verdict.claim}: {outcome_text(verdict.outcome)}{so_far}.** "
            f"{texts[verdict.claim]}"
            + (f" *Comparisons: {counted}.*" if len(verdict.parts) > 1 else "")
        )
    return Markdown("\n".join(lines))


def score(verdicts: Sequence[Verdict]) -> Markdown:
    """Count the verdicts in one sentence.

    Args:
        verdicts: What `judge` returned.
    """
    count = Counter(v.outcome for v in verdicts)
    counted = ", ".join(f"{count[o]} {o}" for o in Outcome if count[o])
    final = sum(v.is_final for v in verdicts)
    return Markdown(
        f"Of {len(verdicts)} claims: {counted}. "
        + (
            "All of these are final."
            if final == len(verdicts)
            else f"{final} of these are final; the others wait for further experiments."
        )
    )
