"""Final runs of Table 2 whose truth is known, for the tests of rules and pages."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from replication.engine.records import Record
from replication.engine.results import Results, test_results
from replication.engine.settings import Settings
from replication.studies.table2.plan import ROWS, STUDY

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


def run(
    dataset: str, column: str, seed: int, percent: float, curve: Sequence[float] | None = None
) -> Record:
    """A final run with so many mistakes, most of them common to all."""
    arm = STUDY.arms[column]
    mistakes = np.zeros(EXAMPLES, bool)
    mistakes[: round(percent / 100 * EXAMPLES)] = True
    mistakes[1500 + seed] = True
    results = {
        "valid_error": float(percent),
        **test_results(mistakes),
        "distances": {"min": 5.0, "median": 10.0, "max": 13.0},
    }
    settings = Settings(dataset=dataset, model=arm.model, seed=seed)
    if arm.is_net:
        settings = dataclasses.replace(settings, units=(10,) * arm.depth)
        ratio = [r * (1 + 0.001 * seed) for r in curve or CURVES[arm.depth]]
        results["curve"] = {"radius": RADII, "ratio": ratio}
    machine = {"processor": "a processor", "threads": 1}
    provenance = {"machine": machine, "seconds": {"total": 1.0}}
    return Record("made-up", settings, Results(results), provenance)


def table(
    datasets: Sequence[str] = ROWS,
    seeds: int = 3,
    errors: Mapping[str, float] = ERRORS,
    **curves: Sequence[float],
) -> list[Record]:
    """All columns on some sets; the SVM once, as it has no seeds."""
    return [
        run(name, column, seed, percent, curves.get(column))
        for name in datasets
        for column, percent in errors.items()
        for seed in range(seeds if STUDY.arms[column].is_net else 1)
    ]
