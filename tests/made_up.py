"""Final runs of Table 1 whose numbers are known, for the tests of rules and pages."""

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from replication.engine.records import Record
from replication.engine.results import Results, test_results
from replication.engine.settings import Settings
from replication.studies.catalogue import CLAIMS
from replication.verdicts.evidence import Evidence
from replication.verdicts.verdict import Verdict

EXAMPLES = 2000
RADII = (0.5, 5.0, 10.0, 15.0, 20.0)
PROVENANCE = {
    "commit": "0123456789abcdef",
    "versions": {"keras": "3", "jax": "1"},
    "backend": "jax",
    "machine": {"processor": "a processor", "threads": 1},
    "data_origin": "original",
    "seconds": {"total": 90.0},
    "date": "2026-01-02T03:04:05+00:00",
}
# Test errors of the runs of `on_mnist` with seed 0, percent.
ERRORS = {"cae": 1.0, "dae-g": 1.1, "rbm": 1.2, "dae-b": 2.5, "ae-wd": 2.6, "ae": 2.7, "sae": 0.2}


def make_record(
    model: str,
    seed: int,
    mistakes: np.ndarray,
    *,
    dataset: str = "mnist",
    jacobian: float = 1e-4,
    saturation: float = 50.0,
    radii: Sequence[float] = RADII,
    ratio: Sequence[float] = (1.0, 0.9, 0.8, 0.7, 0.6),
    **more: Any,
) -> Record:
    """A final run with these results, and no others than `more`."""
    results = {
        "valid_error": 100 * float(np.mean(mistakes)),
        **test_results(np.asarray(mistakes, bool)),
        "jacobian_mean_square": jacobian,
        "jacobian_norm": 8.0,
        "saturation": saturation,
        "curve": {"radius": list(radii), "ratio": list(ratio), "deviation": [0.0] * len(radii)},
        **more,
    }
    settings = Settings(dataset=dataset, model=model, seed=seed)
    return Record("made-up", settings, Results(results), dict(PROVENANCE))


def spectrum(large: int, small: int = 0, size: int = 100) -> dict[str, list[float]]:
    """A spectrum of so many values of 1, so many of 0.3, and the rest 0.01."""
    values = [1.0] * large + [0.3] * small + [0.01] * (size - large - small)
    return {"singular_value": values, "deviation": [0.0] * size}


def measured(**more: Any) -> dict[str, Any]:
    """What `make_record` takes so that every rule finds what it needs."""
    distances = {"min": 5.0, "median": 8.0, "max": 12.0}
    usual = {"kernel_norm": [50.0], "distances": distances, "spectrum": spectrum(2, size=3)}
    return usual | more


def agreeing() -> list[Record]:
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
                    **measured(
                        spectrum=spectrum(1 if model == "sae" else 2, size=3),
                        kernel_norm=[60.0 + 0.1 * (seed % 3) if first else 50.0],
                    ),
                )
            )
    return runs


def on_mnist(model: str, seed: int, jacobian: float = 1e-4) -> Record:
    """A run without spectrum and distances, with errors that differ clearly between models."""
    mistakes = np.zeros(10_000, bool)
    mistakes[: round(100 * (ERRORS[model] + 0.1 * seed))] = True
    return make_record(
        model,
        seed,
        mistakes,
        jacobian=jacobian * (1 + list(ERRORS).index(model)),
        saturation=50.0 + (model == "cae"),
        radii=(0.3, 10.0, 40.0),
        ratio=(0.2, 0.4, 0.3),
    )


def two_seeds() -> list[Record]:
    """The seven models of version 1 with two seeds."""
    return [on_mnist(model, seed) for model in ERRORS for seed in range(2)]


def altered(runs: Sequence[Record], model: str, **results: Any) -> list[Record]:
    """The same runs with other results of one model."""
    return [
        dataclasses.replace(r, results={**r.results, **results}) if r.settings.model == model else r
        for r in runs
    ]


def elsewhere(runs: Sequence[Record], dataset: str) -> list[Record]:
    """The same results, as if of another data set."""
    return [
        dataclasses.replace(r, settings=dataclasses.replace(r.settings, dataset=dataset))
        for r in runs
    ]


def of_experiment(runs: Sequence[Record], experiment: str) -> list[Record]:
    """The same runs, as if recorded for another experiment."""
    return [dataclasses.replace(r, experiment=experiment) for r in runs]


def verdict_on(claim: int, evidence: Evidence) -> Verdict:
    """Judge one claim alone."""
    return next(rule for rule in CLAIMS if rule.claim == claim).judge(evidence)
