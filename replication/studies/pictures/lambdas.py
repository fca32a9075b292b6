"""The CAE of Table 1, trained with other lambdas."""

import dataclasses
import time
from typing import Any

import numpy as np

from replication.checks import check_choice
from replication.engine import environment, provenance
from replication.engine.measurements import Measurements
from replication.engine.settings import Settings
from replication.studies.pictures.filters import filter_runs, spread_filters
from replication.studies.pictures.walks import record_walks
from replication.studies.table1 import plan as table1

# No penalty, the grid of Table 1, and beyond it.
LAMBDAS = tuple(f"{v:g}" for v in (0, *(s["contraction"] for s in table1.STRENGTHS["cae"]), 3))
COUNT = 12  # filters of each net
RADII = (1.0, *(float(r) for r in range(2, 41, 2)))
RECORDED = Measurements(
    "lambdas",
    needs=("curve", "spectrum", "filters", "norms", "shape", "error", "walks", "provenance"),
)
_EXAMPLES = 1000  # validation digits behind the curve, as in the search
_SPECTRUM = 200  # those behind the spectrum, as in final runs
_KEPT = 40  # singular values of each net, closer together where they are large


def lambda_runs() -> dict[str, Settings]:
    """List the nets: the first final run of the CAE, with each lambda.

    One of them is that very run, as its lambda is one of the grid.

    Raises:
        InputError: Nothing is chosen yet.
    """
    chosen = filter_runs(("cae",))["cae"]
    return {name: dataclasses.replace(chosen, contraction=float(name)) for name in LAMBDAS}


def walked() -> tuple[str, str]:
    """Name the lambdas of the two nets that are walked around in: none, and the chosen one.

    Raises:
        InputError: Nothing is chosen yet.
    """
    return LAMBDAS[0], f"{filter_runs(('cae',))['cae'].contraction:g}"


def learn_lambda(settings: Settings, walks: bool, progress: bool = True) -> dict[str, Any]:
    """Pre-train a CAE and measure it.

    Args:
        settings: What to train; its fine-tuning is left out.
        walks: Walk from digits in the directions in which their codes move most and least.
        progress: Show a progress bar on standard error.

    Returns:
        Plain values: the contraction `curve` (radius and ratio); the `spectrum` (mean singular
        values at some places, from 1); `filters` and `norms`, see `spread_filters`; the `shape` of
        the pictures; the `error` of reconstruction, mean square over pixels of validation digits;
        `walks`, see `record_walks`, empty without; the `id` of the run that they are the first half
        of; and `provenance`.

    Raises:
        InputError: The data cannot be had, or the training diverged.
    """
    environment.enter(settings.backend)
    # Only where something is trained: Keras takes seconds to import.
    import keras

    from replication.datasets import load
    from replication.engine.train import pretrain
    from replication.measures.contraction import contraction_curve
    from replication.measures.jacobian import spectrum

    data = load(settings.dataset)
    started = time.perf_counter()
    net, _ = pretrain(settings, data.train.x, progress)
    x = data.valid.x[:_EXAMPLES]
    curve = contraction_curve(net.encoder, x, RADII, settings.seed)
    values = spectrum(net.encoder, x[:_SPECTRUM]).singular_value
    places = np.unique(np.geomspace(1, len(values), _KEPT).round().astype(int))
    rebuilt = keras.ops.convert_to_numpy(net(x))
    return {
        "curve": {"radius": list(RADII), "ratio": [round(float(r), 4) for r in curve.ratio]},
        "spectrum": {
            "place": places.tolist(),
            "value": [float(f"{value:.4g}") for value in values[places - 1]],
        },
        **spread_filters(np.asarray(net.encoder.get_weights()[0]), COUNT),
        "shape": list(data.shape),
        "error": float(f"{np.mean((rebuilt - x) ** 2):.3g}"),
        "walks": record_walks(net.encoder, data.valid) if walks else {},
        "id": settings.id,
        "provenance": provenance.of_measurement(data.checksum, started),
    }


def recorded_lambdas() -> dict[str, dict[str, Any]]:
    """Read what was recorded, in the order of lambda.

    Raises:
        InputError: The file is damaged, or of a lambda that is not one of ours.
    """
    found = RECORDED.read()
    for name in found:
        check_choice(f"lambda in {RECORDED.source}", name, LAMBDAS)
    return {name: found[name] for name in LAMBDAS if name in found}
