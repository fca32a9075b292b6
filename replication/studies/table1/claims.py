"""The rules for the claims on Table 1."""

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from replication.kinds import KINDS
from replication.paper import MODEL_ORDER
from replication.studies.table1.correlations import over_models, rank_correlation
from replication.studies.table1.figure_claims import FIGURE_CLAIMS, more_above
from replication.studies.table1.plan import DATASETS, MINIMUM_SEEDS, STUDY
from replication.verdicts.bounds import EQUAL, LARGE, STRONG
from replication.verdicts.claim_rule import ClaimRule, on_each
from replication.verdicts.estimate import exactly
from replication.verdicts.outcome import BEST
from replication.verdicts.printed import (
    is_printed,
    printed_error_gap,
    printed_gap,
    printed_ratio,
    table1_rows,
)
from replication.verdicts.rules import Above, NotBelow, Strongly
from replication.verdicts.runs import Runs
from replication.verdicts.statistics import binomial_half_width
from replication.verdicts.verdict import Part

_OTHERS = tuple(model for model in MODEL_ORDER if model != "cae")
_DENOISING_OR_RBM = ("dae-g", "dae-b", "rbm")
_POINTS = 5  # models from which a correlation over models is computed


def _improves(e: Runs) -> Iterator[Part]:
    for other in ("ae", "ae-wd"):
        if e.has(other, "cae"):
            d = e.error_difference(other, "cae")
            yield Part(
                dataset=e.dataset,
                statement=f"error of {KINDS[other].label} minus error of CAE",
                rule=Above(bound=0),
                estimate=d,
                unit="points",
                paper=printed_error_gap(e.dataset, other, "cae"),
                margin=EQUAL.get(e.dataset),
                is_papers=is_printed(e.dataset, other, "cae"),
                note=d.explain(),
                records=e.ids(other, "cae"),
            )


def _competes(e: Runs) -> Iterator[Part]:
    yield from _matches(e, _DENOISING_OR_RBM)
    for other in _DENOISING_OR_RBM:
        yield from more_above(e, other, "cae", LARGE)


def _matches(e: Runs, others: Sequence[str] = _OTHERS) -> Iterator[Part]:
    for other in others:
        if not e.has(other, "cae"):
            continue
        d = e.error_difference(other, "cae")
        if len(table1_rows(e.dataset)):
            rule = NotBelow(margin=tie_margin(e.dataset, d.examples), whose="the paper's own")
        else:
            error = float(np.mean([r.results.test_error for r in e.common(other, "cae")[1]]))
            rule = NotBelow(margin=binomial_half_width(error, d.examples), whose="such a")
        yield Part(
            dataset=e.dataset,
            statement=f"error of {KINDS[other].label} minus error of CAE",
            rule=rule,
            estimate=d,
            unit="points",
            paper=printed_error_gap(e.dataset, other, "cae"),
            margin=EQUAL.get(e.dataset),
            is_papers=is_printed(e.dataset, other, "cae"),
            note=d.explain(),
            records=e.ids(other, "cae"),
        )


def tie_margin(dataset: str, examples: int) -> float:
    """Half of the 95 % interval of the paper's CAE error, in points: a gap that is a match.

    Args:
        dataset: Key of the data set.
        examples: Number of test examples.
    """
    return binomial_half_width(float(table1_rows(dataset).loc["cae", "test_error"]), examples)


def _correlates(e: Runs) -> Iterator[Part]:
    models = [m for m in MODEL_ORDER if m in e.runs and is_printed(e.dataset, m)]
    if len(models) < _POINTS or not e.has(*models):
        return
    printed = table1_rows(e.dataset)
    yield Part(
        dataset=e.dataset,
        statement=f"rank correlation of Jacobian measure and test error over {len(models)} models",
        rule=Strongly(bound=STRONG),
        estimate=over_models(e, models, "jacobian_mean_square"),
        paper=exactly(rank_correlation(printed["jacobian_mean_square"], printed["test_error"]))
        if len(printed)
        else None,
        records=e.ids(*models),
    )


def _smallest_jacobian(e: Runs) -> Iterator[Part]:
    for other in _OTHERS:
        if e.has(other, "cae"):
            yield Part(
                dataset=e.dataset,
                statement=f"mean squared Jacobian entry, {KINDS[other].label} over CAE",
                rule=Above(bound=1, over="seeds"),
                estimate=e.difference(
                    other, "cae", lambda r: r["jacobian_mean_square"], ratio=True
                ),
                unit="times",
                paper=printed_ratio(e.dataset, other, "cae", "jacobian_mean_square"),
                neutral=1.0,
                is_papers=is_printed(e.dataset, other, "cae"),
                records=e.ids(other, "cae"),
            )


def _most_saturated(e: Runs) -> Iterator[Part]:
    for other in _OTHERS:
        if e.has(other, "cae"):
            yield Part(
                dataset=e.dataset,
                statement=f"saturated units, CAE minus {KINDS[other].label}",
                rule=Above(bound=0, over="seeds"),
                estimate=e.difference("cae", other, lambda r: r["saturation"]),
                unit="points",
                paper=printed_gap(e.dataset, "cae", other, "saturation"),
                is_papers=is_printed(e.dataset, other, "cae"),
                records=e.ids(other, "cae"),
            )


_claim = partial(
    ClaimRule,
    places=DATASETS,
    minimum_seeds=MINIMUM_SEEDS,
    page="table1",
    commands=(STUDY.again,),
)
CLAIMS: tuple[ClaimRule, ...] = (
    _claim(
        claim=1,
        compares="the test error of AE and of AE+wd with that of the CAE.",
        comparisons=on_each(_improves),
    ),
    _claim(
        claim=2,
        compares="the test error of each other model with that of the CAE, a match being enough.",
        comparisons=on_each(_matches),
        combination=BEST,
    ),
    _claim(
        claim=3,
        compares="the rank correlation over models of Jacobian measure and test error with 0.",
        comparisons=on_each(_correlates),
    ),
    _claim(
        claim=4,
        compares="the mean squared Jacobian entry of each other model with the CAE's.",
        comparisons=on_each(_smallest_jacobian),
    ),
    _claim(
        claim=5,
        compares="the share of saturated units of the CAE with each other model's.",
        comparisons=on_each(_most_saturated),
    ),
    *FIGURE_CLAIMS,
    _claim(
        claim=20,
        compares="test errors as for claim 2, and how many singular values are large.",
        comparisons=on_each(_competes),
        page="verdicts",
    ),
)
