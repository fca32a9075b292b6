"""Verdicts as text and as plain values."""

import dataclasses
import math
import textwrap
from collections.abc import Sequence
from typing import Any

from replication.paper import Claim
from replication.verdicts.estimate import Estimate
from replication.verdicts.outcome import Outcome
from replication.verdicts.verdict import Part, Verdict


def as_line(verdict: Verdict, claim: Claim) -> str:
    """Describe a verdict in one line: its claim, outcome, and how many comparisons agree.

    Args:
        verdict: The verdict.
        claim: The claim that it judges.
    """
    outcome = str(verdict.outcome)
    return f"{verdict.claim:>2}  {outcome:<14}  {claim.title}  ({agreement_text(verdict)})"


def agreement_text(verdict: Verdict) -> str:
    """Say how many of the comparisons that count agree with the paper.

    Args:
        verdict: The verdict.
    """
    if not verdict.parts:
        return "nothing to compare"
    so_far = "" if verdict.is_final else "; so far"
    return f"{verdict.agreeing} of {len(verdict.counted)} agree{so_far}"


def papers_text(verdict: Verdict) -> str:
    """Say where the paper's own numbers do not bear out its claim by our rules; empty if they do.

    Args:
        verdict: The verdict.
    """
    found = verdict.papers_outcome
    if found in (None, Outcome.REPRODUCED):
        return ""
    failing = sum(
        part.papers_outcome is Outcome.NOT_REPRODUCED for part in verdict.parts if part.is_papers
    )
    if found is Outcome.NOT_REPRODUCED and failing == len(verdict.parts):
        return "By the same rule the paper's own numbers do not bear it out either."
    text = f"By the same rules the paper's own numbers give: {found}."
    if failing:
        text += (
            f" They contradict {failing} of the comparisons, which is read apart."
            if failing == 1
            else f" They contradict {failing} of the comparisons, which are read apart."
        )
    return text


def as_text(verdict: Verdict, claim: Claim) -> str:
    """Describe a verdict: the claim, then each part with rule, estimate, marks and records.

    Args:
        verdict: The verdict.
        claim: The claim that it judges.
    """
    lines = [f"Claim {verdict.claim}: {verdict.outcome} ({agreement_text(verdict)})"]
    lines += textwrap.wrap(claim.text, 98, initial_indent="  ", subsequent_indent="  ")
    lines += [f"  {note}" for note in (papers_text(verdict),) if note]
    for part in verdict.parts:
        printed = "" if part.paper is None else f", the paper's {part.paper.value:.3g}"
        lines += [
            f"  - {part.where}: {part.statement}: "
            f"{interval_text(part.estimate, part.unit)}{printed}: {part.outcome}"
            f"{_apart(part)}",
            f"    rule: {part.rule.text}",
            f"    marks: {marks_text(part)}",
        ]
        lines += [f"    {part.note}"] if part.note else []
        lines.append(f"    records: {' '.join(part.records)}")
    if verdict.missing:
        lines.append(f"  - no records of: {', '.join(verdict.missing)}")
    return "\n".join(lines)


def marks_text(part: Part) -> str:
    """Write the marks of a comparison: direction, printed size, equivalence.

    Args:
        part: The comparison.
    """
    marks = [f"direction {part.direction}", part.size, part.equivalence]
    return "; ".join(str(mark) for mark in marks if mark is not None)


def _apart(part: Part) -> str:
    if not part.is_papers:
        return " (not the paper's comparison)"
    return "" if part.counts else " (the paper's own number fails)"


def interval_text(estimate: Estimate, unit: str = "") -> str:
    """Write an estimate with its interval.

    Args:
        estimate: The estimate.
        unit: Its unit, put behind the value.
    """
    return " ".join(filter(None, interval_lines(estimate, unit)))


def interval_lines(estimate: Estimate, unit: str = "") -> tuple[str, str]:
    """Write an estimate and its interval apart; what has no interval to speak of has an empty one.

    Args:
        estimate: The estimate.
        unit: Its unit, put behind the value.
    """
    value = f"{estimate.value:.3g}" + (f" {unit}" if unit else "")
    if estimate.low == estimate.high and not estimate.covers:
        return value, ""
    if math.isnan(estimate.low):
        return value, "(no interval)"
    return value, f"({estimate.low:.3g} to {estimate.high:.3g})"


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
            "agreeing": verdict.agreeing,
            "counted": len(verdict.counted),
            "papers_outcome": _text(verdict.papers_outcome),
            "parts": [_part(part) for part in verdict.parts],
            "missing": list(verdict.missing),
        }
        for verdict in verdicts
    ]


def _part(part: Part) -> dict[str, Any]:
    return {
        "dataset": part.dataset,
        "statement": part.statement,
        "rule": part.rule.text,
        "estimate": _estimate(part.estimate),
        "unit": part.unit,
        "level": 1 - part.alpha,
        "outcome": str(part.outcome),
        "direction": str(part.direction),
        "size": _text(part.size),
        "equivalence": _text(part.equivalence),
        "paper": None if part.paper is None else part.paper.value,
        "papers_outcome": _text(part.papers_outcome),
        "is_papers": part.is_papers,
        "counts": part.counts,
        "note": part.note,
        "records": list(part.records),
    }


def _estimate(estimate: Estimate) -> dict[str, Any]:
    """All about an estimate but its draws; what is no finite number is null."""
    values = {
        field.name: getattr(estimate, field.name)
        for field in dataclasses.fields(estimate)
        if field.name != "draws"
    }
    return {
        name: None if isinstance(v, float) and not math.isfinite(v) else v
        for name, v in values.items()
    }


def _text(mark: object) -> str | None:
    return None if mark is None else str(mark)
