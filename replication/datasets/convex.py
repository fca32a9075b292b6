"""Convex and non-convex regions: a generator after the recipe of Larochelle et al. 2007."""

from collections.abc import Callable

import numpy as np

# Parameter of the number of half-planes, and smallest number of pixels:
CONVEX = (0.195, 19)  # of a convex region
PIECE = (0.07, 10)  # of a piece of a non-convex region
PIECES = (2, 4)  # fewest and most pieces of a non-convex region
_DRAWN = 4096  # candidates at a time


def draw_convex(
    n: int, generator: np.random.Generator, size: int = 28
) -> tuple[np.ndarray, np.ndarray]:
    """Draw white regions on black, one in each picture, half of them convex on average.

    A convex region is an intersection of half-planes. Their number is geometric, from 0 on; the
    border of each goes through a uniformly drawn point in a uniformly drawn direction. A non-convex
    region is a union of two to four such intersections that fails `is_convex`.

    Args:
        n: Number of pictures.
        generator: Source of randomness.
        size: Rows and columns of a picture.

    Returns:
        Pixels, uint8 0 or 1, shape (n, size, size), and labels, integers of shape (n,): 1 where the
        region is convex, else 0.
    """
    labels = generator.integers(0, 2, n)
    convex = int(labels.sum())
    pictures = np.empty((n, size, size), np.uint8)
    pictures[labels == 1] = _draw(convex, lambda m: _intersections(m, generator, size, *CONVEX))
    pictures[labels == 0] = _draw(n - convex, lambda m: _unions(m, generator, size))
    return pictures, labels.astype(np.int64)


def is_convex(pictures: np.ndarray) -> np.ndarray:
    """Test whether white regions are convex: no midpoint of two white pixels falls on a black one.

    Args:
        pictures: Pixels 0 or 1, shape (n, size, size).

    Returns:
        Booleans of shape (n,). The picture of a convex region always passes.
    """
    from scipy import fft

    shape = (2 * pictures.shape[1],) * 2
    # Entry (i, j): number of pairs of white pixels whose positions add up to (i, j). It is at most
    # the number of pixels, so single precision is enough to separate 0 from 1.
    pairs = fft.irfft2(fft.rfft2(pictures.astype(np.float32), shape) ** 2, shape)
    middle = pairs[:, ::2, ::2] > 0.5
    return ~(middle & (pictures == 0)).any(axis=(1, 2))


def _draw(n: int, candidates: Callable[[int], np.ndarray]) -> np.ndarray:
    """Draw batches of candidates until there are n: shape (n, size, size)."""
    found = [candidates(_DRAWN)]
    while sum(map(len, found)) < n:
        found.append(candidates(_DRAWN))
    return np.concatenate(found)[:n]


def _intersections(
    n: int, generator: np.random.Generator, size: int, parameter: float, smallest: int
) -> np.ndarray:
    """Draw n intersections of half-planes, and keep those with at least `smallest` pixels."""
    # From 0 on, as MATLAB's geometric distribution. Convex and non-convex regions then have the
    # same number of white pixels on average, as the authors report; from 1 on they do not.
    count = generator.geometric(parameter, n) - 1
    grid = np.arange(size, dtype=np.float32) + 0.5  # centres of pixels
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
        # Further half-planes only make a region smaller, so one that is too small is dropped now.
        large = region.sum(axis=(1, 2)) >= smallest
        finished.append(region[large & (count == 0)])
        region, count = region[large & (count > 0)], count[large & (count > 0)]
    # Until here they are sorted by their number of half-planes.
    return generator.permutation(np.concatenate(finished)).astype(np.uint8)


def _unions(n: int, generator: np.random.Generator, size: int) -> np.ndarray:
    """Draw n unions of convex pieces, and keep those that are not convex."""
    wanted = generator.integers(PIECES[0], PIECES[1] + 1, n)
    pieces = _draw(int(wanted.sum()), lambda m: _intersections(m, generator, size, *PIECE))
    starts = np.concatenate([[0], np.cumsum(wanted)[:-1]])
    union = np.maximum.reduceat(pieces, starts)
    return union[~is_convex(union)]
