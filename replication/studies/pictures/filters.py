"""A few filters of each model of Table 1, kept in the repository so that a page need not train."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from replication.checks import check_choice
from replication.engine import environment, provenance
from replication.engine.measurements import Measurements
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.measures.packing import pack_rows
from replication.studies.study import Study
from replication.studies.table1 import plan as table1

DATASET = "mnist"
COUNT = 8  # filters of each model
RECORDED = Measurements("filters", needs=("filters", "norms", "shape", "provenance"))


def learn_filters(settings: Settings, progress: bool = True) -> dict[str, Any]:
    """Pre-train a model and take filters of its first layer, as `spread_filters` does.

    Args:
        settings: What to train; its fine-tuning is left out.
        progress: Show a progress bar on standard error.

    Returns:
        Plain values: `filters`, rows packed by `pack_rows`; `norms`, of each; the `shape` of the
        pictures; the `id` of the run that they are the first half of; and `provenance`.

    Raises:
        InputError: The data cannot be had, or the training diverged.
    """
    environment.enter(settings.backend)
    # Only where something is trained: Keras takes seconds to import.
    from replication.datasets import load
    from replication.engine.train import pretrain

    data = load(settings.dataset)
    started = time.perf_counter()
    net, _ = pretrain(settings, data.train.x, progress)
    return {
        **spread_filters(np.asarray(net.encoder.get_weights()[0]), COUNT),
        "shape": list(data.shape),
        "id": settings.id,
        "provenance": provenance.of_measurement(data.checksum, started),
    }


def spread_filters(kernel: np.ndarray, count: int) -> dict[str, Any]:
    """Take filters evenly over the units in the order of their norms ||W_j||, largest first.

    So nothing is picked for its looks.

    Args:
        kernel: W^T, shape (d_x, d_h).
        count: How many.

    Returns:
        Plain values: `filters`, rows packed by `pack_rows`, and `norms`, of each.
    """
    norms = np.linalg.norm(kernel, axis=0)
    places = np.linspace(0, len(norms) - 1, count).round().astype(int)
    shown = np.argsort(-norms)[places]
    return {
        "filters": pack_rows(kernel.T[shown]),
        "norms": [round(float(norm), 4) for norm in norms[shown]],
    }


def filter_runs(
    models: Sequence[str] | None = None, study: Study = table1.STUDY
) -> dict[str, Settings]:
    """List the runs whose filters are shown: the first final one of each model of Table 1.

    Args:
        models: Keys of the models; None is all that a setting is chosen for.
        study: The study; a small one in tests.

    Raises:
        InputError: A name is unknown, or nothing is chosen yet for a model.
    """
    found = {}
    for model in models or tuple(study.chosen(DATASET)) or tuple(study.arms):
        check_choice("model", model, tuple(study.arms))
        runs = study.finals(DATASET, model, 1)
        if not runs:
            raise InputError(
                f"nothing is chosen yet for {model} on {DATASET}; run: "
                f"python -m replication sweep {study.name} --dataset {DATASET}"
            )
        found[model] = runs[0]
    return found
