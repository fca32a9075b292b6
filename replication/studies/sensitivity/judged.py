"""What the rules of Table 1 would say of the trials at each value of each choice."""

import math

import pandas as pd

from replication.paper import MODEL_ORDER
from replication.studies.table1.claims import tie_margin
from replication.verdicts.outcome import Outcome, combine
from replication.verdicts.printed import is_printed
from replication.verdicts.rules import Above, NotBelow
from replication.verdicts.statistics import Estimate, binomial_half_width

CLAIMS = (1, 2, 4, 5)  # those of Table 1 that compare models one by one
_EXAMPLES = 10_000  # in the validation part, on MNIST and on CIFAR-bw


def judge_choices(points: pd.DataFrame, dataset: str) -> pd.DataFrame:
    """Judge the claims on Table 1 at each value of each choice, by its trials alone.

    The rules are those of the verdicts with less to go by: the validation error stands for the
    test error, with an interval from the size of the validation part, and one seed for several.
    The Jacobian and the saturation have no interval here; their order decides.

    Args:
        points: What `replication.studies.sensitivity.plan.points` returned.
        dataset: The data set.

    Returns:
        One row for each claim, choice and value at which all models of the paper's table on this
        data set have a trial: claim, choice, value, outcome.
    """
    rows = []
    models = [model for model in MODEL_ORDER if is_printed(dataset, model)]
    for (choice, value), group in points.groupby(["choice", "value"], sort=False):
        by_model = group.set_index("model")
        if not set(models) <= set(by_model.index):
            continue
        for claim in CLAIMS:
            outcome = combine(_parts(claim, by_model.loc[models], dataset))
            rows.append({"claim": claim, "choice": choice, "value": value, "outcome": outcome})
    return pd.DataFrame(rows, columns=["claim", "choice", "value", "outcome"])


def _parts(claim: int, at: pd.DataFrame, dataset: str) -> list[Outcome]:
    others = [model for model in at.index if model != "cae"]
    if claim == 1:
        return [Above(bound=0).judge(_gap(at, other)) for other in ("ae", "ae-wd")]
    if claim == 2:
        rule = NotBelow(margin=tie_margin(dataset, _EXAMPLES), whose="the paper's own")
        return [rule.judge(_gap(at, other)) for other in others]
    measure, sign = ("jacobian_mean_square", 1) if claim == 4 else ("saturation", -1)
    return [_ordered(sign * (at.loc[m, measure] - at.loc["cae", measure])) for m in others]


def _gap(at: pd.DataFrame, other: str) -> Estimate:
    """Validation error of a model minus that of the CAE, as if the examples were not the same."""
    errors = [float(at.loc[model, "valid_error"]) for model in (other, "cae")]
    half = math.hypot(*(binomial_half_width(error, _EXAMPLES) for error in errors))
    gap = errors[0] - errors[1]
    return Estimate(gap, gap - half, gap + half)


def _ordered(difference: float) -> Outcome:
    return Above(bound=0).judge(Estimate(difference, difference, difference))
