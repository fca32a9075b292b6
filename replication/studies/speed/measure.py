"""How fast training and measuring are, beside what the machine can do: `make bench`."""

import json
import subprocess
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from replication.engine import environment, provenance
from replication.studies.speed.children import measure_in_child
from replication.studies.speed.growth import measure_growth
from replication.studies.speed.pair import ALONE, measure_pair, train_when_told
from replication.studies.speed.penalty import measure_penalty
from replication.studies.speed.recorded import recorded_parts
from replication.studies.speed.rows import as_text, met
from replication.studies.speed.spectrum import measure_spectrum
from replication.studies.speed.training import measure_training
from replication.whole import write_whole

# What a child process can be asked for.
PARTS: Mapping[str, Callable[[bool], dict[str, Any]]] = MappingProxyType(
    {
        "training": measure_training,
        "penalty": measure_penalty,
        "growth": measure_growth,
        "spectrum": measure_spectrum,
        ALONE: train_when_told,
    }
)
# What is measured, in turn: its name, its part (None is two processes), Keras's backend.
PLAN: tuple[tuple[str, str | None, str], ...] = (
    ("training, tensorflow", "training", "tensorflow"),
    ("training, jax", "training", "jax"),
    ("penalty", "penalty", "tensorflow"),
    ("growth", "growth", "tensorflow"),
    ("spectrum", "spectrum", "tensorflow"),
    ("two runs side by side", None, "tensorflow"),
)


def measure_speed(
    quick: bool = False, output: Path | None = None, only: Collection[str] = ()
) -> int:
    """Measure, print a table and write it as JSON.

    Args:
        quick: Take small samples.
        output: The file to write; None writes none.
        only: Names of `PLAN` that are measured; the others stay in the file as they are. Empty is
            all. What cannot be measured stays as well.

    Returns:
        The exit status: 0 whether bounds were met or missed, 1 if something could not be measured.

    Raises:
        InputError: The file that holds the others is damaged.
    """
    kept = (recorded_parts(output) or {}) if output else {}
    rows: list[dict[str, Any]] = []
    found: dict[str, Mapping[str, Any]] = {}
    failed = []
    for name, part, backend in PLAN:
        if only and name not in only:
            found |= {name: kept[name]} if name in kept else {}
            continue
        started = time.perf_counter()
        try:
            result = (
                measure_in_child(part, backend, quick) if part else measure_pair(backend, quick)
            )
        except subprocess.CalledProcessError as error:
            failed.append(f"{name}: exit status {error.returncode}")
            found |= {name: kept[name]} if name in kept else {}
            continue
        new = [{**row, "met": met(row)} for row in result["rows"]]
        rows += new
        found[name] = {
            "rows": new,
            "samples": result["samples"],
            "provenance": _provenance(started),
        }
    print(as_text(rows))
    for line in failed:
        print(f"not measured: {line}")
    if output:
        content = {"quick": quick, "parts": found}
        write_whole(output, json.dumps(content, indent=1) + "\n")
        print(f"written to {output}")
    return 1 if failed else 0


def measure_part(part: str, quick: bool) -> dict[str, Any]:
    """Measure one part in this process, on the backend that KERAS_BACKEND names.

    Args:
        part: Key of the part.
        quick: Take small samples.

    Returns:
        `rows` and `samples`.

    Raises:
        InputError: Keras was imported before, on another backend.
    """
    environment.enter(environment.chosen_backend())
    return PARTS[part](quick)


def _provenance(started: float) -> dict[str, Any]:
    environment.enter(environment.chosen_backend())  # the machine's description asks Keras
    commit, dirty = provenance.code_version()
    return {
        "commit": commit,
        "dirty": dirty,
        "versions": provenance.versions(),
        "machine": provenance.machine(),
        "seconds": round(time.perf_counter() - started, 1),
        "date": provenance.now(),
    }
