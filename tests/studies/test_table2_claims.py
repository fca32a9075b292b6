"""The rules on Table 2 and Figure 3, on runs whose truth is known."""

import pytest

from replication import paper
from replication.studies.table2.claims import CLAIMS, OTHERS, best_column, gap_to_best
from replication.studies.table2.plan import ROWS, STUDY
from replication.summary.judge import evidence_of, judge
from replication.verdicts.outcome import Outcome
from replication.verdicts.rules import ProbablyOn
from replication.verdicts.runs import Runs
from tests.made_up_table2 import CURVES, ERRORS, table


def by_claim(runs):
    """Verdicts on the claims of Table 2 by their number."""
    nested = {"rot": Runs.gather(runs, "rot", STUDY.arm_of)}
    found = {v.claim: v for v in judge(evidence_of(runs, nested=nested), CLAIMS)}
    return {rule.claim: found[rule.claim] for rule in CLAIMS}


def test_runs_as_the_paper_claims_are_reproduced():
    """Each rule finds what was put in, on all sets, and the verdicts are final."""
    verdicts = by_claim(table())
    assert set(verdicts) == {10, 11, 18, 19, 21}
    for number, verdict in verdicts.items():
        assert verdict.outcome == Outcome.REPRODUCED, number
        assert verdict.is_final
    assert len(verdicts[10].parts) == len(ROWS)
    assert verdicts[11].parts[0].estimate.value > 0.99
    assert verdicts[11].parts[0].dataset == "all"
    assert len(verdicts[18].parts) == 6
    assert len(verdicts[19].parts) == 4


def test_the_paper_s_own_numbers_stand_beside():
    """Counts, gaps and bumps of the paper by the same rules."""
    verdicts = by_claim(table())
    for number in (11, 21):
        [part] = verdicts[number].parts
        assert 0.5 < part.paper.value < 0.95  # ahead on 4 of 7 sets, on 3 for certain
        assert part.papers_outcome == Outcome.CANNOT_TELL
    [basic] = [part for part in verdicts[10].parts if part.dataset == "basic"]
    assert basic.paper.value == pytest.approx(2.83 - 2.48)
    assert basic.papers_outcome == Outcome.REPRODUCED
    [later, _] = [part for part in verdicts[18].parts if part.statement.startswith("radius")]
    assert later.paper.value == 7
    first = verdicts[18].parts[0]
    points = paper.figure3().groupby("depth")["ratio"].first()
    assert first.paper.value == pytest.approx(points[1] / points[2])


def test_missing_sets_count_as_lost():
    """With three sets won and four missing there is no majority, and what is missing is said."""
    verdict = by_claim(table(ROWS[:3]))[11]
    [part] = verdict.parts
    assert part.estimate.value == 0
    assert "3 of 7 sets have records" in part.note
    assert part.rule == ProbablyOn(count=4, sets=len(ROWS))
    assert len(verdict.missing) == 4
    assert not verdict.is_final


def test_undecided_sets_leave_the_count_open():
    """Two columns of the same quality: half of the sets are won by luck."""
    same = {**ERRORS, "dae-b-3": 5}
    verdict = by_claim(table(errors=same))[11]
    assert 0.05 < verdict.parts[0].estimate.value < 0.95
    assert verdict.outcome == Outcome.CANNOT_TELL


def test_a_majority_lost_is_not_reproduced():
    """For nets of three layers, and for all other columns."""
    lost = by_claim(table(ROWS[:4], errors=ERRORS | {"rbm-3": 3}))
    assert lost[11].outcome == Outcome.NOT_REPRODUCED
    assert lost[21].outcome == Outcome.NOT_REPRODUCED


def test_the_svm_counts_for_claim_21_alone():
    """Where only the SVM is better, the nets of three layers are beaten all the same."""
    verdicts = by_claim(table(errors=ERRORS | {"svm-rbf": 2}))
    assert verdicts[11].outcome == Outcome.REPRODUCED
    assert verdicts[21].outcome == Outcome.NOT_REPRODUCED


def test_the_gap_to_the_best_column():
    """By mean error; none where a column is missing."""
    runs = evidence_of(table(["rot"])).on("rot")
    assert best_column(runs, OTHERS) == "dae-b-3"
    assert gap_to_best(runs, OTHERS).value == pytest.approx(3)
    assert gap_to_best(runs, ("svm-rbf",)).value == pytest.approx(7)
    for missing in ("cae-2", "rbm-3", "svm-rbf"):
        few = table(["rot"], errors={c: e for c, e in ERRORS.items() if c != missing})
        assert gap_to_best(evidence_of(few).on("rot"), OTHERS) is None


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
    for verdict in by_claim(table(seeds=2)).values():
        assert verdict.outcome == Outcome.CANNOT_TELL
        assert not any(part.has_enough_seeds for part in verdict.parts)
        assert all("2 seeds; a verdict needs 3" in part.note for part in verdict.parts)


def test_what_is_missing_is_what_a_claim_needs():
    """Claim 10 needs two columns, claim 18 the depths on rot, and neither the other ones."""
    few = {column: ERRORS[column] for column in ("cae-1", "cae-2", "cae-3")}
    verdicts = by_claim(table(errors=few))
    assert verdicts[10].missing == verdicts[18].missing == ()
    assert len(verdicts[11].missing) == len(verdicts[21].missing) == len(ROWS)
    assert verdicts[11].outcome == Outcome.NO_RECORDS
