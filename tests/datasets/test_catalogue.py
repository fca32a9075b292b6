"""The catalogue: names, labels, and what each loader declares."""

import pytest

from replication.datasets import available, label, load, names
from replication.datasets.archives import ARCHIVES
from replication.datasets.remade import SIZES
from replication.datasets.variants import VARIANTS
from replication.errors import InputError
from replication.paper import DATASET_LABELS


def test_names_in_their_order():
    """The originals first, then the remade sets and their variants, then the small sets."""
    assert names() == (
        *("mnist", "fashion-mnist", "cifar-bw"),
        *(archive.name for archive in ARCHIVES),
        *SIZES,
        *VARIANTS,
        *("digits", "generated-rectangles"),
    )


@pytest.mark.parametrize("name", DATASET_LABELS)
def test_labels_are_those_of_the_paper(name):
    """The paper's nine sets have its names; the originals of the remade sets say so."""
    assert label(name) == DATASET_LABELS[name]
    if name in SIZES:
        assert label(f"{name}-original") == f"{DATASET_LABELS[name]}, original"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("convex", "convex"),
        ("convex-original", "convex, original"),
        ("fashion-mnist", "Fashion-MNIST"),
        ("digits", "the embedded 8x8 digits"),
        ("generated-rectangles", "generated rectangles"),
        ("rot:interpolation=nearest", "rot, interpolation nearest"),
        ("bg-img:minimum_deviation=0.2", "bg-img, minimum deviation 0.2"),
        ("rectangles-image:rectangle_areas=0.1-0.9", "rect-img, rectangle areas 0.1-0.9"),
    ],
)
def test_labels_of_the_other_sets(name, expected):
    """Our additions, and variants."""
    assert label(name) == expected


def test_labels_differ():
    """No two sets have the same label."""
    assert len({label(name) for name in names()}) == len(names())


@pytest.mark.parametrize("function", [load, available, label])
def test_unknown_name(function):
    """An unknown data set is refused with the list of the known ones."""
    with pytest.raises(InputError, match="dataset must be one of mnist, fashion-mnist.*'minst'"):
        function("minst")
