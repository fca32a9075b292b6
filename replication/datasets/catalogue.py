"""All data sets by name."""

from collections.abc import Mapping

from replication.checks import check_choice
from replication.datasets import archives, cifar, digits, idx, rectangles, remade, variants
from replication.datasets.dataset import Dataset
from replication.datasets.source import Source

# In the order in which `names()` lists them; a new loader is added here.
_LOADERS = (
    idx,
    cifar,
    archives,
    remade,
    variants,
    digits,
    rectangles,
)
_CATALOGUE: Mapping[str, Source] = {
    source.name: source for loader in _LOADERS for source in loader.SOURCES
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
    return _source(name).load()


def available(name: str) -> bool:
    """Say whether `load(name)` needs no network (damaged files are found only when loading).

    Args:
        name: One of `names()`.

    Raises:
        InputError: The name is unknown.
    """
    return _source(name).available()


def label(name: str) -> str:
    """Return the name of a data set in tables and figures, such as "CIFAR-bw" for "cifar-bw".

    Args:
        name: One of `names()`.

    Raises:
        InputError: The name is unknown.
    """
    return _source(name).label


def _source(name: str) -> Source:
    return _CATALOGUE[check_choice("dataset", name, names())]
