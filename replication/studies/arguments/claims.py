"""The rules for what the paper argues in its section 4, most of it without an experiment."""

import math
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from replication.studies.arguments.small_nets import DATASET, RECORDED
from replication.studies.speed.recorded import SOURCE as SPEEDS
from replication.studies.table1.plan import DATASETS, MINIMUM_SEEDS, STUDY
from replication.verdicts.bounds import ABOUT, EQUAL, LARGE, ORDER_MARGIN, SAME
from replication.verdicts.claim_rule import ClaimRule, on_each
from replication.verdicts.estimate import Estimate
from replication.verdicts.evidence import Evidence
from replication.verdicts.printed import printed_error_gap
from replication.verdicts.rules import AboutOne, Above, Below, Between, Rule
from replication.verdicts.runs import Runs
from replication.verdicts.spectrum import count_above
from replication.verdicts.statistics import geometric_mean_interval, mean_interval
from replication.verdicts.verdict import Part

_ORDER = 4  # of what lies beyond the second-order term, by section 4
_SPEED = "benchmark"  # the place of claim 8


def _contracts_by_saturation(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
    e = evidence.on("mnist")
    if e.has("ae", "cae"):
        contracts = e.difference("ae", "cae", lambda r: r["jacobian_mean_square"], ratio=True)
        saturates = e.difference("cae", "ae", lambda r: r["saturation"])
        comparisons = [
            ("mean squared Jacobian entry, AE over CAE", 1, contracts, "times", True),
            ("saturated units, CAE minus AE", 0, saturates, "points", True),
        ]
        if e.measured("kernel_norm", "ae", "cae"):
            weights = e.difference("cae", "ae", lambda r: r["kernel_norm"][0], ratio=True)
            # The paper does not say that they are larger; they show that saturation did it.
            comparisons.append(("norm of the kernel, CAE over AE", 1, weights, "times", False))
        for statement, bound, estimate, unit, is_papers in comparisons:
            yield Part(
                dataset=e.dataset,
                statement=statement,
                rule=Above(bound=bound, over="seeds"),
                estimate=estimate,
                unit=unit,
                is_papers=is_papers,
                records=e.ids("ae", "cae"),
            )
    found = evidence.arguments.get("linear-encoder")
    if found:
        yield Part(
            dataset=DATASET,
            statement="difference of the kernels that the penalty and weight decay lead to, linear "
            "encoder, over how far they moved",
            rule=Below(bound=SAME, over="seeds"),
            estimate=mean_interval(np.array([run["difference"] for run in found["runs"]])),
            records=(RECORDED.source,),
        )


def _sparse_contracts(e: Runs) -> Iterator[Part]:
    if not e.has("ae", "sae"):
        return
    measured: list[tuple[str, Estimate, float, str]] = [
        (
            "mean squared Jacobian entry, AE over SAE",
            e.difference("ae", "sae", lambda r: r["jacobian_mean_square"], ratio=True),
            1,
            "times",
        ),
        (
            "contraction ratio next to the data, AE over SAE",
            e.difference("ae", "sae", lambda r: r["curve"]["ratio"][0], ratio=True),
            1,
            "times",
        ),
    ]
    if e.measured("spectrum", "ae", "sae"):
        measured.append(
            (
                f"singular values above {LARGE:g}, AE minus SAE",
                e.difference("ae", "sae", lambda r: count_above(r, LARGE)),
                0,
                "values",
            )
        )
    for statement, estimate, bound, unit in measured:
        yield Part(
            dataset=e.dataset,
            statement=statement,
            rule=Above(bound=bound, over="seeds"),
            estimate=estimate,
            unit=unit,
            records=e.ids("ae", "sae"),
        )


def _costs_as_much(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
    rounds = (evidence.speeds or {}).get("samples", {}).get("growth")
    if not rounds:
        return
    sizes = {name: math.prod(map(int, name.split("x"))) for name in rounds}
    penalty = {name: np.array(rounds[name])[:, 0] for name in rounds}
    largest, smallest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    for name in sizes:
        yield Part(
            dataset=_SPEED,
            statement=f"time of penalty over reconstruction error, both with gradient, {name}",
            rule=Below(bound=ABOUT, over="rounds"),
            estimate=geometric_mean_interval(
                penalty[name] / np.array(rounds[name])[:, 1], "rounds"
            ),
            unit="times",
            records=(SPEEDS,),
        )
    growth = np.log(penalty[largest] / penalty[smallest]) / np.log(sizes[largest] / sizes[smallest])
    yield Part(
        dataset=_SPEED,
        statement="exponent with which it grows with inputs times units, "
        f"from {smallest} to {largest}",
        rule=Below(bound=ABOUT, over="rounds"),
        estimate=mean_interval(growth, "rounds"),
        records=(SPEEDS,),
    )


def _penalises_the_reconstruction(evidence: Evidence, places: Sequence[str]) -> Iterator[Part]:
    found = evidence.arguments.get("small-noise")
    if found:
        runs = [run for run in found["runs"] if run["model"] == "dae-g"]
        share = np.array([run["jacobian"] / (run["jacobian"] + run["residual"]) for run in runs])
        near = Between(low=_ORDER - ORDER_MARGIN, high=_ORDER + ORDER_MARGIN, over="seeds")
        comparisons: tuple[tuple[str, Rule, np.ndarray, str], ...] = (
            (
                "order in the noise of what lies beyond the second-order term",
                near,
                np.array([run["order"] for run in runs]),
                "",
            ),
            (
                "share of the Jacobian of the reconstruction in the second-order term",
                AboutOne(factor=ABOUT, over="seeds"),
                share,
                "share",
            ),
        )
        for statement, rule, values, unit in comparisons:
            yield Part(
                dataset=DATASET,
                statement=statement,
                rule=rule,
                estimate=mean_interval(values),
                unit=unit,
                records=(RECORDED.source,),
            )
    for name in DATASETS:
        e = evidence.on(name)
        if e.has("dae-g", "cae"):
            d = e.error_difference("dae-g", "cae")
            yield Part(
                dataset=name,
                statement="error of DAE-g minus error of CAE",
                rule=Above(bound=0),
                estimate=d,
                unit="points",
                paper=printed_error_gap(name, "dae-g", "cae"),
                margin=EQUAL.get(name),
                note=d.explain(),
                records=e.ids("dae-g", "cae"),
            )


_claim = partial(ClaimRule, minimum_seeds=MINIMUM_SEEDS, page="arguments")
_ARGUMENTS = ".venv/bin/python -m replication arguments"
_TABLE1 = (STUDY.again,)
CLAIMS: tuple[ClaimRule, ...] = (
    _claim(
        claim=6,
        compares="Jacobian and saturation of the CAE with those of AE; and of linear encoders "
        "the kernels that the penalty and weight decay lead to.",
        comparisons=_contracts_by_saturation,
        places=("mnist", DATASET),
        commands=(*_TABLE1, _ARGUMENTS),
    ),
    _claim(
        claim=7,
        compares="the mean squared Jacobian entry of AE with that of the sparse auto-encoder, the "
        "contraction ratio next to the data, and how many singular values are large.",
        comparisons=on_each(_sparse_contracts),
        places=DATASETS,
        commands=_TABLE1,
    ),
    _claim(
        claim=8,
        compares="the time of the penalty with its gradient with that of the reconstruction error "
        "with its gradient, and how fast it grows with inputs times units.",
        comparisons=_costs_as_much,
        places=(_SPEED,),
        commands=("make bench",),
    ),
    _claim(
        claim=9,
        compares="of a denoising auto-encoder, the order in the noise of what lies beyond the "
        "second-order term, and the share of the Jacobian of the reconstruction in that term; and "
        "the test error of DAE-g with that of the CAE.",
        comparisons=_penalises_the_reconstruction,
        places=(DATASET, *DATASETS),
        commands=(_ARGUMENTS, *_TABLE1),
    ),
)
