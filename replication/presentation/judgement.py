"""Verdicts on the pages: a line for each claim, and the comparisons behind it."""

import html
from collections import Counter
from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication import paper
from replication.presentation.nothing import nothing
from replication.presentation.tables import wide
from replication.verdicts.outcome import Outcome
from replication.verdicts.report import agreement_text, interval_lines, marks_text, papers_text
from replication.verdicts.verdict import Part, Verdict

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
    """Show one row for each claim: what the paper says, the verdict, what the paper's numbers give.

    Args:
        verdicts: What `judge` returned, or some of it.
    """
    claims = {claim.number: claim for claim in paper.claims()}
    table = pd.DataFrame(
        {
            "Claim": str(v.claim),
            "verdict": outcome_text(v.outcome),
            "comparisons": agreement_text(v),
            "the paper's numbers, by our rules": "–"
            if v.papers_outcome is None
            else outcome_text(v.papers_outcome),
            "the paper says": claims[v.claim].text,
            "in": claims[v.claim].source,
            "no records of": ", ".join(v.missing),
        }
        for v in verdicts
    )
    # Where nothing is missing, a column that says so in every row only takes room.
    return wide(table if any(table["no records of"]) else table.drop(columns="no records of"))


def comparisons_table(
    verdicts: Sequence[Verdict],
    claims: Sequence[int] | None = None,
    dataset: str | None = None,
) -> HTML | Markdown:
    """Show each comparison: the paper's value, ours with its interval, the marks, the outcome.

    Below each comparison stands what reproduces it, below each outcome what else the interval says,
    and why a comparison enters no verdict.

    Args:
        verdicts: What `judge` returned.
        claims: Numbers of the claims to show; None shows all that have a comparison.
        dataset: Show the comparisons on this data set alone; None shows all.
    """
    rows = [
        {
            "Claim": str(v.claim),
            "comparison": _stacked(f"{part.statement} ({part.where})", part.rule.text, part.note),
            "paper": "–"
            if part.paper is None
            else _stacked(
                f"{part.paper.value:.3g}",
                "" if part.papers_outcome is None else outcome_text(part.papers_outcome),
            ),
            "ours": _stacked(
                *interval_lines(part.estimate, part.unit),
                f"from {part.estimate.covers}" if part.estimate.covers else "",
            ),
            "outcome": _stacked(_outcome(part), marks_text(part)),
        }
        for v in verdicts
        if claims is None or v.claim in claims
        for part in v.parts
        if dataset in (None, part.dataset)
    ]
    return wide(pd.DataFrame(rows), sentences=False) if rows else nothing("comparisons")


def verdict_lines(verdicts: Sequence[Verdict], claims: Sequence[int] | None = None) -> Markdown:
    """Say for each claim what came out, in a sentence that the verdict chooses.

    Args:
        verdicts: What `judge` returned.
        claims: Numbers of the claims to show; None shows all.
    """
    texts = {claim.number: claim.text for claim in paper.claims()}
    lines = []
    for verdict in verdicts:
        if claims is not None and verdict.claim not in claims:
            continue
        line = (
            f"- **Claim {verdict.claim}: {outcome_text(verdict.outcome)}.** "
            f"{texts[verdict.claim]} *{agreement_text(verdict).capitalize()}.*"
        )
        if note := papers_text(verdict):
            line += f" {note}"
        lines.append(line)
    return Markdown("\n".join(lines))


def score(verdicts: Sequence[Verdict]) -> Markdown:
    """Count the verdicts, and the comparisons that they rest on.

    Args:
        verdicts: What `judge` returned.
    """
    count = Counter(v.outcome for v in verdicts)
    counted = ", ".join(f"{count[o]} {o}" for o in Outcome if count[o])
    final = sum(v.is_final for v in verdicts)
    parts = Counter(part.outcome for v in verdicts for part in v.counted)
    agree, open_ = parts[Outcome.REPRODUCED], parts[Outcome.CANNOT_TELL]
    return Markdown(
        f"Of {len(verdicts)} claims: {counted}. "
        + (
            "All of these are final."
            if final == len(verdicts)
            else f"{final} of these are final; the others wait for further experiments."
        )
        + (
            f" Of the {parts.total()} comparisons behind them {agree} agree with the paper, "
            f"{parts.total() - agree - open_} do not, {open_} are open."
            if parts
            else ""
        )
    )


def _outcome(part: Part) -> str:
    if not part.is_papers:
        return f"({outcome_text(part.outcome)}) not the paper's: shown, not judged"
    if not part.counts:
        return f"({outcome_text(part.outcome)}) read apart: the paper's own number fails"
    return outcome_text(part.outcome)


def _stacked(first: str, *others: str) -> str:
    """Write a cell whose further lines are small; empty ones are left out."""
    small = "".join(f'<span class="aside">{html.escape(line)}</span>' for line in others if line)
    return f'<div class="sentence">{html.escape(first)}{small}</div>'
