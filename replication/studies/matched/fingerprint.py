"""How far an encoder is from the paper's, by what needs no label."""

import math

import numpy as np

from replication import paper
from replication.engine.records import Record

_RATIO = 1.1  # the Jacobian or the curve is off by a unit where it is 10 % too large or small
_POINTS = 5.0  # of saturation, likewise


def fingerprint_distance(record: Record) -> float:
    """Compute the largest of three deviations from the paper's cell of Table 1 and its curve.

    The Jacobian's ratio to the printed one and the median ratio of the curves at the paper's radii
    are in units of 10 %, the difference of the saturations in units of five points. A record
    whose numbers are not finite is infinitely far.

    Args:
        record: A run on a data set and of a model that the paper's Table 1 has.

    Raises:
        NotMeasured: It has no measures, because its training diverged, say.
    """
    settings, results = record.settings, record.results
    table = paper.table1()
    here = (table["dataset"] == settings.dataset) & (table["model"] == settings.model)
    [cell] = table[here].to_dict("records")
    figure = paper.figure1(settings.dataset)
    printed = figure[figure["model"] == settings.model]
    curve = results["curve"]
    ours = np.interp(printed["radius"], curve["radius"], curve["ratio"])
    with np.errstate(divide="ignore", invalid="ignore"):
        deviations = (
            _in_units(results["jacobian_mean_square"] / cell["jacobian_mean_square"]),
            abs(results["saturation"] - cell["saturation"]) / _POINTS,
            _in_units(float(np.median(ours / printed["ratio"]))),
        )
    worst = max(deviations)
    return worst if all(map(math.isfinite, deviations)) else math.inf


def _in_units(ratio: float) -> float:
    return abs(math.log(ratio)) / math.log(_RATIO) if ratio > 0 else math.inf
