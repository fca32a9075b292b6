"""Files of small measurements: one entry for each thing measured, such as a data set."""

import dataclasses
import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from replication.alone import alone_in
from replication.errors import InputError
from replication.places import DATA, root
from replication.whole import write_whole

FOLDER = DATA


@dataclasses.dataclass(frozen=True)
class Measurements:
    """A file of measurements, and what each entry has to hold.

    Attributes:
        name: Name of the file below the folder, without `.json`; also that of the verb that
            writes it.
        needs: What every entry holds.
        runs: Where entries hold `runs`: entry -> what each of its runs holds beside its seed.
        folder: Folder of the file; None is the repository's own.
    """

    name: str
    needs: Collection[str] = ()
    runs: Mapping[str, Collection[str]] = dataclasses.field(default_factory=dict)
    folder: Path | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return (self.folder or FOLDER) / f"{self.name}.json"

    @property
    def source(self) -> str:
        """The file as pages and verdicts name it."""
        return f"data/{self.name}.json"

    def read(self) -> dict[str, dict[str, Any]]:
        """Read all entries; none if there is no such file.

        Raises:
            InputError: The file is damaged.
        """
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise InputError(f"{self.path} is damaged: {error}") from None
        if not isinstance(content, dict) or not all(isinstance(v, dict) for v in content.values()):
            raise InputError(f"{self.path} is damaged: it holds no table of entries")
        for name, entry in content.items():
            if self._lacks(name, entry):
                raise InputError(f"{self.path} is damaged: {name} lacks a number or its provenance")
        return content

    def get(self, name: str) -> dict[str, Any] | None:
        """Read one entry; None if there is none.

        Args:
            name: Key of the entry.

        Raises:
            InputError: The file is damaged.
        """
        return self.read().get(name)

    def write(self, name: str, entry: Mapping[str, Any]) -> None:
        """Put one entry in the place of an earlier one of that name; all at once or not at all.

        Args:
            name: Key of the entry.
            entry: Plain JSON values.

        Raises:
            InputError: The file is damaged, and stays as it is, or there is no checkout.
        """
        self.check_writable()
        with alone_in(self.path.parent):
            content = dict(sorted({**self.read(), name: dict(entry)}.items()))
            write_whole(self.path, json.dumps(content, indent=1) + "\n")

    def check_writable(self) -> None:
        """Raise where an entry could not be written, before it is measured.

        Raises:
            InputError: The file is damaged, or there is no checkout.
        """
        if self.folder is None:
            root(f"to write {self.source}")
        self.read()

    def _lacks(self, name: str, entry: Mapping[str, Any]) -> bool:
        if set(self.needs) - set(entry):
            return True
        wanted = self.runs.get(name)
        if wanted is None:
            return False
        return "runs" not in entry or any({"seed", *wanted} - set(run) for run in entry["runs"])
