"""The data sets as a user gets them."""

import functools

import numpy as np
import pytest

from replication.datasets import Dataset, Split, load
from replication.datasets.cifar import grey
from replication.errors import InputError

SIZES = {
    "mnist": (50_000, 10_000, 10_000),
    "fashion-mnist": (50_000, 10_000, 10_000),
    "cifar-bw": (40_000, 10_000, 10_000),
    "rectangles": (1000, 200, 50_000),
}


@pytest.fixture(scope="module")
def original(original_data):
    """The function `load`, which reads each set once: it takes seconds."""
    once = functools.cache(load)
    yield once
    once.cache_clear()


@pytest.mark.parametrize("name", SIZES)
def test_original_sets(name, original):
    """Sizes, types and ranges are as documented; all classes occur in every part."""
    data = original(name)
    for part, n in zip((data.train, data.valid, data.test), SIZES[name], strict=True):
        assert part.x.shape == (n, data.shape[0] * data.shape[1])
        assert part.x.dtype == np.float32
        assert set(np.unique(part.y)) == set(range(data.classes))
    assert data.origin == "original"
    assert data.train.x.max() == 1


def test_mnist_labels_are_the_published_ones(original):
    """The digits' counts in training plus validation, and in the test part, are MNIST's."""
    data = original("mnist")
    both = np.bincount(data.train.y) + np.bincount(data.valid.y)
    assert both.tolist() == [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert np.bincount(data.test.y).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip


def test_cifar_mean_is_the_published_one(original):
    """The grey training pixels have the documented mean of 122.62."""
    data = original("cifar-bw")
    mean = 255 * (4 * data.train.x.mean(dtype=float) + data.valid.x.mean(dtype=float)) / 5
    assert abs(mean - 122.62) < 1e-3


def test_luma_rounds_half_up():
    """Grey is 0.299 R + 0.587 G + 0.114 B, rounded half up."""
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 250]])
    exact = colours @ [0.299, 0.587, 0.114]
    assert grey(colours.astype(np.uint8)).tolist() == np.floor(exact + 0.5).tolist()


@pytest.mark.parametrize("name", ["digits", "generated-rectangles"])
def test_embedded_sets_repeat(name):
    """Two loads give the same bytes."""
    first, second = load(name), load(name)
    assert first.checksum == second.checksum
    np.testing.assert_array_equal(first.train.x, second.train.x)


def test_embedded_digits_keep_every_example():
    """The split of the 1,797 digits loses and repeats none."""
    from sklearn.datasets import load_digits

    data = load("digits")
    rows = np.concatenate([data.train.x, data.valid.x, data.test.x])
    expected = load_digits().data / 16
    assert sorted(map(bytes, rows)) == sorted(map(bytes, expected.astype(np.float32)))


def test_digits_are_stratified():
    """Every digit has its share of each part, up to rounding; the parts' sizes are kept."""
    data = load("digits")
    parts = (data.train, data.valid, data.test)
    counts = np.array([np.bincount(part.y, minlength=10) for part in parts])
    assert counts.sum(axis=1).tolist() == [1097, 300, 400]
    share = counts.sum(axis=0) / counts.sum()
    assert (np.abs(counts - np.outer([1097, 300, 400], share)) < 1.5).all()


def test_digits_are_pinned():
    """The split is the same on every machine."""
    assert load("digits").checksum.startswith("d2b003babd8577cb")


@pytest.mark.parametrize(
    ("pixels", "labels"),
    [(np.float64, np.int64), (np.uint8, np.int64), (np.float32, np.float64), (np.float32, bool)],
)
def test_wrong_types_are_refused(pixels, labels):
    """Pixels are float32 and labels of an integer type, or there is no data set."""
    good = Split(np.zeros((1, 2), np.float32), np.zeros(1, np.int32))
    bad = Split(np.zeros((1, 2), pixels), np.zeros(1, labels))
    with pytest.raises(InputError, match=r"float32 pixels and integer labels\. Received: "):
        Dataset("made-up", good, bad, good, 2, (1, 2), "generated", "")
    Dataset("made-up", good, good, good, 2, (1, 2), "generated", "")


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        ([[0.0, 1.5]], [0], "pixels from 0 to 1"),
        ([[0.0, -0.1]], [0], "pixels from 0 to 1"),
        ([[0.0, float("nan")]], [0], "pixels from 0 to 1"),
        ([[0.0, 1.0]], [2], "labels from 0 to 1"),
        ([[0.0, 1.0]], [-1], "labels from 0 to 1"),
        ([[0.0, 1.0, 0.5]], [0], "shape"),
        ([[0.0, 1.0]], [0, 1], "shape"),
    ],
)
def test_impossible_data_is_refused(x, y, message):
    """Pixels outside [0, 1] and labels outside the classes never get into a data set."""
    good = Split(np.zeros((1, 2), np.float32), np.zeros(1, np.int64))
    bad = Split(np.array(x, np.float32), np.array(y))
    with pytest.raises(InputError, match=message):
        Dataset("made-up", good, good, bad, 2, (1, 2), "generated", "")
