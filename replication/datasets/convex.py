"""Convex or not: a generator after the recipe of Larochelle et al. 2007."""

from collections.abc import Callable

import numpy as np

CONVEX = (0.195, 19)  # parameter of the number of half-planes, smallest number of pixels
PIECE = (0.07, 10)  # likewise, of the pieces of a set that is not convex
PIECES = (2, 4)  # fewest and most pieces
_DRAWN = 4096  # candidates at a time


def draw_convex(
    n: int, generator: np.random.Generator, size: int = 28
) -> tuple[np.ndarray, np.ndarray]:
    """Draw white regions on black, one in each picture, half of them convex on average.

    A convex one is an intersection of half-planes, whose number is geometric and may be 0; the
    borders go through uniform points in uniform directions. One that is not convex is a union of
    two to four such sets in which some point between two of its points is missing.

    Args:
        n: Number of pictures.
        generator: Source of randomness.
        size: Rows and columns of a picture.

    Returns:
        Pixels, uint8 0 or 1, shape (n, size, size), and labels, shape (n,): 1 where the region is
        convex, else 0.
    """
    labels = generator.integers(0, 2, n)
    convex = int(labels.sum())
    pictures = np.empty((n, size, size), np.uint8)
    pictures[labels == 1] = _draw(convex, lambda m: _intersections(m, generator, size, *CONVEX))
    pictures[labels == 0] = _draw(n - convex, lambda m: _unions(m, generator, size))
    return pictures, labels.astype(np.int64)


def is_convex(pictures: np.ndarray) -> np.ndarray:
    """Say whether no midpoint of two white pixels is black, where it is a pixel.

    Args:
        pictures: 0 or 1, shape (n, size, size).

    Returns:
        Booleans of shape (n,). All digital pictures of convex sets pass.
    """
    from scipy import fft

    shape = (2 * pictures.shape[1],) * 2
    # Entry (i, j): number of pairs of white pixels whose places add up to (i, j). It is at most
    # the number of pixels, so single precision tells 0 from 1.
    pairs = fft.irfft2(fft.rfft2(pictures.astype(np.float32), shape) ** 2, shape)
    middle = pairs[:, ::2, ::2] > 0.5
    return ~(middle & (pictures == 0)).any(axis=(1, 2))


def _draw(n: int, candidates: Callable[[int], np.ndarray]) -> np.ndarray:
    """Collect so many of the candidates that were kept."""
    found = [candidates(_DRAWN)]
    while sum(map(len, found)) < n:
        found.append(candidates(_DRAWN))
    return np.concatenate(found)[:n]


def _intersections(
    n: int, generator: np.random.Generator, size: int, parameter: float, smallest: int
) -> np.ndarray:
    """Draw n intersections of half-planes, and keep those with enough pixels."""
    # From 0 on, as MATLAB counts. Then convex and other regions have equally many pixels on
    # average, as their authors say of theirs; counted from 1 on they have not.
    count = generator.geometric(parameter, n) - 1
    grid = np.arange(size, dtype=np.float32) + 0.5  # of pixels' middles
    finished = [np.ones((np.sum(count == 0), size, size), bool)]
    count = count[count > 0]
    region = np.ones((len(count), size, size), bool)
    while len(region):
        m = len(region)
        point = generator.random((2, m, 1, 1), np.float32) * size
        angle = generator.random((m, 1, 1), np.float32) * (2 * np.pi)
        side = (grid[None, :, None] - point[0]) * np.sin(angle)
        side = side + (grid[None, None, :] - point[1]) * np.cos(angle)
        region &= side >= 0
        count -= 1
        # More half-planes make no region larger: those that are too small are given up at once.
        large = region.sum(axis=(1, 2)) >= smallest
        finished.append(region[large & (count == 0)])
        region, count = region[large & (count > 0)], count[large & (count > 0)]
    # Sorted by their number of half-planes so far.
    return generator.permutation(np.concatenate(finished)).astype(np.uint8)


def _unions(n: int, generator: np.random.Generator, size: int) -> np.ndarray:
    """Draw unions of convex sets, and keep those that are not convex."""
    wanted = generator.integers(PIECES[0], PIECES[1] + 1, n)
    pieces = _draw(int(wanted.sum()), lambda m: _intersections(m, generator, size, *PIECE))
    starts = np.concatenate([[0], np.cumsum(wanted)[:-1]])
    union = np.maximum.reduceat(pieces, starts)
    return union[~is_convex(union)]
