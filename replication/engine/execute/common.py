"""What all runs of a sweep have in common."""

from collections.abc import Sequence

from replication.engine.settings import Settings
from replication.errors import InputError


def environment_of(runs: Sequence[Settings]) -> tuple[str, str]:
    """Return the backend and the precision of runs that one process is to train.

    Args:
        runs: All of them, at least one.

    Raises:
        InputError: They have several.
    """
    backends = sorted({settings.backend for settings in runs})
    if len(backends) > 1:
        raise InputError(
            "one process has one of Keras's backends, so all runs of a sweep must have the same. "
            f"Received: runs on {' and on '.join(backends)}"
        )
    precisions = sorted({settings.precision for settings in runs})
    if len(precisions) > 1:
        raise InputError(
            "all runs of a sweep must have the same precision. "
            f"Received: runs in {' and in '.join(precisions)}"
        )
    return backends[0], precisions[0]
