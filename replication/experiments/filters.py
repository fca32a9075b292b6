"""A few filters of each model of Table 1, kept in the repository so that a page need not train."""

import time
from pathlib import Path

import numpy as np

from replication.experiments import protocol, provenance
from replication.experiments.entries import read_entries
from replication.experiments.pictures import pack_rows
from replication.experiments.settings import Settings

FILE = Path(__file__).parents[2] / "data" / "filters.json"
DATASET = "mnist"
COUNT = 8  # filters of each model


def learn_filters(settings: Settings, progress: bool = True) -> dict:
    """Pre-train a model and take filters of its first layer.

    They are spread evenly over the units in the order of their norms ||W_j||, from the largest to
    the smallest, so that nothing is picked for its looks.

    Args:
        settings: What to train; its fine-tuning is left out.
        progress: Show a progress bar on standard error.

    Returns:
        Plain values: `filters`, rows packed by `pack_rows`; `norms`, of each; the `shape` of the
        pictures; the `id` of the run that they are the first half of; and `provenance`.

    Raises:
        InputError: The data cannot be had, or the training diverged.
    """
    # Only where something is trained: Keras takes seconds to import.
    from replication.datasets import load
    from replication.experiments.run import pretrain

    data = load(settings.dataset)
    started = time.perf_counter()
    net, _ = pretrain(settings, data.train.x, progress)
    w = np.asarray(net.encoder.get_weights()[0]).T  # rows W_j, shape (d_h, d_x)
    norms = np.linalg.norm(w, axis=1)
    places = np.linspace(0, len(w) - 1, COUNT).round().astype(int)
    shown = np.argsort(-norms)[places]
    return {
        "filters": pack_rows(w[shown]),
        "norms": [round(float(norm), 4) for norm in norms[shown]],
        "shape": list(data.shape),
        "id": settings.id,
        "provenance": provenance.of_measurement(data.checksum, started),
    }


def run_of(model: str) -> Settings:
    """Return the run whose filters are shown: the first final one of Table 1.

    Args:
        model: Key of the model.

    Raises:
        InputError: The name is unknown, or trials have no record yet.
    """
    return protocol.finals(DATASET, model, 1)[0]


def recorded_filters() -> dict[str, dict]:
    """Read what `learn_filters` returned for each model that was recorded.

    Raises:
        InputError: The file is damaged.
    """
    return read_entries(FILE)
