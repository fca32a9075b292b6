"""Backend, precision and threads of everything that trains: decided here and nowhere else.

The default backend is JAX: at the paper's small batches it is the fastest of Keras's backends by a
factor of two, and every published run was made on it. Another backend draws other random numbers,
so it is part of a run's identity (`Settings.backend`), and one process has one backend. float32
stays float32: no processor may round to less (TF32, bfloat16), unless a run asks for it
(`Settings.precision`).
"""

import os
import sys
from collections.abc import Mapping

from replication.checks import check_choice
from replication.errors import InputError

BACKENDS = ("jax", "tensorflow", "torch")
DEFAULT_BACKEND = "jax"
FLOAT32, TF32 = "float32", "tf32"
PRECISIONS = (FLOAT32, TF32)
"""What products of matrices are rounded to: float32, or the 10 bits after the point that graphics
processors of NVIDIA multiply several times as fast."""

# JAX's word for it, which counts when a program is compiled.
_IN_JAX: Mapping[str, str] = {FLOAT32: "highest", TF32: "tensorfloat32"}
# What keeps the libraries of the other backends from rounding products to fewer digits.
_FULL: Mapping[str, str] = {
    "JAX_DEFAULT_MATMUL_PRECISION": _IN_JAX[FLOAT32],
    "NVIDIA_TF32_OVERRIDE": "0",
}
# One thread: two single-threaded runs use two cores better than one run with two.
_ONE_THREAD: Mapping[str, str] = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    # XLA's own thread pool listens to neither of the above.
    "NPROC": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false",
    # On a GPU, several workers share the memory.
    "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
}


def chosen_backend() -> str:
    """Return the backend for runs that name none: KERAS_BACKEND if it is set, else JAX.

    Raises:
        InputError: KERAS_BACKEND names none that Keras has.
    """
    return check_choice(
        "KERAS_BACKEND", os.environ.get("KERAS_BACKEND") or DEFAULT_BACKEND, BACKENDS
    )


def threads() -> int | None:
    """Return how many threads OMP_NUM_THREADS allows; None where it says nothing.

    A list, one number for each level of nested parallelism, begins with the outermost one.

    Raises:
        InputError: It is no such number.
    """
    text = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) < 1:
        raise InputError(
            "OMP_NUM_THREADS must be a whole number of at least 1. "
            f"Received: OMP_NUM_THREADS={os.environ['OMP_NUM_THREADS']!r}"
        )
    return int(text)


def worker_variables(backend: str) -> dict[str, str]:
    """Return the environment variables of a process that trains one run at a time on one core.

    Args:
        backend: Keras's backend.
    """
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3"}
    return {"KERAS_BACKEND": backend, **quiet, **_full_precision(backend), **_ONE_THREAD}


def enter(backend: str, precision: str = FLOAT32) -> None:
    """Make this process train on a backend, in a precision; import Keras after that.

    Args:
        backend: Keras's backend.
        precision: What products are rounded to; less than float32 is JAX's alone.

    Raises:
        InputError: Keras was imported before, on another backend or with another type of numbers,
            the number of threads makes no sense, or nothing here rounds as is asked for.
    """
    threads()  # now, and not when a run is over and its record is to be written
    first = "keras" not in sys.modules
    if first:
        os.environ.update({"KERAS_BACKEND": backend, **_full_precision(backend)})
    import keras

    if first:  # a user's own keras.json may say otherwise
        keras.config.set_floatx(FLOAT32)
    if keras.backend.backend() != backend:
        raise InputError(
            f"Keras runs on {keras.backend.backend()} in this process, and one process has one "
            f"backend. Expected {backend}: start again with KERAS_BACKEND={backend}, or ask for "
            f"runs on {keras.backend.backend()}"
        )
    if keras.config.floatx() != FLOAT32:
        raise InputError(
            f"Keras computes in {keras.config.floatx()} in this process; all runs are in "
            f"{FLOAT32}. Expected keras.config.floatx() to be {FLOAT32!r}"
        )
    if backend == "jax":
        _round_to(precision)


def _full_precision(backend: str) -> Mapping[str, str]:
    # JAX is told for each program, and the other variable would overrule it.
    return {k: v for k, v in _FULL.items() if backend != "jax" or k.startswith("JAX")}


def _round_to(precision: str) -> None:
    """Tell JAX, whose programs are compiled anew where it changes."""
    import jax

    if precision != FLOAT32 and jax.devices()[0].platform == "cpu":
        raise InputError(
            f"{precision} is how graphics processors of NVIDIA round, and JAX sees none here. "
            f"Expected precision={FLOAT32!r}. Received: precision={precision!r}"
        )
    jax.config.update("jax_default_matmul_precision", _IN_JAX[precision])
