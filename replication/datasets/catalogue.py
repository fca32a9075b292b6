"""All data sets by name."""

from collections.abc import Callable
from functools import partial

from replication.checks import check_choice
from replication.datasets import benchmark, cifar, idx, larochelle, photographs
from replication.datasets.dataset import Dataset
from replication.datasets.digits import load_digits
from replication.datasets.files import cached
from replication.datasets.rectangles import load_generated_rectangles
from replication.datasets.variants import VARIANTS, load_variant

_MNIST = [[f"mnist/{f}"] for f in idx.FILES]
_PHOTOGRAPHS = [[photographs.QUICK, file] for file in photographs.FILES]
_MADE_FROM = {
    "basic": (_MNIST,),
    "rot": (_MNIST,),
    "bg-rand": (_MNIST,),
    "bg-img": (_MNIST, _PHOTOGRAPHS),
    "bg-img-rot": (_MNIST, _PHOTOGRAPHS),
    "rectangles-image": (_PHOTOGRAPHS,),
    "convex": (),
}

# Name -> (loader, groups of files it needs; any one of a group will do).
_CATALOGUE: dict[str, tuple[Callable[[], Dataset], list[list[str]]]] = {
    "mnist": (lambda: idx.load_idx("mnist"), _MNIST),
    "fashion-mnist": (
        lambda: idx.load_idx("fashion-mnist"),
        [[f"fashion-mnist/{f}"] for f in idx.FILES],
    ),
    "cifar-bw": (cifar.load_cifar, [list(cifar.FILES)]),
    **{
        name: (partial(larochelle.load_original, name), [larochelle.files_of(name)])
        for name in larochelle.ARCHIVES
    },
    **{
        name: (partial(benchmark.generate, name), [group for kind in kinds for group in kind])
        for name, kinds in _MADE_FROM.items()
    },
    **{
        name: (
            partial(load_variant, name),
            [group for kind in _MADE_FROM[variant.dataset] for group in kind],
        )
        for name, variant in VARIANTS.items()
    },
    "digits": (load_digits, []),
    "generated-rectangles": (load_generated_rectangles, []),
}


def names() -> tuple[str, ...]:
    """Return the names of all data sets."""
    return tuple(_CATALOGUE)


def load(name: str) -> Dataset:
    """Load a data set.

    Args:
        name: One of `names()`.

    Raises:
        InputError: The name is unknown, or a file is missing, damaged or cannot be downloaded.
    """
    check_choice("dataset", name, names())
    return _CATALOGUE[name][0]()


def available(name: str) -> bool:
    """Say whether `load(name)` needs no network (damaged files are found only when loading)."""
    check_choice("dataset", name, names())
    return all(cached(group) for group in _CATALOGUE[name][1])
