"""Every claim at one glance: verdict, the paper's value and ours, how to run it again."""

import html
from collections.abc import Sequence
from typing import Any

from IPython.display import HTML

from replication import paper
from replication.experiments import arguments, speeds
from replication.experiments.costs import total_seconds
from replication.experiments.records import Record
from replication.presentation.judgement import outcome_text
from replication.verdicts.report import interval_text
from replication.verdicts.verdict import Part, Verdict

# Page that shows it -> claims.
_PAGES = {
    "table1": (1, 2, 3, 4, 5),
    "arguments": (6, 7, 8, 9),
    "table2": (10, 11, 21),
    "contraction": (12, 13, 14, 15),
    "spectrum-cifar-bw": (16, 17),
    "depth": (18, 19),
    "verdicts": (20,),
}
# Commands that do its runs again -> claims.
_COMMANDS = {
    "make sweep; make sweep DATASET=cifar-bw": (1, 2, 3, 4, 5, 7, 12, 13, 14, 15, 17, 20),
    "make sweep; .venv/bin/python -m replication arguments": (6,),
    "make bench": (8,),
    ".venv/bin/python -m replication arguments; make sweep; make sweep DATASET=cifar-bw": (9,),
    "make sweep DATASET=cifar-bw": (16,),
    "make sweep TABLE=table2": (10, 11, 21),
    "make sweep TABLE=table2 DATASET=rot": (18, 19),
}
_HEADS = ("claim", "verdict", "measured, with 95 % interval", "run it again")


def scoreboard(verdicts: Sequence[Verdict], records: Sequence[Record]) -> HTML:
    """Show one row for each claim, with its first comparison on each data set.

    On a narrow screen each row becomes a card.

    Args:
        verdicts: What `judge` returned.
        records: The runs that it was given, for what they cost.
    """
    claims = {claim.number: claim for claim in paper.claims()}
    known = {record.id: record for record in records}
    page_of = {number: page for page, numbers in _PAGES.items() for number in numbers}
    command_of = {number: command for command, numbers in _COMMANDS.items() for number in numbers}
    rows = []
    for v in verdicts:
        claim = claims[v.claim]
        shown = list({part.dataset: part for part in reversed(v.parts)}.values())[::-1]
        rest = len(v.parts) - len(shown)
        compared = [_comparison(part) for part in shown]
        if rest:
            compared.append(f'<a href="verdicts.html">and {rest} more</a>')
        if v.missing:
            compared.append(f"no records of: {', '.join(v.missing)}")
        commands = [f"<code>{html.escape(c)}</code>" for c in command_of[v.claim].split("; ")]
        so_far = "" if v.is_final or not v.parts else ", so far"
        cells = (
            f'<a href="{page_of[v.claim]}.html">{v.claim}. {html.escape(claim.title)}</a>'
            f"<details><summary>in full</summary>{html.escape(claim.text)} "
            f"({claim.source})</details>",
            outcome_text(v.outcome) + so_far,
            _lines(compared),
            _lines([*commands, *_costs(v.parts, known)]),
        )
        rows.append(
            "<tr>"
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
    printed = "" if part.paper is None else f'<span class="value">paper {part.paper:.3g}</span>, '
    ours = interval_text(part.estimate, part.unit)
    return (
        f"{html.escape(part.statement)} ({part.where}): {printed}"
        f'<strong class="value">ours {ours}</strong>'
    )


def _lines(texts: Sequence[str]) -> str:
    return "".join(f"<div>{text}</div>" for text in texts)


def _costs(parts: Sequence[Part], known: dict[str, Record]) -> list[str]:
    """What the runs and measurements behind a claim's comparisons took, without the search."""
    names = {name for part in parts for name in part.records}
    runs = [known[name] for name in sorted(names) if name in known]
    texts = []
    if runs:
        texts.append(f"cost: {len(runs)} runs, {total_seconds(runs) / 3600:.1f} core hours")
    seconds = sum(entry["provenance"]["seconds"] for entry in _measured() if entry["file"] in names)
    if seconds:
        texts.append(f"cost: {seconds / 60:.0f} minutes")
    return texts


def _measured() -> list[dict[str, Any]]:
    """Files of measurements that comparisons name, with the provenance of what is in them."""
    found = [(arguments.FILE, arguments.recorded_argument(name)) for name in arguments.ARGUMENTS]
    found.append((speeds.FILE, speeds.recorded_speeds()))
    return [
        {"file": f"data/{path.name}", "provenance": entry["provenance"]}
        for path, entry in found
        if entry
    ]
