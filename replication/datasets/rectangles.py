"""Tall and wide rectangles: a generator after the recipe of Larochelle et al. 2007."""

import numpy as np

from replication.checks import check_count
from replication.datasets.boxes import draw_boxes
from replication.datasets.dataset import Dataset, Split, checksum_of
from replication.datasets.source import Source


def draw_rectangles(
    n: int,
    generator: np.random.Generator,
    size: int = 28,
    minimum_side: int = 4,
    minimum_difference: int = 3,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw pictures of one rectangle's outline, one pixel wide, white on black.

    Height and width are uniform over all allowed pairs, the position is uniform over all that fit.
    The published recipe draws height and width uniformly and rejects pairs that differ by less
    than 3. The smallest side of 4 was not published; we read it off the original files.

    Args:
        n: Number of pictures, at least 1.
        generator: Source of randomness.
        size: Rows and columns of a picture.
        minimum_side: Smallest height and width.
        minimum_difference: Smallest difference between height and width, at least 1.

    Returns:
        Pixels, uint8 0 or 1, shape (n, size, size), and labels, integers of shape (n,): 1 where the
        rectangle is taller than wide, else 0.

    Raises:
        InputError: An argument is impossible, or no rectangle satisfies all conditions.
    """
    for name, value in (
        ("n", n),
        ("size", size),
        ("minimum_side", minimum_side),
        ("minimum_difference", minimum_difference),
    ):
        check_count(name, value)
    boxes = draw_boxes(n, generator, size, minimum_side, minimum_difference)
    return boxes.outline.astype(np.uint8), boxes.tall


def load_generated_rectangles(
    seed: int = 0, train: int = 1000, valid: int = 200, test: int = 1000
) -> Dataset:
    """Generate a small set like the original rectangles; the same call gives the same bytes.

    Args:
        seed: Seed of the generator, at least 0.
        train: Pictures in the training part, at least 1.
        valid: Pictures in the validation part, at least 1.
        test: Pictures in the test part, at least 1.

    Raises:
        InputError: An argument is not a whole number in its range.
    """
    check_count("seed", seed, low=0)
    for part, n in (("train", train), ("valid", valid), ("test", test)):
        check_count(part, n)
    x, y = draw_rectangles(train + valid + test, np.random.default_rng(seed))
    x = x.reshape(len(x), -1).astype(np.float32)
    cuts = [train, train + valid]
    parts = [Split(*part) for part in zip(np.split(x, cuts), np.split(y, cuts), strict=True)]
    return Dataset(
        "generated-rectangles",
        parts[0],
        parts[1],
        parts[2],
        classes=2,
        shape=(28, 28),
        origin="generated",
        checksum=checksum_of(*parts),
    )


SOURCES = (Source("generated-rectangles", "generated rectangles", load_generated_rectangles),)
