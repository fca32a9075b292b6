"""What the paper argues without an experiment, measured on small nets and recorded in one file.

Embedded data, and seconds to train: anyone can repeat it.
"""

import dataclasses
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.checks import check_choice, check_count
from replication.experiments import protocol, provenance
from replication.experiments.entries import read_runs
from replication.experiments.settings import Settings

FILE = Path(__file__).parents[2] / "data" / "arguments.json"
DATASET = "digits"
SEEDS = 5
NOISE_LEVELS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8)  # standard deviations
_EXAMPLES = 100
_TRAINED_WITH = 0.1  # noise of the denoising auto-encoder: small, as the argument supposes
_UNITS = 64
_TRAINING: Mapping[str, Any] = {
    "dataset": DATASET,
    "units": (_UNITS,),
    "pretrain_learning_rate": 0.1,
    "pretrain_epochs": 30,
    "spectrum_examples": 0,
}
_LINEAR_PENALTY = 1e-3  # lambda of equations 5 and 7
_LINEAR_RATE = 0.001  # linear codes are not bounded, so steps have to be small
_LINEAR_EPOCHS = 10


def measure_argument(name: str, seeds: int | None = None, progress: bool = True) -> dict:
    """Train small nets and measure what an argument of section 4 says of them.

    Args:
        name: Key of the argument: "small-noise" (what Gaussian noise adds to the loss of an
            auto-encoder and of a denoising one) or "linear-encoder" (whether penalising the
            Jacobian of a linear encoder is weight decay).
        seeds: Number of nets of each kind, at least 1; None is five.
        progress: Show a progress bar on standard error.

    Returns:
        Plain values: `runs`, a list of results with their `seed`, and `provenance`.

    Raises:
        InputError: There is no such argument, or a number is impossible.
    """
    from replication.datasets import load

    check_choice("name", name, tuple(ARGUMENTS))
    count = check_count("seeds", SEEDS if seeds is None else seeds)
    data = load(DATASET)
    started = time.perf_counter()
    runs = []
    for seed in tqdm(range(count), desc=name, unit="seed", disable=not progress):
        runs += [{"seed": seed, **run} for run in ARGUMENTS[name][0](seed, data)]
    return {
        "runs": runs,
        "provenance": provenance.of_measurement(data.checksum, started),
    }


def recorded_argument(name: str) -> dict | None:
    """Read what `measure_argument` returned; None if nothing was recorded.

    Args:
        name: Key of the argument.

    Raises:
        InputError: There is no such argument, or the file is damaged.
    """
    check_choice("name", name, tuple(ARGUMENTS))
    return read_runs(FILE, name, ARGUMENTS[name][1])


def collect_argument(name: str, scale: str) -> dict | None:
    """Get the measurement of an argument at the scale that a page was asked for.

    Args:
        name: Key of the argument.
        scale: "proof" measures one net of each kind now; "published" reads what was recorded;
            "full" measures now with all seeds where nothing was recorded.

    Returns:
        As `measure_argument`; None where nothing was recorded.

    Raises:
        InputError: There is no such argument or scale, or the file is damaged.
    """
    check_choice("scale", scale, protocol.SCALES)
    if scale == "proof":
        return measure_argument(name, seeds=1)
    found = recorded_argument(name)
    return measure_argument(name) if found is None and scale == "full" else found


def _measure_small_noise(seed: int, data) -> list[dict]:  # type: ignore[no-untyped-def]
    # Only where something is trained: Keras takes seconds to import.
    from replication.experiments.run import pretrain
    from replication.measures.small_noise import small_noise

    runs = []
    for model, noise in (("ae", None), ("dae-g", _TRAINED_WITH)):
        settings = Settings(model=model, seed=seed, noise_level=noise, **_TRAINING)
        net, _ = pretrain(settings, data.train.x, progress=False)
        found = small_noise(net, data.valid.x[:_EXAMPLES], np.array(NOISE_LEVELS), seed=seed)
        values = {name: _plain(value) for name, value in dataclasses.asdict(found).items()}
        runs.append({"model": model, **values})
    return runs


def _measure_linear_encoder(seed: int, data) -> list[dict]:  # type: ignore[no-untyped-def]
    """Train a linear encoder with either penalty, from the same weights, and compare kernels."""
    import keras

    from replication.experiments.batches import Batches
    from replication.models import ContractiveAutoencoder, WeightDecayAutoencoder

    kernels = []
    same: Mapping[str, Any] = {"units": _UNITS, "activation": "linear", "seed": seed}
    for net in (
        ContractiveAutoencoder(contraction=_LINEAR_PENALTY, **same),
        WeightDecayAutoencoder(weight_decay=_LINEAR_PENALTY, **same),
    ):
        net.build((None, data.train.x.shape[1]))
        started = keras.ops.convert_to_numpy(net.encoder.kernel).astype(float)
        net.compile(optimizer=keras.optimizers.SGD(_LINEAR_RATE))
        batches = Batches(data.train.x, None, 20, seed=seed)
        net.fit(batches, epochs=_LINEAR_EPOCHS, shuffle=False, verbose=0)
        kernels.append(keras.ops.convert_to_numpy(net.encoder.kernel).astype(float))
    moved = np.linalg.norm(kernels[0] - started)
    return [{"difference": _plain(float(np.linalg.norm(kernels[0] - kernels[1]) / moved))}]


# Argument -> what measures it for one seed, and the names of its results.
ARGUMENTS: Mapping[str, tuple[Callable[..., list[dict]], tuple[str, ...]]] = {
    "small-noise": (
        _measure_small_noise,
        ("model", "noise_level", "extra", "jacobian", "residual", "order"),
    ),
    "linear-encoder": (_measure_linear_encoder, ("difference",)),
}


def _plain(value: float | np.ndarray) -> float | list[float]:
    """Seven significant digits, as plain JSON numbers."""
    if isinstance(value, np.ndarray):
        return [float(f"{v:.7g}") for v in value]
    return float(f"{value:.7g}")
