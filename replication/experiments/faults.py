"""Known faults of public contractive auto-encoders beside the right one, on small nets.

Embedded data, and seconds to train: anyone can repeat it. The three faults that were copied most
have runs of full size as well, in the experiment `faults`.
"""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from replication.checks import check_choice, check_count
from replication.experiments import protocol, provenance
from replication.experiments.entries import read_entries, read_runs
from replication.experiments.settings import FAULTS as FULL_SIZE
from replication.experiments.settings import Settings

FILE = Path(__file__).parents[2] / "data" / "faults.json"
CAUGHT = FILE.with_name("mutants.json")  # fault -> the first test that fails, from `make mutants`
DATASET = "digits"
SEEDS = 5
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
EXPERIMENT = "faults"  # of the runs of full size
FULL_SEEDS = 3
_UNITS = 64
_CONTRACTION = 0.3
_RATE, _FINETUNE_RATE = 0.1, 1.0
_SLOWER = {"other-derivative": 0.1, "right-rectifier": 0.1}  # times: their codes are not bounded
_EPOCHS = 20
_FINETUNE: Mapping[str, Any] = {"epochs": 10, "batch_size": 20}
_RESULTS = ("reconstruction", "coded", "jacobian", "error")


def measure_fault(name: str, seeds: int | None = None, progress: bool = True) -> dict:
    """Train small nets with a fault, or without any, and measure what became of them.

    Args:
        name: Key of a fault, or one of `REFERENCES`.
        seeds: Number of nets, at least 1; None is five.
        progress: Show a progress bar on standard error.

    Returns:
        Plain values: `runs`, one for each seed, with `reconstruction` (training error in each
        epoch, in nats; under "pixel-mean" multiplied by the number of pixels), `coded` (the
        penalty at the end as the code computes it, not weighted), `jacobian` (the true mean of
        ||J||^2 at the end, on the validation part), and `error` (percent of the test part, after
        fine-tuning); and `provenance`.

    Raises:
        InputError: There is no such fault, or a number is impossible.
    """
    from replication.datasets import load

    check_choice("name", name, (*REFERENCES, *FAULTS))
    count = check_count("seeds", SEEDS if seeds is None else seeds)
    data = load(DATASET)
    started = time.perf_counter()
    turns = tqdm(range(count), desc=name, unit="seed", disable=not progress)
    runs = [{"seed": seed, **_train(name, seed, data)} for seed in turns]
    return {"runs": runs, "provenance": provenance.of_measurement(data.checksum, started)}


def recorded_fault(name: str) -> dict | None:
    """Read what `measure_fault` returned; None if nothing was recorded.

    Args:
        name: Key of a fault, or one of `REFERENCES`.

    Raises:
        InputError: There is no such fault, or the file is damaged.
    """
    check_choice("name", name, (*REFERENCES, *FAULTS))
    return read_runs(FILE, name, _RESULTS)


def collect_faults(scale: str) -> dict[str, dict]:
    """Get the measurements of all faults and references at the scale that a page was asked for.

    Args:
        scale: "proof" trains one net of each kind now; "published" reads what was recorded;
            "full" trains now with all seeds where nothing was recorded.

    Returns:
        Measurements by name; without those that were not recorded.

    Raises:
        InputError: There is no such scale, or the file is damaged.
    """
    check_choice("scale", scale, protocol.SCALES)
    found = {}
    for name in tqdm((*REFERENCES, *FAULTS), desc="faults", unit="net", disable=scale != "proof"):
        if scale == "proof":
            found[name] = measure_fault(name, 1, progress=False)
            continue
        measured = recorded_fault(name)
        if measured is None and scale == "full":
            measured = measure_fault(name)
        if measured is not None:
            found[name] = measured
    return found


def caught_by(name: str) -> str | None:
    """Name the test that fails when a fault is brought into our code; None if none is recorded.

    Args:
        name: Key of the fault.

    Raises:
        InputError: There is no such fault, or the file is damaged.
    """
    check_choice("name", name, tuple(FAULTS))
    return read_entries(CAUGHT).get(name, {}).get("test")


def full_size() -> list[Settings]:
    """List the runs of full size: the CAE of Table 1 on MNIST, with each fault that has some.

    Raises:
        InputError: The search of the CAE on MNIST is not finished.
    """
    right = protocol.finals("mnist", "cae", FULL_SEEDS)
    return [
        Settings(**{**settings.to_dict(), "fault": fault})
        for settings in right  # seed by seed, so that an unfinished sweep can be compared
        for fault in FULL_SIZE
    ]


def _train(name: str, seed: int, data) -> dict:  # type: ignore[no-untyped-def]
    # Only where something is trained: Keras takes seconds to import.
    import keras

    from replication.experiments.batches import Batches
    from replication.models import Classifier

    keras.utils.set_random_seed(seed)
    slower = _SLOWER.get(name, 1.0)
    x = data.train.x
    net = _build(name, seed, x.shape[1])
    net.build((None, x.shape[1]))
    net.compile(optimizer=keras.optimizers.SGD(slower * _RATE), jit_compile=False)
    history = net.fit(
        Batches(x, None, 20, seed=seed), epochs=_EPOCHS, shuffle=False, verbose=0
    ).history
    scale = x.shape[1] if name == "pixel-mean" else 1
    h = net.encode(data.valid.x)
    coded = net.regularizer(keras.ops.convert_to_tensor(data.valid.x), h) / _CONTRACTION
    classifier = Classifier.from_pretrained(net, data.classes, seed=seed)
    classifier.compile(optimizer=keras.optimizers.SGD(slower * _FINETUNE_RATE))
    classifier.fit(data.train.x, data.train.y, verbose=0, **_FINETUNE)
    mistakes = classifier.classify(data.test.x) != data.test.y
    return {
        "reconstruction": [_plain(v * scale) for v in history["reconstruction"]],
        "coded": _plain(coded),
        "jacobian": _plain(keras.ops.mean(net.penalty(data.valid.x))),
        "error": _plain(100 * mistakes.mean()),
    }


def _build(name: str, seed: int, inputs: int):  # type: ignore[no-untyped-def]
    import keras

    from replication.models import ContractiveAutoencoder, FaultyContractiveAutoencoder
    from replication.models.abstract_autoencoder import initial_kernel

    common: dict[str, Any] = {"contraction": _CONTRACTION, "seed": seed}
    if name in ("right-deep", "last-layer"):
        layers = [
            keras.layers.Dense(
                _UNITS, activation="sigmoid", kernel_initializer=initial_kernel(10 * seed + k)
            )
            for k in range(2)
        ]
        common["encoder"] = keras.Sequential(layers)
        decoder = keras.layers.Dense(inputs, kernel_initializer=initial_kernel(10 * seed + 2))
        common["decoder"] = decoder
    else:
        common["units"] = _UNITS
        relu = name in ("right-rectifier", "other-derivative")
        common["activation"] = "relu" if relu else "sigmoid"
    if name in REFERENCES:
        return ContractiveAutoencoder(**common)
    return FaultyContractiveAutoencoder(fault=name, **common)


def _plain(value: Any) -> float:
    """Seven significant digits, as a plain JSON number."""
    return float(f"{float(value):.7g}")
