"""When fine-tuning stops and which epoch is kept, as Keras's callbacks decide it."""

import math
from collections.abc import Sequence

import numpy as np

from replication.engine.settings import Settings


class Course:
    """The course of one member: its history, and whether it goes on.

    It has Keras's numbers, so it decides as `EarlyStopping` does after `Classifier.fit`: on the
    mean validation error of the last epochs, once there are enough of them. Where there never are,
    the last epoch is kept.

    Args:
        settings: The run.

    Attributes:
        losses, errors: Mean training loss and validation error of each epoch.
        active: Whether it is trained on.
        kept: The epoch whose weights are kept, from 1; 0 before the first.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.losses: list[float] = []
        self.errors: list[float] = []
        self.active = settings.finetune_epochs > 0
        self.kept = 0
        self._best: float | None = None
        self._wait = 0

    @property
    def diverged(self) -> bool:
        """Whether its last loss was no finite number."""
        return bool(self.losses) and not math.isfinite(self.losses[-1])

    def see(self, loss: float, error: float) -> bool:
        """Take note of an epoch, and say whether its weights are to be kept.

        Args:
            loss: The mean training loss.
            error: The validation error, percent.
        """
        if not self.active:
            return False
        self.losses.append(loss)
        self.errors.append(error)
        settings = self._settings
        last = len(self.losses) == settings.finetune_epochs
        self.active = not (last or self.diverged)
        keep = last if settings.finetune_keep == "last" else self._improves()
        keep = keep or (last and not self.kept)
        if keep:
            self.kept = len(self.losses)
        return keep

    def _improves(self) -> bool:
        window = self._settings.finetune_window
        recent: Sequence[float] = self.errors[-window:]
        if len(recent) < window:
            return False
        current = float(np.mean(recent))
        self._wait += 1
        if self._best is None or current < self._best:
            self._best, self._wait = current, 0
            return True
        if self._wait >= self._settings.finetune_patience:
            self.active = False
        return False
