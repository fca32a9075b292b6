"""The shape of a contraction curve: how far it rises, and where its bump is."""

from collections.abc import Mapping
from typing import Any

import numpy as np


def rise(curve: Mapping[str, Any]) -> float:
    """Compute how far the largest ratio lies above the one next to the data, as a share of it.

    0 for a curve that only falls.

    Args:
        curve: A record's curve, with `radius` and `ratio`.
    """
    ratio = np.array(curve["ratio"])
    return float(ratio.max() / ratio[0] - 1)


def fall(curve: Mapping[str, Any]) -> float:
    """Compute how far the last ratio lies below the largest one, as a share of that.

    Args:
        curve: A record's curve, with `radius` and `ratio`.
    """
    ratio = np.array(curve["ratio"])
    return float(1 - ratio[-1] / ratio.max())


def peak_radius(curve: Mapping[str, Any]) -> float:
    """Find the radius of the largest ratio.

    It is the vertex of the parabola through the top three points, or the end of the curve where the
    largest ratio is there.

    Args:
        curve: A record's curve, with `radius` and `ratio`.
    """
    radius, ratio = np.array(curve["radius"]), np.array(curve["ratio"])
    top = int(ratio.argmax())
    if top in (0, len(ratio) - 1):
        return float(radius[top])
    a, b, _ = np.polyfit(radius[top - 1 : top + 2], ratio[top - 1 : top + 2], 2)
    return float(-b / (2 * a))
