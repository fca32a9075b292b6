"""The benchmark of Larochelle et al. 2007, regenerated from MNIST and photographs."""

import dataclasses
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from replication.checks import check_choice, check_count, check_number
from replication.datasets import idx, photographs
from replication.datasets.boxes import draw_boxes
from replication.datasets.compositing import RULES, composite
from replication.datasets.convex import draw_convex
from replication.datasets.dataset import Dataset, Split, checksum_of
from replication.datasets.patches import cut_patches
from replication.datasets.rotation import ORDERS, rotate
from replication.datasets.source import Source
from replication.errors import InputError

SEED = 2007
SIZE = 28  # rows and columns of a picture
SIZES = {  # pictures in the training, validation and test part
    "basic": (10_000, 2000, 50_000),
    "rot": (10_000, 2000, 50_000),
    "bg-rand": (10_000, 2000, 50_000),
    "bg-img": (10_000, 2000, 50_000),
    "bg-img-rot": (10_000, 2000, 50_000),
    "rectangles-image": (10_000, 2000, 50_000),
    "convex": (6000, 2000, 50_000),
}
CHECKSUMS = {  # with `SEED` and the defaults of `Choices`
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
    """Details of the recipes that were not published or not confirmed; the defaults are ours.

    Attributes:
        interpolation: How rotated digits are interpolated between pixels: "nearest", "bilinear" or
            "bicubic". Bilinear keeps the range of grey levels and has no jagged edges.
        composite: How a digit is put on a background: "maximum", "over" or "replace" (see
            `compositing`). The maximum changes the grey levels of neither.
        minimum_deviation: Smallest standard deviation of a patch's pixels, as a share of 255. The
            recipe leaves out patches of low variance, but gives no threshold.
        margin: Border of a photograph that is not used, in pixels: some have a dark line there.
        rectangle_side: Smallest side of a filled rectangle, in pixels.
        rectangle_difference: Smallest difference between its sides, in pixels.
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Material:
    """What the sets are made from, with their sizes and checksums; tests use small ones.

    Attributes:
        mnist: Gives pixels, uint8 of shape (n, 28, 28), and labels, integers of shape (n,), of
            MNIST's training file and then of its test file.
        photographs: Gives grey levels, uint8, each of shape (rows, columns).
        sizes: Name -> pictures in the training, validation and test part.
        checksums: Name -> checksum of the set with `SEED` and the defaults of `Choices`.
    """

    mnist: Callable[[], tuple[np.ndarray, ...]]
    photographs: Callable[[], list[np.ndarray]]
    sizes: Mapping[str, tuple[int, int, int]]
    checksums: Mapping[str, str]


MATERIAL = Material(
    mnist=partial(idx.read_idx, "mnist"),
    photographs=photographs.load_photographs,
    sizes=SIZES,
    checksums=CHECKSUMS,
)


def generate(
    name: str, seed: int = SEED, choices: Choices | None = None, material: Material = MATERIAL
) -> Dataset:
    """Regenerate a set of the benchmark; the same call gives the same bytes.

    The five sets of digits have the same digits in the same order. They are drawn from all 70,000
    of MNIST, because the benchmark has more pictures than MNIST's training file. `bg-img-rot` has
    the angles of `rot` and the backgrounds of `bg-img`. One sequence of pictures is cut into the
    three parts.

    Args:
        name: A key of `SIZES`.
        seed: Seed of all random choices, at least 0.
        choices: What the recipes leave open; None takes our choices.
        material: What the set is made from, its size and its checksum.

    Raises:
        InputError: The name is unknown, a value impossible, MNIST or the photographs cannot be
            loaded, or the checksum is not the recorded one (with our seed and choices).
    """
    check_choice("name", name, tuple(SIZES))
    check_count("seed", seed, 0)
    choices = choices or Choices()
    train, valid, test = material.sizes[name]
    x, y = _MAKERS[name](_Recipe(train + valid + test, seed, choices, material))
    pixels = (x.reshape(len(x), -1) / np.float32(255)).astype(np.float32, copy=False)
    cuts = [train, train + valid]
    parts = [Split(*part) for part in zip(np.split(pixels, cuts), np.split(y, cuts), strict=True)]
    checksum = checksum_of(*parts)
    expected = material.checksums[name]
    if (seed, choices) == (SEED, Choices()) and checksum != expected:
        raise InputError(
            f"{name} is not what was recorded: the versions of NumPy or SciPy draw or round "
            f"otherwise. Expected checksum {expected}. Received: {checksum}"
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


@dataclasses.dataclass(frozen=True)
class _Recipe:
    """How many pictures are made, and how."""

    n: int
    seed: int
    choices: Choices
    material: Material

    def stream(self, what: str) -> np.random.Generator:
        """Give each random choice its own generator, so that sets can share some of the choices."""
        return np.random.default_rng([self.seed, *what.encode()])

    def digits(self) -> tuple[np.ndarray, np.ndarray]:
        """Draw digits: pixels, uint8 of shape (n, 28, 28), and labels of shape (n,)."""
        x, y, x_test, y_test = self.material.mnist()
        x, y = np.concatenate([x, x_test]), np.concatenate([y, y_test])
        chosen = self.stream("digits").permutation(len(x))[: self.n]
        return x[chosen], y[chosen].astype(np.int64)

    def patches(self, what: str) -> np.ndarray:
        """Cut patches of the photographs: uint8 of shape (n, 28, 28)."""
        return cut_patches(
            self.material.photographs(),
            self.n,
            self.stream(what),
            SIZE,
            self.choices.minimum_deviation,
            self.choices.margin,
        )


def _basic(recipe: _Recipe) -> tuple[np.ndarray, np.ndarray]:
    return recipe.digits()


def _rot(recipe: _Recipe) -> tuple[np.ndarray, np.ndarray]:
    x, y = recipe.digits()
    angles = recipe.stream("angles").uniform(0, 2 * np.pi, recipe.n)
    return rotate(x, angles, recipe.choices.interpolation), y


def _bg_rand(recipe: _Recipe) -> tuple[np.ndarray, np.ndarray]:
    x, y = recipe.digits()
    noise = recipe.stream("noise").integers(0, 256, x.shape, np.uint8)
    return composite(x, noise, recipe.choices.composite), y


def _bg_img(recipe: _Recipe) -> tuple[np.ndarray, np.ndarray]:
    x, y = recipe.digits()
    return composite(x, recipe.patches("backgrounds"), recipe.choices.composite), y


def _bg_img_rot(recipe: _Recipe) -> tuple[np.ndarray, np.ndarray]:
    x, y = _rot(recipe)
    return composite(x, recipe.patches("backgrounds"), recipe.choices.composite), y


def _rectangles_image(recipe: _Recipe) -> tuple[np.ndarray, np.ndarray]:
    boxes = draw_boxes(
        recipe.n,
        recipe.stream("rectangles"),
        SIZE,
        recipe.choices.rectangle_side,
        recipe.choices.rectangle_difference,
        recipe.choices.rectangle_areas,
    )
    filling, background = recipe.patches("fillings"), recipe.patches("backgrounds")
    return np.where(boxes.inside, filling, background), boxes.tall


def _convex(recipe: _Recipe) -> tuple[np.ndarray, np.ndarray]:
    x, y = draw_convex(recipe.n, recipe.stream("convex"), SIZE)
    return 255 * x, y


_MAKERS: Mapping[str, Callable[[_Recipe], tuple[np.ndarray, np.ndarray]]] = {
    "basic": _basic,
    "rot": _rot,
    "bg-rand": _bg_rand,
    "bg-img": _bg_img,
    "bg-img-rot": _bg_img_rot,
    "rectangles-image": _rectangles_image,
    "convex": _convex,
}

_MNIST = tuple((file,) for file in idx.FILES["mnist"])
_PHOTOGRAPHS = tuple((photographs.QUICK, file) for file in photographs.FILES)
SOURCES = (
    Source("basic", "basic", partial(generate, "basic"), _MNIST),
    Source("rot", "rot", partial(generate, "rot"), _MNIST),
    Source("bg-rand", "bg-rand", partial(generate, "bg-rand"), _MNIST),
    Source("bg-img", "bg-img", partial(generate, "bg-img"), _MNIST + _PHOTOGRAPHS),
    Source("bg-img-rot", "bg-img-rot", partial(generate, "bg-img-rot"), _MNIST + _PHOTOGRAPHS),
    Source("rectangles-image", "rect-img", partial(generate, "rectangles-image"), _PHOTOGRAPHS),
    Source("convex", "convex", partial(generate, "convex")),
)
