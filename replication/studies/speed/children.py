"""Child processes: a part of the measurement each, as Keras fixes its backend when imported."""

import json
import os
import subprocess
import sys
from typing import Any


def measure_in_child(part: str, backend: str, quick: bool) -> dict[str, Any]:
    """Measure one part in a process of its own.

    Args:
        part: Key of the part.
        backend: Keras's backend.
        quick: Take small samples.

    Returns:
        `rows` and `samples`.

    Raises:
        subprocess.CalledProcessError: The process failed.
    """
    done = subprocess.run(
        command(part, quick),
        env=os.environ | {"KERAS_BACKEND": backend},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def command(part: str, quick: bool) -> list[str]:
    """Return the command that measures one part, on the backend that KERAS_BACKEND names.

    Args:
        part: Key of the part.
        quick: Take small samples.
    """
    line = [sys.executable, "-m", "replication", "speed", "--part", part]
    return [*line, "--quick"] if quick else line
