"""The benchmark of Larochelle et al. 2007, made again from MNIST and photographs."""

import dataclasses
from collections.abc import Callable

import numpy as np

from replication.checks import check_choice, check_count, check_number
from replication.datasets.boxes import draw_boxes
from replication.datasets.compositing import RULES, composite
from replication.datasets.convex import draw_convex
from replication.datasets.dataset import Dataset, Split, checksum_of
from replication.datasets.idx import read_idx
from replication.datasets.patches import cut_patches
from replication.datasets.photographs import load_photographs
from replication.datasets.rotation import ORDERS, rotate
from replication.errors import InputError

SEED = 2007
SIZE = 28
SIZES = {  # training, validation and test part
    "basic": (10_000, 2000, 50_000),
    "rot": (10_000, 2000, 50_000),
    "bg-rand": (10_000, 2000, 50_000),
    "bg-img": (10_000, 2000, 50_000),
    "bg-img-rot": (10_000, 2000, 50_000),
    "rectangles-image": (10_000, 2000, 50_000),
    "convex": (6000, 2000, 50_000),
}
CHECKSUMS = {  # with this seed and our choices
    "basic": "9e70b1eb285cf1595b105bf28b7d42fb86c799e8a1b6177f623b024822cdfbab",
    "rot": "8f136704f00d628775e19590edfd339e940a7db457dca284e36fafeceb22c6ea",
    "bg-rand": "811765aef1e3b59e2fefb9c3b0675e2917b440b2bb02c72db01cad0dd0d0047e",
    "bg-img": "d8942e17760ecbb763c85227ef42a9fbf43f5d64de16abeaed386d0c37cb6900",
    "bg-img-rot": "957bf1fbdcce51dd88e8f08f1ab1b6920ceefc1e60d956e892a1593be64e116f",
    "rectangles-image": "2966bec3c1bf935645b5f25afa63cec1c9bb323c616ab010c72c8de07bd97efc",
    "convex": "fdd4037337a2eae3906daa16bcd336de46eac6aba387665aeac9056ec36ad2a9",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choices:
    """What was not published of the recipes, or not confirmed, and what we chose.

    Attributes:
        interpolation: How rotated digits are read off between pixels: "nearest", "bilinear" or
            "bicubic". Bilinear keeps the range and makes no steps.
        composite: How a digit is put on a background: "maximum", "over" or "replace" (see
            `compositing`). The maximum keeps digit and background as they are.
        minimum_deviation: Smallest standard deviation of a patch, as a share of the range. The
            recipe leaves out patches of low variance, without a number.
        margin: Border of a photograph that is not used, in pixels: some have a dark line there.
        rectangle_side: Smallest side of a filled rectangle, in pixels.
        rectangle_difference: Smallest difference of its sides, in pixels.
        rectangle_areas: Smallest and largest share of the picture that it covers.

    Raises:
        InputError: A value is impossible.
    """

    interpolation: str = "bilinear"
    composite: str = "maximum"
    minimum_deviation: float = 0.1
    margin: int = 8
    rectangle_side: int = 10
    rectangle_difference: int = 5
    rectangle_areas: tuple[float, float] = (0.25, 0.75)

    def __post_init__(self) -> None:
        check_choice("interpolation", self.interpolation, tuple(ORDERS))
        check_choice("composite", self.composite, RULES)
        check_number("minimum_deviation", self.minimum_deviation, 0, 0.5)
        check_count("margin", self.margin, 0)
        check_count("rectangle_side", self.rectangle_side)
        check_count("rectangle_difference", self.rectangle_difference)
        low, high = self.rectangle_areas
        if not 0 <= low < high <= 1:
            raise InputError(
                "rectangle_areas must be two shares from 0 to 1, the smaller one first. "
                f"Received: rectangle_areas={self.rectangle_areas!r}"
            )


def generate(name: str, seed: int = SEED, choices: Choices | None = None) -> Dataset:
    """Make a set of the benchmark; the same call gives the same bytes.

    The sets of digits have the same digits in the same order, drawn from all 70,000 of MNIST,
    because the benchmark has more than MNIST's training file; `bg-img-rot` has the angles of `rot`
    and the backgrounds of `bg-img`. All parts come from one sequence.

    Args:
        name: A key of `SIZES`.
        seed: Seed of all random choices, at least 0.
        choices: What the recipes leave open; None takes ours.

    Raises:
        InputError: A name is unknown, a value impossible, MNIST or the photographs cannot be had,
            or the bytes are not those that were recorded for our seed and choices.
    """
    check_choice("name", name, tuple(SIZES))
    check_count("seed", seed, 0)
    choices = choices or Choices()
    x, y = _MAKERS[name](sum(SIZES[name]), seed, choices)
    pixels = (x.reshape(len(x), -1) / np.float32(255)).astype(np.float32, copy=False)
    train, valid, _ = SIZES[name]
    cuts = [train, train + valid]
    parts = [Split(*part) for part in zip(np.split(pixels, cuts), np.split(y, cuts), strict=True)]
    checksum = checksum_of(*parts)
    if (seed, choices) == (SEED, Choices()) and checksum != CHECKSUMS[name]:
        raise InputError(
            f"{name} is not what was recorded: the versions of NumPy or SciPy draw or round "
            f"otherwise. Expected checksum {CHECKSUMS[name]}. Received: {checksum}"
        )
    return Dataset(
        name,
        parts[0],
        parts[1],
        parts[2],
        classes=2 if name in ("rectangles-image", "convex") else 10,
        shape=(SIZE, SIZE),
        origin="regenerated",
        checksum=checksum,
    )


def _stream(seed: int, what: str) -> np.random.Generator:
    """A source of randomness of its own for each choice, so that sets can share some of them."""
    return np.random.default_rng([seed, *what.encode()])


def _digits(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    x, y, x_test, y_test = read_idx("mnist")
    x, y = np.concatenate([x, x_test]), np.concatenate([y, y_test])
    chosen = _stream(seed, "digits").permutation(len(x))[:n]
    return x[chosen], y[chosen].astype(np.int64)


def _patches(n: int, seed: int, what: str, choices: Choices) -> np.ndarray:
    return cut_patches(
        load_photographs(),
        n,
        _stream(seed, what),
        SIZE,
        choices.minimum_deviation,
        choices.margin,
    )


def _basic(n: int, seed: int, choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    return _digits(n, seed)


def _rot(n: int, seed: int, choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    x, y = _digits(n, seed)
    angles = _stream(seed, "angles").uniform(0, 2 * np.pi, n)
    return rotate(x, angles, choices.interpolation), y


def _bg_rand(n: int, seed: int, choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    x, y = _digits(n, seed)
    noise = _stream(seed, "noise").integers(0, 256, x.shape, np.uint8)
    return composite(x, noise, choices.composite), y


def _bg_img(n: int, seed: int, choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    x, y = _digits(n, seed)
    return composite(x, _patches(n, seed, "backgrounds", choices), choices.composite), y


def _bg_img_rot(n: int, seed: int, choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    x, y = _rot(n, seed, choices)
    return composite(x, _patches(n, seed, "backgrounds", choices), choices.composite), y


def _rectangles_image(n: int, seed: int, choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    boxes = draw_boxes(
        n,
        _stream(seed, "rectangles"),
        SIZE,
        choices.rectangle_side,
        choices.rectangle_difference,
        choices.rectangle_areas,
    )
    filling = _patches(n, seed, "fillings", choices)
    background = _patches(n, seed, "backgrounds", choices)
    return np.where(boxes.inside, filling, background), boxes.tall


def _convex(n: int, seed: int, choices: Choices) -> tuple[np.ndarray, np.ndarray]:
    x, y = draw_convex(n, _stream(seed, "convex"), SIZE)
    return 255 * x, y


_MAKERS: dict[str, Callable[[int, int, Choices], tuple[np.ndarray, np.ndarray]]] = {
    "basic": _basic,
    "rot": _rot,
    "bg-rand": _bg_rand,
    "bg-img": _bg_img,
    "bg-img-rot": _bg_img_rot,
    "rectangles-image": _rectangles_image,
    "convex": _convex,
}
