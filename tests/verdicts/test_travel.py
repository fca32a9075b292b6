"""The rules of Table 1 on a data set that the paper does not have."""

import dataclasses

from replication.presentation.travel import travel_lines, travel_table
from replication.verdicts.claims import judge, judge_elsewhere
from replication.verdicts.verdict import Outcome


def on_clothes(runs):
    """The same results, as if of Fashion-MNIST."""
    return [
        dataclasses.replace(r, settings=dataclasses.replace(r.settings, dataset="fashion-mnist"))
        for r in runs
    ]


def test_the_rules_are_the_same(agreeing):
    """Runs as the paper claims are reproduced there, too; nothing printed is compared with."""
    there = {v.claim: v for v in judge_elsewhere(on_clothes(agreeing), "fashion-mnist")}
    here = {v.claim: v for v in judge(agreeing)}
    for claim in (1, 2, 4, 5, 12, 13, 14, 15, 20):
        assert there[claim].outcome == here[claim].outcome, claim
        assert all(part.paper is None for part in there[claim].parts)
        assert {part.where for part in there[claim].parts} == {"Fashion-MNIST"}
    assert there[1].outcome == Outcome.REPRODUCED
    assert "such a test set" in there[2].parts[0].rule


def test_records_of_other_sets_do_not_count(agreeing):
    """Nor does a data set without records have a verdict."""
    for verdict in judge_elsewhere(agreeing, "fashion-mnist"):
        assert verdict.outcome == Outcome.NO_RECORDS


def test_few_seeds_decide_nothing(agreeing):
    """As on the paper's own sets."""
    few = [r for r in on_clothes(agreeing) if r.settings.seed < 4]
    outcomes = {v.outcome for v in judge_elsewhere(few, "fashion-mnist")}
    assert outcomes <= {Outcome.CANNOT_TELL, Outcome.NO_RECORDS}


def test_the_page_sorts_the_claims(agreeing):
    """By whether the outcome travels."""
    worse = [
        dataclasses.replace(r, results={**r.results, "saturation": 1.0})
        if r.settings.model == "cae"
        else r
        for r in on_clothes(agreeing)
    ]
    published, elsewhere = judge(agreeing), judge_elsewhere(worse, "fashion-mnist")
    text = travel_lines(published, elsewhere, "mnist").data
    same, other, open_ = text.splitlines()
    assert "1 (reproduced), 2 (reproduced)" in same
    assert other == "- **Another outcome:** 5 (reproduced, there not reproduced)."
    assert "16" in open_  # the paper has no spectra of MNIST
    assert "<th>Fashion-MNIST</th>" in travel_table(published, elsewhere, "fashion-mnist").data
