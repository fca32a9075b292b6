"""The regenerated sets of Larochelle et al. 2007: rules, shares, bytes."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from replication.datasets import load, variants
from replication.datasets.boxes import draw_boxes
from replication.datasets.compositing import composite
from replication.datasets.convex import draw_convex, is_convex
from replication.datasets.patches import cut_patches
from replication.datasets.remade import CHECKSUMS, SEED, SIZES, Choices, Material, generate
from replication.datasets.rotation import rotate
from replication.datasets.variants import VARIANTS, load_variant
from replication.errors import InputError

DIGITS = ("basic", "rot", "bg-rand", "bg-img", "bg-img-rot")


@pytest.fixture(scope="module")
def small():
    """A tiny MNIST and two photographs in place of the real ones, and sets of 60 pictures."""
    generator = np.random.default_rng(0)
    x = np.zeros((100, 28, 28), np.uint8)
    x[:, 8:20, 11:17] = generator.integers(0, 256, (100, 12, 6))
    y = np.arange(100, dtype=np.uint8) % 10
    photographs = [generator.integers(0, 256, (60, 80), np.uint8) for _ in range(2)]
    return Material(
        mnist=lambda: (x[:80], y[:80], x[80:], y[80:]),
        photographs=lambda: photographs,
        sizes=dict.fromkeys(SIZES, (40, 10, 10)),
        checksums=CHECKSUMS,
    )


@pytest.mark.parametrize("name", SIZES)
def test_the_same_call_gives_the_same_bytes(name, small):
    """Another seed gives others."""
    first, second, other = (generate(name, seed, material=small) for seed in (1, 1, 2))
    assert first.checksum == second.checksum != other.checksum
    np.testing.assert_array_equal(first.test.x, second.test.x)
    assert first.origin == "regenerated"
    assert len(first.train.y) == 40


def test_sets_of_digits_share_what_they_can(small):
    """Digits and labels agree in all, backgrounds and angles where two sets have them."""
    made = {name: generate(name, 3, material=small) for name in DIGITS}
    for data in made.values():
        np.testing.assert_array_equal(data.test.y, made["basic"].test.y)
    basic, rot, image, both = (
        np.rint(255 * made[n].train.x).astype(np.uint8)
        for n in ("basic", "rot", "bg-img", "bg-img-rot")
    )
    background = np.where(basic == 0, image, 0)
    alone = (basic == 0) & (rot == 0)
    np.testing.assert_array_equal(both[alone], background[alone])
    assert (both >= rot).all()


@pytest.mark.parametrize(
    ("choices", "concerned"),
    [
        ({"interpolation": "nearest"}, {"rot", "bg-img-rot"}),
        ({"composite": "over"}, {"bg-rand", "bg-img", "bg-img-rot"}),
        ({"minimum_deviation": 0.288}, {"bg-img", "bg-img-rot", "rectangles-image"}),
        ({"margin": 0}, {"bg-img", "bg-img-rot", "rectangles-image"}),
        ({"rectangle_side": 12}, {"rectangles-image"}),
        ({"rectangle_difference": 1}, {"rectangles-image"}),
        ({"rectangle_areas": (0.3, 0.6)}, {"rectangles-image"}),
    ],
)
def test_a_choice_changes_the_sets_that_it_concerns(choices, concerned, small):
    """And no other set."""
    changed = {
        name
        for name in SIZES
        if generate(name, 1, Choices(**choices), small).checksum
        != generate(name, 1, material=small).checksum
    }
    assert changed == concerned


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_its_set_with_another_choice(name, small):
    """Its source loads it; digits and their order are those of the set."""
    variant = VARIANTS[name]
    assert getattr(Choices(), variant.choice) != variant.value
    source = next(source for source in variants.SOURCES if source.name == name)
    data = source.load(material=small)
    assert data.name == name
    choices = Choices(**{variant.choice: variant.value})
    wanted = generate(variant.dataset, SEED, choices, small)
    assert data.checksum == wanted.checksum
    if variant.dataset != "rectangles-image":
        another = generate(variant.dataset, SEED, Choices(margin=1), small)
        np.testing.assert_array_equal(data.test.y, another.test.y)


def test_unknown_variants_are_refused():
    """The name has to be one of the list."""
    with pytest.raises(InputError, match="name must be one of rot:interpolation=nearest"):
        load_variant("rot:interpolation=bilinear")


@pytest.mark.parametrize(
    "choices",
    [
        {"interpolation": "linear"},
        {"composite": "add"},
        {"minimum_deviation": -1},
        {"margin": -1},
        {"rectangle_side": 0},
        {"rectangle_difference": 1.5},
        {"rectangle_areas": (0.5, 0.2)},
    ],
)
def test_impossible_choices_are_refused(choices):
    """The message names the option."""
    with pytest.raises(InputError, match=next(iter(choices))):
        Choices(**choices)


# One set of digits, rotated on photographs, and one of rectangles go through every step.
QUICK = ("bg-img-rot", "rectangles-image")


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in SIZES],
)
def test_recorded_bytes(name, original_data):
    """The published sets: sizes, all classes, and the recorded checksum."""
    data = load(name)
    assert data.checksum == CHECKSUMS[name]
    assert tuple(len(part.y) for part in (data.train, data.valid, data.test)) == SIZES[name]
    assert set(np.unique(data.valid.y)) == set(range(data.classes))


def test_other_bytes_are_refused(small):
    """With our seed and choices the checksum has to be the recorded one."""
    with pytest.raises(InputError, match="basic is not what was recorded"):
        generate("basic", material=small)
    known = generate("basic", seed=SEED, choices=Choices(margin=1), material=small).checksum
    recorded = dataclasses.replace(small, checksums={"basic": known})
    assert generate("basic", material=recorded).checksum == known


class TestRotation:
    """Pictures turn by the angle that was asked for."""

    def test_quarter_turns(self):
        """Angle pi/2 is NumPy's rot90, whatever the interpolation; 0 changes nothing."""
        x = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
        for interpolation in ("nearest", "bilinear", "bicubic"):
            turned = rotate(x, np.array([0, np.pi / 2, np.pi]), interpolation)
            for k in range(3):
                # The outermost pixels may fall out of the picture by a rounding error.
                np.testing.assert_array_equal(turned[k, 1:-1, 1:-1], np.rot90(x[k], k)[1:-1, 1:-1])

    def test_there_and_back(self):
        """A smooth blob survives a turn and its inverse; new corners are black."""
        rows, columns = np.mgrid[:28, :28]
        blob = 255 * np.exp(-((rows - 10) ** 2 + (columns - 16) ** 2) / 18)
        x = np.rint(blob).astype(np.uint8)[None]
        back = rotate(rotate(x, np.array([0.7]), "bicubic"), np.array([-0.7]), "bicubic")
        assert np.abs(back.astype(int) - x).max() <= 4
        white = rotate(np.full((1, 28, 28), 255, np.uint8), np.array([np.pi / 4]), "bilinear")
        assert white[0, 0, 0] == 0
        assert white[0, 14, 14] == 255


class TestPatches:
    """Patches come from the photographs, and have texture."""

    def test_come_from_inside_the_margin(self):
        """Each patch is somewhere in a photograph, and none touches its border."""
        photographs = [np.arange(50 * 60).reshape(50, 60).astype(np.uint8) for _ in range(2)]
        photographs[0][:5] = photographs[0][-5:] = 7  # a border that would be recognised
        drawn = cut_patches(photographs, 500, np.random.default_rng(0), 28, 0.0, 5)
        windows = np.lib.stride_tricks.sliding_window_view(photographs[1][5:-5, 5:-5], (28, 28))
        known = {window.tobytes() for row in windows for window in np.ascontiguousarray(row)}
        assert all(patch.tobytes() in known for patch in drawn)
        assert len({patch.tobytes() for patch in drawn}) > 100

    def test_little_texture_is_left_out(self):
        """Half of the photograph is flat: no patch of it comes through."""
        photograph = np.random.default_rng(0).integers(0, 256, (60, 200), np.uint8)
        photograph[:, 100:] = 128
        drawn = cut_patches([photograph], 300, np.random.default_rng(1), 28, 0.2, 0)
        assert drawn.std(axis=(1, 2)).min() >= 0.2 * 255
        with pytest.raises(InputError, match="no patch has pixels that deviate by 0.4"):
            cut_patches([photograph], 300, np.random.default_rng(1), 28, 0.4, 0)
        with pytest.raises(InputError, match="at least 88 rows"):
            cut_patches([photograph], 1, np.random.default_rng(1), 28, 0.0, 30)


def test_compositing_by_hand():
    """Black, grey and white of a digit on a grey background."""
    digit, background = np.array([[0, 100, 255]], np.uint8), np.full((1, 3), 51, np.uint8)
    assert composite(digit, background, "maximum").tolist() == [[51, 100, 255]]
    assert composite(digit, background, "replace").tolist() == [[51, 100, 255]]
    assert composite(digit, background, "over").tolist() == [[51, 131, 255]]
    bright = np.full((1, 3), 200, np.uint8)
    assert composite(digit, bright, "maximum").tolist() == [[200, 200, 255]]
    assert composite(digit, bright, "replace").tolist() == [[200, 100, 255]]


def test_filled_rectangles_keep_their_limits():
    """Sides, difference and area as asked for; all pairs of sides equally likely."""
    boxes = draw_boxes(40_000, np.random.default_rng(0), 28, 10, 5, (0.25, 0.75))
    height, width = boxes.height.ravel(), boxes.width.ravel()
    assert min(height.min(), width.min()) == 10
    assert np.abs(height - width).min() == 5
    share = boxes.inside.mean(axis=(1, 2))
    assert share.min() >= 0.25
    assert share.max() <= 0.75
    _, counts = np.unique(100 * height + width, return_counts=True)
    assert stats.chisquare(counts).pvalue > 1e-4
    np.testing.assert_array_equal(boxes.tall, height > width)
    with pytest.raises(InputError, match="no rectangle"):
        draw_boxes(1, np.random.default_rng(0), 28, 20, 15)


class TestConvex:
    """Regions are what their label says."""

    def test_midpoints_by_hand(self):
        """A square is convex; with a dent, a hole or a second square it is not."""
        x = np.zeros((4, 28, 28), np.uint8)
        x[:, 5:12, 5:12] = 1
        x[1, 8, 5:8] = 0
        x[2, 8, 8] = 0
        x[3, 20:24, 20:24] = 1
        assert is_convex(x).tolist() == [True, False, False, False]

    def test_labels_sizes_and_shares(self):
        """Half are convex, none of these is too small, and both kinds have as many white pixels."""
        x, y = draw_convex(6000, np.random.default_rng(0))
        np.testing.assert_array_equal(is_convex(x), y == 1)
        assert abs(y.mean() - 0.5) < 0.03
        white = x.sum(axis=(1, 2))
        assert white[y == 1].min() >= 19
        difference = white[y == 1].mean() - white[y == 0].mean()
        error = np.hypot(*(white[y == k].std() / np.sqrt((y == k).sum()) for k in (0, 1)))
        assert abs(difference) < 4 * error
