"""Every claim of the paper is judged, from what is handed in and from nothing else."""

import dataclasses

import pytest

from replication import paper
from replication.studies.catalogue import CLAIMS, STUDIES
from replication.summary.judge import evidence_of, judge, published_evidence
from replication.verdicts import published
from replication.verdicts.evidence import Evidence
from replication.verdicts.outcome import Outcome
from replication.verdicts.verdict import Verdict, place_label
from tests.made_up import agreeing

NUMBERS = [claim.number for claim in paper.claims()]


def test_every_claim_has_a_rule():
    """None is left to look as if its records were missing."""
    assert sorted(rule.claim for rule in CLAIMS) == [claim.number for claim in paper.claims()]


def test_two_studies_may_not_share_a_data_set():
    """The second would hide the final runs of the first."""
    [first, _] = STUDIES
    with pytest.raises(ValueError, match="two studies judge the runs on mnist"):
        evidence_of([], (first, dataclasses.replace(first, name="another")))


@pytest.mark.parametrize("evidence", [Evidence(), evidence_of([])], ids=["none", "no records"])
def test_no_evidence_judges_nothing(evidence):
    """There is a verdict on all 21, and each says that there are no records yet.

    Claims 6, 8, 9 and 17 rest on committed files as well, which nobody reads behind the back of
    the caller.
    """
    verdicts = judge(evidence)
    assert [verdict.claim for verdict in verdicts] == NUMBERS
    for verdict, rule in zip(verdicts, CLAIMS, strict=True):
        assert verdict.outcome == Outcome.NO_RECORDS
        assert verdict.parts == ()
        assert verdict.missing == tuple(place_label(place) for place in rule.places)
        assert not verdict.is_final


def test_every_claim_has_one_rule():
    """In the order of the claims, each with a sentence, places, a page and commands."""
    assert [rule.claim for rule in CLAIMS] == NUMBERS
    for rule in CLAIMS:
        assert rule.compares
        assert rule.places
        assert rule.page
        assert rule.commands
        # Where all records are there, a sweep does nothing.
        assert not any("sweep" in command for command in rule.commands)
        assert rule.minimum_seeds > 1


def test_rules_are_handed_in():
    """A claim without one has a verdict without comparisons."""
    evidence = evidence_of(agreeing())
    first, second = judge(evidence, CLAIMS[:1])[:2]
    assert first.outcome == Outcome.REPRODUCED
    assert second == Verdict(NUMBERS[1], ())


def test_claims_alone_are_judged_as_among_all():
    """A page judges what it shows; what the paper does not claim is refused."""
    evidence = evidence_of(agreeing())
    everything = judge(evidence)
    assert judge(evidence, claims=(3, 1)) == [everything[0], everything[2]]
    assert judge(evidence, claims=()) == []
    with pytest.raises(ValueError, match=r"claims 1 to 21. Received: \[0, 22\]"):
        judge(evidence, claims=(22, 1, 0))


def test_committed_verdicts_follow_from_the_records():
    """The repository's own verdicts are those that its records give."""
    assert published.differences(judge(published_evidence())) == []
