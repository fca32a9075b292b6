"""One run: pre-train, measure, fine-tune, evaluate, record."""

import itertools
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from replication.datasets import Dataset, Split, load
from replication.engine import environment, provenance, records
from replication.engine.reservations import reserved
from replication.engine.results import Results, seven_digits, test_results
from replication.engine.settings import Settings
from replication.engine.svm import classify_by_svm
from replication.errors import DivergedError, InputError

if TYPE_CHECKING:
    from replication.engine.train import Pretrained
    from replication.models import Classifier


def run(
    settings: Settings,
    experiment: str,
    folder: Path | None = None,
    again: bool = False,
    progress: bool = True,
) -> records.Record:
    """Do one run, or read its record if it was done before.

    Args:
        settings: What to run.
        experiment: Name of the experiment that the record belongs to.
        folder: Store of the records; None is the repository's own.
        again: Run even if there is a record, and replace it.
        progress: Show progress bars on standard error.

    Raises:
        InputError: The data cannot be had, the training diverged (no record is written then),
            Keras runs on another backend than the settings name, the store cannot be written, or
            another process is at this run.
    """
    path = records.path_of(experiment, settings, folder)
    if path.exists() and not again:
        return records.read(path)
    data = load(settings.dataset)
    with reserved([settings], experiment, folder) as free:
        if not free:
            raise InputError(f"another process is at this run; its record will be {path}")
        if path.exists() and not again:  # another process has finished it meanwhile
            return records.read(path)
        record = finish(settings, experiment, data, prepare(settings, data, progress), progress)
        records.write(record, folder)
    return record


def prepare(
    settings: Settings, data: Dataset, progress: bool = True, lower: "Pretrained | None" = None
) -> "Pretrained":
    """Do the first half of a run, which does not depend on how the encoder is fine-tuned.

    A support vector machine has none.

    Args:
        settings: What to pre-train.
        data: The data set that the settings name.
        progress: Show a progress bar on standard error.
        lower: What `prepare` returned for the same settings with fewer layers; its cost is
            counted again.

    Raises:
        InputError: Keras runs on another backend than the settings name, or this machine has no
            room for the net.
        DivergedError: The loss became NaN or infinite.
    """
    environment.enter(settings.backend, settings.precision)
    from replication.engine.batches import check_fits, training_part
    from replication.engine.measure import layers_of
    from replication.engine.train import Pretrained, pretrain

    if not settings.kind.is_net:
        return Pretrained([], [], 0.0)
    started = time.perf_counter()
    check_fits(settings, data)
    x = training_part(settings, data)[0]
    _check_room(settings, x.shape[1])
    model, losses = pretrain(settings, x, progress, lower)
    seconds = round(time.perf_counter() - started + (lower.seconds if lower else 0.0), 2)
    return Pretrained([layer.get_weights() for layer in layers_of(model)], losses, seconds)


def finish(
    settings: Settings,
    experiment: str,
    data: Dataset,
    pretrained: "Pretrained",
    progress: bool = True,
) -> records.Record:
    """Do the second half of a run: measure the pre-trained encoder, fine-tune and evaluate it.

    Args:
        settings: The run; `pretrained` was made with the same `settings.pretraining`.
        experiment: Name of the experiment that the record belongs to.
        data: The data set that the settings name.
        pretrained: What `prepare` returned.
        progress: Show a progress bar on standard error.

    Raises:
        InputError: Keras runs on another backend than the settings name.
        DivergedError: The loss became NaN or infinite.
    """
    environment.enter(settings.backend, settings.precision)
    import keras

    from replication.engine.batches import training_part
    from replication.engine.measure import measure
    from replication.engine.train import build_layers, finetune, stacked

    started = time.perf_counter()
    if not settings.kind.is_net:
        results = classify_by_svm(settings, Split(*training_part(settings, data)), data)
        seconds = {"total": round(time.perf_counter() - started, 2)}
        return records.Record(
            experiment, settings, Results(results), provenance.of_run(settings, data, seconds)
        )
    keras.utils.set_random_seed(settings.seed)
    model = stacked(build_layers(settings, pretrained.weights, data.train.x.shape[1]))
    results = measure(settings, model, data.valid.x)
    seconds = {"pretrain": pretrained.seconds, "measure": time.perf_counter() - started}
    if settings.finetune_epochs == 0:
        return recorded(settings, experiment, data, pretrained, results, seconds)
    started = time.perf_counter()
    net, history = finetune(settings, model, data, progress)
    results |= classified(settings, net, data)
    seconds["finetune"] = time.perf_counter() - started
    return recorded(settings, experiment, data, pretrained, results, seconds, history)


def classified(settings: Settings, net: "Classifier", data: Dataset) -> dict[str, Any]:
    """Evaluate a fine-tuned classifier, on the test set where the run may look at it.

    Args:
        settings: The run.
        net: The classifier, with the weights that were kept.
        data: The data set that the settings name.
    """
    error = 100 * float(np.mean(net.classify(data.valid.x) != data.valid.y))
    results: dict[str, Any] = {"valid_error": error}
    if settings.evaluate_test:
        results |= test_results(net.classify(data.test.x) != data.test.y)
    if settings.measure_robustness:
        from replication.measures.robustness import robustness

        test = data.test
        results["robustness"] = robustness(net, test.x, test.y, data.shape, settings.seed)
    return results


def recorded(
    settings: Settings,
    experiment: str,
    data: Dataset,
    pretrained: "Pretrained",
    results: Mapping[str, Any],
    seconds: Mapping[str, float],
    history: Mapping[str, Sequence[float]] | None = None,
    population: Mapping[str, Any] | None = None,
) -> records.Record:
    """Make the record of a net that was trained, measured and evaluated.

    Args:
        settings: The run.
        experiment: Name of the experiment that the record belongs to.
        data: The data set that the settings name.
        pretrained: The first half of the run.
        results: What the measures found, and `classified` after fine-tuning.
        seconds: What each phase cost, in order.
        history: Loss and validation error of each epoch of fine-tuning, "loss" and "val_error";
            None where there was none.
        population: With how many others it was trained at once, and on what; None for a run of its
            own.
    """
    results = dict(results)
    curves = {"pretrain_loss": pretrained.losses}
    if history is not None:
        results["best_epoch"] = _kept_epoch(settings, history["val_error"])
        curves["finetune_loss"] = seven_digits(history["loss"])
        curves["finetune_valid_error"] = seven_digits(history["val_error"])
    results["history"] = curves
    cost = {phase: round(value, 2) for phase, value in seconds.items()}
    cost["total"] = round(sum(seconds.values()), 2)
    origin = provenance.of_run(settings, data, cost, population)
    return records.Record(experiment, settings, Results(results), origin)


def _kept_epoch(settings: Settings, errors: Sequence[float]) -> int:
    """The epoch whose weights were kept, from 1."""
    window = settings.finetune_window
    if settings.finetune_keep == "last" or len(errors) < window:
        return len(errors)
    # As the rule itself computes them: of equal means the last digit decides.
    ends = range(window, len(errors) + 1)
    return min(ends, key=lambda end: float(np.mean(errors[end - window : end])))


def diverged(
    settings: Settings,
    experiment: str,
    data: Dataset,
    error: DivergedError,
    seconds: float,
    population: Mapping[str, Any] | None = None,
) -> records.Record:
    """Make the record of a trial whose training diverged: the reason is its only result.

    Args:
        settings: The trial.
        experiment: Name of the experiment that the record belongs to.
        data: The data set that the settings name.
        error: What `prepare` or `finish` raised.
        seconds: What the attempt cost.
        population: See `recorded`.
    """
    cost = {"total": round(seconds, 2)}
    origin = provenance.of_run(settings, data, cost, population)
    return records.Record(experiment, settings, Results({"diverged": str(error)}), origin)


def _check_room(settings: Settings, inputs: int) -> None:
    """Raise where the weights, their gradient and two copies need more memory than there is."""
    import psutil

    sizes = [inputs, *settings.units]
    needed = 4 * 4 * sum(below * above for below, above in itertools.pairwise(sizes))
    free = psutil.virtual_memory().available
    if needed > free:
        raise InputError(
            f"a net of {', '.join(map(str, settings.units))} units on {inputs} inputs needs "
            f"{needed / 2**30:.0f} GiB of memory, and {free / 2**30:.0f} are free. "
            f"Received: units={settings.units}"
        )
