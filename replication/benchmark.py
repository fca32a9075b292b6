"""How fast training and measuring are, beside what the machine can do: `make bench`."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.experiments import provenance
from replication.experiments.speeds import FILE as OUTPUT

INPUTS, UNITS = 784, 1000
# A step multiplies matrices five times: encode, decode, and in the backward pass the gradients of
# the code and of the kernel (twice, it being tied).
FLOPS_PER_EXAMPLE = 5 * 2 * INPUTS * UNITS
# The share of the machine's matrix rate that training has to reach, for each batch size.
SHARES = {20: 25.0, 100: 55.0}
_ON_ONE_CORE = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table and write it as JSON.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        The exit status: 0 whether bounds were met or missed, 1 if something could not be measured.
    """
    parser = argparse.ArgumentParser(prog="python -m replication.benchmark", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small samples; writes no file")
    parser.add_argument("--output", type=Path, help="JSON file (data/benchmark.json)")
    parser.add_argument("--part", choices=_PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.part:  # this is a child of the process that the user started
        print(json.dumps(_PARTS[options.part](options.quick)))
        return 0

    started = time.perf_counter()
    rows: list[dict] = []
    samples: dict[str, Any] = {}
    failed = []
    for name, part, backend in (
        ("training, tensorflow", "training", "tensorflow"),
        ("training, jax", "training", "jax"),
        ("penalty", "penalty", "tensorflow"),
        ("growth", "growth", "tensorflow"),
        ("spectrum", "spectrum", "tensorflow"),
        ("two runs side by side", None, "tensorflow"),
    ):
        try:
            result = _child(part, backend, options.quick) if part else _pair(backend, options.quick)
        except subprocess.CalledProcessError as error:
            failed.append(f"{name}: exit status {error.returncode}")
            continue
        rows += result["rows"]
        samples[name] = result["samples"]
    for row in rows:
        row["met"] = _met(row)
    print(_table(rows))
    for line in failed:
        print(f"not measured: {line}")
    output = options.output or (None if options.quick else OUTPUT)
    if output:
        commit, dirty = provenance.code_version()
        content = {
            "quick": options.quick,
            "rows": rows,
            "samples": samples,
            "provenance": {
                "commit": commit,
                "dirty": dirty,
                "versions": provenance.versions(),
                "machine": provenance.machine(),
                "seconds": round(time.perf_counter() - started, 1),
                "date": provenance.now(),
            },
        }
        output.write_text(json.dumps(content, indent=1) + "\n")
        print(f"written to {output}")
    return 1 if failed else 0


def _row(
    key: str,
    what: str,
    measured: float,
    unit: str,
    at_least: float | None = None,
    at_most: float | None = None,
) -> dict[str, Any]:
    return {
        "key": key,
        "what": what,
        "measured": float(f"{measured:.4g}"),
        "unit": unit,
        "at_least": at_least,
        "at_most": at_most,
    }


def _met(row: dict[str, Any]) -> bool | None:
    """Compare a row with its bound; None where there is none."""
    if row["at_least"] is not None:
        return row["measured"] >= row["at_least"]
    return None if row["at_most"] is None else row["measured"] <= row["at_most"]


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [("what", "measured", "bound", "")]
    for row in rows:
        sign, bound = (">=", row["at_least"]) if row["at_most"] is None else ("<=", row["at_most"])
        lines.append(
            (
                row["what"],
                f"{row['measured']:,.4g} {row['unit']}",
                "" if bound is None else f"{sign} {bound:g} {row['unit']}",
                {True: "met", False: "missed", None: ""}[row["met"]],
            )
        )
    widths = [max(len(line[i]) for line in lines) for i in range(4)]
    return "\n".join(
        "  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _child(part: str, backend: str, quick: bool) -> dict[str, Any]:
    """Measure one part in a process of its own: Keras fixes its backend when it is imported."""
    done = subprocess.run(
        _command(part, quick), env=_environment(backend), stdout=subprocess.PIPE, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _command(part: str, quick: bool) -> list[str]:
    command = [sys.executable, "-m", "replication.benchmark", "--part", part]
    return [*command, "--quick"] if quick else command


def _environment(backend: str) -> dict[str, str]:
    return os.environ | {"KERAS_BACKEND": backend, "TF_CPP_MIN_LOG_LEVEL": "3"}


def _seconds(function: Callable[[], Any]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def _matrix_rate(size: int = 2048) -> float:
    """Measure what NumPy's float32 matrix product keeps up right now, in GFLOP/s.

    A second's worth of products: single ones ran up to 1.7 times as fast after a pause.
    """
    a = np.random.default_rng(0).random((size, size), dtype=np.float32)
    products = 12
    return products * 2 * size**3 / _seconds(lambda: [a @ a for _ in range(products)]) / 1e9


def _pixels(n: int) -> np.ndarray:
    return np.random.default_rng(0).random((n, INPUTS), dtype=np.float32)


def _trainer(
    model_name: str, batch_size: int, steps: int, jit_compile: bool = True, **arguments: Any
) -> Callable[[], float]:
    """Compile a model, train it once, and return what trains it on and tells the seconds.

    What is returned trains two epochs of `steps` steps each and times the second one: starting
    `fit` takes most of a second, which no run of more than a few seconds would notice.
    """
    import keras

    from replication import models
    from replication.experiments.batches import Batches

    model = getattr(models, model_name)(UNITS, seed=0, **arguments)
    model.compile(
        optimizer=keras.optimizers.SGD(0.001),
        jit_compile=jit_compile,
        steps_per_execution=min(50, steps),
    )
    batches = Batches(_pixels(batch_size * steps), None, batch_size, seed=0)

    ends: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
    )

    def train() -> float:
        model.fit(batches, epochs=2, verbose=0, callbacks=[clock])
        return ends[-1] - ends[-2]

    train()
    return train


def _training(quick: bool) -> dict[str, Any]:
    """Compare AE, CAE and matrix products, sample by sample in turn: load then hits all alike."""
    import keras

    backend = keras.backend.backend()
    rows: list[dict] = []
    samples: dict[str, Any] = {}
    for batch_size, bound in SHARES.items():
        steps = 50 if quick else {20: 600, 100: 250}[batch_size]
        trainers = {
            label: _trainer(name, batch_size, steps)
            for label, name in (("AE", "Autoencoder"), ("CAE", "ContractiveAutoencoder"))
        }
        rounds = []
        label = f"{backend}, batch {batch_size}"
        for turn in tqdm(range(2 if quick else 6), desc=label, unit="round", leave=False):
            # Before and after: the rate of a shared machine moves while we train.
            rates = [_matrix_rate()]
            # Who follows the matrix products takes turns, too.
            order = list(trainers)[:: -1 if turn % 2 else 1]
            seconds = {name: trainers[name]() for name in order}
            rates.append(_matrix_rate())
            rounds.append({"matrix_rate": float(np.mean(rates)), **seconds})
        samples[label] = rounds
        examples = batch_size * steps
        rate = float(np.median([r["matrix_rate"] for r in rounds]))
        key = f"{backend}_{batch_size}"
        rows.append(_row(f"matrix_rate_{key}", f"matrix products beside {label}", rate, "GFLOP/s"))
        for name in trainers:
            speed = [examples / r[name] for r in rounds]
            share = [
                100 * s * FLOPS_PER_EXAMPLE / 1e9 / r["matrix_rate"]
                for s, r in zip(speed, rounds, strict=True)
            ]
            what = f"{name} training, {label}"
            model_key = f"{name.lower()}_{key}"
            rows.append(_row(f"speed_{model_key}", what, float(np.median(speed)), "examples/s"))
            rows.append(
                _row(
                    f"share_{model_key}",
                    f"{what}, share of the matrix rate",
                    float(np.median(share)),
                    "%",
                    # JAX stands beside it for comparison; the bound is for the default backend.
                    at_least=bound if backend == "tensorflow" else None,
                )
            )
        ratio = float(np.median([r["CAE"] / r["AE"] for r in rounds]))
        rows.append(
            _row(f"ratio_{key}", f"CAE step over AE step, {label}", ratio, "x", at_most=1.1)
        )
    return {"rows": rows, "samples": samples}


def _penalty(quick: bool) -> dict[str, Any]:
    """Compare the closed form with the automatic Jacobian: the value, and value and gradient."""
    import tensorflow as tf

    from replication.models import Autoencoder
    from replication.models.penalty import squared_frobenius_norm

    batch_size = 4 if quick else 20
    model = Autoencoder(UNITS, seed=0)
    model.build((None, INPUTS))
    pixels = tf.constant(_pixels(batch_size))

    def compiled(method: str, gradient: bool) -> Callable[[], float]:
        # XLA spends many minutes on the automatic Jacobian's gradient, so that one goes without.
        @tf.function(jit_compile=method == "closed" or not gradient)
        def penalty(x: tf.Tensor) -> Any:
            with tf.GradientTape() as tape:
                value = tf.reduce_mean(squared_frobenius_norm(model.encoder, x, method=method))
            if not gradient:
                return value, ()
            return value, tape.gradient(value, [v.value for v in model.encoder.trainable_variables])

        return lambda: float(penalty(pixels)[0])

    where = f"tensorflow, batch {batch_size}"
    rows = []
    samples: dict[str, Any] = {}
    for key, what, gradient in (
        ("value", "penalty", False),
        ("gradient", "penalty and its gradient", True),
    ):
        medians = {}
        for method, repetitions in (("closed", 50), ("automatic", 2 if quick else 5)):
            call = compiled(method, gradient)
            call()  # compiles
            turns = tqdm(range(repetitions), desc=f"{method} {what}", unit="call", leave=False)
            samples[f"{method} {what}"] = [_seconds(call) for _ in turns]
            medians[method] = float(np.median(samples[f"{method} {what}"]))
            rows.append(
                _row(f"{key}_{method}", f"{method} {what}, {where}", 1e3 * medians[method], "ms")
            )
        ratio = medians["automatic"] / medians["closed"]
        rows.append(
            _row(f"{key}_ratio", f"automatic over closed {what}, {where}", ratio, "x", at_least=100)
        )

    steps = 2 if quick else 5
    train = _trainer(
        "ContractiveAutoencoder", batch_size, steps, jit_compile=False, jacobian="automatic"
    )
    speed = batch_size * steps / train()
    what = f"CAE training with the automatic Jacobian, {where}"
    rows.append(_row("speed_cae_automatic", what, speed, "examples/s"))
    return {"rows": rows, "samples": samples}


def _growth(quick: bool) -> dict[str, Any]:
    """Compare the penalty with the reconstruction error, both with gradient, as the net grows."""
    import tensorflow as tf

    from replication.models import Autoencoder
    from replication.models.penalty import squared_frobenius_norm

    sizes = [(INPUTS * k // 2, UNITS * k // 2) for k in ((1, 2) if quick else (1, 2, 4))]
    calls: dict[str, tuple[Callable[[], float], Callable[[], float]]] = {}
    for inputs, units in sizes:
        model = Autoencoder(units, seed=0)
        model.build((None, inputs))
        pixels = tf.constant(np.random.default_rng(0).random((20, inputs), dtype=np.float32))

        def compiled(penalty: bool, model: Any = model, x: Any = pixels) -> Callable[[], float]:
            @tf.function(jit_compile=True)
            def loss() -> Any:
                with tf.GradientTape() as tape:
                    value = (
                        tf.reduce_mean(squared_frobenius_norm(model.encoder, x))
                        if penalty
                        else model.compute_loss(x)
                    )
                variables = [v.value for v in model.trainable_variables]
                return value, tape.gradient(value, variables, unconnected_gradients="zero")

            return lambda: float(loss()[0])

        calls[f"{inputs}x{units}"] = (compiled(True), compiled(False))
    # In turn, so that load hits all alike.
    rounds: dict[str, list[list[float]]] = {name: [] for name in calls}
    for pair in calls.values():
        for call in pair:
            call()  # compiles
    for _ in tqdm(range(3 if quick else 30), desc="growth", unit="round", leave=False):
        for name, pair in calls.items():
            rounds[name].append([min(_seconds(call) for _ in range(5)) for call in pair])
    medians = {name: np.median(values, axis=0) for name, values in rounds.items()}
    rows = []
    for name, (penalty, reconstruction) in medians.items():
        what = f"penalty over reconstruction, both with gradient, {name}, batch 20"
        rows.append(_row(f"over_reconstruction_{name}", what, penalty / reconstruction, "x"))
    return {"rows": rows, "samples": rounds}


def _spectrum(quick: bool) -> dict[str, Any]:
    """Compare the average spectrum with one singular value decomposition for each example."""
    import keras

    from replication.datasets.rectangles import load_generated_rectangles
    from replication.measures.jacobian import jacobians, spectrum
    from replication.models import Autoencoder, ContractiveAutoencoder

    # Pictures and not noise: how many units a contractive encoder saturates depends on its inputs.
    # Enough of them, for long enough, to saturate: that is what makes a CAE's Jacobian small.
    data = load_generated_rectangles(train=1000 if quick else 20_000).train.x
    rows: list[dict] = []
    samples: dict[str, Any] = {}
    for model in (ContractiveAutoencoder(UNITS, seed=0), Autoencoder(UNITS, seed=0)):
        label = "CAE" if isinstance(model, ContractiveAutoencoder) else "AE"
        model.compile(optimizer=keras.optimizers.SGD(0.1), jit_compile=True, steps_per_execution=50)
        model.fit(data, batch_size=20, epochs=2 if quick else 12, verbose=0)
        x = data[: 20 if quick else 1000]
        ours = _seconds(partial(spectrum, model.encoder, x)) / len(x)
        decompositions: dict[str, float] = {}
        for precision in ("float64", "float32"):
            matrices = jacobians(model.encoder, data[: 3 if quick else 20]).astype(precision)
            turns = tqdm(matrices, desc=f"SVD, {label}, {precision}", unit="example", leave=False)
            decompositions[precision] = float(
                np.mean([_seconds(partial(np.linalg.svd, j, compute_uv=False)) for j in turns])
            )
        samples[label] = {"examples": len(x), "spectrum": ours, "svd": decompositions}
        key = label.lower()
        rows.append(_row(f"spectrum_{key}", f"spectrum of the {label}", 1e3 * ours, "ms/example"))
        for precision, seconds in decompositions.items():
            # The spectrum works in float64; a float32 decomposition is less exact and has no bound.
            rows.append(
                _row(
                    f"spectrum_ratio_{key}_{precision}",
                    f"{precision} SVD over spectrum, {label}",
                    seconds / ours,
                    "x",
                    at_least=5 if precision == "float64" else None,
                )
            )
    return {"rows": rows, "samples": samples}


def _alone(quick: bool) -> dict[str, Any]:
    """Train when told to, on one core; tell how long it took. The other half of `_pair`."""
    train = _trainer("ContractiveAutoencoder", 20, 50 if quick else 600)
    print("ready", flush=True)
    for _ in sys.stdin:
        print(train(), flush=True)
    return {}


def _pair(backend: str, quick: bool) -> dict[str, Any]:
    """Compare two runs side by side, one core and one thread each, with one alone."""
    cores = sorted(os.sched_getaffinity(0))[:2] if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        return {"rows": [], "samples": "this system offers no two cores to pin runs to"}
    environment = _environment(backend) | _ON_ONE_CORE
    children = []
    try:
        for core in cores:
            # A child inherits the core, and its libraries count their threads by it.
            os.sched_setaffinity(0, {core})
            children.append(
                subprocess.Popen(
                    _command("alone", quick),
                    env=environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    bufsize=1,
                )
            )
        os.sched_setaffinity(0, cores)
        for child in children:
            _answer(child)

        def train(*which: subprocess.Popen) -> list[float]:
            for child in which:
                assert child.stdin is not None
                child.stdin.write("go\n")
            return [float(_answer(child)) for child in which]

        rounds = [
            {"alone": [train(child)[0] for child in children], "together": train(*children)}
            for _ in tqdm(range(2 if quick else 5), desc="two runs", unit="round", leave=False)
        ]
    finally:
        os.sched_setaffinity(0, cores)
        for child in children:
            child.kill()
            child.wait()
    ratio = float(
        np.median([max(np.divide(r["together"], r["alone"])) for r in rounds])  # the slower one
    )
    what = "slower of two CAE runs on two cores, over one alone"
    return {"rows": [_row("pair_ratio", what, ratio, "x", at_most=1.15)], "samples": rounds}


def _answer(child: subprocess.Popen) -> str:
    assert child.stdout is not None
    line = child.stdout.readline()
    if not line:
        raise subprocess.CalledProcessError(child.wait(), child.args)
    return line


_PARTS = {
    "training": _training,
    "penalty": _penalty,
    "growth": _growth,
    "spectrum": _spectrum,
    "alone": _alone,
}

if __name__ == "__main__":
    sys.exit(main())
