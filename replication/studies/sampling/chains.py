"""Chains of pictures from trained nets, and what is measured of them."""

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from replication.checks import check_choice
from replication.datasets import Dataset, load
from replication.engine import environment, provenance
from replication.engine.measurements import Measurements
from replication.measures.nearest import nearest_distances
from replication.measures.packing import pack_rows
from replication.measures.parzen import parzen_log_likelihood
from replication.studies.sampling.plan import REFERENCES, STEP_SIZES, Plan, proof, published
from replication.studies.study import SCALES

if TYPE_CHECKING:
    import keras

    from replication.models import Classifier

RECORDED = Measurements("chains", needs=("samples", "provenance"))
_CLASSIFIER_SEED = 0
_CLASSIFIER_UNITS = 100


def measure_chains(name: str, plan: Plan, progress: bool = True) -> dict[str, Any]:
    """Draw pictures from a net, or take those of a reference, and measure them.

    Args:
        name: One of `plan.names`.
        plan: How.
        progress: Show progress bars on standard error.

    Returns:
        Plain values: `samples`, for each step size (one that is None where there is none) what
        `measure_samples` and `measure_states` say, and `pictures` of the first net of a model, a
        list of rows packed by `pack_rows` for each chain; the `shape` of a picture; `error`, the
        share in percent of validation digits that the classifier mistakes; `held_out`, the mean
        distance of measuring digits to their nearest training digit; `id` of the run that a net is
        the first half of; and `provenance`.

    Raises:
        InputError: There is no such name, the data cannot be had, or the training diverged.
    """
    check_choice("name", name, plan.names)
    is_net = name in plan.runs
    environment.enter(plan.runs[name].backend if is_net else next(iter(plan.runs.values())).backend)
    data = load(plan.dataset)
    started = time.perf_counter()
    classifier = _classifier(data, plan)
    measured: dict[str, Any] = {}
    if is_net:
        measured["samples"] = _walks(name, data, plan, classifier, progress)
        measured["id"] = plan.runs[name].id
    else:
        pictures = reference(name, data, plan)
        measured["samples"] = [{"step_size": None, **measure_samples(pictures, data, plan)}]
    mistakes = classifier.classify(data.valid.x) != data.valid.y
    held_out = nearest_distances(_measuring(data, plan), data.train.x)
    return {
        **measured,
        "shape": list(data.shape),
        "error": round(100 * float(np.mean(mistakes)), 2),
        "held_out": round(float(np.mean(held_out)), 3),
        "provenance": provenance.of_measurement(data.checksum, started),
    }


def collect_chains(scale: str) -> dict[str, dict[str, Any]]:
    """Get the measurements of all nets and references at the scale that a page was asked for.

    Args:
        scale: "proof" trains small nets now; "published" reads what was recorded; "full" trains
            now what was not recorded.

    Returns:
        Measurements by name, in the order of the plan; without those that were not recorded.

    Raises:
        InputError: There is no such scale, or the file is damaged.
    """
    check_choice("scale", scale, SCALES)
    plan = proof() if scale == "proof" else published()
    known = {} if scale == "proof" else RECORDED.read()
    found = {}
    for name in tqdm(plan.names, desc="chains", unit="net", disable=scale == "published"):
        if name in known:
            found[name] = known[name]
        elif scale != "published":
            found[name] = measure_chains(name, plan, progress=False)
    return found


def measure_samples(samples: np.ndarray, data: Dataset, plan: Plan) -> dict[str, Any]:
    """Measure whether pictures look like the data.

    Args:
        samples: The pictures, shape (m, features).
        data: The data set.
        plan: Which validation digits, and how many samples.

    Returns:
        Plain values: the `bandwidth` that is best on the choosing part of the validation digits,
        `chosen`, the mean log-likelihood there, `log_likelihood` on the measuring part, and
        `nearest`, the mean distance of samples to their nearest training digit.
    """
    choosing = data.valid.x[: plan.choosing]
    values = parzen_log_likelihood(samples, choosing, plan.bandwidths).mean(axis=1)
    best = int(values.argmax())
    measured = parzen_log_likelihood(
        samples, _measuring(data, plan), plan.bandwidths[best : best + 1]
    )
    spread = np.linspace(0, len(samples) - 1, plan.nearest).round().astype(int)
    return {
        "bandwidth": plan.bandwidths[best],
        "chosen": round(float(values[best]), 2),
        "log_likelihood": round(float(measured.mean()), 2),
        "nearest": round(float(np.mean(nearest_distances(samples[spread], data.train.x))), 3),
    }


def measure_states(shown: np.ndarray) -> dict[str, float]:
    """Measure how chains mix, from the digit that a classifier sees in each state.

    Args:
        shown: Classes, shape (chains, steps).

    Returns:
        Plain values: `classes`, how many different ones a chain visits, and `changes`, at which
        share of its steps the class changes, in percent; means over chains.
    """
    visited = [len(np.unique(chain)) for chain in shown]
    changes = shown[:, 1:] != shown[:, :-1]
    return {
        "classes": round(float(np.mean(visited)), 2),
        "changes": round(100 * float(np.mean(changes)), 2),
    }


def reference(name: str, data: Dataset, plan: Plan) -> np.ndarray:
    """Return pictures that no net made, as many as a net gives samples where there are so many.

    Args:
        name: One of `REFERENCES`.
        data: The data set.
        plan: How many.

    Returns:
        Training digits that start no chain, or noise whose every pixel comes from another of them;
        shape (m, features).
    """
    check_choice("name", name, REFERENCES)
    count = plan.chains * len(plan.sampled)
    digits = data.train.x[plan.chains :][:count]
    if name == "digits":
        return digits
    draw = np.random.default_rng(0)
    return draw.permuted(digits, axis=0)


def _walks(
    name: str, data: Dataset, plan: Plan, classifier: "Classifier", progress: bool
) -> list[dict[str, Any]]:
    """Train a net and measure its chains, for every step size that it has."""
    # Only where something is trained: Keras takes seconds to import.
    from replication.engine.train import pretrain

    settings = plan.runs[name]
    net, _ = pretrain(settings, data.train.x, progress)
    found = []
    sizes = STEP_SIZES if settings.model == "cae" else (None,)
    for size in tqdm(sizes, desc=f"chains of {name}", unit="step size", disable=not progress):
        states = _run(net, size, data.train.x[: plan.chains], settings.seed, plan)
        features = states.shape[-1]
        samples = states[:, plan.sampled].reshape(-1, features)
        classes = classifier.classify(states[:, 1:].reshape(-1, features))
        pictures = states[: plan.shown_chains, list(plan.shown_steps)]
        found.append(
            {
                "step_size": size,
                **measure_samples(samples, data, plan),
                **measure_states(classes.reshape(plan.chains, plan.steps)),
                "pictures": [pack_rows(row) for row in pictures] if settings.seed == 0 else [],
            }
        )
    return found


def _run(
    net: "keras.Model", size: float | None, start: np.ndarray, seed: int, plan: Plan
) -> np.ndarray:
    """All states; of a Boltzmann machine the probabilities, grey as the states of the CAE."""
    own: Mapping[str, Any] = {"probabilities": True} if size is None else {"step_size": size}
    return net.sample(start, plan.steps, seed=seed, progress=False, **own)


def _measuring(data: Dataset, plan: Plan) -> np.ndarray:
    return data.valid.x[plan.choosing :][: plan.measuring]


def _classifier(data: Dataset, plan: Plan) -> "Classifier":
    """A small net that says which digit a picture shows."""
    import keras

    from replication.models import Classifier

    keras.utils.set_random_seed(_CLASSIFIER_SEED)
    classifier = Classifier(
        keras.layers.Dense(_CLASSIFIER_UNITS, activation="relu"),
        data.classes,
        seed=_CLASSIFIER_SEED,
    )
    jit = keras.backend.backend() == "jax"
    classifier.compile(optimizer=keras.optimizers.Adam(0.003), jit_compile=jit)
    classifier.fit(
        data.train.x, data.train.y, epochs=plan.classifier_epochs, batch_size=50, verbose=0
    )
    return classifier
