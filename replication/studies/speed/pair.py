"""Whether two runs side by side, a core each, are as fast as one alone: what a sweep counts on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.engine import environment
from replication.studies.speed.children import command
from replication.studies.speed.clock import trainer
from replication.studies.speed.rows import row

ALONE = "alone"  # key of the part that each of the two is


def measure_pair(backend: str, quick: bool) -> dict[str, Any]:
    """Compare two runs side by side, one core and one thread each, with one alone.

    Args:
        backend: Keras's backend.
        quick: Take small samples.

    Returns:
        `rows` and `samples`.

    Raises:
        subprocess.CalledProcessError: A process failed.
    """
    cores = sorted(os.sched_getaffinity(0))[:2] if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        return {"rows": [], "samples": "this system offers no two cores to pin runs to"}
    with _on_cores(cores, backend, quick) as children:
        rounds = [
            {"alone": [_train(child)[0] for child in children], "together": _train(*children)}
            for _ in tqdm(range(2 if quick else 5), desc="two runs", unit="round", leave=False)
        ]
    ratio = float(
        np.median([max(np.divide(r["together"], r["alone"])) for r in rounds])  # the slower one
    )
    what = "slower of two CAE runs on two cores, over one alone"
    return {"rows": [row("pair_ratio", what, ratio, "x", at_most=1.15)], "samples": rounds}


def train_when_told(quick: bool) -> dict[str, Any]:
    """Train on one core for every line of standard input, and print the seconds.

    Args:
        quick: Take small samples.

    Returns:
        Nothing.
    """
    train = trainer("ContractiveAutoencoder", 20, 50 if quick else 600)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(train(), flush=True)
    return {}


@contextmanager
def _on_cores(cores: list[int], backend: str, quick: bool) -> Iterator[list[subprocess.Popen]]:
    """Start a process on each core that trains when told to; end them afterwards."""
    children: list[subprocess.Popen] = []
    try:
        for core in cores:
            # A child inherits the core, and its libraries count their threads by it.
            os.sched_setaffinity(0, {core})
            children.append(
                subprocess.Popen(
                    command(ALONE, quick),
                    env=os.environ | environment.worker_variables(backend),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    bufsize=1,
                )
            )
        os.sched_setaffinity(0, cores)
        for child in children:
            _answer(child)  # that it is ready
        yield children
    finally:
        os.sched_setaffinity(0, cores)
        for child in children:
            child.kill()
            child.wait()


def _train(*children: subprocess.Popen) -> list[float]:
    """Let processes train at the same time; return the seconds of each."""
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
    return [float(_answer(child)) for child in children]


def _answer(child: subprocess.Popen) -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise subprocess.CalledProcessError(child.wait(), child.args)
    return line
