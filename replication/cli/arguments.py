"""`arguments`: measure what the paper argues without an experiment."""

from typing import Any

from replication.cli.measuring import Measuring, add_measuring
from replication.cli.verb import Verbs
from replication.studies.arguments.small_nets import ARGUMENTS, RECORDED, measure_argument


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    add_measuring(
        verbs,
        Measuring(
            summary="measure what the paper argues without an experiment",
            description="Train small nets on embedded data and measure what section 4 of the paper "
            "argues: the small-noise limit of the denoising auto-encoder, and the linear encoder.",
            what="arguments (all)",
            choices=tuple(ARGUMENTS),
            usual=tuple(ARGUMENTS),
            measure=measure_argument,
            describe=_describe,
            recorded=RECORDED,
        ),
    )


def _describe(name: str, measured: dict[str, Any]) -> str:
    lines = []
    for run in measured["runs"]:
        shown = {key: v for key, v in run.items() if not isinstance(v, list)}
        lines.append(f"{name}: " + ", ".join(f"{key} {v}" for key, v in shown.items()))
    return "\n".join(lines)
