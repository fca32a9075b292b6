"""Pictures as SVG carries them: their own pixels, without the ground of the page."""

import numpy as np
from matplotlib.axes import Axes

_RED, _BLUE = (214, 69, 65), (64, 132, 220)  # as in book/static/play.js
_LEVELS = 15  # of either colour; more can hardly be told apart, and weigh on the page


def draw_signed(axes: Axes, picture: np.ndarray) -> None:
    """Draw a picture of signed numbers: red above zero, blue below, nothing at zero.

    Args:
        axes: Where to draw.
        picture: Numbers from -1 to 1, shape (rows, columns).
    """
    colours = np.where(picture[..., None] > 0, _RED, _BLUE)
    opacity = np.rint(_LEVELS * np.abs(picture))[..., None] * (255 / _LEVELS)
    _draw(axes, np.concatenate([colours, opacity], axis=-1).astype(np.uint8))


def draw_grey(axes: Axes, picture: np.ndarray) -> None:
    """Draw a picture of grey levels, white on black.

    Args:
        axes: Where to draw.
        picture: Numbers from 0 to 1, shape (rows, columns); what lies beyond is cut off.
    """
    levels = np.rint(255 * np.clip(picture, 0, 1)).astype(np.uint8)
    _draw(axes, np.repeat(levels[..., None], 3, axis=-1))


def tiled(pictures: np.ndarray, columns: int, gap: int = 2) -> np.ndarray:
    """Set pictures beside and below each other, with zeros in between.

    Args:
        pictures: The pictures, shape (n, rows, columns), n a multiple of `columns`.
        columns: How many stand beside each other.
        gap: Pixels in between.
    """
    wider = np.pad(pictures, ((0, 0), (0, gap), (0, gap)))
    rows = wider.reshape(-1, columns, *wider.shape[1:])
    return np.block([list(row) for row in rows])[: -gap or None, : -gap or None]


def _draw(axes: Axes, pixels: np.ndarray) -> None:
    axes.imshow(pixels, interpolation="none")  # the reader's program enlarges the pixels
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
