"""What early stopping may go by instead of a single epoch's error."""

import collections
import math

import keras
import numpy as np


class SmoothedError(keras.callbacks.Callback):
    """Adds to the logs the mean validation error of the last epochs, for whom it may concern.

    Until there are enough of them the mean is infinite, and says nothing.
    """

    NAME = "val_error_mean"

    def __init__(self, window: int) -> None:
        super().__init__()
        self._errors: collections.deque[float] = collections.deque(maxlen=window)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Add the mean, where validation has just been done."""
        if logs is not None and "val_error" in logs:
            self._errors.append(float(logs["val_error"]))
            full = len(self._errors) == self._errors.maxlen
            logs[self.NAME] = float(np.mean(self._errors)) if full else math.inf
