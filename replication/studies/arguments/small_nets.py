"""What the paper argues without an experiment, measured on small nets and recorded in one file.

Embedded data, and seconds to train: anyone can repeat it.
"""

import dataclasses
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.checks import check_choice, check_count
from replication.datasets import Dataset, load
from replication.engine import environment, provenance
from replication.engine.measurements import Measurements
from replication.engine.results import seven_digits
from replication.engine.settings import Settings
from replication.studies.study import SCALES

DATASET = "digits"
NOISE_LEVELS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8)  # standard deviations
RECORDED = Measurements(
    "arguments",
    needs=("provenance",),
    runs={
        "small-noise": ("model", "noise_level", "extra", "jacobian", "residual", "order"),
        "linear-encoder": ("difference",),
    },
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Training:
    """How the small nets are trained and measured.

    Attributes:
        seeds: Number of nets of each kind.
        units: Hidden units.
        epochs, rate: Epochs and learning rate of the sigmoid nets.
        noise: Noise of the denoising auto-encoder: small, as the argument supposes.
        examples: Validation examples behind the measures.
        penalty: lambda of equations 5 and 7, for the linear encoder.
        linear_epochs, linear_rate: Epochs and learning rate of the linear encoder, whose codes are
            not bounded, so that steps have to be small.
    """

    seeds: int = 5
    units: int = 64
    epochs: int = 30
    rate: float = 0.1
    noise: float = 0.1
    examples: int = 100
    penalty: float = 1e-3
    linear_epochs: int = 10
    linear_rate: float = 0.001


def measure_argument(
    name: str, seeds: int | None = None, progress: bool = True, training: Training | None = None
) -> dict[str, Any]:
    """Train small nets and measure what an argument of section 4 says of them.

    Args:
        name: Key of the argument: "small-noise" (what Gaussian noise adds to the loss of an
            auto-encoder and of a denoising one) or "linear-encoder" (whether penalising the
            Jacobian of a linear encoder is weight decay).
        seeds: Number of nets of each kind, at least 1; None is that of the training.
        progress: Show a progress bar on standard error.
        training: How they are trained; None is the usual way.

    Returns:
        Plain values: `runs`, a list of results with their `seed`, and `provenance`.

    Raises:
        InputError: There is no such argument, or a number is impossible.
    """
    check_choice("name", name, tuple(ARGUMENTS))
    training = training or Training()
    count = check_count("seeds", training.seeds if seeds is None else seeds)
    environment.enter(environment.chosen_backend())
    data = load(DATASET)
    started = time.perf_counter()
    runs = []
    for seed in tqdm(range(count), desc=name, unit="seed", disable=not progress):
        runs += [{"seed": seed, **run} for run in ARGUMENTS[name](seed, data, training)]
    return {"runs": runs, "provenance": provenance.of_measurement(data.checksum, started)}


def collect_argument(
    name: str, scale: str, recorded: Measurements = RECORDED
) -> dict[str, Any] | None:
    """Get the measurement of an argument at the scale that a page was asked for.

    Args:
        name: Key of the argument.
        scale: "proof" measures one net of each kind now; "published" reads what was recorded;
            "full" measures now with all seeds where nothing was recorded.
        recorded: What was recorded.

    Returns:
        As `measure_argument`; None where nothing was recorded.

    Raises:
        InputError: There is no such argument or scale, or the file is damaged.
    """
    check_choice("scale", scale, SCALES)
    check_choice("name", name, tuple(ARGUMENTS))
    if scale == "proof":
        return measure_argument(name, seeds=1)
    found = recorded.get(name)
    return measure_argument(name) if found is None and scale == "full" else found


def _measure_small_noise(seed: int, data: Dataset, training: Training) -> list[dict[str, Any]]:
    # Only where something is trained: Keras takes seconds to import.
    from replication.engine.train import pretrain
    from replication.measures.small_noise import small_noise

    runs = []
    for model, noise in (("ae", None), ("dae-g", training.noise)):
        settings = Settings(
            dataset=DATASET,
            model=model,
            seed=seed,
            noise_level=noise,
            units=(training.units,),
            pretrain_learning_rate=training.rate,
            pretrain_epochs=training.epochs,
            spectrum_examples=0,
            backend=environment.chosen_backend(),
        )
        net, _ = pretrain(settings, data.train.x, progress=False)
        x = data.valid.x[: training.examples]
        found = small_noise(net, x, np.array(NOISE_LEVELS), seed=seed)
        values = {name: seven_digits(value) for name, value in dataclasses.asdict(found).items()}
        runs.append({"model": model, **values})
    return runs


def _measure_linear_encoder(seed: int, data: Dataset, training: Training) -> list[dict[str, Any]]:
    """Train a linear encoder with either penalty, from the same weights, and compare kernels."""
    import keras

    from replication.engine.batches import Batches
    from replication.models import ContractiveAutoencoder, WeightDecayAutoencoder

    kernels = []
    same: Mapping[str, Any] = {"units": training.units, "activation": "linear", "seed": seed}
    for net in (
        ContractiveAutoencoder(contraction=training.penalty, **same),
        WeightDecayAutoencoder(weight_decay=training.penalty, **same),
    ):
        net.build((None, data.train.x.shape[1]))
        started = keras.ops.convert_to_numpy(net.encoder.kernel).astype(float)
        net.compile(optimizer=keras.optimizers.SGD(training.linear_rate))
        batches = Batches(data.train.x, None, 20, seed=seed)
        net.fit(batches, epochs=training.linear_epochs, shuffle=False, verbose=0)
        kernels.append(keras.ops.convert_to_numpy(net.encoder.kernel).astype(float))
    moved = np.linalg.norm(kernels[0] - started)
    return [{"difference": seven_digits(np.linalg.norm(kernels[0] - kernels[1]) / moved)}]


# Argument -> what measures it for one seed.
ARGUMENTS: Mapping[str, Callable[[int, Dataset, Training], list[dict[str, Any]]]] = {
    "small-noise": _measure_small_noise,
    "linear-encoder": _measure_linear_encoder,
}
