"""Measures, evaluations and records of members, beside the training of others."""

import os
import threading
import time
import types
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import keras

from replication.datasets import Dataset
from replication.engine import records
from replication.engine.execute.batched.finetuning import Finetuned
from replication.engine.execute.batched.memory import device_name
from replication.engine.execute.batched.pretraining import Diverged, Trained
from replication.engine.measure import layers_of, measure
from replication.engine.run import classified, diverged, finish, recorded
from replication.engine.settings import Settings
from replication.engine.train import Pretrained, build_layers, stacked
from replication.errors import DivergedError
from replication.models import Classifier

Measured = tuple[dict[str, Any], float]


class Finisher:
    """Makes the record of each run as soon as it is complete.

    It works in threads of its own. Each has one model of each architecture, which gets the weights
    of one member after the other.

    Args:
        experiment: Name of the experiment that the records belong to.
        keep: Takes each record.
        settled: Is called with the id of each run that was kept, or cannot have a record.
    """

    def __init__(
        self,
        experiment: str,
        keep: Callable[[records.Record], object],
        settled: Callable[[str], None],
    ) -> None:
        self._experiment, self._keep, self._settled = experiment, keep, settled
        self._pool = ThreadPoolExecutor(max(1, min(4, (os.cpu_count() or 1) // 4)))
        self._models = _Models()
        self._measured: dict[str, Future[Measured]] = {}
        self._tasks: list[Future[None]] = []

    def __enter__(self) -> "Finisher":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: types.TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=kind is not None)

    def measure(self, settings: Settings, data: Dataset, pretrained: Pretrained) -> None:
        """Begin to measure a pre-trained encoder, once for all runs that ask for the same.

        Args:
            settings: The run.
            data: Its data set.
            pretrained: What it was pre-trained to.
        """
        key = _measures_of(settings)
        if key not in self._measured:
            self._measured[key] = self._pool.submit(self._measure, settings, data, pretrained)

    def record(
        self,
        settings: Settings,
        data: Dataset,
        pretrained: Trained | Diverged,
        finetuned: Finetuned | Diverged | None = None,
    ) -> None:
        """Begin to evaluate a run and make its record.

        Args:
            settings: The run.
            data: Its data set.
            pretrained: What it was pre-trained to.
            finetuned: What it was fine-tuned to; None where it is not.
        """
        if isinstance(pretrained, Diverged):
            task = self._pool.submit(self._diverged, settings, data, pretrained, 0.0)
        elif isinstance(finetuned, Diverged):
            before = pretrained.seconds
            task = self._pool.submit(self._diverged, settings, data, finetuned, before)
        else:
            measured = self._measured[_measures_of(settings)]
            task = self._pool.submit(self._record, settings, data, pretrained, finetuned, measured)
        self._tasks.append(task)
        self._check()

    def without_net(self, settings: Settings, data: Dataset) -> None:
        """Begin a run of what is no net, all of it.

        Args:
            settings: The run.
            data: Its data set.
        """
        self._tasks.append(self._pool.submit(self._without_net, settings, data))

    def wait(self) -> int:
        """Wait for all records, and return how many were made.

        Raises:
            DivergedError: A run that is no trial diverged; all others have their records.
        """
        errors = [task.exception() for task in self._tasks]
        for error in errors:
            if error is not None:
                raise error
        return len(self._tasks)

    def _check(self) -> None:
        """Do not train for hours what cannot be recorded."""
        for task in self._tasks:
            if task.done() and not isinstance(task.exception(), DivergedError | types.NoneType):
                task.result()

    def _measure(self, settings: Settings, data: Dataset, pretrained: Pretrained) -> Measured:
        started = time.perf_counter()
        model = self._encoder(settings, data, pretrained)
        return measure(settings, model, data.valid.x), time.perf_counter() - started

    def _record(
        self,
        settings: Settings,
        data: Dataset,
        pretrained: Trained,
        finetuned: Finetuned | None,
        measured: Future[Measured],
    ) -> None:
        # It was submitted before, so it is done or in another thread's hands.
        results, cost = measured.result()
        seconds = {"pretrain": pretrained.seconds, "measure": cost}
        population = {"pretrain_members": pretrained.members}
        started = time.perf_counter()
        if finetuned is not None:
            net = self._classifier(settings, data, pretrained, finetuned)
            results = results | classified(settings, net, data)
            seconds["finetune"] = finetuned.seconds + time.perf_counter() - started
            population["finetune_members"] = finetuned.members
        record = recorded(
            settings,
            self._experiment,
            data,
            pretrained,
            results,
            seconds,
            finetuned.history if finetuned else None,
            {**population, "device": device_name()},
        )
        self._hand_over(record)

    def _diverged(
        self, settings: Settings, data: Dataset, outcome: Diverged, before: float
    ) -> None:
        if settings.evaluate_test:
            self._settled(settings.id)
            raise outcome.error
        seconds = before + outcome.seconds
        population = {"members": outcome.members, "device": device_name()}
        self._hand_over(
            diverged(settings, self._experiment, data, outcome.error, seconds, population)
        )

    def _without_net(self, settings: Settings, data: Dataset) -> None:
        self._hand_over(finish(settings, self._experiment, data, Pretrained([], [], 0.0), False))

    def _hand_over(self, record: records.Record) -> None:
        self._keep(record)
        self._settled(record.id)

    def _encoder(self, settings: Settings, data: Dataset, pretrained: Pretrained) -> keras.Model:
        models = self._models.encoders
        net = (settings.units, settings.encoder, settings.activation)
        key = (settings.model, settings.fault, *net, data.name)
        if key not in models:
            features = data.train.x.shape[1]
            models[key] = stacked(build_layers(settings, pretrained.weights, features))
        for layer, weights in zip(layers_of(models[key]), pretrained.weights, strict=True):
            layer.set_weights(weights)
        return models[key]

    def _classifier(
        self, settings: Settings, data: Dataset, pretrained: Pretrained, finetuned: Finetuned
    ) -> Classifier:
        models = self._models.classifiers
        key = (settings.units, settings.encoder, settings.activation, data.name)
        if key not in models:
            model = self._encoder(settings, data, pretrained)
            # Of whatever kind the classifier was: it only answers.
            models[key] = Classifier.from_pretrained(model, data.classes, seed=settings.seed)
            models[key].build((None, data.train.x.shape[1]))
        models[key].set_weights(finetuned.weights)
        return models[key]


class _Models(threading.local):
    """The models of each thread, by architecture."""

    def __init__(self) -> None:
        self.encoders: dict[Hashable, keras.Model] = {}
        self.classifiers: dict[Hashable, Classifier] = {}


def _measures_of(settings: Settings) -> str:
    """What the measures of a run depend on."""
    return repr((settings.pretraining, settings.measure_examples, settings.spectrum_examples))
