"""Sizes and positions of rectangles in pictures."""

import dataclasses

import numpy as np

from replication.errors import InputError


@dataclasses.dataclass(frozen=True)
class Boxes:
    """Rectangles, one in each picture.

    Attributes:
        top, left: First row and column, integers of shape (n, 1, 1).
        height, width: Sides in pixels, integers of shape (n, 1, 1).
        size: Rows and columns of a picture.
    """

    top: np.ndarray
    left: np.ndarray
    height: np.ndarray
    width: np.ndarray
    size: int

    @property
    def inside(self) -> np.ndarray:
        """Whether a pixel is in the rectangle: booleans of shape (n, size, size)."""
        rows, columns = self._grid
        return (
            (rows >= self.top)
            & (rows < self.top + self.height)
            & (columns >= self.left)
            & (columns < self.left + self.width)
        )

    @property
    def outline(self) -> np.ndarray:
        """Whether a pixel is on the rectangle's edge: booleans of shape (n, size, size)."""
        rows, columns = self._grid
        bottom, right = self.top + self.height - 1, self.left + self.width - 1
        edge = (rows == self.top) | (rows == bottom) | (columns == self.left) | (columns == right)
        return self.inside & edge

    @property
    def tall(self) -> np.ndarray:
        """Labels, integers of shape (n,): 1 where the rectangle is taller than wide, else 0."""
        return (self.height > self.width)[:, 0, 0].astype(np.int64)

    @property
    def _grid(self) -> tuple[np.ndarray, np.ndarray]:
        return np.arange(self.size)[None, :, None], np.arange(self.size)[None, None, :]


def draw_boxes(
    n: int,
    generator: np.random.Generator,
    size: int = 28,
    minimum_side: int = 1,
    minimum_difference: int = 1,
    areas: tuple[float, float] = (0.0, 1.0),
) -> Boxes:
    """Draw rectangles: uniform over all allowed pairs of sides, then over all positions that fit.

    Args:
        n: Number of pictures.
        generator: Source of randomness.
        size: Rows and columns of a picture.
        minimum_side: Smallest height and width.
        minimum_difference: Smallest difference between height and width.
        areas: Smallest and largest share of the picture that the rectangle covers.

    Raises:
        InputError: No rectangle satisfies all conditions.
    """
    sides = np.arange(minimum_side, size + 1)
    height, width = (g.ravel() for g in np.meshgrid(sides, sides, indexing="ij"))
    share = height * width / size**2
    allowed = np.abs(height - width) >= minimum_difference
    allowed &= (share >= areas[0]) & (share <= areas[1])
    if not allowed.any():
        raise InputError(
            f"no rectangle has sides from {minimum_side} to {size} that differ by at least "
            f"{minimum_difference} and covers a share of {areas[0]:g} to {areas[1]:g}"
        )
    pick = generator.integers(0, allowed.sum(), n)
    height, width = height[allowed][pick, None, None], width[allowed][pick, None, None]
    top = generator.integers(0, size - height + 1)
    left = generator.integers(0, size - width + 1)
    return Boxes(top, left, height, width, size)
