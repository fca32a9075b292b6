"""The score board and the table of rules: a row for each claim."""

import re

import pytest

from book.build import NOTEBOOKS
from replication import paper
from replication.studies.catalogue import CLAIMS
from replication.summary.judge import evidence_of, judge
from replication.summary.rules_table import rules_table
from replication.summary.scoreboard import scoreboard
from replication.verdicts.evidence import Evidence
from tests.made_up import two_seeds
from tests.shown import by, rows

NUMBERS = [claim.number for claim in paper.claims()]


@pytest.fixture(scope="module")
def board():
    """Two seeds of every model on MNIST."""
    evidence = evidence_of(two_seeds())
    return scoreboard(judge(evidence), evidence)


def test_each_claim_has_a_row(board):
    """Its title, verdict, both values, what is missing, a command, the cost."""
    shown = rows(board)
    assert len(shown) == len(NUMBERS)
    first = shown[0]
    assert f"1. {paper.claims()[0].title}" in first["claim"]
    assert first["verdict"].startswith("? cannot tell")
    assert "0 of 2 agree; so far" in first["verdict"]
    measured = first["measured, with 95 % interval"]
    assert '<span class="value">paper 0.64</span>' in measured
    assert "no records of: CIFAR-bw" in measured
    for command in CLAIMS[0].commands:
        assert f"<code>{command}</code>" in first["run it again"]
    assert "its 6 runs took " in first["run it again"]


def test_its_links_lead_to_pages(board):
    """To the page that shows the claim; all are pages of the book."""
    pages = {path.stem for path in NOTEBOOKS.glob("*.ipynb")}
    links = set(re.findall(r'href="([a-z0-9-]+)\.html"', board.data))
    assert links <= pages
    assert {rule.page for rule in CLAIMS} <= links


def test_rows_can_be_filtered(board):
    """By verdict, place in the paper and data set, which a script reads from the row."""
    row = re.search(r'<tr id="claim-1" ([^>]*)>', board.data)[1]
    assert row == 'data-verdict="cannot tell" data-source="Table 1" data-on="MNIST"'


def test_the_papers_own_numbers_are_judged_beside_ours(board):
    """By the same rules."""
    third = rows(board)[2]
    assert third["the paper by the same rules"] == "✔ reproduced"


def test_without_evidence():
    """Every row says what there are no records of, and nothing has a cost."""
    empty = scoreboard(judge(Evidence()), Evidence())
    assert "core hours" not in empty.data
    for row, rule in zip(rows(empty), CLAIMS, strict=True):
        assert row["verdict"].startswith("– no records yet")
        assert "no records of: " in row["measured, with 95 % interval"]
        assert row["run it again"].count("<code>") == len(rule.commands)


def test_every_rule_is_told():
    """In the order of the claims, with the paper's words."""
    shown = by("Claim", rules_table())
    assert [int(number) for number in shown] == NUMBERS
    for rule in CLAIMS:
        assert shown[str(rule.claim)]["we compare"] == rule.compares
        assert shown[str(rule.claim)]["seeds, at least"] == str(rule.minimum_seeds)
