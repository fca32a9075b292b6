"""Rank correlations on runs whose truth is known."""

import math

import numpy as np
import pytest
from scipy import stats

from replication.engine.records import Record
from replication.engine.settings import Settings
from replication.studies.table1.correlations import correlations, rank_correlation
from replication.summary.judge import evidence_of
from tests.made_up import agreeing, elsewhere, verdict_on


def trial(model, rate, finetune_rate, jacobian, valid_error):
    """A trial with these results; None as the error stands for a training that diverged."""
    settings = Settings(
        dataset="mnist",
        model=model,
        pretrain_learning_rate=rate,
        finetune_learning_rate=finetune_rate,
        evaluate_test=False,
    )
    results = {"diverged": "NaN"}
    if valid_error is not None:
        results = {
            "jacobian_mean_square": jacobian,
            "saturation": 100 * jacobian,
            "valid_error": valid_error,
        }
    return Record("trials", settings, results, {})


def by_name(found, measure="jacobian_mean_square"):
    """Correlations of one measure by what they run over."""
    return {c.over: c for c in found if c.measure == measure}


def test_rank_correlation_is_scipys():
    """Ties and all, the quick one agrees with SciPy's; a constant has none."""
    a, b = np.random.default_rng(0).integers(6, size=(2, 20))
    assert rank_correlation(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)
    assert math.isnan(rank_correlation(a, np.ones(20)))


def test_agreeing_runs_correlate():
    """Where the more contractive model errs less, over models and over runs, the interval is high.

    The sparse auto-encoder and the AE are the last two by both measures.
    """
    all_found = correlations(agreeing(), [])
    found = by_name(all_found)
    assert set(found) == {"models of the paper's table", "all models", "runs"}
    for over, size in (("models of the paper's table", 6), ("all models", 7)):
        assert found[over].estimate.value == pytest.approx(1)
        assert found[over].size == size
    assert found["runs"].size == 35
    assert found["runs"].estimate.low > 0.9
    saturation = by_name(all_found, "saturation")
    assert saturation["all models"].estimate.value == pytest.approx(-1)


def test_the_papers_models_are_those_of_its_table():
    """On CIFAR-bw it has no RBM, so that the number is the one that claim 3 is judged by."""
    runs = elsewhere(agreeing(), "cifar-bw")
    found = by_name(correlations(runs, []))
    assert found["models of the paper's table"].size == 5
    [part] = verdict_on(3, evidence_of(runs)).parts
    assert found["models of the paper's table"].estimate == part.estimate


def test_models_can_hide_what_holds_within_them():
    """Between two models the correlation is positive, within each it is negative."""
    trials = [
        trial(model, rate, 1.0, base + rate, 10 * base - rate)
        for model, base in (("ae", 1.0), ("cae", 2.0))
        for rate in np.arange(1, 9) / 10
    ]
    name = "trials, 20 epochs"
    found = by_name(correlations([], trials))
    assert set(found) == {name, f"{name}, within models"}
    assert found[name].estimate.low > 0
    assert found[f"{name}, within models"].estimate.value == pytest.approx(-1)
    assert found[f"{name}, within models"].estimate.high == pytest.approx(-1)
    assert {c.error for c in found.values()} == {"validation"}


def test_a_pretraining_counts_once_with_its_best_rate():
    """Further fine-tunings of a pre-training are no further points; diverged ones are none."""
    trials = [
        trial("cae", rate, finetune_rate, rate, rate + (0 if finetune_rate == 1.0 else 5.0))
        for rate in (0.1, 0.2, 0.3, 0.4)
        for finetune_rate in (0.3, 1.0)
    ]
    trials.append(trial("cae", 0.5, 1.0, None, None))
    found = by_name(correlations([], trials))["trials, 20 epochs"]
    assert found.size == 4
    assert found.estimate.value == pytest.approx(1)
    assert math.isnan(found.estimate.low)  # four points are too few for an interval


def test_one_point_a_model_says_nothing_new():
    """Neither one trial of each model nor no trial at all."""
    assert correlations([], [trial(m, 0.1, 1.0, 0.1, 1.0) for m in ("ae", "cae")]) == []
    assert correlations([], []) == []
