"""Known faults of public contractive auto-encoders beside the right one, on small nets.

Embedded data, and seconds to train: anyone can repeat it.
"""

import dataclasses
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from replication.checks import check_choice, check_count
from replication.datasets import Dataset, load
from replication.engine import environment, provenance
from replication.engine.measurements import Measurements
from replication.engine.results import seven_digits
from replication.studies.study import SCALES

if TYPE_CHECKING:
    import keras

RIGHT = "right"
# Nets without a fault. Two faults cannot be shown on one sigmoid layer, and have their own.
REFERENCES = (RIGHT, "right-rectifier", "right-deep")
FAULTS: Mapping[str, str] = {  # fault -> the net without it
    "frozen-kernel": RIGHT,
    "detached-kernel": RIGHT,
    "summed-code": RIGHT,
    "square-of-sum": RIGHT,
    "floor-division": RIGHT,
    "half-gradient": RIGHT,
    "no-bias-gradient": RIGHT,
    "other-derivative": "right-rectifier",
    "last-layer": "right-deep",
    "mean-entry": RIGHT,
    "pixel-mean": RIGHT,
}
_RESULTS = ("reconstruction", "coded", "jacobian", "error")
RECORDED = Measurements(
    "faults", needs=("provenance",), runs=dict.fromkeys((*REFERENCES, *FAULTS), _RESULTS)
)
# Fault -> the first test that fails, from `make mutants`.
CAUGHT = Measurements("mutants", needs=("test",))
_SLOWER = {"other-derivative": 0.1, "right-rectifier": 0.1}  # times: their codes are not bounded


@dataclasses.dataclass(frozen=True, kw_only=True)
class Training:
    """How the small nets are trained.

    Attributes:
        dataset: Name of the data set.
        seeds: Number of nets of each kind.
        units: Hidden units of every layer.
        contraction: lambda.
        rate, epochs: Learning rate and epochs of pre-training, in batches of 20.
        finetune_rate, finetune_epochs: The same of fine-tuning.
    """

    dataset: str = "digits"
    seeds: int = 5
    units: int = 64
    contraction: float = 0.3
    rate: float = 0.1
    epochs: int = 20
    finetune_rate: float = 1.0
    finetune_epochs: int = 10


def measure_fault(
    name: str, seeds: int | None = None, progress: bool = True, training: Training | None = None
) -> dict[str, Any]:
    """Train small nets with a fault, or without any, and measure what became of them.

    Args:
        name: Key of a fault, or one of `REFERENCES`.
        seeds: Number of nets, at least 1; None is that of the training.
        progress: Show a progress bar on standard error.
        training: How they are trained; None is the usual way.

    Returns:
        Plain values: `runs`, one for each seed, with `reconstruction` (training error in each
        epoch, in nats; under "pixel-mean" multiplied by the number of pixels), `coded` (the
        penalty at the end as the code computes it, not weighted), `jacobian` (the true mean of
        ||J||^2 at the end, on the validation part), and `error` (percent of the test part, after
        fine-tuning); and `provenance`.

    Raises:
        InputError: There is no such fault, or a number is impossible.
    """
    check_choice("name", name, (*REFERENCES, *FAULTS))
    training = training or Training()
    count = check_count("seeds", training.seeds if seeds is None else seeds)
    environment.enter(environment.chosen_backend())
    data = load(training.dataset)
    started = time.perf_counter()
    turns = tqdm(range(count), desc=name, unit="seed", disable=not progress)
    runs = [{"seed": seed, **_train(name, seed, data, training)} for seed in turns]
    return {"runs": runs, "provenance": provenance.of_measurement(data.checksum, started)}


def collect_faults(scale: str, recorded: Measurements = RECORDED) -> dict[str, dict[str, Any]]:
    """Get the measurements of all faults and references at the scale that a page was asked for.

    Args:
        scale: "proof" trains one net of each kind now; "published" reads what was recorded;
            "full" trains now with all seeds where nothing was recorded.
        recorded: What was recorded.

    Returns:
        Measurements by name; without those that were not recorded.

    Raises:
        InputError: There is no such scale, or the file is damaged.
    """
    check_choice("scale", scale, SCALES)
    known = {} if scale == "proof" else recorded.read()
    found = {}
    for name in tqdm((*REFERENCES, *FAULTS), desc="faults", unit="net", disable=scale != "proof"):
        if scale == "proof":
            found[name] = measure_fault(name, 1, progress=False)
        elif name in known:
            found[name] = known[name]
        elif scale == "full":
            found[name] = measure_fault(name)
    return found


def caught_by(name: str, caught: Measurements = CAUGHT) -> str | None:
    """Name the test that fails when a fault is brought into our code; None if none is recorded.

    Args:
        name: Key of the fault.
        caught: What was recorded.

    Raises:
        InputError: There is no such fault, or the file is damaged.
    """
    check_choice("name", name, tuple(FAULTS))
    return (caught.get(name) or {}).get("test")


def _train(name: str, seed: int, data: Dataset, training: Training) -> dict[str, Any]:
    # Only where something is trained: Keras takes seconds to import.
    import keras

    from replication.engine.batches import Batches
    from replication.models import Classifier

    keras.utils.set_random_seed(seed)
    slower = _SLOWER.get(name, 1.0)
    x = data.train.x
    net = _build(name, seed, x.shape[1], training)
    net.build((None, x.shape[1]))
    # Without compilation Keras on JAX takes each step operation by operation, ten times slower.
    jit = keras.backend.backend() == "jax"
    net.compile(optimizer=keras.optimizers.SGD(slower * training.rate), jit_compile=jit)
    history = net.fit(
        Batches(x, None, 20, seed=seed), epochs=training.epochs, shuffle=False, verbose=0
    ).history
    scale = x.shape[1] if name == "pixel-mean" else 1
    h = net.encode(data.valid.x)
    coded = net.regularizer(keras.ops.convert_to_tensor(data.valid.x), h) / training.contraction
    classifier = Classifier.from_pretrained(net, data.classes, seed=seed)
    classifier.compile(optimizer=keras.optimizers.SGD(slower * training.finetune_rate))
    classifier.fit(
        data.train.x, data.train.y, epochs=training.finetune_epochs, batch_size=20, verbose=0
    )
    mistakes = classifier.classify(data.test.x) != data.test.y
    return {
        "reconstruction": [seven_digits(v * scale) for v in history["reconstruction"]],
        "coded": seven_digits(coded),
        "jacobian": seven_digits(keras.ops.mean(net.penalty(data.valid.x))),
        "error": seven_digits(100 * mistakes.mean()),
    }


def _build(name: str, seed: int, inputs: int, training: Training) -> "keras.Model":
    import keras

    from replication.models import ContractiveAutoencoder, FaultyContractiveAutoencoder
    from replication.models.abstract_autoencoder import initial_kernel

    common: dict[str, Any] = {"contraction": training.contraction, "seed": seed}
    if name in ("right-deep", "last-layer"):
        layers = [
            keras.layers.Dense(
                training.units,
                activation="sigmoid",
                kernel_initializer=initial_kernel(10 * seed + k),
            )
            for k in range(2)
        ]
        common["encoder"] = keras.Sequential(layers)
        decoder = keras.layers.Dense(inputs, kernel_initializer=initial_kernel(10 * seed + 2))
        common["decoder"] = decoder
    else:
        common["units"] = training.units
        relu = name in ("right-rectifier", "other-derivative")
        common["activation"] = "relu" if relu else "sigmoid"
    if name in REFERENCES:
        return ContractiveAutoencoder(**common)
    return FaultyContractiveAutoencoder(fault=name, **common)
