"""What came of many tries of one kind."""

import contextlib
import dataclasses
import signal
from collections.abc import Callable, Iterator

from replication.errors import InputError

COUNTS = ("damaged", "lost", "doubled", "tracebacks", "hangs")


@dataclasses.dataclass
class Tally:
    """Tries of one kind, and how many went wrong in which way.

    Attributes:
        tries: How many there were.
        damaged: What was damaged and taken for whole.
        lost: Records that had been written and are gone.
        doubled: Records that were written a second time.
        tracebacks: Answers that show the inside of the program, or are none.
        hangs: Tries without an end.
        failures: What went wrong, in words.
    """

    tries: int = 0
    damaged: int = 0
    lost: int = 0
    doubled: int = 0
    tracebacks: int = 0
    hangs: int = 0
    failures: list[str] = dataclasses.field(default_factory=list)

    def add(self, count: str, what: str) -> None:
        """Count something that went wrong.

        Args:
            count: One of `COUNTS`.
            what: What it was, in words.
        """
        setattr(self, count, getattr(self, count) + 1)
        self.failures.append(f"{count}: {what}")

    def refusal(self, what: str, attempt: Callable[[], object], seconds: int) -> str | None:
        """Try something wrong, which must be refused in one sentence.

        Args:
            what: What is tried, in words.
            attempt: Tries it.
            seconds: How long it may take.

        Returns:
            The sentence; None where something else came of it, which is counted.
        """
        self.tries += 1
        try:
            with deadline(seconds):
                attempt()
        except HangError:
            self.add("hangs", what)
        except InputError as error:
            if "\n" not in str(error):
                return str(error)
            self.add("tracebacks", f"{what}: {error}")
        except BaseException as error:
            self.add("tracebacks", f"{what}: {error!r}")
        else:
            self.add("damaged", f"{what} was taken")
        return None

    @property
    def is_clean(self) -> bool:
        """Whether nothing went wrong."""
        return not any(getattr(self, count) for count in COUNTS)


class HangError(BaseException):
    """A try took too long; not an Exception, so that nobody takes it for an answer."""


@contextlib.contextmanager
def deadline(seconds: int) -> Iterator[None]:
    """Stop the block after some seconds.

    Args:
        seconds: How many.

    Raises:
        HangError: They are over.
    """

    def stop(*_: object) -> None:
        raise HangError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
