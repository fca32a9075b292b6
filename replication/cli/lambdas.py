"""`lambdas`: train the CAE with several lambdas to show what each does."""

from typing import Any

from replication.cli.measuring import Measuring, add_measuring
from replication.cli.verb import Verbs
from replication.studies.pictures.lambdas import (
    LAMBDAS,
    RECORDED,
    lambda_runs,
    learn_lambda,
    walked,
)


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    add_measuring(
        verbs,
        Measuring(
            summary="train the CAE with several lambdas to show what each does",
            description="Pre-train the CAE of Table 1 on MNIST as its first final run was, with "
            "several lambdas, and take its contraction curve, spectrum and filters, for the page "
            "of pictures.",
            what=f"lambdas ({', '.join(LAMBDAS)})",
            choices=LAMBDAS,
            usual=LAMBDAS,
            measure=_learn,
            describe=_describe,
            recorded=RECORDED,
        ),
    )


def _learn(name: str) -> dict[str, Any]:
    return learn_lambda(lambda_runs()[name], walks=name in walked())


def _describe(name: str, learned: dict[str, Any]) -> str:
    ratios = learned["curve"]["ratio"]
    return (
        f"lambda {name}: contraction ratio from {min(ratios):.3g} to {max(ratios):.3g}, "
        f"error of reconstruction {learned['error']:.3g}"
    )
