"""How the contraction and the saturation of an encoder go with the error of its classifier."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from replication.engine.records import Record
from replication.paper import MODEL_ORDER
from replication.verdicts.estimate import Estimate, by_percentiles
from replication.verdicts.printed import is_printed
from replication.verdicts.resampling import bootstrap, resampled
from replication.verdicts.runs import Runs

RESAMPLING_SEED = 0
_POINTS = 5  # fewer models, or points a model, give no interval
_POINTS_WITHIN = 8  # fewer points a model say nothing about the order within it
MEASURES = ("jacobian_mean_square", "saturation")


@dataclasses.dataclass(frozen=True)
class Correlation:
    """A rank correlation of a measure of the encoder with the error of the classifier.

    Attributes:
        measure: Name of the measure in a record's results.
        over: What the correlation runs over, in words.
        error: "test" or "validation".
        size: Number of points.
        source: What was resampled for the interval, in words.
        estimate: Spearman's correlation with its 95 % interval.
    """

    measure: str
    over: str
    error: str
    size: int
    source: str
    estimate: Estimate


def rank_correlation(a: ArrayLike, b: ArrayLike) -> float:
    """Compute Spearman's rank correlation; NaN where one side is constant.

    Thousands of them are needed for an interval, and SciPy's own takes much longer.

    Args:
        a, b: Paired numbers, shape (n,).
    """
    pair = np.stack([np.asarray(a, float), np.asarray(b, float)])
    return float(_rank_correlations(pair))


def _rank_correlations(pairs: np.ndarray) -> np.ndarray:
    """Correlate the ranks of many pairs of rows, shape (..., 2, n); NaN where a row is constant."""
    ranks = _ranks(pairs)
    centred = ranks - ranks.mean(axis=-1, keepdims=True)
    first, second = centred[..., 0, :], centred[..., 1, :]
    spread = np.sqrt((first**2).sum(axis=-1) * (second**2).sum(axis=-1))
    together = (first * second).sum(axis=-1)
    return np.divide(together, spread, out=np.full_like(spread, math.nan), where=spread > 0)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Rank numbers along the last axis, from 1; equal ones share the mean of their ranks.

    Each is compared with every other: of few numbers, much faster than SciPy's sorting.
    """
    below = (values[..., None, :] < values[..., None]).sum(axis=-1)
    equal = (values[..., None, :] == values[..., None]).sum(axis=-1)
    return below + (equal + 1) / 2


def over_models(evidence: Runs, models: Sequence[str], measure: str) -> Estimate:
    """Correlate the means over seeds of a measure and of the test error, model by model.

    The interval comes from resampling the seeds, common to all models, and the test examples.

    Args:
        evidence: The runs of one data set.
        models: Keys of the models, with common seeds.
        measure: Name of the measure in a record's results.
    """
    values = np.array([[r.results[measure] for r in runs] for runs in evidence.common(*models)])
    mistakes = np.stack(evidence.mistakes(*models)).astype(np.float32)
    shape = mistakes.shape
    flat = mistakes.reshape(-1, shape[2])
    pairs = []
    for seeds, examples in resampled(shape[1:], RESAMPLING_SEED):
        weights = np.bincount(examples, minlength=shape[2]).astype(np.float32)
        errors = (flat @ weights).reshape(shape[:2])[:, seeds].sum(axis=1)
        pairs.append((values[:, seeds].mean(axis=1), errors))
    found = _rank_correlations(np.array(pairs))
    return by_percentiles(float(found[0]), found[1:], "seeds and test set")


def correlations(runs: Sequence[Record], trials: Sequence[Record]) -> list[Correlation]:
    """Correlate each measure with the error, over models, over runs, and over trials.

    Over runs and trials the models are fixed: the interval comes from resampling the points of each
    model among themselves, and there is none below five points a model. "Within models" correlates
    ranks within each model, so that differences between models play no part; it is left out below
    eight points a model. A pre-training that was fine-tuned at several rates counts once, with
    its best rate, and trials of one length only are taken together.

    Args:
        runs: Runs of one data set with test errors.
        trials: Trials on the same data set.
    """
    found = []
    for measure in MEASURES:
        if runs:
            dataset = runs[0].settings.dataset
            evidence = Runs.gather(runs, dataset)
            printed = [m for m in MODEL_ORDER if m in evidence.runs and is_printed(dataset, m)]
            for over, models in (
                ("models of the paper's table", printed),
                ("all models", list(evidence.runs)),
            ):
                if evidence.has(*models) and len(models) >= _POINTS:
                    estimate = over_models(evidence, models, measure)
                    source = "seeds and test set"
                    found.append(Correlation(measure, over, "test", len(models), source, estimate))
            groups = {
                m: [(r.results[measure], r.results["test_error"]) for r in of_model.values()]
                for m, of_model in evidence.runs.items()
            }
            found += _over_points(measure, "runs", "test", groups)
        for length in sorted({t.settings.pretrain_epochs for t in trials}):
            alike = [t for t in trials if t.settings.pretrain_epochs == length]
            groups = _best_of_each_pretraining(alike, measure)
            over = f"trials, {length} epochs"
            found += _over_points(measure, over, "validation", groups)
    return found


def _over_points(
    measure: str, over: str, error: str, groups: dict[str, list[tuple[float, float]]]
) -> list[Correlation]:
    """Correlate all points, and those of each model among themselves, where there are enough."""
    points = [np.array(of_model) for of_model in groups.values()]  # of shape (points, 2)
    sizes = [len(of_model) for of_model in points]
    if min(sizes, default=0) < 2:
        return []  # one point a model: that is the correlation over models

    def pooled(*chosen: np.ndarray) -> float:
        together = np.concatenate([p[c] for p, c in zip(points, chosen, strict=True)])
        return rank_correlation(*together.T)

    def within(*chosen: np.ndarray) -> float:
        ranks = [_ranks(p[c].T) for p, c in zip(points, chosen, strict=True)]
        x, y = np.concatenate([r - r.mean(axis=1, keepdims=True) for r in ranks], axis=1)
        norm = np.linalg.norm(x) * np.linalg.norm(y)
        return float(x @ y / norm) if norm else math.nan

    estimate = bootstrap(pooled, sizes, RESAMPLING_SEED, resamples=1000)
    source = "points of each model"
    if min(sizes) < _POINTS:
        estimate, source = Estimate(estimate.value, math.nan, math.nan), "too few points"
    found = [Correlation(measure, over, error, sum(sizes), source, estimate)]
    if min(sizes) >= _POINTS_WITHIN:
        estimate = bootstrap(within, sizes, RESAMPLING_SEED, resamples=1000)
        over = f"{over}, within models"
        found.append(Correlation(measure, over, error, sum(sizes), source, estimate))
    return found


def _best_of_each_pretraining(
    trials: Sequence[Record], measure: str
) -> dict[str, list[tuple[float, float]]]:
    best: dict[tuple[str, str], tuple[float, float]] = {}
    for trial in trials:
        if trial.results.diverged:
            continue
        key = trial.settings.model, repr(trial.settings.pretraining)
        point = trial.results[measure], trial.results["valid_error"]
        if key not in best or point[1] < best[key][1]:
            best[key] = point
    groups: dict[str, list[tuple[float, float]]] = {}
    for (model, _), point in best.items():
        groups.setdefault(model, []).append(point)
    return groups
