"""Runs of pytest in processes that have Keras at hand from the start.

To import it takes as long as most of the tests that catch a fault.
"""

import multiprocessing
import os
import sys
import threading
from pathlib import Path

_VARIABLE = "JAX_COMPILATION_CACHE_DIR"
_SETTINGS = {
    "KERAS_BACKEND": "jax",
    # As `tests.conftest` wants them, which comes after the import.
    "JAX_ENABLE_X64": "1",
    "JAX_COMPILATION_CACHE_MAX_SIZE": "-1",
    "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    "OMP_NUM_THREADS": "1",
    # JAX warns of a fork whenever it was imported; it has computed nothing by then.
    "PYTHONWARNINGS": "ignore:os.fork() was called:RuntimeWarning",
}
# Elsewhere a process must not be forked once such libraries are loaded, and imports them itself.
_CONTEXT = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")


def run_pytest(arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run pytest in a process of its own.

    Args:
        arguments: Its arguments.
        folder: Where it runs; what is imported is looked for there first.

    Returns:
        Its exit code, and what it printed.
    """
    os.environ.update(_SETTINGS)
    if sys.platform == "linux":
        _CONTEXT.set_forkserver_preload(["pytest", "keras"])
    # Runs of one thread share what JAX compiled, one after the other.
    cache = Path(os.environ.get(_VARIABLE, folder)) / threading.current_thread().name
    output = folder / "output.txt"
    process = _CONTEXT.Process(target=_run, args=(arguments, folder, output, cache))
    process.start()
    process.join()
    return process.exitcode or 0, output.read_text(errors="replace")


def _run(arguments: list[str], folder: Path, output: Path, cache: Path) -> None:
    with output.open("w") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    os.environ[_VARIABLE] = str(cache)
    import jax
    import pytest

    # The folder that `tests.conftest` names; JAX has read the variable already.
    jax.config.update("jax_compilation_cache_dir", str(cache / "alone"))
    sys.exit(pytest.main(arguments))
