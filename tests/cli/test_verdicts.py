"""The verbs that say what came out, on a store without records."""

import json

import pytest

from replication import paper
from replication.cli import main
from replication.studies.speed.recorded import SOURCE
from replication.summary import readme
from replication.summary.judge import judge, published_evidence
from replication.verdicts import published
from replication.verdicts.report import as_json

CLAIMS = paper.claims()


@pytest.fixture
def committed(store, tmp_path, monkeypatch):
    """Where verdicts would be committed; there are no records, and none are yet."""
    monkeypatch.setattr(published, "FILE", tmp_path / "verdicts.json")
    return tmp_path / "verdicts.json"


def test_a_line_for_each_claim(committed, capsys):
    """With the claim's number, its verdict and its short name."""
    assert main(["verdicts"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for line, claim, verdict in zip(lines, CLAIMS, judge(published_evidence()), strict=True):
        assert int(line.split()[0]) == claim.number
        assert claim.title in line
        assert str(verdict.outcome) in line


def test_text_has_rule_interval_and_source(committed, capsys):
    """Of the claims that are named, or of all."""
    assert main(["verdicts", "8"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Claim 8: ")
    assert out.count("Claim ") == 1
    part = judge(published_evidence())[7].parts[0]
    assert f"rule: {part.rule.text}" in out
    assert f"records: {SOURCE}" in out
    assert main(["verdicts", "--format", "text"]) == 0
    assert capsys.readouterr().out.count("Claim ") == len(CLAIMS)


def test_json_on_request(committed, capsys):
    """The same values as in the committed file."""
    assert main(["verdicts", "8", "1", "--format", "json"]) == 0
    verdicts = judge(published_evidence())
    assert json.loads(capsys.readouterr().out) == as_json([verdicts[0], verdicts[7]])
    assert main(["verdicts", "8", "--format", "lines"]) == 0
    assert capsys.readouterr().out.startswith(" 8  ")


@pytest.mark.parametrize("words", ["22", "0", "1 0", "22 --write"])
def test_an_unknown_claim_is_refused(committed, words, capsys):
    """Alone or among others, and before anything is written."""
    assert main(["verdicts", *words.split()]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert not committed.exists()


def test_verdicts_are_committed(committed, capsys):
    """What was written agrees; the file is named."""
    assert main(["verdicts", "--write"]) == 0
    assert str(committed) in capsys.readouterr().out
    assert published.differences(judge(published_evidence())) == []


def test_results_are_written_into_the_readme(store, tmp_path, monkeypatch, capsys):
    """In their place; without one the file stays as it is."""
    monkeypatch.setattr(readme, "README", tmp_path / "README.md")
    monkeypatch.setattr(readme, "PICTURE", tmp_path / "picture.png")
    readme.README.write_text(f"before\n{readme.START}old\n{readme.END}after\n")
    assert main(["readme"]) == 0
    assert str(readme.README) in capsys.readouterr().out
    text = readme.README.read_text()
    assert readme.results_block([], judge(published_evidence([]))) in text
    assert "old" not in text
    readme.README.write_text("no place")
    assert main(["readme"]) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert readme.README.read_text() == "no place"
