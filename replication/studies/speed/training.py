"""How fast a step of training is, beside what the machine can do."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.studies.speed.clock import FLOPS_PER_EXAMPLE, matrix_rate, trainer
from replication.studies.speed.rows import Row, row

# Batch size -> share of the machine's matrix rate that training has to reach, percent.
SHARES = {20: 25.0, 100: 55.0}
_STEPS = {20: 600, 100: 250}
_BOUND_BACKEND = "tensorflow"  # the bounds of the shares are for this one; JAX stands beside it
_MODELS = {"AE": "Autoencoder", "CAE": "ContractiveAutoencoder"}


def measure_training(quick: bool) -> dict[str, Any]:
    """Compare AE, CAE and matrix products, sample by sample in turn: load then hits all alike.

    Args:
        quick: Take small samples.

    Returns:
        `rows` and `samples`.
    """
    import keras

    backend = keras.backend.backend()
    rows: list[Row] = []
    samples: dict[str, Any] = {}
    for batch_size in SHARES:
        steps = 50 if quick else _STEPS[batch_size]
        trainers = {label: trainer(name, batch_size, steps) for label, name in _MODELS.items()}
        label = f"{backend}, batch {batch_size}"
        samples[label] = _rounds(trainers, label, 2 if quick else 6)
        rows += _rows(samples[label], backend, batch_size, batch_size * steps)
    return {"rows": rows, "samples": samples}


def _rounds(
    trainers: dict[str, Callable[[], float]], label: str, count: int
) -> list[dict[str, float]]:
    rounds = []
    for turn in tqdm(range(count), desc=label, unit="round", leave=False):
        # Before and after: the rate of a shared machine moves while we train.
        rates = [matrix_rate()]
        # Who follows the matrix products takes turns, too.
        order = list(trainers)[:: -1 if turn % 2 else 1]
        seconds = {name: trainers[name]() for name in order}
        rates.append(matrix_rate())
        rounds.append({"matrix_rate": float(np.mean(rates)), **seconds})
    return rounds


def _rows(
    rounds: Sequence[dict[str, float]], backend: str, batch_size: int, examples: int
) -> list[Row]:
    label, key = f"{backend}, batch {batch_size}", f"{backend}_{batch_size}"
    rate = float(np.median([r["matrix_rate"] for r in rounds]))
    rows = [row(f"matrix_rate_{key}", f"matrix products beside {label}", rate, "GFLOP/s")]
    for name in _MODELS:
        speed = [examples / r[name] for r in rounds]
        share = [
            100 * s * FLOPS_PER_EXAMPLE / 1e9 / r["matrix_rate"]
            for s, r in zip(speed, rounds, strict=True)
        ]
        what = f"{name} training, {label}"
        model_key = f"{name.lower()}_{key}"
        rows.append(row(f"speed_{model_key}", what, float(np.median(speed)), "examples/s"))
        rows.append(
            row(
                f"share_{model_key}",
                f"{what}, share of the matrix rate",
                float(np.median(share)),
                "%",
                at_least=SHARES[batch_size] if backend == _BOUND_BACKEND else None,
            )
        )
    ratio = float(np.median([r["CAE"] / r["AE"] for r in rounds]))
    rows.append(row(f"ratio_{key}", f"CAE step over AE step, {label}", ratio, "x", at_most=1.1))
    return rows
