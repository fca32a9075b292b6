"""Where a result comes from: code, versions, machine."""

import datetime
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from replication.datasets import Dataset
from replication.engine import environment
from replication.engine.fingerprint import code_of
from replication.engine.settings import Settings
from replication.places import IN_CHECKOUT, PACKAGE

PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "keras",
    "tensorflow",
    "tensorflow-cpu",
    "jax",
    "torch",
)


def of_run(
    settings: Settings,
    data: Dataset,
    seconds: Mapping[str, float],
    population: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Describe where a run comes from.

    Args:
        settings: The run.
        data: Its data set.
        seconds: What each phase cost, and all of it under "total".
        population: With how many others it was trained at once, and on what; None for a run of its
            own, whose record says nothing of it.
    """
    import keras

    commit, dirty = code_version()
    return {
        "commit": commit,
        "dirty": dirty,
        "code": code_of(settings, batched=population is not None),
        "versions": versions(),
        "backend": keras.backend.backend(),
        "machine": machine(),
        "data_checksum": data.checksum,
        "data_origin": data.origin,
        "seconds": dict(seconds),
        "peak_memory_mb": peak_memory_mb(),
        "date": now(),
        **({"population": dict(population)} if population else {}),
    }


def of_measurement(data_checksum: str, started: float) -> dict[str, object]:
    """Describe where a measurement that is no run comes from.

    Args:
        data_checksum: Checksum of the data set that was measured.
        started: What `time.perf_counter` returned when the measurement began.
    """
    commit, dirty = code_version()
    return {
        "commit": commit,
        "dirty": dirty,
        "versions": versions(),
        "machine": machine(),
        "data_checksum": data_checksum,
        "date": now(),
        "seconds": round(time.perf_counter() - started, 2),
    }


def code_version() -> tuple[str, bool]:
    """Return the commit of the checkout and whether the package has uncommitted changes.

    ("unknown", True) outside a git checkout. A package that was installed, or unpacked from an
    archive, may lie within a repository of somebody else's, whose commit says nothing of it.
    """
    if not IN_CHECKOUT:
        return "unknown", True
    # A hook of git's, for one, names another repository in these.
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}

    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-C", str(PACKAGE.parent), *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=own,
        ).stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")).resolve() != PACKAGE.parent.resolve():
            return "unknown", True
        return git("rev-parse", "HEAD"), bool(git("status", "--porcelain", "--", "replication"))
    except (OSError, subprocess.CalledProcessError):
        return "unknown", True


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that compute."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, object]:
    """Return the processor, the number of cores this process may use, the system and the GPU.

    The key `accelerator` is there only where Keras has a GPU to compute on.
    """
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [
            line
            for line in cpuinfo.read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ]
        processor = models[0].split(":", 1)[1].strip() if models else processor
    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    accelerator = _accelerator()
    return {
        "processor": processor,
        # A sweep's workers are held to one thread each by this variable among others.
        "threads": min(cores, environment.threads() or cores),
        "system": platform.system(),
        **({"accelerator": accelerator} if accelerator else {}),
    }


def peak_memory_mb() -> float:
    """Return the largest resident memory of this process so far, in megabytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1e6 if sys.platform == "darwin" else 1e3), 1)


def now() -> str:
    """Return the time in UTC, to the second, as ISO 8601."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _accelerator() -> str | None:
    """The name of the GPU that Keras's backend computes on; None if it has none."""
    import keras

    if keras.backend.backend() == "jax":
        import jax

        device = jax.devices()[0]
        return None if device.platform == "cpu" else device.device_kind
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        for device in tf.config.get_visible_devices("GPU"):
            return tf.config.experimental.get_device_details(device).get("device_name", "a GPU")
    return None
