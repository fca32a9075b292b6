"""What a loader declares of each of its data sets."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

from replication.datasets.dataset import Dataset
from replication.datasets.files import File, cached


@dataclasses.dataclass(frozen=True)
class Source:
    """A data set of the catalogue.

    Attributes:
        name: Its name on the command line and in records.
        label: Its name in tables and figures.
        load: Loads it when called without arguments. Options of the loader may follow by keyword.
        files: Groups of files that it needs; one file of each group is enough. Empty for a set
            that needs no files.
    """

    name: str
    label: str
    load: Callable[..., Dataset]
    files: tuple[tuple[File, ...], ...] = ()

    def available(self, cache: Path | None = None) -> bool:
        """Say whether `load()` needs no network (damaged files are found only when loading).

        Args:
            cache: Folder for downloads; None takes the user's cache folder.
        """
        return all(cached(group, cache) for group in self.files)
