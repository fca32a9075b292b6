"""Verdicts on the pages: a line for each claim, and the comparisons behind it."""

from collections import Counter
from collections.abc import Sequence

import pandas as pd
from IPython.display import HTML, Markdown

from replication import paper
from replication.presentation.fold import folded
from replication.presentation.nothing import nothing
from replication.presentation.tables import explained, wide
from replication.presentation.tabs import as_html
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


def sign(outcome: Outcome) -> str:
    """Return the sign of an outcome, so that colour is not needed to tell them apart."""
    return _SIGNS[outcome]


def outcome_text(outcome: Outcome) -> str:
    """Write an outcome with its sign."""
    return f"{sign(outcome)} {outcome}"


def comparisons_table(
    verdicts: Sequence[Verdict],
    claims: Sequence[int] | None = None,
    dataset: str | None = None,
) -> HTML | Markdown:
    """Show each comparison: the paper's value, ours with its interval, the outcome.

    Below each of these stands in small type what it rests on: the rule, what the rule says of the
    paper's own number, what the interval covers, the marks, and the remark. Comparisons that enter
    no verdict say why.

    Args:
        verdicts: What `judge` returned.
        claims: Numbers of the claims to show; None shows all that have a comparison.
        dataset: Show the comparisons on this data set alone; None shows all.
    """
    rows = [
        {
            "Claim": str(v.claim),
            "comparison": explained(
                f"{part.statement} ({part.where})", f"reproduced if {part.rule.text}", part.note
            ),
            "paper": explained(
                "–" if part.paper is None else f"{part.paper.value:.3g}",
                "" if part.papers_outcome is None else f"by the rule {sign(part.papers_outcome)}",
            ),
            "ours, 95 % interval": explained(
                *interval_lines(part.estimate, part.unit),
                f"of {part.estimate.covers}" if part.estimate.covers else "",
            ),
            "outcome": explained(_outcome(part), marks_text(part)),
        }
        for v in verdicts
        if claims is None or v.claim in claims
        for part in v.parts
        if dataset in (None, part.dataset)
    ]
    if not rows:
        return nothing("comparisons")
    table = pd.DataFrame(rows)
    # Where all are of one claim, its number in every row only takes room.
    return wide(table if table["Claim"].nunique() > 1 else table.drop(columns="Claim"), False)


def folded_comparisons(verdicts: Sequence[Verdict]) -> HTML | Markdown:
    """Show each claim's comparisons in a table that opens on a click.

    Args:
        verdicts: What `judge` returned; those without a comparison are left out.
    """
    titles = {claim.number: claim.title for claim in paper.claims()}
    tables = [
        as_html(
            folded(
                f"{v.claim}. {titles[v.claim]}: {outcome_text(v.outcome)} ({agreement_text(v)})",
                # A link to what is inside opens it; one to the whole would not.
                HTML(f'<div id="comparisons-{v.claim}">{comparisons_table([v]).data}</div>'),
            )
        )
        for v in verdicts
        if v.parts
    ]
    return HTML("".join(tables)) if tables else nothing("comparisons")


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
