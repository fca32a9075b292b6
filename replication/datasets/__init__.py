"""Data sets: `load(name)` gives train, validation and test parts with pixels in [0, 1]."""

from replication.datasets.catalogue import available, label, load, names
from replication.datasets.dataset import Dataset, Split

__all__ = ["Dataset", "Split", "available", "label", "load", "names"]
