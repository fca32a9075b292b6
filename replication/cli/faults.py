"""`faults`: train small nets with the known faults of public code."""

from typing import Any

from replication.cli.measuring import Measuring, add_measuring
from replication.cli.verb import Verbs
from replication.studies.faults.small_nets import FAULTS, RECORDED, REFERENCES, measure_fault


def add(verbs: Verbs) -> None:
    """Add the verb.

    Args:
        verbs: All verbs.
    """
    add_measuring(
        verbs,
        Measuring(
            summary="train small nets with the known faults of public code",
            description="Train small nets on embedded data, each with a known fault of public "
            "contractive auto-encoders, and the right ones to compare them with.",
            what="faults (all, and the right nets)",
            choices=(*REFERENCES, *FAULTS),
            usual=(*REFERENCES, *FAULTS),
            measure=measure_fault,
            describe=_describe,
            recorded=RECORDED,
        ),
    )


def _describe(name: str, measured: dict[str, Any]) -> str:
    return "\n".join(
        f"{name}: seed {run['seed']}, penalty as coded {run['coded']:.4g}, "
        f"true {run['jacobian']:.4g}, test error {run['error']:.2f} %"
        for run in measured["runs"]
    )
