"""Every claim at one glance: verdict, the paper's value and ours, how to run it again."""

import html
from collections.abc import Sequence

from IPython.display import HTML

from replication import paper
from replication.engine.costs import total_seconds
from replication.engine.records import Record
from replication.presentation.judgement import outcome_text
from replication.studies.arguments.small_nets import RECORDED as ARGUMENTS
from replication.studies.catalogue import CLAIMS
from replication.studies.speed.recorded import SOURCE as SPEEDS
from replication.verdicts.evidence import Evidence
from replication.verdicts.report import agreement_text, interval_text
from replication.verdicts.verdict import Part, Verdict

_HEADS = (
    "claim",
    "verdict",
    "the paper by the same rules",
    "measured, with 95 % interval",
    "run it again",
)


def scoreboard(verdicts: Sequence[Verdict], evidence: Evidence) -> HTML:
    """Show one row for each claim, with its first comparison on each data set.

    On a narrow screen each row becomes a card. What `book/static/filter.js` filters by stands in
    attributes of the rows: the verdict, where the paper makes the claim, the data sets.

    Args:
        verdicts: What `judge` returned.
        evidence: What it was given, for what that cost.
    """
    claims = {claim.number: claim for claim in paper.claims()}
    rules = {rule.claim: rule for rule in CLAIMS}
    rows = []
    for v in verdicts:
        claim = claims[v.claim]
        shown = list({part.dataset: part for part in reversed(v.counted)}.values())[::-1]
        rest = len(v.parts) - len(shown)
        compared = [_comparison(part) for part in shown]
        if rest:
            compared.append(f'<a href="#comparisons-{v.claim}">and {rest} more</a>')
        if v.missing:
            compared.append(f"no records of: {', '.join(v.missing)}")
        commands = [f"<code>{html.escape(c)}</code>" for c in rules[v.claim].commands]
        cells = (
            f'<a href="{rules[v.claim].page}.html">{v.claim}. {html.escape(claim.title)}</a>'
            f"<details><summary>in full</summary>{html.escape(claim.text)} "
            f"({claim.source})</details>",
            f"{outcome_text(v.outcome)}<div>{agreement_text(v)}</div>",
            "–" if v.papers_outcome is None else outcome_text(v.papers_outcome),
            _lines(compared),
            _lines([*commands, *_costs(v.parts, evidence)]),
        )
        places = "|".join(dict.fromkeys(part.where for part in v.parts))
        rows.append(
            f'<tr id="claim-{v.claim}" data-verdict="{v.outcome}" '
            f'data-source="{html.escape(claim.source)}" data-on="{html.escape(places)}">'
            + "".join(
                f'<td data-head="{head}">{cell}</td>'
                for head, cell in zip(_HEADS, cells, strict=True)
            )
            + "</tr>"
        )
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    return HTML(
        f'<div class="scoreboard"><table class="dataframe"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def _comparison(part: Part) -> str:
    printed = (
        "" if part.paper is None else f'<span class="value">paper {part.paper.value:.3g}</span>, '
    )
    ours = interval_text(part.estimate, part.unit)
    return (
        f"{html.escape(part.statement)} ({part.where}): {printed}"
        f'<strong class="value">ours {ours}</strong>'
    )


def _lines(texts: Sequence[str]) -> str:
    return "".join(f"<div>{text}</div>" for text in texts)


def _costs(parts: Sequence[Part], evidence: Evidence) -> list[str]:
    """What the runs and measurements behind a claim's comparisons took, without the search."""
    names = {name for part in parts for name in part.records}
    known = {
        record.id: record
        for runs in (*evidence.runs.values(), *evidence.nested.values())
        for by_seed in runs.runs.values()
        for record in by_seed.values()
    }
    runs = [known[name] for name in sorted(names) if name in known]
    texts = []
    if runs:
        texts.append(
            f"its {len(runs)} runs took {total_seconds(runs) / 3600:.1f} core hours; one of the "
            f"table's, drawn by chance, takes {_typical_minutes(runs, list(known.values())):.0f} "
            "minutes"
        )
    measured = [(ARGUMENTS.source, entry) for entry in evidence.arguments.values()]
    if evidence.speeds is not None:
        measured.append((SPEEDS, evidence.speeds))
    seconds = sum(entry["provenance"]["seconds"] for source, entry in measured if source in names)
    if seconds:
        texts.append(f"cost: {seconds / 60:.0f} minutes")
    return texts


def _typical_minutes(runs: Sequence[Record], known: Sequence[Record]) -> float:
    """What a run takes on average of those that a claim's command chooses from."""
    experiment = runs[0].experiment
    others = [record for record in known if record.experiment == experiment]
    return total_seconds(others) / len(others) / 60
