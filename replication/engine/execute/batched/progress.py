"""How far a batched sweep is, on standard error."""

from types import TracebackType

from tqdm import tqdm


class Progress:
    """A bar over epochs of single models, with how many are trained at once and the time left.

    Args:
        what: What is trained.
        epochs: Epochs of all models; the bar gets shorter where some are not needed.
        shown: Whether to show it.
    """

    def __init__(self, what: str, epochs: int, shown: bool) -> None:
        self._bar = tqdm(total=epochs, desc=what, unit="epoch", disable=not shown, smoothing=0.1)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.close()

    def begin(self, phase: str, members: int) -> None:
        """Say what is trained now.

        Args:
            phase: The phase.
            members: How many models.
        """
        self._bar.set_postfix_str(f"{phase} of {members}")

    def trained(self, epochs: int) -> None:
        """Count epochs that were trained.

        Args:
            epochs: How many, those of all models together.
        """
        self._bar.update(epochs)

    def skipped(self, epochs: int) -> None:
        """Count epochs that nothing needs, or that were trained before.

        Args:
            epochs: How many, those of all models together.
        """
        if epochs:
            self._bar.total = max(0, (self._bar.total or 0) - epochs)
            self._bar.refresh()
