"""What goes on beside the training of one population: its checkpoints and the progress."""

import time
from collections.abc import Sequence

import jax
import numpy as np

from replication.engine.execute.batched.checkpoints import Checkpoints, Phase, Saved
from replication.engine.execute.batched.population import Population, on_device
from replication.engine.execute.batched.progress import Progress
from replication.engine.settings import Settings

EVERY = 60.0
"""Seconds between checkpoints, and a dispatch's more."""


class Watch:
    """Saves a population and shows how far it is.

    Args:
        checkpoints: Where it is saved; None keeps nothing.
        progress: Where it is shown.
        phase: What is trained.
        ids: Ids of its members.
        runs: Ids of the runs that need it.
        saved: The state of these members to go on from; None is the beginning.
        every: Seconds between checkpoints.
    """

    def __init__(
        self,
        checkpoints: Checkpoints | None,
        progress: Progress,
        phase: Phase,
        ids: Sequence[str],
        runs: Sequence[str] = (),
        saved: Saved | None = None,
        every: float = EVERY,
    ) -> None:
        self._checkpoints, self._progress, self._phase = checkpoints, progress, phase
        self._ids, self._runs, self._every = tuple(ids), tuple(runs), every
        self._saved, self._before = saved, 0.0
        self._started = self._last = time.perf_counter()
        progress.begin(phase.name, len(ids))

    def resume(
        self, population: Population, best: list[jax.Array] | None = None
    ) -> tuple[list[np.ndarray], float]:
        """Bring a population to the state that was saved, if one was.

        Args:
            population: The population before its first epoch.
            best: The weights that were kept so far, replaced likewise.

        Returns:
            What was seen of each epoch before, and what all of that cost, in seconds.
        """
        if self._saved is None:
            return [], 0.0
        saved, self._saved = self._saved, None
        population.restore(saved.arrays, saved.epochs, saved.steps)
        if best is not None:
            best[:] = [on_device(saved.arrays[f"best/{i}"]) for i in range(len(best))]
        self._progress.skipped(saved.epochs * len(self._ids))
        self._before = saved.seconds
        return list(saved.arrays["curves"]), saved.seconds

    def epoch(
        self,
        population: Population,
        curves: Sequence[np.ndarray],
        trained: int,
        best: Sequence[jax.Array] | None = None,
    ) -> None:
        """Take note of an epoch, and save if it is time.

        Args:
            population: The population.
            curves: What was seen of each epoch.
            trained: How many members it was of use for.
            best: The weights that were kept so far.
        """
        self._progress.trained(trained)
        self._progress.skipped(population.size - trained)
        self.pause(population, curves, best)

    def pause(
        self,
        population: Population,
        curves: Sequence[np.ndarray],
        best: Sequence[jax.Array] | None = None,
    ) -> None:
        """Save if it is time.

        Args:
            population: The population.
            curves: What was seen of each epoch.
            best: The weights that were kept so far.
        """
        if time.perf_counter() - self._last >= self._every:
            self.save(population, curves, best)

    def save(
        self,
        population: Population,
        curves: Sequence[np.ndarray],
        best: Sequence[jax.Array] | None = None,
    ) -> None:
        """Save a population.

        Args:
            population: The population.
            curves: What was seen of each epoch.
            best: The weights that were kept so far.
        """
        if self._checkpoints is None:
            return
        arrays = population.arrays()
        arrays |= {f"best/{i}": v for i, v in enumerate(jax.device_get(list(best or [])))}
        nothing = np.zeros((0, 2, population.size), np.float32)
        arrays["curves"] = np.stack(curves) if curves else nothing
        seconds = self._before + time.perf_counter() - self._started
        saved = Saved(self._ids, **population.position, seconds=seconds, arrays=arrays)
        self._checkpoints.write(self._phase, saved, self._runs)
        self._last = time.perf_counter()

    def skip(self, epochs: int) -> None:
        """Take note of epochs that nothing needs.

        Args:
            epochs: How many, those of all members together.
        """
        self._progress.skipped(epochs)


class Stopwatch(Watch):
    """Times the epochs of a population, and saves nothing.

    Args:
        members: Number of members.
    """

    def __init__(self, members: int) -> None:
        phase = Phase("benchmark", Settings(dataset="digits", model="ae"))
        super().__init__(None, Progress("benchmark", 0, False), phase, ["member"] * members)
        self._times = [time.perf_counter()]

    @property
    def seconds_to_first(self) -> float:
        """Seconds until the first epoch was done, compilation included."""
        return self._times[1] - self._times[0]

    @property
    def seconds_of_epoch(self) -> float:
        """Mean seconds of the epochs after the first one."""
        return (self._times[-1] - self._times[1]) / (len(self._times) - 2)

    def epoch(
        self,
        population: Population,
        curves: Sequence[np.ndarray],
        trained: int,
        best: Sequence[jax.Array] | None = None,
    ) -> None:
        """Take the time.

        Args:
            population, curves, trained, best: See `Watch`.
        """
        self._times.append(time.perf_counter())
