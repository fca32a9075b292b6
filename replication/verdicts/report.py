"""Verdicts as text and as plain values."""

import dataclasses
import math
import textwrap
from collections.abc import Sequence
from typing import Any

from replication.paper import Claim
from replication.verdicts.outcome import Outcome
from replication.verdicts.statistics import Estimate
from replication.verdicts.verdict import Part, Verdict


def as_line(verdict: Verdict, claim: Claim) -> str:
    """Describe a verdict in one line: its claim, outcome, and how its comparisons came out.

    Args:
        verdict: The verdict.
        claim: The claim that it judges.
    """
    outcomes = [part.outcome for part in verdict.parts]
    counts = ", ".join(f"{outcomes.count(o)} {o}" for o in Outcome if o in outcomes)
    so_far = "" if verdict.is_final else "; so far"
    outcome = str(verdict.outcome)
    return f"{verdict.claim:>2}  {outcome:<14}  {claim.title}  ({counts or 'nothing'}{so_far})"


def as_text(verdict: Verdict, claim: Claim) -> str:
    """Describe a verdict: the claim, then each part with rule, estimate, interval and records.

    Args:
        verdict: The verdict.
        claim: The claim that it judges.
    """
    lines = [f"Claim {verdict.claim}: {verdict.outcome}{'' if verdict.is_final else ' (so far)'}"]
    lines += textwrap.wrap(claim.text, 98, initial_indent="  ", subsequent_indent="  ")
    for part in verdict.parts:
        printed = "" if part.paper is None else f", the paper's {part.paper:.3g}"
        lines += [
            f"  - {part.where}: {part.statement}: "
            f"{interval_text(part.estimate, part.unit)}{printed}: {part.outcome}",
            f"    rule: {part.rule.text}",
        ]
        lines += [f"    {part.note}"] if part.note else []
        lines.append(f"    records: {' '.join(part.records)}")
    if verdict.missing:
        lines.append(f"  - no records of: {', '.join(verdict.missing)}")
    return "\n".join(lines)


def interval_text(estimate: Estimate, unit: str = "") -> str:
    """Write an estimate with its interval.

    Args:
        estimate: The estimate.
        unit: Its unit, put behind the value.
    """
    value = f"{estimate.value:.3g}" + (f" {unit}" if unit else "")
    if math.isnan(estimate.low):
        return f"{value} (no interval)"
    return f"{value} ({estimate.low:.3g} to {estimate.high:.3g})"


def as_json(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Turn verdicts into plain values for JSON; an interval that does not exist is null.

    Args:
        verdicts: The verdicts.
    """
    return [
        {
            "outcome": str(verdict.outcome),
            "is_final": verdict.is_final,
            "claim": verdict.claim,
            "parts": [_part(part) for part in verdict.parts],
            "missing": list(verdict.missing),
        }
        for verdict in verdicts
    ]


def _part(part: Part) -> dict[str, Any]:
    estimate = dataclasses.asdict(part.estimate)
    return {
        "dataset": part.dataset,
        "statement": part.statement,
        "rule": part.rule.text,
        "estimate": {name: None if math.isnan(v) else v for name, v in estimate.items()},
        "unit": part.unit,
        "outcome": str(part.outcome),
        "paper": part.paper,
        "note": part.note,
        "records": list(part.records),
    }
