"""The rules on Table 2 and Figure 3, on runs whose truth is known."""

import pytest

from replication import paper
from replication.experiments.table2 import ROWS, column_of
from replication.verdicts.claims import judge
from replication.verdicts.evidence import Evidence
from replication.verdicts.table2_claims import MOST, OTHERS, gap_to_best
from replication.verdicts.verdict import Outcome
from tests.made_up_table2 import CURVES, ERRORS, table


def by_claim(runs):
    """Verdicts by the claim's number."""
    return {verdict.claim: verdict for verdict in judge(runs)}


def test_runs_as_the_paper_claims_are_reproduced():
    """Each rule finds what was put in, on all sets, and the verdicts are final."""
    verdicts = by_claim(table())
    for number in (10, 11, 18, 19, 21):
        assert verdicts[number].outcome == Outcome.REPRODUCED, number
        assert verdicts[number].is_final
    assert len(verdicts[10].parts) == len(ROWS)
    assert verdicts[11].parts[0].estimate.value == len(ROWS)
    assert verdicts[11].parts[0].where == "all sets of Table 2"
    assert len(verdicts[18].parts) == 6
    assert len(verdicts[19].parts) == 4


def test_the_paper_s_own_numbers_stand_beside():
    """Counts, gaps and bumps of the paper by the same rules."""
    verdicts = by_claim(table())
    assert verdicts[11].parts[0].paper == 4
    assert verdicts[21].parts[0].paper == 4
    [basic] = [part for part in verdicts[10].parts if part.dataset == "basic"]
    assert basic.paper == pytest.approx(2.83 - 2.48)
    [later, _] = [part for part in verdicts[18].parts if part.statement.startswith("radius")]
    assert later.paper == 7
    first = verdicts[18].parts[0]
    points = paper.figure3().groupby("depth")["ratio"].first()
    assert first.paper == pytest.approx(points[1] / points[2])


def test_some_sets_leave_the_count_open():
    """With three sets won, four are still missing: neither most nor not most."""
    verdict = by_claim(table(ROWS[:3]))[11]
    assert verdict.outcome == Outcome.CANNOT_TELL
    assert (verdict.parts[0].estimate.low, verdict.parts[0].estimate.high) == (3, 7)
    assert "3 of 7 sets have records" in verdict.parts[0].note
    assert len(verdict.missing) == 4
    lost = by_claim(table(ROWS[:4], errors=ERRORS | {"rbm-3": 3}))
    assert lost[11].outcome == Outcome.NOT_REPRODUCED
    assert lost[21].outcome == Outcome.NOT_REPRODUCED
    assert MOST == 3.5


def test_the_svm_counts_for_claim_21_alone():
    """Where only the SVM is better, the nets of three layers are beaten all the same."""
    verdicts = by_claim(table(errors=ERRORS | {"svm-rbf": 2}))
    assert verdicts[11].outcome == Outcome.REPRODUCED
    assert verdicts[21].outcome == Outcome.NOT_REPRODUCED


def test_an_svm_is_compared_with_every_seed():
    """It has one run; its difference to a net has the net's seeds, and names each record once."""
    runs = table(["rot"])
    evidence = Evidence.gather(runs, "rot", column_of)
    gap = gap_to_best(evidence, ("svm-rbf",))
    assert gap.seeds == 3
    assert gap.value == pytest.approx(7)
    ids = evidence.ids("svm-rbf", "cae-2")
    assert len(ids) == len(set(ids)) == 4
    assert gap_to_best(Evidence.gather(table(["rot"])[:1], "rot", column_of), OTHERS) is None


@pytest.mark.parametrize(
    ("column", "curve", "claims"),
    [
        ("cae-2", CURVES[1], (18, 19)),  # no more contractive than one layer
        ("cae-3", [0.1, 0.2, 0.19, 0.17, 0.16, 0.15, 0.14], (18, 19)),  # an early bump
        ("cae-3", [0.149, 0.15, 0.16, 0.2, 0.245, 0.26, 0.245], (19,)),  # not lower everywhere
    ],
)
def test_other_curves_agree_in_part(column, curve, claims):
    """One contradiction among several comparisons."""
    verdicts = by_claim(table(**{column: curve}))
    for number in claims:
        assert verdicts[number].outcome in (Outcome.PARTLY, Outcome.NOT_REPRODUCED)


def test_two_seeds_decide_nothing():
    """Every comparison is open, and says why."""
    verdicts = by_claim(table(seeds=2))
    for number in (10, 11, 18, 19, 21):
        assert verdicts[number].outcome == Outcome.CANNOT_TELL
        assert all("2 seeds; a verdict needs 3" in part.note for part in verdicts[number].parts)


def test_what_is_missing_is_what_a_claim_needs():
    """Claim 10 needs two columns, claim 18 the depths on rot, and neither the other ones."""
    few = {c: ERRORS[c] for c in ("cae-1", "cae-2", "cae-3")}
    verdicts = by_claim(table(errors=few))
    assert verdicts[10].missing == verdicts[18].missing == ()
    assert len(verdicts[11].missing) == len(verdicts[21].missing) == len(ROWS)
    assert verdicts[11].outcome == Outcome.NO_RECORDS
