"""Patches of photographs, for backgrounds and fillings."""

from collections.abc import Sequence

import numpy as np

from replication.errors import InputError

_DRAWN = 4096  # candidates at a time
_TRIES = 200  # batches in a row without a patch of enough texture before we give up


def cut_patches(
    photographs: Sequence[np.ndarray],
    n: int,
    generator: np.random.Generator,
    size: int,
    minimum_deviation: float,
    margin: int,
) -> np.ndarray:
    """Cut patches at random, and leave out those with little texture.

    A photograph is drawn first, uniformly, then a position in it, uniformly.

    Args:
        photographs: Grey levels, uint8, each of shape (rows, columns).
        n: Number of patches.
        generator: Source of randomness.
        size: Rows and columns of a patch.
        minimum_deviation: Smallest standard deviation of a patch's pixels, as a share of 255.
        margin: Pixels at the border of a photograph that are not used.

    Returns:
        Grey levels, uint8, shape (n, size, size).

    Raises:
        InputError: A photograph is too small, or none has enough texture.
    """
    windows = [_windows(photograph, size, margin) for photograph in photographs]
    found: list[np.ndarray] = []
    count = fruitless = 0
    while count < n:
        drawn = _draw(windows, generator)
        textured = drawn[drawn.std(axis=(1, 2)) >= 255 * minimum_deviation]
        fruitless = 0 if len(textured) else fruitless + 1
        if fruitless == _TRIES:
            raise InputError(
                f"no patch has pixels that deviate by {minimum_deviation:g}; take a smaller "
                "minimum_deviation"
            )
        found.append(textured)
        count += len(textured)
    return np.concatenate(found)[:n]


def _windows(photograph: np.ndarray, size: int, margin: int) -> np.ndarray:
    """View all patches inside the margin: shape (rows, columns, size, size)."""
    used = photograph[margin : len(photograph) - margin, margin : photograph.shape[1] - margin]
    if min(used.shape) < size:
        raise InputError(
            f"a photograph must have at least {size + 2 * margin} rows and columns. "
            f"Received: {photograph.shape}"
        )
    return np.lib.stride_tricks.sliding_window_view(used, (size, size))


def _draw(windows: Sequence[np.ndarray], generator: np.random.Generator) -> np.ndarray:
    """Draw candidates: grey levels, uint8, shape (_DRAWN, size, size)."""
    positions = np.array([window.shape[:2] for window in windows])
    which = generator.integers(0, len(windows), _DRAWN)
    places = generator.integers(0, positions[which])
    drawn = np.empty((_DRAWN, *windows[0].shape[2:]), np.uint8)
    for k, window in enumerate(windows):
        mine = which == k
        drawn[mine] = window[places[mine, 0], places[mine, 1]]
    return drawn
