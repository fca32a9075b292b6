"""The rules for the claims on Table 2 and Figure 3."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from replication import paper
from replication.experiments.table2 import COLUMNS, ROWS
from replication.verdicts.curve import peak_radius, printed_bump, printed_distance
from replication.verdicts.evidence import Evidence
from replication.verdicts.statistics import Estimate, PairedDifference, geometric_mean_interval
from replication.verdicts.verdict import Part, above

FIGURE3 = "rot"  # the data set of Figure 3
MOST = len(ROWS) / 2  # sets above which "most" and "a range of" count (claims 11 and 21)
THREE_LAYERS = ("sae-3", "rbm-3", "dae-b-3")
OTHERS = ("svm-rbf", *THREE_LAYERS)
DEPTHS = ("cae-1", "cae-2", "cae-3")

Rule = Callable[[Mapping[str, Evidence]], Iterator[Part]]


def second_layer_improves(sets: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 10: on each set the test error of CAE-1 with that of CAE-2."""
    for e in sets.values():
        if e.has("cae-1", "cae-2"):
            d = e.error_difference("cae-1", "cae-2")
            yield Part(
                e.dataset,
                "error of CAE-1 minus error of CAE-2",
                "the 95 % interval lies above 0",
                d,
                "points",
                above(d, 0),
                _printed(e.dataset, "cae-1") - _printed(e.dataset, "cae-2"),
                "",
                e.ids("cae-1", "cae-2"),
            )


def two_layers_beat_three(sets: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 11: on how many of the seven sets CAE-2 makes fewer mistakes than the best of SAE-3,
    RBM-3 and DAE-b-3.
    """
    yield from _count_of_wins(sets, THREE_LAYERS, "the best net of three layers")


def best_on_a_range(sets: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 21: on how many of the seven sets CAE-2 makes fewer mistakes than the best of SVM,
    SAE-3, RBM-3 and DAE-b-3.
    """
    yield from _count_of_wins(sets, OTHERS, "the best of all other columns but CAE-1 and CAE-3")


def _count_of_wins(
    sets: Mapping[str, Evidence], others: Sequence[str], named: str
) -> Iterator[Part]:
    """Count sets; the interval counts undecided and missing ones as lost, and then as won."""
    gaps = {name: gap_to_best(e, others) for name, e in sets.items()}
    known = {name: gap for name, gap in gaps.items() if gap is not None}
    if not known:
        return
    count = Estimate(
        sum(gap.value > 0 for gap in known.values()),
        sum(gap.low > 0 for gap in known.values()),
        len(ROWS) - sum(gap.high < 0 for gap in known.values()),
    )
    undecided = sum(gap.low <= 0 <= gap.high for gap in known.values())
    yield Part(
        "all",
        f"sets on which CAE-2 makes fewer mistakes than {named}",
        f"the count lies above half of the {len(ROWS)} sets even if undecided ones are lost",
        count,
        "sets",
        above(count, MOST),
        sum(min(_printed(name, o) for o in others) > _printed(name, "cae-2") for name in ROWS),
        f"{len(known)} of {len(ROWS)} sets have records, {undecided} of them undecided",
        tuple(i for name in known for i in sets[name].ids("cae-2", *others)),
    )


def gap_to_best(e: Evidence, others: Sequence[str]) -> PairedDifference | None:
    """Compute the error of the best of some columns minus that of CAE-2, in points.

    None where a column, or CAE-2, has no runs.

    Args:
        e: Final runs of one set.
        others: Keys of the columns.
    """
    best = best_column(e, others)
    return None if best is None else e.error_difference(best, "cae-2")


def best_column(e: Evidence, others: Sequence[str]) -> str | None:
    """Find the column with the smallest mean test error.

    None where a column, or CAE-2, has no runs.

    Args:
        e: Final runs of one set.
        others: Keys of the columns.
    """
    if not e.has("cae-2", *others):
        return None
    return min(others, key=lambda o: np.mean([r.results["test_error"] for r in e.runs[o].values()]))


def deeper_contracts_more(sets: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 18: on rot, of each depth of the CAE with the next, the contraction ratio next to the
    data, how far the curve rises up to the median distance between examples, and the radius of
    the bump.
    """
    for e, lower, upper in _depths(sets):
        ratio = e.difference(lower, upper, lambda r: r["curve"]["ratio"][0], ratio=True)
        printed = _first(lower) / _first(upper)
        yield _on_curves(e, (lower, upper), "contraction ratio next to the data", ratio, printed)
        rises = e.difference(lower, upper, _rise_to_median)
        printed = _printed_rise(lower) - _printed_rise(upper)
        yield _on_curves(e, (lower, upper), "rise up to the median distance", rises, printed)
        yield _later_bump(e, lower, upper)


def deeper_reaches_farther(sets: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 19: on rot, of each depth of the CAE with the next, the contraction ratio at the radius
    where they differ least, and the radius of the bump.
    """
    for e, lower, upper in _depths(sets):
        least = [
            np.min(np.divide(a.results["curve"]["ratio"], b.results["curve"]["ratio"]))
            for a, b in zip(*e.common(lower, upper), strict=True)
        ]
        ratio = geometric_mean_interval(np.array(least))
        curves = [_figure(column)["ratio"].to_numpy() for column in (lower, upper)]
        printed = float(np.min(curves[0] / curves[1]))
        what = "contraction ratio where they differ least"
        yield _on_curves(e, (lower, upper), what, ratio, printed)
        yield _later_bump(e, lower, upper)


def _depths(sets: Mapping[str, Evidence]) -> Iterator[tuple[Evidence, str, str]]:
    """Each depth of the CAE with the next, on the data set of Figure 3."""
    e = sets[FIGURE3]
    for lower, upper in itertools.pairwise(DEPTHS):
        if e.has(lower, upper):
            yield e, lower, upper


def _later_bump(e: Evidence, lower: str, upper: str) -> Part:
    later = e.difference(upper, lower, lambda r: peak_radius(r["curve"]))
    printed = printed_bump(FIGURE3, COLUMNS[upper][1]) - printed_bump(FIGURE3, COLUMNS[lower][1])
    return _on_curves(e, (upper, lower), "radius of the bump", later, printed)


def _on_curves(
    e: Evidence, columns: tuple[str, str], what: str, estimate: Estimate, printed: float
) -> Part:
    is_ratio = what.startswith("contraction ratio")
    first, second = (column.upper() for column in columns)
    bound = 1 if is_ratio else 0
    return Part(
        e.dataset,
        f"{what}, {first} {'over' if is_ratio else 'minus'} {second}",
        f"the 95 % interval over seeds lies above {bound}",
        estimate,
        "times" if is_ratio else "",
        above(estimate, bound),
        printed,
        "",
        e.ids(*columns),
    )


def _rise_to_median(results: dict) -> float:
    curve = results["curve"]
    at_median = np.interp(results["distances"]["median"], curve["radius"], curve["ratio"])
    return float(at_median - curve["ratio"][0])


def _figure(column: str) -> pd.DataFrame:
    points = paper.figure3()
    return points[points["depth"] == COLUMNS[column][1]]


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


# Claim -> rule, and the data sets and columns without which it is not fully judged.
RULES: Mapping[int, tuple[Rule, tuple[str, ...], tuple[str, ...]]] = {
    10: (second_layer_improves, ROWS, ("cae-1", "cae-2")),
    11: (two_layers_beat_three, ROWS, ("cae-2", *THREE_LAYERS)),
    18: (deeper_contracts_more, (FIGURE3,), DEPTHS),
    19: (deeper_reaches_farther, (FIGURE3,), DEPTHS),
    21: (best_on_a_range, ROWS, ("cae-2", *OTHERS)),
}
