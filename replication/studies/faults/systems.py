"""Public contractive auto-encoders that were read for this book, and what is wrong with each."""

import csv
import dataclasses
from pathlib import Path

from replication.checks import check_choice
from replication.errors import InputError
from replication.places import DATA
from replication.studies.faults.small_nets import FAULTS

FILE = DATA / "systems.csv"
CHECKED = ("computed", "read")


@dataclasses.dataclass(frozen=True)
class System:
    """A public implementation of the contractive auto-encoder, as it was when it was read.

    Attributes:
        name: What it is called.
        address: Where it is.
        file: The file with the penalty, below the address; empty for a page.
        faults: Keys of its faults; none where it is right.
        formerly: The fault that it once had.
        checked: "computed", if its formula was restated and compared with an independent Jacobian
            or with central differences; "read", if the code alone was looked at.
        remark: What else there is to say; may be empty.
    """

    name: str
    address: str
    file: str
    faults: tuple[str, ...]
    formerly: str
    checked: str
    remark: str

    @property
    def link(self) -> str:
        """Address of the code itself."""
        return f"{self.address}/blob/HEAD/{self.file}" if self.file else self.address


def read_systems(path: Path = FILE) -> list[System]:
    """Read the implementations.

    Args:
        path: The table.

    Raises:
        InputError: A row names a fault or a way to check that does not exist, or lacks a column.
    """
    found = []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            try:
                faults = tuple(filter(None, row.pop("faults").split(";")))
                system = System(faults=faults, **row)
            except (KeyError, TypeError, AttributeError) as error:
                raise InputError(f"{path.name} is damaged: {error}. Received: {row}") from error
            for fault in (*system.faults, *filter(None, (system.formerly,))):
                check_choice(f"a fault of {system.name}", fault, tuple(FAULTS))
            check_choice(f"how {system.name} was checked", system.checked, CHECKED)
            found.append(system)
    return found
