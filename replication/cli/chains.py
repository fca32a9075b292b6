"""`chains`: draw pictures from trained nets and measure them."""

from typing import Any

from replication.cli.measuring import Measuring, add_measuring
from replication.cli.verb import Verbs
from replication.studies.sampling.chains import RECORDED, measure_chains
from replication.studies.sampling.plan import NAMES, published


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    add_measuring(
        verbs,
        Measuring(
            summary="draw pictures from a CAE and a Boltzmann machine, and measure them",
            description="Pre-train the CAE and the RBM of Table 1 on MNIST as their first final "
            "runs were, draw chains of pictures from them, and measure how fast the chains mix "
            "and whether the pictures look like the data.",
            what=f"nets and what stands beside them ({', '.join(NAMES)})",
            choices=NAMES,
            usual=NAMES,
            measure=_measure,
            describe=_describe,
            recorded=RECORDED,
        ),
    )


def _measure(name: str) -> dict[str, Any]:
    return measure_chains(name, published())


def _describe(name: str, measured: dict[str, Any]) -> str:
    return "\n".join(
        f"{name}, step size {found['step_size']}: log-likelihood {found['log_likelihood']:.1f}, "
        f"distance to the nearest training digit {found['nearest']:.2f}"
        for found in measured["samples"]
    )
