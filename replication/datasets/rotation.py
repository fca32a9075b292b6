"""Rotation of pictures about their centre."""

import numpy as np

from replication.checks import check_choice

ORDERS = {"nearest": 0, "bilinear": 1, "bicubic": 3}


def rotate(pictures: np.ndarray, angles: np.ndarray, interpolation: str) -> np.ndarray:
    """Rotate each picture by its own angle; pixels from outside the picture are black.

    Args:
        pictures: Grey levels, uint8, shape (n, rows, columns).
        angles: In radians, counter-clockwise with row 0 on top, shape (n,).
        interpolation: "nearest", "bilinear" or "bicubic"; values are clipped to 0 and 255.

    Returns:
        Grey levels, uint8, of the same shape.

    Raises:
        InputError: The interpolation is unknown.
    """
    from scipy.ndimage import affine_transform

    order = ORDERS[check_choice("interpolation", interpolation, tuple(ORDERS))]
    centre = (np.array(pictures.shape[1:]) - 1) / 2
    turned = np.empty_like(pictures)
    for picture, angle, target in zip(pictures, angles, turned, strict=True):
        cosine, sine = np.cos(angle), np.sin(angle)
        # Maps a pixel of the result back to its position in the picture.
        back = np.array([[cosine, sine], [-sine, cosine]])
        values = affine_transform(
            picture.astype(float), back, centre - back @ centre, order=order, output=float
        )
        target[:] = np.rint(np.clip(values, 0, 255))
    return turned
