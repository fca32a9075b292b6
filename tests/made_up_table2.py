"""Final runs of Table 2 whose truth is known, for the tests of rules and pages."""

import dataclasses

import numpy as np

from replication.experiments.records import Record, pack_mistakes
from replication.experiments.settings import Settings
from replication.experiments.table2 import COLUMNS, ROWS

EXAMPLES = 2000
RADII = [0.5, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]
ERRORS = {
    "svm-rbf": 12, "sae-3": 11, "rbm-3": 10, "dae-b-3": 8, "cae-1": 9, "cae-2": 5, "cae-3": 4,
}  # fmt: skip
# A deeper curve lies lower, is flatter, and has its bump farther out.
CURVES = {
    1: [0.30, 0.34, 0.38, 0.40, 0.39, 0.37, 0.35],
    2: [0.15, 0.17, 0.20, 0.24, 0.25, 0.24, 0.23],
    3: [0.10, 0.11, 0.13, 0.16, 0.19, 0.20, 0.19],
}


def run(dataset, column, seed, percent, curve=None):
    """A final run with so many mistakes, most of them common to all."""
    model, depth = COLUMNS[column]
    mistakes = np.zeros(EXAMPLES, bool)
    mistakes[: round(percent / 100 * EXAMPLES)] = True
    mistakes[1500 + seed] = True
    results = {
        "valid_error": float(percent),
        "test_error": 100 * float(mistakes.mean()),
        "test_examples": EXAMPLES,
        "test_mistakes": pack_mistakes(mistakes),
        "distances": {"min": 5.0, "median": 10.0, "max": 13.0},
    }
    settings = Settings(dataset=dataset, model=model, seed=seed)
    if model != "svm":
        settings = dataclasses.replace(settings, units=(10,) * depth)
        ratio = [r * (1 + 0.001 * seed) for r in curve or CURVES[depth]]
        results["curve"] = {"radius": RADII, "ratio": ratio}
    machine = {"processor": "a processor", "threads": 1}
    provenance = {"machine": machine, "seconds": {"total": 1.0}}
    return Record("made-up", settings, results, provenance)


def table(datasets=ROWS, seeds=3, errors=ERRORS, **curves):
    """All columns on some sets; the SVM once, as it has no seeds."""
    return [
        run(name, column, seed, percent, curves.get(column))
        for name in datasets
        for column, percent in errors.items()
        for seed in range(1 if column == "svm-rbf" else seeds)
    ]
