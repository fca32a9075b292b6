"""The rules for Table 1 and Figures 1 and 2, on runs whose truth is known."""

import numpy as np
import pytest

from replication import paper
from replication.engine.results import test_results as results_of
from replication.measures.intrinsic_dimension import IntrinsicDimension
from replication.studies.table1.claims import CLAIMS, tie_margin
from replication.studies.table1.plan import DATASETS
from replication.summary.judge import evidence_of, judge
from replication.verdicts.outcome import Outcome
from replication.verdicts.report import as_json
from tests.made_up import (
    RADII,
    agreeing,
    altered,
    elsewhere,
    make_record,
    spectrum,
    verdict_on,
)

R, P, N, C = Outcome.REPRODUCED, Outcome.PARTLY, Outcome.NOT_REPRODUCED, Outcome.CANNOT_TELL
# Those that runs with a curve and a test error are enough for.
ON_ERRORS_AND_CURVES = (1, 2, 3, 4, 5, 12, 13, 14, 15)


def judged(claim, runs, **measured):
    """The verdict on one claim."""
    return verdict_on(claim, evidence_of(runs, **measured))


def curve(*ratio):
    """A curve with these ratios."""
    return {"radius": list(RADII), "ratio": list(ratio)}


def test_runs_as_the_paper_claims_are_reproduced():
    """Each rule finds what was put in, and CIFAR-bw is said to be missing."""
    evidence = evidence_of(agreeing())
    for claim in ON_ERRORS_AND_CURVES:
        verdict = verdict_on(claim, evidence)
        assert {part.outcome for part in verdict.parts} == {R}, claim
        assert verdict.missing == ("CIFAR-bw",), claim


@pytest.mark.parametrize(
    ("claim", "model", "results"),
    [
        (4, "rbm", {"jacobian_mean_square": 1e-6}),
        (5, "ae", {"saturation": 99.0}),
        (12, "rbm", {"curve": curve(0.3, 0.5, 0.5, 0.4, 0.3)}),
        (13, "cae", {"curve": curve(0.5, 0.4, 0.3, 0.2, 0.1)}),
        (15, "rbm", {"curve": curve(0.31, 0.3, 0.3, 0.3, 0.3)}),
    ],
)
def test_one_contradiction_makes_partly(claim, model, results):
    """A claim over several comparisons with one that contradicts is reproduced in part."""
    assert judged(claim, altered(agreeing(), model, **results)).outcome == P


def test_what_the_paper_s_own_curve_contradicts_is_read_apart():
    """DAE-g is nearly as contractive in the paper, too: claim 15 does not hang on it."""
    alike = altered(agreeing(), "dae-g", curve=curve(0.31, 0.3, 0.3, 0.3, 0.3))
    verdict = judged(15, alike)
    [part] = [p for p in verdict.parts if "DAE-g" in p.statement]
    assert (part.outcome, part.papers_outcome, part.counts) == (N, N, False)
    assert verdict.outcome == R
    assert len(verdict.counted) == len(verdict.parts) - 1


def test_cells_that_the_paper_lacks_are_shown_and_not_judged():
    """It has no RBM on CIFAR-bw, so a better one there refutes nothing."""
    runs = elsewhere(agreeing(), "cifar-bw")
    verdict = judged(4, altered(runs, "rbm", jacobian_mean_square=1e-9))
    [part] = [p for p in verdict.parts if "RBM" in p.statement]
    assert part.outcome == N
    assert not part.is_papers
    assert verdict.outcome == R


def test_the_best_falls_with_one_certain_loss():
    """However many others the CAE beats."""
    runs = agreeing()
    none = results_of(np.zeros(runs[0].results["test_examples"], bool))
    changed = altered(runs, "dae-b", **none)
    assert judged(2, runs).outcome == R
    assert judged(2, changed).outcome == N


def test_a_bump_elsewhere_is_not_where_the_claim_says():
    """It has to stand at the farthest example."""
    runs = altered(agreeing(), "cae", curve=curve(0.3, 0.5, 0.4, 0.3, 0.2))
    assert judged(14, runs).outcome == N
    assert not judged(14, altered(runs, "cae", distances=None)).parts


def test_worse_cae_is_not_reproduced():
    """With the mistakes of CAE and AE exchanged, claims 1 and 2 fail."""
    exchange = {"cae": "ae", "ae": "cae"}
    runs = agreeing()
    mistakes = {(r.settings.model, r.settings.seed): r.results["test_mistakes"] for r in runs}
    for r in runs:
        model = exchange.get(r.settings.model, r.settings.model)
        r.results["test_mistakes"] = mistakes[model, r.settings.seed]
    assert judged(1, runs).outcome == N
    assert judged(2, runs).outcome == N


def test_few_seeds_decide_nothing():
    """With four seeds every comparison is open, and says why."""
    evidence = evidence_of([r for r in agreeing() if r.settings.seed < 4])
    for verdict in judge(evidence, CLAIMS):
        assert verdict.outcome in (C, Outcome.NO_RECORDS)
        assert not any(part.has_enough_seeds for part in verdict.parts)
        assert all("4 seeds; a verdict needs 5" in part.note for part in verdict.parts)


def test_noise_is_not_evidence():
    """Two models of the same quality cannot be told apart, and the needed effort is named."""
    generator = np.random.default_rng(0)
    runs = [
        make_record(model, seed, generator.random(2000) < 0.05)
        for model in ("cae", "ae", "ae-wd")
        for seed in range(5)
    ]
    verdict = judged(1, runs)
    assert verdict.outcome == C
    assert "to tell from 0" in verdict.parts[0].note
    assert "from seeds" in verdict.parts[0].note
    assert "from the test set" in verdict.parts[0].note


def test_records_are_named_and_paired():
    """A comparison names the records of the seeds that both models have."""
    runs = [r for r in agreeing() if (r.settings.model, r.settings.seed) != ("ae", 0)]
    part = judged(1, runs).parts[0]
    expected = {r.id for r in runs if r.settings.model in ("ae", "cae") and r.settings.seed > 0}
    assert set(part.records) == expected


def test_verdicts_repeat_exactly():
    """Resampling included, two calls agree in every digit."""
    first, second = (judge(evidence_of(agreeing()), CLAIMS) for _ in range(2))
    assert as_json(first) == as_json(second)


def test_paper_s_own_numbers():
    """The margin of a match and the printed values come from the paper's table."""
    assert tie_margin("mnist", 10_000) == pytest.approx(0.208, abs=0.001)
    first, second = judged(1, agreeing()).parts
    assert (first.paper.value, second.paper.value) == pytest.approx((1.78 - 1.14, 1.68 - 1.14))
    part = judged(2, agreeing()).parts[0]
    assert part.rule.margin == tie_margin("mnist", 2000)


def test_concentration():
    """Claim 16 wants the CAE before the DAE before the AE, and the AE not concentrated at all."""
    sizes = {"cae": (3, 5), "dae-b": (5, 10), "dae-g": (6, 30), "ae-wd": (40, 10), "ae": (50, 20)}

    def verdict(**other):
        runs = [
            make_record(
                model,
                seed,
                np.zeros(100),
                dataset="cifar-bw",
                spectrum=spectrum(large, small + seed % 2),
            )
            for model, (large, small) in {**sizes, **other}.items()
            for seed in range(5)
        ]
        return judged(16, runs)

    agrees = verdict()
    assert agrees.outcome == R
    assert agrees.is_final
    [gap] = [p for p in agrees.parts if p.statement == "singular values above 0.5, AE minus CAE"]
    assert gap.estimate.value == 47
    counts = paper.counts().set_index(["model", "threshold"])["count"]
    assert gap.paper.value == counts["ae", 0.5] - counts["cae", 0.5]
    assert len(agrees.parts) == 8 + 4 + 2
    # A plain auto-encoder that concentrates, though less than the CAE, agrees in part.
    assert verdict(ae=(20, 20)).outcome == P


def test_local_dimension():
    """Claim 17 wants as many large values as dimensions, whatever counts as large."""

    def verdict(dimension, large, small):
        found = dimension and IntrinsicDimension(dimension, dimension - 1, dimension + 1)
        runs = [
            make_record("cae", seed, np.zeros(100), dataset=name, spectrum=spectrum(large, small))
            for seed in range(5)
            for name in DATASETS
        ]
        return judged(17, runs, dimensions=dict.fromkeys(DATASETS, found) if found else {})

    agrees = verdict(24.0, 30, 10)
    assert agrees.outcome == R
    assert agrees.is_final
    assert agrees.parts[0].estimate.value == 30 / 24
    assert "dimension 24.0, from 23.0 to 25.0" in agrees.parts[0].note
    assert agrees.parts[0].paper is None  # the paper has no spectrum on MNIST
    counts = paper.counts().set_index(["model", "threshold"])["count"]
    assert agrees.parts[2].paper.value == counts["cae", 0.5] / 24
    assert agrees.parts[3].paper.value == counts["cae", 0.1] / counts["cae", 0.5]
    # The paper's own count above the small threshold fails the rule, and MNIST is not drawn.
    assert [part.counts for part in agrees.parts] == [False, False, True, False]
    assert verdict(24.0, 30, 80).outcome == R
    assert verdict(6.0, 30, 80).outcome == N
    assert verdict(24.0, 0, 80).outcome == N
    assert verdict(None, 30, 10).outcome == Outcome.NO_RECORDS
