"""How fast a step of training is, beside what the machine can do and what others do."""

import importlib.util
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.engine.environment import DEFAULT_BACKEND
from replication.studies.speed.clock import (
    FLOPS_PER_EXAMPLE,
    matrix_rates,
    peer_trainer,
    trainer,
)
from replication.studies.speed.rows import Row, row

# Batch size -> share of the machine's matrix rate that training has to reach, percent. The bounds
# are for the backend of all runs.
SHARES: Mapping[int, float] = MappingProxyType({20: 70.0, 100: 85.0})
_STEPS = {20: 600, 100: 250}
_MODELS = {"AE": "Autoencoder", "CAE": "ContractiveAutoencoder"}
# Key -> who is timed beside our CAE.
PEERS: Mapping[str, str] = MappingProxyType(
    {
        "jax": "a plain loop in JAX",
        "torch": "a plain loop in PyTorch",
        "by_hand": "gradients by hand in NumPy, the penalty's apart (PyDeep's way)",
        "frozen": "the penalty of the starting text, with its frozen kernel",
    }
)


def measure_training(quick: bool) -> dict[str, Any]:
    """Compare AE, CAE, peers and matrix products in turn: load then hits all alike.

    Peers are timed on the backend of all runs alone. The machine's rate is that of the library
    that is fastest at large matrix products.

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
        if backend == DEFAULT_BACKEND:
            trainers |= _peers(batch_size, steps)
        label = f"{backend}, batch {batch_size}"
        samples[label] = _rounds(trainers, label, 2 if quick else 6)
        rows += _rows(samples[label], backend, batch_size, batch_size * steps)
    return {"rows": rows, "samples": samples}


def _peers(batch_size: int, steps: int) -> dict[str, Callable[[], float]]:
    """What trains each peer, by key; PyTorch is an extra that may be missing."""
    from replication.studies.speed.peers.by_hand import ByHand
    from replication.studies.speed.peers.plain_jax import PlainJax
    from replication.studies.speed.peers.plain_torch import PlainTorch

    faulty = trainer("FaultyContractiveAutoencoder", batch_size, steps, fault="frozen-kernel")
    found = {
        "jax": peer_trainer(PlainJax, batch_size, steps),
        "by_hand": peer_trainer(ByHand, batch_size, steps),
        "frozen": faulty,
    }
    if importlib.util.find_spec("torch") is None:
        tqdm.write("not measured: PyTorch is not installed (.venv/bin/python -m pip install torch)")
    else:
        found["torch"] = peer_trainer(PlainTorch, batch_size, steps)
    return found


def _rounds(
    trainers: dict[str, Callable[[], float]], label: str, count: int
) -> list[dict[str, Any]]:
    rounds = []
    for turn in tqdm(range(count), desc=label, unit="round", leave=False):
        # Before and after: the rate of a shared machine moves while we train.
        before = matrix_rates()
        # Who follows the matrix products takes turns, too.
        order = list(trainers)[:: -1 if turn % 2 else 1]
        seconds = {name: trainers[name]() for name in order}
        after = matrix_rates()
        rates = {name: (before[name] + after[name]) / 2 for name in before}
        rounds.append({"matrix_rates": rates, "order": order, **seconds})
    return rounds


def _rows(
    rounds: Sequence[dict[str, Any]], backend: str, batch_size: int, examples: int
) -> list[Row]:
    label, key = f"{backend}, batch {batch_size}", f"{backend}_{batch_size}"
    usual = backend == DEFAULT_BACKEND
    seconds = {name: np.array([one[name] for one in rounds]) for name in rounds[0]["order"]}
    rates = {
        name: np.array([one["matrix_rates"][name] for one in rounds])
        for name in rounds[0]["matrix_rates"]
    }
    fastest = max(rates, key=lambda name: float(np.median(rates[name])))
    what = f"matrix products of {fastest} beside {label}"
    rows = [row(f"matrix_rate_{key}", what, float(np.median(rates[fastest])), "GFLOP/s")]
    for name in _MODELS:
        what, model_key = f"{name} training, {label}", f"{name.lower()}_{key}"
        speeds = examples / seconds[name]
        shares = 100 * speeds * FLOPS_PER_EXAMPLE / (1e9 * rates[fastest])
        bound = SHARES[batch_size] if usual else None
        rows.append(row(f"speed_{model_key}", what, float(np.median(speeds)), "examples/s"))
        what = f"{what}, share of the matrix rate"
        rows.append(row(f"share_{model_key}", what, float(np.median(shares)), "%", at_least=bound))
    ratio = float(np.median(seconds["CAE"] / seconds["AE"]))
    what = f"CAE step over AE step, {label}"
    rows.append(row(f"ratio_{key}", what, ratio, "x", at_most=1.05 if usual else None))
    for peer, name in PEERS.items():
        if peer in seconds:
            ratio = float(np.median(seconds[peer] / seconds["CAE"]))
            what = f"{name}, over our CAE step, {label}"
            rows.append(row(f"peer_{peer}_{key}", what, ratio, "x", at_least=1.0))
    return rows
