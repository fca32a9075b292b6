"""Made-up final runs whose numbers are known."""

import json

import numpy as np
import pytest

from replication.experiments import arguments, speeds
from replication.experiments.records import Record, pack_mistakes
from replication.experiments.settings import Settings

EXAMPLES = 2000
RADII = [0.5, 5.0, 10.0, 15.0, 20.0]


def make_record(
    model,
    seed,
    mistakes,
    jacobian=1e-4,
    saturation=50.0,
    ratio=(1.0, 0.9, 0.8, 0.7, 0.6),
    kernel_norm=50.0,
    spectrum=(2.0, 1.0, 0.1),
    dataset="mnist",
):
    """A final run with these results."""
    results = {
        "valid_error": 1.0,
        "test_error": 100 * float(np.mean(mistakes)),
        "test_examples": len(mistakes),
        "test_mistakes": pack_mistakes(np.asarray(mistakes, bool)),
        "jacobian_mean_square": jacobian,
        "jacobian_norm": 8.0,
        "saturation": saturation,
        "kernel_norm": [kernel_norm],
        "curve": {"radius": RADII, "ratio": list(ratio), "deviation": [0.0] * 5},
        "distances": {"min": 5.0, "median": 8.0, "max": 12.0},
        "spectrum": {"singular_value": list(spectrum), "deviation": [0, 0, 0]},
    }
    provenance = {"commit": "0" * 40, "seconds": {"total": 1.0}}
    return Record("made-up", Settings(dataset=dataset, model=model, seed=seed), results, provenance)


@pytest.fixture
def agreeing(nothing_measured):
    """Five seeds of every model, in which everything is as the paper claims.

    The first mistakes are common to all models, as hard digits are; each run adds some of its own.
    """
    extra = {"cae": 0, "dae-g": 2, "rbm": 10, "dae-b": 30, "ae-wd": 40, "sae": 55, "ae": 60}
    runs = []
    for rank, (model, more) in enumerate(extra.items()):
        for seed in range(5):
            mistakes = np.zeros(EXAMPLES, bool)
            mistakes[:20] = True
            mistakes[100 : 100 + more + (seed % 2)] = True
            first = model == "cae"
            ratio = (0.3, 0.4, 0.45, 0.4, 0.3) if first else (0.9, 0.8, 0.7, 0.6, 0.5)
            runs.append(
                make_record(
                    model,
                    seed,
                    mistakes,
                    jacobian=1e-4 * (1 + 2 * rank) * (1 + 0.01 * seed),
                    saturation=90 - 10 * rank + 0.1 * seed,
                    ratio=[0.8 * r for r in ratio] if model == "sae" else ratio,
                    spectrum=(2.0, 0.3, 0.1) if model == "sae" else (2.0, 1.0, 0.1),
                    kernel_norm=60.0 + 0.1 * (seed % 3) if first else 50.0,
                )
            )
    return runs


@pytest.fixture
def measured(nothing_measured):
    """What fills the files of measurements."""

    def fill(noise=(), linear=(), growth=None):
        entries = {"small-noise": list(noise), "linear-encoder": list(linear)}
        content = {name: {"runs": runs, "provenance": {}} for name, runs in entries.items() if runs}
        arguments.FILE.write_text(json.dumps(content))
        if growth:
            content = {"rows": [], "samples": {"growth": growth}, "provenance": {}}
            speeds.FILE.write_text(json.dumps(content))

    return fill
