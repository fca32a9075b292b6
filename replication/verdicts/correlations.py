"""How the contraction and the saturation of an encoder go with the error of its classifier."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from replication.experiments.records import Record
from replication.verdicts.evidence import Evidence
from replication.verdicts.statistics import Estimate, bootstrap

RESAMPLING_SEED = 0
MEASURES = ("jacobian_mean_square", "saturation")


@dataclasses.dataclass(frozen=True)
class Correlation:
    """A rank correlation of a measure of the encoder with the error of the classifier.

    Attributes:
        measure: Name of the measure in a record's results.
        over: What the correlation runs over, in words.
        error: "test" or "validation".
        size: Number of points.
        estimate: Spearman's correlation with its 95 % interval.
    """

    measure: str
    over: str
    error: str
    size: int
    estimate: Estimate


def rank_correlation(a: ArrayLike, b: ArrayLike) -> float:
    """Compute Spearman's rank correlation; NaN where one side is constant.

    Thousands of them are needed for an interval, and SciPy's own takes much longer.

    Args:
        a, b: Paired numbers, shape (n,).
    """
    ranks = stats.rankdata(a), stats.rankdata(b)
    if any(np.ptp(r) == 0 for r in ranks):
        return math.nan
    return float(np.corrcoef(*ranks)[0, 1])


def over_models(evidence: Evidence, models: Sequence[str], measure: str) -> Estimate:
    """Correlate the means over seeds of a measure and of the test error, model by model.

    The interval comes from resampling the seeds, common to all models, and the test examples.

    Args:
        evidence: The runs of one data set.
        models: Keys of the models, with common seeds.
        measure: Name of the measure in a record's results.
    """
    values = np.array([[r.results[measure] for r in runs] for runs in evidence.common(*models)])
    mistakes = np.stack(evidence.mistakes(*models)).astype(np.float32)

    def correlation(seeds: np.ndarray, examples: np.ndarray) -> float:
        weights = np.bincount(examples, minlength=mistakes.shape[2]).astype(np.float32)
        errors = (mistakes @ weights)[:, seeds].sum(axis=1)
        return rank_correlation(values[:, seeds].mean(axis=1), errors)

    return bootstrap(correlation, mistakes.shape[1], mistakes.shape[2], RESAMPLING_SEED)


def correlations(runs: Sequence[Record], trials: Sequence[Record]) -> list[Correlation]:
    """Correlate each measure with the error, over models, over runs, and over trials.

    The interval over models comes from seeds and test examples, the others from resampling the
    points one by one. A pre-training that was fine-tuned at several rates counts once, with its
    best rate. Trials of one length only are taken together. "Within models" correlates ranks
    within each model, so that differences between models play no part.

    Args:
        runs: Final runs of one data set.
        trials: Trials on the same data set.
    """
    found = []
    for measure in MEASURES:
        if runs:
            evidence = Evidence.gather(runs, runs[0].settings.dataset)
            models = list(evidence.runs)
            if evidence.has(*models) and len(models) > 2:
                estimate = over_models(evidence, models, measure)
                found.append(Correlation(measure, "models", "test", len(models), estimate))
            groups = {
                m: [(r.results[measure], r.results["test_error"]) for r in of_model]
                for m, of_model in evidence.runs.items()
            }
            found += _over_points(measure, "final runs", "test", groups)
        for length in sorted({t.settings.pretrain_epochs for t in trials}):
            alike = [t for t in trials if t.settings.pretrain_epochs == length]
            groups = _best_of_each_pretraining(alike, measure)
            over = f"trials of {length} epochs"
            found += _over_points(measure, over, "validation", groups)
    return found


def _over_points(
    measure: str, over: str, error: str, groups: dict[str, list[tuple[float, float]]]
) -> list[Correlation]:
    """Correlate all points, and those of each model among themselves, where there are enough."""
    points = [(model, *point) for model, of_model in groups.items() for point in of_model]
    if len(points) < 4:
        return []
    models, values, errors = (np.array(column) for column in zip(*points, strict=True))

    def all_together(chosen: np.ndarray, _: np.ndarray) -> float:
        return rank_correlation(values[chosen], errors[chosen])

    def within_models(chosen: np.ndarray, _: np.ndarray) -> float:
        centred = [
            [stats.rankdata(v[chosen][models[chosen] == m]) for v in (values, errors)]
            for m in np.unique(models[chosen])
        ]
        a, b = (np.concatenate([r[i] - r[i].mean() for r in centred]) for i in (0, 1))
        norm = np.linalg.norm(a) * np.linalg.norm(b)
        return float(a @ b / norm) if norm else math.nan

    statistics = {over: all_together}
    if min(len(of_model) for of_model in groups.values()) > 1:
        statistics[f"{over}, within models"] = within_models
    return [
        Correlation(
            measure,
            what,
            error,
            len(points),
            bootstrap(statistic, len(points), 1, RESAMPLING_SEED, resamples=1000),
        )
        for what, statistic in statistics.items()
    ]


def _best_of_each_pretraining(
    trials: Sequence[Record], measure: str
) -> dict[str, list[tuple[float, float]]]:
    best: dict[tuple[str, str], tuple[float, float]] = {}
    for trial in trials:
        if "diverged" in trial.results:
            continue
        key = trial.settings.model, repr(trial.settings.pretraining)
        point = trial.results[measure], trial.results["valid_error"]
        if key not in best or point[1] < best[key][1]:
            best[key] = point
    groups: dict[str, list[tuple[float, float]]] = {}
    for (model, _), point in best.items():
        groups.setdefault(model, []).append(point)
    return groups
