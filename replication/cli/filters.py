"""`filters`: train encoders to show their filters."""

from typing import Any

from replication.cli.measuring import Measuring, add_measuring
from replication.cli.verb import Verbs
from replication.studies.pictures.filters import RECORDED, filter_runs, learn_filters
from replication.studies.table1.plan import STUDY


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    add_measuring(
        verbs,
        Measuring(
            summary="train encoders to show their filters",
            description="Pre-train models of Table 1 on MNIST as their first final runs were, and "
            "take some of their filters, for the page of pictures.",
            what="models (all)",
            choices=tuple(STUDY.arms),
            usual=tuple(STUDY.arms),
            measure=_learn,
            describe=_describe,
            recorded=RECORDED,
        ),
    )


def _learn(model: str) -> dict[str, Any]:
    return learn_filters(filter_runs((model,))[model])


def _describe(name: str, learned: dict[str, Any]) -> str:
    norms = learned["norms"]
    return f"{name}: norms from {norms[0]:.3g} to {norms[-1]:.3g}"
