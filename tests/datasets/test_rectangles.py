"""The generator of rectangles against the original set's rules and distributions."""

import numpy as np
import pytest
from scipy import stats

from replication.datasets import load
from replication.datasets.rectangles import draw_rectangles, load_generated_rectangles
from replication.errors import InputError


def geometry(x):
    """Top, left, height and width of the white pixels' bounding box in each picture."""
    rows, columns = x.any(axis=2), x.any(axis=1)
    top, left = rows.argmax(axis=1), columns.argmax(axis=1)
    height = 28 - rows[:, ::-1].argmax(axis=1) - top
    width = 28 - columns[:, ::-1].argmax(axis=1) - left
    return top, left, height, width


def assert_rules_and_distributions(x, y):
    """What is true of every original picture, and how sides and places are distributed."""
    top, left, height, width = geometry(x)
    assert min(height.min(), width.min()) == 4
    assert max(height.max(), width.max()) == 28
    assert np.abs(height - width).min() == 3
    np.testing.assert_array_equal(y, height > width)
    # Nothing but a one-pixel outline: the perimeter's number of pixels, all on its edges.
    np.testing.assert_array_equal(x.sum(axis=(1, 2)), 2 * (height + width) - 4)
    for n in range(0, len(x), 997):
        box = x[n, top[n] : top[n] + height[n], left[n] : left[n] + width[n]]
        assert box[[0, -1]].all()
        assert box[:, [0, -1]].all()
    # 506 pairs of sides, all equally likely.
    pairs = np.bincount(height * 29 + width, minlength=29 * 29).reshape(29, 29)
    sides = np.arange(29)
    allowed = (np.abs(sides[:, None] - sides) >= 3) & (sides[:, None] > 3) & (sides > 3)
    assert allowed.sum() == 506
    assert stats.chisquare(pairs[allowed]).pvalue > 1e-4
    # The place is uniform over all that fit: ranks within the range are uniform in (0, 1).
    for place, side in ((top, height), (left, width)):
        room = 28 - side
        jitter = np.random.default_rng(0).random(len(place))
        assert stats.kstest((place + jitter) / (room + 1), "uniform").pvalue > 1e-4


def test_generator_keeps_the_rules():
    """50,000 generated pictures obey the rules and the distributions."""
    x, y = draw_rectangles(50_000, np.random.default_rng(1))
    assert_rules_and_distributions(x, y)


def test_originals_keep_the_same_rules(original_data):
    """The 50,000 original test pictures pass the very same checks."""
    test = load("rectangles").test
    assert_rules_and_distributions(test.x.reshape(-1, 28, 28).astype(int), test.y)


def test_generated_and_original_sides_agree(original_data):
    """Heights and widths of generated and original pictures have one distribution."""
    original = geometry(load("rectangles").test.x.reshape(-1, 28, 28).astype(int))
    generated = geometry(draw_rectangles(50_000, np.random.default_rng(2))[0])
    for ours, theirs in zip(generated, original, strict=True):
        counts = [np.bincount(v, minlength=29) for v in (ours, theirs)]
        seen = counts[0] + counts[1] > 0
        assert stats.chi2_contingency(np.array(counts)[:, seen]).pvalue > 1e-4


def test_same_call_same_bytes():
    """The default set is pinned by its checksum; another seed gives another set."""
    data = load_generated_rectangles()
    assert data.checksum == load("generated-rectangles").checksum
    assert data.checksum.startswith("2c385f0606dd486c")
    assert data.checksum != load_generated_rectangles(seed=1).checksum
    assert [len(p.y) for p in (data.train, data.valid, data.test)] == [1000, 200, 1000]


def test_checksum_covers_the_cuts():
    """The same pictures cut into other parts are another data set."""
    first = load_generated_rectangles(train=6, valid=2, test=3)
    second = load_generated_rectangles(train=5, valid=3, test=3)
    rows = [np.concatenate([d.train.x, d.valid.x, d.test.x]) for d in (first, second)]
    np.testing.assert_array_equal(*rows)
    assert first.checksum != second.checksum


@pytest.mark.parametrize(
    ("name", "value"),
    [("train", 0), ("valid", -3), ("test", 2.5), ("test", 0), ("train", True), ("seed", -1)],
)
def test_impossible_parts(name, value):
    """A part without pictures, or a seed that is none, is refused by its name."""
    with pytest.raises(InputError, match=rf"^{name} must be a whole number"):
        load_generated_rectangles(**{name: value})


def test_impossible_rectangles():
    """Sides that cannot differ enough are refused."""
    with pytest.raises(InputError, match="no rectangle"):
        draw_rectangles(3, np.random.default_rng(0), size=5, minimum_side=4)
