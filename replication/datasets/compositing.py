"""Digits on backgrounds."""

import numpy as np

from replication.checks import check_choice

RULES = ("maximum", "over", "replace")


def composite(digits: np.ndarray, backgrounds: np.ndarray, rule: str) -> np.ndarray:
    """Put digits, white on black, on backgrounds.

    Args:
        digits, backgrounds: Grey levels, uint8, of one shape.
        rule: "maximum": the brighter of the two. "over": a white digit whose opacity is its grey
            level. "replace": the digit where it is not black, the background elsewhere.

    Returns:
        Grey levels, uint8, of the same shape.

    Raises:
        InputError: The rule is unknown.
    """
    check_choice("rule", rule, RULES)
    if rule == "maximum":
        return np.maximum(digits, backgrounds)
    if rule == "replace":
        return np.where(digits > 0, digits, backgrounds)
    digits, backgrounds = digits.astype(np.uint32), backgrounds.astype(np.uint32)
    return (digits + (backgrounds * (255 - digits) + 127) // 255).astype(np.uint8)
