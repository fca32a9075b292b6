"""The rules for what the paper argues in its section 4, most of it without an experiment."""

import math
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from replication.experiments import arguments, speeds
from replication.experiments.protocol import DATASETS
from replication.verdicts.bounds import ABOUT, LARGE, ORDER_MARGIN, SAME
from replication.verdicts.evidence import Evidence
from replication.verdicts.printed_table1 import printed_gap
from replication.verdicts.spectrum import count_above
from replication.verdicts.statistics import Estimate, geometric_mean_interval, mean_interval
from replication.verdicts.verdict import Part, above, below, within

Rule = Callable[[Mapping[str, Evidence]], Iterator[Part]]


def contracts_by_saturation(evidence: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 6: Jacobian, saturation and norm of the kernel of the CAE with those of AE; and of
    linear encoders the kernels that the penalty and weight decay lead to.
    """
    e = evidence["mnist"]
    if e.has("ae", "cae") and all("kernel_norm" in r.results for r in e.runs["cae"].values()):
        contracts = e.difference("ae", "cae", _jacobian, ratio=True)
        weights = e.difference("cae", "ae", lambda r: r["kernel_norm"][0], ratio=True)
        saturates = e.difference("cae", "ae", lambda r: r["saturation"])
        for statement, rule, estimate, bound, unit in (
            ("mean squared Jacobian entry, AE over CAE", "lies above 1", contracts, 1, "times"),
            ("saturated units, CAE minus AE", "lies above 0", saturates, 0, "points"),
            ("norm of the kernel, CAE over AE", "lies above 1", weights, 1, "times"),
        ):
            yield Part(
                e.dataset,
                statement,
                f"the 95 % interval over seeds {rule}",
                estimate,
                unit,
                above(estimate, bound),
                None,
                "",
                e.ids("ae", "cae"),
            )
    found = arguments.recorded_argument("linear-encoder")
    if found:
        differences = mean_interval(np.array([run["difference"] for run in found["runs"]]))
        yield Part(
            arguments.DATASET,
            "difference of the kernels that the penalty and weight decay lead to, linear encoder, "
            "over how far they moved",
            f"the 95 % interval over seeds lies below {SAME:g}",
            differences,
            "",
            below(differences, SAME),
            None,
            "",
            _file(arguments.FILE),
        )


def sparse_contracts(evidence: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 7: the mean squared Jacobian entry of AE with that of the sparse auto-encoder, the
    contraction ratio next to the data, and how many singular values are large.
    """
    for name in DATASETS:
        e = evidence[name]
        if not e.has("ae", "sae"):
            continue
        measured: list[tuple[str, Estimate, float, str]] = [
            (
                "mean squared Jacobian entry, AE over SAE",
                e.difference("ae", "sae", _jacobian, ratio=True),
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
        if all(r.results.get("spectrum") for m in ("ae", "sae") for r in e.runs[m].values()):
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
                name,
                statement,
                f"the 95 % interval over seeds lies above {bound:g}",
                estimate,
                unit,
                above(estimate, bound),
                None,
                "",
                e.ids("ae", "sae"),
            )


def costs_as_much(evidence: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 8: the time of the penalty with its gradient with that of the reconstruction error with
    its gradient, and how fast it grows with inputs times units.
    """
    found = speeds.recorded_speeds()
    rounds = (found or {}).get("samples", {}).get("growth")
    if not rounds:
        return
    sizes = {name: math.prod(map(int, name.split("x"))) for name in rounds}
    penalty = {name: np.array(rounds[name])[:, 0] for name in rounds}
    largest, smallest = max(sizes, key=sizes.__getitem__), min(sizes, key=sizes.__getitem__)
    for name in sizes:
        ratio = geometric_mean_interval(penalty[name] / np.array(rounds[name])[:, 1])
        yield Part(
            "benchmark",
            f"time of penalty over reconstruction error, both with gradient, {name}",
            f"the 95 % interval over rounds lies below {ABOUT:g}",
            ratio,
            "times",
            below(ratio, ABOUT),
            None,
            "",
            _file(speeds.FILE),
        )
    growth = mean_interval(
        np.log(penalty[largest] / penalty[smallest]) / np.log(sizes[largest] / sizes[smallest])
    )
    yield Part(
        "benchmark",
        f"exponent with which it grows with inputs times units, from {smallest} to {largest}",
        f"the 95 % interval over rounds lies below {ABOUT:g}",
        growth,
        "",
        below(growth, ABOUT),
        None,
        "",
        _file(speeds.FILE),
    )


def penalises_the_reconstruction(evidence: Mapping[str, Evidence]) -> Iterator[Part]:
    """Claim 9: of a denoising auto-encoder, the order in the noise of what lies beyond the
    second-order term, and the share of the Jacobian of the reconstruction in that term; and the
    test error of DAE-g with that of the CAE.
    """
    found = arguments.recorded_argument("small-noise")
    if found:
        runs = [run for run in found["runs"] if run["model"] == "dae-g"]
        order = mean_interval(np.array([run["order"] for run in runs]))
        share = mean_interval(
            np.array([run["jacobian"] / (run["jacobian"] + run["residual"]) for run in runs])
        )
        low, high = 4 - ORDER_MARGIN, 4 + ORDER_MARGIN
        yield Part(
            arguments.DATASET,
            "order in the noise of what lies beyond the second-order term",
            f"the 95 % interval over seeds lies within {low:g} and {high:g}",
            order,
            "",
            within(order, low, high),
            None,
            "",
            _file(arguments.FILE),
        )
        yield Part(
            arguments.DATASET,
            "share of the Jacobian of the reconstruction in the second-order term",
            f"the 95 % interval over seeds lies within a factor {ABOUT:g} of 1",
            share,
            "share",
            within(share, 1 / ABOUT, ABOUT),
            None,
            "",
            _file(arguments.FILE),
        )
    for name in DATASETS:
        e = evidence[name]
        if e.has("dae-g", "cae"):
            d = e.error_difference("dae-g", "cae")
            yield Part(
                name,
                "error of DAE-g minus error of CAE",
                "the 95 % interval lies above 0",
                d,
                "points",
                above(d, 0),
                printed_gap(name, "dae-g", "cae"),
                d.explain(),
                e.ids("dae-g", "cae"),
            )


def _jacobian(results: dict) -> float:
    return results["jacobian_mean_square"]


def _file(path) -> tuple[str, ...]:  # type: ignore[no-untyped-def]
    return (f"data/{path.name}",)


# Claim -> rule, and what it has to be judged on to be judged fully.
RULES: Mapping[int, tuple[Rule, tuple[str, ...]]] = {
    6: (contracts_by_saturation, ("mnist", arguments.DATASET)),
    7: (sparse_contracts, DATASETS),
    8: (costs_as_much, ("benchmark",)),
    9: (penalises_the_reconstruction, (arguments.DATASET, *DATASETS)),
}
