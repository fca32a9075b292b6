"""Verdicts on the pages."""

import html
import re

import pytest

from replication import paper
from replication.presentation.judgement import (
    claims_table,
    comparisons_table,
    outcome_text,
    score,
    verdict_lines,
)
from replication.presentation.nothing import nothing
from replication.summary.judge import evidence_of, judge
from replication.verdicts.evidence import Evidence
from replication.verdicts.outcome import Outcome
from replication.verdicts.report import interval_lines
from tests.made_up import two_seeds
from tests.shown import by, rows


@pytest.fixture(scope="module")
def verdicts():
    """Those on two seeds of every model on MNIST."""
    return judge(evidence_of(two_seeds()))


def test_each_claim_has_a_row(verdicts):
    """With its verdict, text, and what is missing."""
    shown = by("Claim", claims_table(verdicts))
    assert list(shown) == [str(claim.number) for claim in paper.claims()]
    first = shown["1"]
    assert first["verdict"] == outcome_text(Outcome.CANNOT_TELL)
    assert first["the paper says"] == paper.claims()[0].text
    assert first["no records of"] == "CIFAR-bw"


def test_outcomes_do_not_need_colour():
    """Each has a sign of its own."""
    assert len({outcome_text(outcome).split()[0] for outcome in Outcome}) == len(Outcome)


def stacked(cell):
    """The lines of a cell."""
    return [html.unescape(line) for line in re.split(r"<.*?>", cell) if line]


def test_each_comparison_has_a_row(verdicts):
    """With rule, interval, the paper's value, and why nothing is decided."""
    first, second = rows(comparisons_table(verdicts, (1,)))
    parts = verdicts[0].parts
    assert [stacked(cell["paper"])[0] for cell in (first, second)] == ["0.64", "0.54"]  # Table 1
    assert stacked(first["outcome"])[0] == outcome_text(Outcome.CANNOT_TELL)
    statement, rule, remark = stacked(first["comparison"])
    assert statement == f"{parts[0].statement} (MNIST)"
    assert (rule, remark) == (parts[0].rule.text, parts[0].note)
    value, interval, covers = stacked(first["ours"])
    assert (value, interval) == interval_lines(parts[0].estimate, parts[0].unit)
    assert covers == f"from {parts[0].estimate.covers}"
    assert len(rows(comparisons_table(verdicts, (1,), "mnist"))) == 2
    for none in (
        comparisons_table(judge(Evidence())),
        comparisons_table(verdicts, (1,), "cifar-bw"),
        comparisons_table(verdicts, (16,)),
    ):
        assert none.data == nothing("comparisons").data


def test_a_line_for_each_claim(verdicts):
    """With how many comparisons agree, and whether more is to come."""
    lines = verdict_lines(verdicts, (1, 16)).data.splitlines()
    for line, number, outcome in zip(
        lines, (1, 16), (Outcome.CANNOT_TELL, Outcome.NO_RECORDS), strict=True
    ):
        head = f"- **Claim {number}: {outcome_text(outcome)}.** "
        assert line.startswith(head + paper.claims()[number - 1].text)
    assert "0 of 2 agree; so far" in lines[0]


def test_the_score_counts_verdicts(verdicts):
    """All of them, by their outcome; and the comparisons behind them."""
    of_claims, of_parts = score(verdicts).data.split(" Of the ")
    total, *counts, final = [int(n) for n in re.findall(r"\d+", of_claims)]
    assert total == sum(counts) == len(paper.claims())
    assert final == sum(verdict.is_final for verdict in verdicts)
    parts, *counts = [int(n) for n in re.findall(r"\d+", of_parts)]
    assert parts == sum(counts) == sum(len(verdict.counted) for verdict in verdicts)
