"""The rules of Table 1 on a data set that the paper does not have."""

import pytest

from replication.studies.fashion.judged import judge_elsewhere
from replication.studies.fashion.page import travel_in_short, travel_lines, travel_table
from replication.studies.table1.claims import CLAIMS
from replication.summary.judge import evidence_of, judge
from replication.verdicts.outcome import Outcome
from tests.made_up import agreeing, altered, elsewhere
from tests.shown import by

CLOTHES = "fashion-mnist"


@pytest.fixture(scope="module")
def there():
    """Verdicts on the agreeing runs, as if of Fashion-MNIST."""
    return judge_elsewhere(elsewhere(agreeing(), CLOTHES), CLOTHES, {})


@pytest.fixture(scope="module")
def here():
    """Verdicts on the agreeing runs of MNIST."""
    return judge(evidence_of(agreeing()))


def test_the_rules_are_the_same(here, there):
    """Runs as the paper claims are reproduced there, too; nothing printed is compared with."""
    assert [verdict.claim for verdict in there] == [rule.claim for rule in CLAIMS]
    published = {verdict.claim: verdict for verdict in here}
    for verdict in there:
        # The paper has no spectra of MNIST, so there they do not count; nor is a dimension known.
        if verdict.claim in (16, 17, 20):
            continue
        assert verdict.outcome == published[verdict.claim].outcome, verdict.claim
        assert verdict.missing == ()
        assert {part.dataset for part in verdict.parts} == {CLOTHES}
        assert {part.paper for part in verdict.parts} == {None}
    assert there[0].outcome == Outcome.REPRODUCED


def test_a_match_is_within_what_such_a_test_set_resolves(there):
    """The paper's own margin is that of its error on MNIST; ours enters instead."""
    [second] = [verdict for verdict in there if verdict.claim == 2]
    assert "such a test set" in second.parts[0].rule.text
    assert second.parts[0].rule.margin > 0


def test_records_of_other_sets_do_not_count():
    """Nor does a data set without records have a verdict."""
    for verdict in judge_elsewhere(agreeing(), CLOTHES, {}):
        assert verdict.outcome == Outcome.NO_RECORDS


def test_few_seeds_decide_nothing():
    """As on the paper's own sets."""
    few = [r for r in elsewhere(agreeing(), CLOTHES) if r.settings.seed < 4]
    outcomes = {verdict.outcome for verdict in judge_elsewhere(few, CLOTHES, {})}
    assert outcomes == {Outcome.CANNOT_TELL, Outcome.NO_RECORDS}


def test_the_page_sorts_the_claims(here):
    """By whether the outcome travels."""
    worse = altered(elsewhere(agreeing(), CLOTHES), "cae", saturation=1.0)
    there = judge_elsewhere(worse, CLOTHES, {})
    same, other, open_ = travel_lines(here, there, "mnist").data.splitlines()
    assert "1 (reproduced), 2 (reproduced)" in same
    # Spectra count where the paper has none of the data at all, and on MNIST they do not.
    assert other == (
        "- **Another outcome:** 5 (reproduced on MNIST, here not reproduced), "
        "20 (reproduced on MNIST, here partly)."
    )
    assert "16" in open_  # the paper has no spectra of MNIST
    decided = same.count("(") + other.count("(")
    short = travel_in_short(here, there, "mnist").data
    assert f"**{decided - 2} of {decided} claims come out as on MNIST.**" in short
    assert "differs for 5 (" in short
    assert "No claims" in travel_in_short(here, judge_elsewhere([], CLOTHES, {}), "mnist").data
    shown = by("Claim", travel_table(here, there, CLOTHES))
    assert (shown["5"]["MNIST"], shown["5"]["Fashion-MNIST"]) == (
        "✔ reproduced",
        "✘ not reproduced",
    )
    assert shown["5"]["CIFAR-bw"] == "– no records yet"
    assert shown["16"]["MNIST"] == "– not claimed"
