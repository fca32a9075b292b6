"""What came out of a run: typed where it is known, and honest where it was not measured."""

import base64
from typing import Any

import numpy as np

from replication.errors import InputError


class NotMeasured(InputError, KeyError):
    """A result that a run does not have."""

    def __str__(self) -> str:
        """The sentence, without the quotes that a KeyError puts around it."""
        return str(self.args[0])


class Results(dict[str, Any]):
    """Results by name, plain JSON values; `data/records/README.md` has names and units.

    To ask for one that is not there raises `NotMeasured`; `in` and `get` say whether it is.
    """

    def __missing__(self, name: str) -> Any:
        known = ", ".join(self) or "nothing"
        raise NotMeasured(f"{name} was not measured in this run, which has: {known}")

    @property
    def diverged(self) -> bool:
        """Whether the training diverged; then there is nothing else."""
        return "diverged" in self

    @property
    def valid_error(self) -> float:
        """Validation error after fine-tuning, percent."""
        return self["valid_error"]

    @property
    def test_error(self) -> float:
        """Test error after fine-tuning, percent; a trial has none."""
        return self["test_error"]

    @property
    def test_mistakes(self) -> np.ndarray:
        """Which test examples were misclassified: booleans, shape (test_examples,)."""
        packed = np.frombuffer(base64.b64decode(self["test_mistakes"]), np.uint8)
        return np.unpackbits(packed, count=self["test_examples"]).astype(bool)

    def has(self, name: str) -> bool:
        """Say whether something was measured, and is not empty.

        Args:
            name: Name of the result.
        """
        return self.get(name) is not None


def test_results(mistakes: np.ndarray) -> dict[str, Any]:
    """Write down how a classifier did on the test set.

    Args:
        mistakes: Which test examples it misclassified: booleans, shape (test_examples,).
    """
    return {
        "test_error": 100 * float(mistakes.mean()),
        "test_examples": len(mistakes),
        "test_mistakes": pack_mistakes(mistakes),
    }


def pack_mistakes(mistakes: np.ndarray) -> str:
    """Pack booleans of shape (n,) into base64 text, eight to a byte."""
    return base64.b64encode(np.packbits(mistakes).tobytes()).decode()


def seven_digits(value: Any) -> Any:
    """Keep seven significant digits, what float32 holds, as plain JSON numbers.

    Args:
        value: A number, or numbers in an array of any shape.
    """
    if np.ndim(value):
        return [seven_digits(v) for v in value]
    return float(f"{float(value):.7g}")
