"""Verdicts on the pages."""

import re

import pytest

from replication import paper
from replication.presentation.judgement import (
    comparisons_table,
    folded_comparisons,
    outcome_text,
    score,
    verdict_lines,
)
from replication.presentation.nothing import nothing
from replication.summary.judge import evidence_of, judge
from replication.verdicts.evidence import Evidence
from replication.verdicts.outcome import Outcome
from tests.made_up import two_seeds
from tests.shown import rows


@pytest.fixture(scope="module")
def verdicts():
    """Those on two seeds of every model on MNIST."""
    return judge(evidence_of(two_seeds()))


def test_outcomes_do_not_need_colour():
    """Each has a sign of its own."""
    assert len({outcome_text(outcome).split()[0] for outcome in Outcome}) == len(Outcome)


def test_each_comparison_has_a_row(verdicts):
    """With rule, interval, the paper's value, and why nothing is decided."""
    first, second = rows(comparisons_table(verdicts, (1,)))
    parts = verdicts[0].parts
    assert first["comparison"].startswith(parts[0].statement)
    assert f"<small>reproduced if {parts[0].rule.text}</small>" in first["comparison"]
    assert f"<small>{parts[0].note}</small>" in first["comparison"]
    printed = [row["paper"].split("<")[0] for row in (first, second)]
    assert printed == ["0.64", "0.54"]  # of Table 1
    assert first["outcome"].startswith(outcome_text(Outcome.CANNOT_TELL))
    assert str(parts[0].direction) in first["outcome"]
    assert len(rows(comparisons_table(verdicts, (1,), "mnist"))) == 2
    for none in (
        comparisons_table(judge(Evidence())),
        comparisons_table(verdicts, (1,), "cifar-bw"),
        comparisons_table(verdicts, (16,)),
    ):
        assert none.data == nothing("comparisons").data


def test_comparisons_open_claim_by_claim(verdicts):
    """What can be compared has a table of its own, under its title."""
    text = folded_comparisons(verdicts).data
    folded = re.findall(r'summary-text">(.*?)</span>.*?<div id="comparisons-(\d+)">', text)
    assert [int(number) for _, number in folded] == [v.claim for v in verdicts if v.parts]
    assert folded[0][0].startswith(f"1. {paper.claims()[0].title}: ? cannot tell")
    assert folded_comparisons(judge(Evidence())).data == nothing("comparisons").data


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
