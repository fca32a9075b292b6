"""A claim's rule as a value: what is missing, and when there are too few seeds."""

import dataclasses

import numpy as np
import pytest

from replication.verdicts.claim_rule import ClaimRule, on_each
from replication.verdicts.evidence import Evidence
from replication.verdicts.outcome import Outcome
from replication.verdicts.runs import Runs
from tests.made_up import make_record

from .made_up_rules import make_part


def compare(runs):
    """A comparison that holds wherever there are both models."""
    if runs.has("ae", "cae"):
        yield make_part(dataset=runs.dataset, note="noted", records=runs.ids("ae", "cae"))


RULE = ClaimRule(
    claim=1,
    compares="a with b",
    comparisons=on_each(compare),
    places=("mnist", "cifar-bw"),
    minimum_seeds=3,
    page="table1",
    commands=("make sweep",),
)


def evidence(seeds=3, places=("mnist",), models=("ae", "cae")):
    """Runs of these models on these data sets."""
    records = [
        make_record(model, seed, np.zeros(10), dataset=place)
        for place in places
        for model in models
        for seed in range(seeds)
    ]
    return Evidence(runs={place: Runs.gather(records, place) for place in places})


def test_what_no_comparison_bears_on_is_missing():
    """By its name, and then the verdict is not final."""
    verdict = RULE.judge(evidence())
    assert verdict.outcome == Outcome.REPRODUCED
    assert verdict.missing == ("CIFAR-bw",)
    assert not verdict.is_final
    whole = RULE.judge(evidence(places=("mnist", "cifar-bw")))
    assert [part.dataset for part in whole.parts] == ["mnist", "cifar-bw"]
    assert whole.missing == ()
    assert RULE.judge(Evidence()).missing == ("MNIST", "CIFAR-bw")


def test_a_place_needs_the_models_that_the_claim_names():
    """Where a rule needs a third model, a comparison of two does not complete a place."""
    rule = dataclasses.replace(RULE, needs=("ae", "cae", "rbm"), places=("mnist",))
    two = rule.judge(evidence())
    assert (len(two.parts), two.missing) == (1, ("MNIST",))
    assert rule.judge(evidence(models=("ae", "cae", "rbm"))).missing == ()


def test_too_few_seeds_are_noted_and_decide_nothing():
    """The note says how many there are and how many it takes, behind what was noted before."""
    [part] = RULE.judge(evidence(seeds=2)).parts
    assert part.outcome == Outcome.CANNOT_TELL
    assert not part.has_enough_seeds
    assert part.note == "noted; 2 seeds; a verdict needs 3"
    [part] = RULE.judge(evidence(seeds=3)).parts
    assert (part.note, part.has_enough_seeds) == ("noted", True)


def test_each_data_set_of_a_count_needs_its_seeds():
    """One with too few takes the decision back, however many the others have."""

    def count(known, places):
        ids = tuple(i for place in places for i in known.on(place).ids("ae", "cae"))
        yield make_part(dataset="all", records=ids)

    rule = dataclasses.replace(RULE, comparisons=count)
    many, few = evidence(seeds=5), evidence(seeds=2, places=("cifar-bw",))
    [part] = rule.judge(Evidence(runs={**many.runs, **few.runs})).parts
    assert part.outcome == Outcome.CANNOT_TELL
    assert part.note == "2 seeds; a verdict needs 3"


def test_measurements_are_not_counted_as_seeds():
    """A comparison that rests on a file and on no run has its own number of repetitions."""
    rule = dataclasses.replace(
        RULE, comparisons=lambda known, places: iter([make_part(records=("data/x.json",))])
    )
    assert rule.judge(evidence(seeds=1)).outcome == Outcome.REPRODUCED


@pytest.mark.parametrize("place", ["fashion-mnist", "rot"])
def test_elsewhere_nothing_is_missing(place):
    """On places of the reader's choice the claim itself says nothing of what there should be."""
    verdict = RULE.judge_on(evidence(places=(place,)), (place,))
    assert [part.dataset for part in verdict.parts] == [place]
    assert verdict.missing == ()
    assert RULE.judge_on(evidence(), (place,)).outcome == Outcome.NO_RECORDS
