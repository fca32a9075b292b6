"""Validation of numbers and names that come from outside."""

import math
import numbers
from collections.abc import Sequence

from replication.errors import InputError

LARGEST = 3.4e38
"""Beyond it a number is infinite for a net, which computes in float32."""
LARGEST_SEED = 2**32 - 1
"""Random generators take 32 bits."""


def check_number(
    name: str, value: float, low: float, high: float = LARGEST, open_ends: bool = False
) -> float:
    """Return `value` as a float if it lies in [low, high], else raise.

    Args:
        name: Name of the argument, for the message.
        value: What was received: a number of Python's or NumPy's.
        low: Smallest allowed value.
        high: Largest allowed value.
        open_ends: Exclude `low` and `high` themselves.

    Raises:
        InputError: `value` is not a finite number in the range.
    """
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    inside = is_number and math.isfinite(value) and low <= value <= high
    if not inside or (open_ends and value in (low, high)):
        expected = f"{'above' if open_ends else 'of at least'} {low:g}"
        if high < LARGEST or (is_number and value > high):
            expected += f" and {'below' if open_ends else 'at most'} {high:g}"
        raise InputError(f"{name} must be a finite number {expected}. Received: {name}={value!r}")
    return float(value)


def check_count(name: str, value: int | None, low: int = 1, high: int | None = None) -> int:
    """Return `value` as an int if it is a whole number from `low` to `high`, else raise.

    Args:
        name: Name of the argument, for the message.
        value: What was received: a whole number of Python's or NumPy's.
        low: Smallest allowed value.
        high: Largest allowed value; None is any.

    Raises:
        InputError: `value` is not a whole number in the range.
    """
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < low:
        raise InputError(
            f"{name} must be a whole number of at least {low}. Received: {name}={value!r}"
        )
    if high is not None and value > high:
        raise InputError(f"{name} must be at most {high}. Received: {name}={value}")
    return int(value)


def check_seed(seed: int | None) -> int | None:
    """Return `seed` if random generators take it: None, or a whole number of at most 32 bits.

    Args:
        seed: What was received.

    Raises:
        InputError: It is anything else.
    """
    return None if seed is None else check_count("seed", seed, low=0, high=LARGEST_SEED)


def next_seed(seed: int | None) -> int | None:
    """Return another seed for what must not share its random numbers with the first.

    Args:
        seed: What `check_seed` returned. After the largest comes 0.
    """
    return None if seed is None else (seed + 1) % (LARGEST_SEED + 1)


def check_choice(name: str, value: str, choices: Sequence[str]) -> str:
    """Return `value` if it is one of `choices`, else raise.

    Raises:
        InputError: `value` is not among the choices.
    """
    if value not in choices:
        raise InputError(f"{name} must be one of {', '.join(choices)}. Received: {name}={value!r}")
    return value
