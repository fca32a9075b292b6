"""Whether what a record holds can be what a run came to."""

import base64
import binascii
import math
import numbers
import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

# A result, and what is wrong with a value of it; None where nothing is.
Check = Callable[[Any], str | None]


def damage(results: Mapping[str, Any]) -> str | None:
    """Say what is wrong with the results of a record; None where nothing is.

    Names that are not known are not looked at, and what was not measured need not be there.

    Args:
        results: As they were read.
    """
    if not any(results.get(name) is not None for name in _OUTCOMES):
        return f"must hold one of {', '.join(_OUTCOMES)}"
    for name, check in _CHECKS.items():
        if results.get(name) is not None and (wrong := check(results[name])) is not None:
            return f"{name} {wrong}"
    if "test_mistakes" in results:
        return _mistakes(results)
    return None


def _number(low: float, high: float = math.inf, whole: bool = False) -> Check:
    """A check that a value is a finite number in a range."""

    def check(value: Any) -> str | None:
        kind = numbers.Integral if whole else numbers.Real
        right = isinstance(value, kind) and not isinstance(value, bool)
        # In this order: a whole number may be too large to be asked whether it is finite.
        if right and low <= value <= min(high, _LARGEST):
            return None
        ends = f"from {low:g} to {high:g}" if math.isfinite(high) else f"of at least {low:g}"
        return f"must be a {'whole' if whole else 'finite'} number {ends}, and is {_short(value)}"

    return check


def _array(low: float) -> Check:
    """A check that a value is a list of finite numbers from `low` on, at least one."""
    one = _number(low)

    def check(value: Any) -> str | None:
        if not isinstance(value, list) or not value:
            return f"must be a list of numbers, and is {_short(value)}"
        # Spectra hold hundreds of numbers: all at once, and one by one only to name the wrong one.
        plain = set(map(type, value)) <= {int, float}
        if plain and low <= min(value) <= max(value) <= _LARGEST:
            return None
        wrong = next((wrong for v in value if (wrong := one(v)) is not None), None)
        return None if wrong is None else f"has an entry that {wrong}"

    return check


def _columns(**checks: Check) -> Check:
    """A check that a value has lists of one length under some names."""

    def check(value: Any) -> str | None:
        if not isinstance(value, dict) or set(checks) - set(value):
            return f"must have {', '.join(checks)}, and is {_short(value)}"
        for name, one in checks.items():
            if (wrong := one(value[name])) is not None:
                return f"has {name}, which {wrong}"
        if len({len(value[name]) for name in checks}) > 1:
            return f"must have as many of each of {', '.join(checks)}"
        return None

    return check


def _directions(value: Any) -> str | None:
    """What is wrong with the leading directions of some examples."""
    if not isinstance(value, list):
        return f"must be a list, and is {_short(value)}"
    for one in value:
        if not isinstance(one, dict) or {"example", "singular_value", "direction"} - set(one):
            return f"must hold examples with their directions, and holds {_short(one)}"
        if (wrong := _array(0)(one["singular_value"])) is not None:
            return f"has singular values, of which it {wrong}"
    return None


def _reason(value: Any) -> str | None:
    """What is wrong with the reason why a training diverged."""
    return None if isinstance(value, str) else f"must be a reason, and is {_short(value)}"


def _mistakes(results: Mapping[str, Any]) -> str | None:
    """What is wrong with the list of misclassified test examples, and the error beside it."""
    count, packed = results.get("test_examples"), results["test_mistakes"]
    if count is None:
        return "test_mistakes needs test_examples beside it"
    try:
        data = base64.b64decode(packed, validate=True)
    except (binascii.Error, TypeError, ValueError):
        return f"test_mistakes must be base64, and is {_short(packed)}"
    if len(data) != -(-count // 8):
        return f"test_mistakes must be {-(-count // 8)} bytes, and is {len(data)}"
    bits = np.unpackbits(np.frombuffer(data, np.uint8))
    if bits[count:].any():
        return f"test_mistakes must end after {count} bits"
    error = results.get("test_error")
    if error is None or abs(error - 100 * bits.sum() / count) > 1e-6:
        share = f"{100 * bits.sum() / count:.6g}"
        return f"test_error must be the share of test_mistakes, {share}, and is {_short(error)}"
    return None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


_LARGEST = sys.float_info.max
_OUTCOMES = ("valid_error", "jacobian_mean_square", "diverged")  # each run has one of them
_PERCENT = _number(0, 100)
_CHECKS: Mapping[str, Check] = {
    "valid_error": _PERCENT,
    "diverged": _reason,
    "test_error": _PERCENT,
    "test_examples": _number(1, whole=True),
    "saturation": _PERCENT,
    "jacobian_mean_square": _number(0),
    "jacobian_norm": _number(0),
    "best_epoch": _number(0, whole=True),
    "support_vectors": _number(1, whole=True),
    "kernel_norm": _array(0),
    "curve": _columns(radius=_array(0), ratio=_array(0), deviation=_array(0)),
    "spectrum": _columns(singular_value=_array(0), deviation=_array(0)),
    "directions": _directions,
}
