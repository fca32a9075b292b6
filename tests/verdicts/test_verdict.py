"""What comparisons and verdicts say of themselves."""

import dataclasses

import pytest

from replication import paper
from replication.studies.table2.plan import ROWS
from replication.verdicts.outcome import Outcome
from replication.verdicts.rules import Above
from replication.verdicts.verdict import Verdict, place_label

from .made_up_rules import make_part


def test_a_part_s_outcome_is_its_rule_s():
    """It follows rule and estimate, and is not stored beside them."""
    part = make_part()
    assert part.outcome == Outcome.REPRODUCED
    assert make_part(-2.0).outcome == Outcome.NOT_REPRODUCED
    assert dataclasses.replace(part, rule=Above(bound=5)).outcome == Outcome.NOT_REPRODUCED
    assert "outcome" not in {field.name for field in dataclasses.fields(part)}


@pytest.mark.parametrize("value", [-2.0, 2.0])
def test_too_few_seeds_decide_nothing(value):
    """Neither for a claim nor against it."""
    assert make_part(value, has_enough_seeds=False).outcome == Outcome.CANNOT_TELL


def test_a_verdict_combines_its_parts():
    """And is final where there are parts and nothing is missing."""
    parts = (make_part(), make_part(-2.0))
    assert Verdict(1, parts).outcome == Outcome.PARTLY
    assert Verdict(1, parts).is_final
    assert not Verdict(1, parts, ("CIFAR-bw",)).is_final
    assert Verdict(1, ()).outcome == Outcome.NO_RECORDS
    assert not Verdict(1, ()).is_final


def test_places_have_names():
    """The paper's for its data sets, ours for what stands in their place; each only once."""
    places = ("mnist", "cifar-bw", *ROWS, "all", "digits", "fashion-mnist", "benchmark")
    labels = [place_label(place) for place in places]
    assert len(set(labels)) == len(places)
    assert place_label("mnist") == paper.DATASET_LABELS["mnist"]
    assert make_part(dataset="cifar-bw").where == paper.DATASET_LABELS["cifar-bw"]
