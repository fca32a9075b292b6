"""How many runs a process trains at once."""

import importlib.util
import os
import sys

from replication.checks import check_count
from replication.engine import environment
from replication.errors import InputError

AUTO, OFF = "auto", "off"


def checked(batched: str | int) -> str | int:
    """Return how many runs are trained at once: "auto", "off" or the largest number.

    Args:
        batched: What was received; a number may be text.

    Raises:
        InputError: It is something else.
    """
    if batched in (AUTO, OFF):
        return batched
    try:
        number = int(batched)
    except ValueError:
        raise InputError(
            f"batched must be auto, off or a number. Received: batched={batched!r}"
        ) from None
    return check_count("batched", number)


def sees_accelerator() -> bool:
    """Return whether JAX has something else than processors to compute on.

    JAX finds accelerators through plugins. Without any it is not even imported: that takes seconds,
    and fixes the backend of this process.
    """
    if importlib.util.find_spec("jax_plugins") is None or os.environ.get("JAX_PLATFORMS") == "cpu":
        return False
    if "keras" in sys.modules and sys.modules["keras"].backend.backend() != "jax":
        return False  # this process cannot change that, and a cluster's can
    environment.enter("jax")
    import jax

    return jax.devices()[0].platform != "cpu"
