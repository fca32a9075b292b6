"""What shows how far a training is."""

import keras
from tqdm import tqdm


class EpochBar(keras.callbacks.Callback):
    """A progress bar over epochs, on standard error.

    Args:
        what: What stands before the bar.
        epochs: How many there are at most.
        shown: Show it at all.
    """

    def __init__(self, what: str, epochs: int, shown: bool) -> None:
        super().__init__()
        self._what, self._epochs, self._shown = what, epochs, shown

    def on_train_begin(self, logs: dict | None = None) -> None:
        """Open the bar."""
        self._bar = tqdm(total=self._epochs, desc=self._what, unit="epoch", disable=not self._shown)

    def on_epoch_end(self, epoch: int, logs: dict | None = None) -> None:
        """Move it, and show loss and validation error."""
        shown = {k: f"{v:.4g}" for k, v in (logs or {}).items() if k in ("loss", "val_error")}
        self._bar.set_postfix(shown, refresh=False)
        self._bar.update()

    def on_train_end(self, logs: dict | None = None) -> None:
        """Close it."""
        self._bar.close()
