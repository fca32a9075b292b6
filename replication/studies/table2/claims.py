"""The rules for the claims on Table 2 and Figure 3."""

import dataclasses
import itertools
import math
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd

from replication import paper
from replication.engine.results import Results
from replication.studies.table2.plan import MINIMUM_SEEDS, ROWS, SEARCH, STUDY
from replication.verdicts.bounds import PROBABLE
from replication.verdicts.claim_rule import ClaimRule, on_each
from replication.verdicts.curve import peak_radius
from replication.verdicts.estimate import Estimate, exactly
from replication.verdicts.evidence import Evidence
from replication.verdicts.printed import error_gap, printed_bump, printed_distance
from replication.verdicts.rules import Above, ProbablyOn
from replication.verdicts.runs import Runs
from replication.verdicts.statistics import (
    ErrorDifference,
    count_at_least,
    geometric_mean_interval,
)
from replication.verdicts.verdict import Part

FIGURE3 = "rot"  # the data set of Figure 3
MOST = len(ROWS) // 2 + 1  # sets that are "most" and "a range" (claims 11 and 21)
EXAMPLES = 50_000  # test examples of every set
THREE_LAYERS = ("sae-3", "rbm-3", "dae-b-3")
OTHERS = ("svm-rbf", *THREE_LAYERS)
DEPTHS = ("cae-1", "cae-2", "cae-3")


def _second_layer_improves(e: Runs) -> Iterator[Part]:
    if e.has("cae-1", "cae-2"):
        d = e.error_difference("cae-1", "cae-2")
        yield Part(
            dataset=e.dataset,
            statement="error of CAE-1 minus error of CAE-2",
            rule=Above(bound=0),
            estimate=d,
            unit="points",
            paper=error_gap(_printed(e.dataset, "cae-1"), _printed(e.dataset, "cae-2"), EXAMPLES),
            note=d.explain(),
            records=e.ids("cae-1", "cae-2"),
        )


def _two_layers_beat_three(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
    yield from _count_of_wins(evidence, places, THREE_LAYERS, "the best net of three layers")


def _best_on_a_range(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
    named = "the best of all other columns but CAE-1 and CAE-3"
    yield from _count_of_wins(evidence, places, OTHERS, named)


def _count_of_wins(
    evidence: Evidence, places: Sequence[str], others: Sequence[str], named: str
) -> Iterator[Part]:
    """Compute the probability of a win on most sets; one without runs counts as lost."""
    gaps = {name: gap_to_best(evidence.on(name), others) for name in places}
    known = {name: gap for name, gap in gaps.items() if gap is not None}
    if not known:
        return
    printed = [
        error_gap(min(_printed(n, o) for o in others), _printed(n, "cae-2"), EXAMPLES) for n in ROWS
    ]
    leads = sum(gap.value > 0 for gap in known.values())
    certain = sum(gap.low > 0 for gap in known.values())
    lost = sum(gap.high < 0 for gap in known.values())
    yield Part(
        dataset="all",
        statement=f"probability that CAE-2 makes fewer mistakes than {named} on at least {MOST} of "
        f"{len(places)} sets",
        rule=ProbablyOn(count=MOST, sets=len(places), certain=PROBABLE),
        estimate=exactly(count_at_least([_win(gap) for gap in known.values()], MOST)),
        paper=exactly(count_at_least([_win(gap) for gap in printed], MOST)),
        neutral=0.5,
        note=f"ahead on {leads} sets, for certain on {certain}; behind for certain on {lost}; "
        f"{len(known)} of {len(places)} sets have records; the paper is ahead on "
        f"{sum(gap.value > 0 for gap in printed)}, for certain on "
        f"{sum(gap.low > 0 for gap in printed)}",
        records=tuple(i for name in known for i in evidence.on(name).ids("cae-2", *others)),
    )


def _win(gap: Estimate) -> float:
    """The probability that a gap is above 0, from its own distribution."""
    # SciPy only where something is judged: it takes long to import.
    from scipy.special import ndtr, stdtr

    if gap.error == 0:
        return float(gap.value > 0)
    distance = gap.value / gap.error
    return float(ndtr(distance) if math.isinf(gap.freedom) else stdtr(gap.freedom, distance))


def gap_to_best(e: Runs, others: Sequence[str]) -> ErrorDifference | None:
    """Compute the error of the best of some columns minus that of CAE-2, in points.

    None where a column, or CAE-2, has no runs.

    Args:
        e: Final runs of one set.
        others: Keys of the columns.
    """
    best = best_column(e, others)
    return None if best is None else e.error_difference(best, "cae-2")


def best_column(e: Runs, others: Sequence[str]) -> str | None:
    """Find the column with the smallest mean test error.

    None where a column, or CAE-2, has no runs.

    Args:
        e: Final runs of one set.
        others: Keys of the columns.
    """
    return min(others, key=e.mean_error) if e.has("cae-2", *others) else None


def _deeper_contracts_more(e: Runs) -> Iterator[Part]:
    for lower, upper in _depths(e):
        ratio = e.difference(lower, upper, lambda r: r["curve"]["ratio"][0], ratio=True)
        printed = _first(lower) / _first(upper)
        yield _over(e, (lower, upper), "contraction ratio next to the data", ratio, printed)
        rises = e.difference(lower, upper, _rise_to_median)
        printed = _printed_rise(lower) - _printed_rise(upper)
        yield _minus(e, (lower, upper), "rise up to the median distance", rises, printed)
        yield _later_bump(e, lower, upper)


def _deeper_reaches_farther(e: Runs) -> Iterator[Part]:
    for lower, upper in _depths(e):
        ratios = np.array(
            [
                np.divide(a.results["curve"]["ratio"], b.results["curve"]["ratio"])
                for a, b in zip(*e.common(lower, upper), strict=True)
            ]
        )
        ratio = geometric_mean_interval(ratios.min(axis=1))
        radius = e.runs[lower][min(e.runs[lower])].results["curve"]["radius"]
        where = np.median(np.take(radius, ratios.argmin(axis=1)))
        curves = [_figure(column)["ratio"].to_numpy() for column in (lower, upper)]
        printed = float(np.min(curves[0] / curves[1]))
        what = "contraction ratio where they differ least"
        part = _over(e, (lower, upper), what, ratio, printed)
        yield dataclasses.replace(part, note=f"at the distance {where:g}")
        yield _later_bump(e, lower, upper)


def _depths(e: Runs) -> Iterator[tuple[str, str]]:
    """Each depth of the CAE with the next."""
    return (pair for pair in itertools.pairwise(DEPTHS) if e.has(*pair))


def _later_bump(e: Runs, lower: str, upper: str) -> Part:
    later = e.difference(upper, lower, lambda r: peak_radius(r["curve"]))
    printed = printed_bump(FIGURE3, _depth(upper)) - printed_bump(FIGURE3, _depth(lower))
    return _minus(e, (upper, lower), "radius of the bump", later, printed)


def _over(e: Runs, columns: tuple[str, str], what: str, estimate: Estimate, printed: float) -> Part:
    first, second = (column.upper() for column in columns)
    return Part(
        dataset=e.dataset,
        statement=f"{what}, {first} over {second}",
        rule=Above(bound=1, over="seeds"),
        estimate=estimate,
        unit="times",
        paper=exactly(printed),
        neutral=1.0,
        records=e.ids(*columns),
    )


def _minus(
    e: Runs, columns: tuple[str, str], what: str, estimate: Estimate, printed: float
) -> Part:
    first, second = (column.upper() for column in columns)
    return Part(
        dataset=e.dataset,
        statement=f"{what}, {first} minus {second}",
        rule=Above(bound=0, over="seeds"),
        estimate=estimate,
        paper=exactly(printed),
        records=e.ids(*columns),
    )


def _rise_to_median(results: Results) -> float:
    curve = results["curve"]
    at_median = np.interp(results["distances"]["median"], curve["radius"], curve["ratio"])
    return float(at_median - curve["ratio"][0])


def _depth(column: str) -> int:
    return SEARCH.arms[column].depth


def _figure(column: str) -> pd.DataFrame:
    points = paper.figure3()
    return points[points["depth"] == _depth(column)]


def _first(column: str) -> float:
    return float(_figure(column)["ratio"].iloc[0])


def _printed_rise(column: str) -> float:
    points = _figure(column)
    median = printed_distance(FIGURE3, "median")
    at_median = np.interp(median, points["radius"], points["ratio"])
    return float(at_median) - _first(column)


def _printed(dataset: str, column: str) -> float:
    cells = paper.table2().set_index(["dataset", "model"])["test_error"]
    return float(cells[dataset, column])


_on_table2 = partial(
    ClaimRule,
    places=ROWS,
    minimum_seeds=MINIMUM_SEEDS,
    page="table2",
    commands=(STUDY.again,),
)
_on_figure3 = partial(
    ClaimRule,
    places=(FIGURE3,),
    looks_at=Evidence.on_nested,
    needs=DEPTHS,
    minimum_seeds=MINIMUM_SEEDS,
    page="depth",
    commands=(STUDY.again,),
)
CLAIMS: tuple[ClaimRule, ...] = (
    _on_table2(
        claim=10,
        compares="on each set the test error of CAE-1 with that of CAE-2.",
        comparisons=on_each(_second_layer_improves),
        needs=("cae-1", "cae-2"),
    ),
    _on_table2(
        claim=11,
        compares="the probability that on most of the seven sets CAE-2 makes fewer mistakes than "
        "the best of SAE-3, RBM-3 and DAE-b-3. Which of these is the best is read off the same "
        "test errors, which helps them a little.",
        comparisons=_two_layers_beat_three,
        needs=("cae-2", *THREE_LAYERS),
    ),
    _on_figure3(
        claim=18,
        compares="on rot, of stacks of three CAEs, each depth of one stack with the next: the "
        "contraction ratio next to the data, how far the curve rises up to the median distance "
        "between examples, and the radius of the bump.",
        comparisons=on_each(_deeper_contracts_more, Evidence.on_nested),
    ),
    _on_figure3(
        claim=19,
        compares="on rot, of stacks of three CAEs, each depth of one stack with the next: the "
        "contraction ratio at the radius where they differ least, and the radius of the bump.",
        comparisons=on_each(_deeper_reaches_farther, Evidence.on_nested),
    ),
    _on_table2(
        claim=21,
        compares="the probability that on most of the seven sets CAE-2 makes fewer mistakes than "
        "the best of SVM, SAE-3, RBM-3 and DAE-b-3. Which of these is the best is read off the "
        "same test errors, which helps them a little.",
        comparisons=_best_on_a_range,
        needs=("cae-2", *OTHERS),
    ),
)
