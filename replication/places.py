"""Where files lie: in a checkout of the repository, or where the package was installed.

Everything that is read (the paper's numbers, the verdicts) comes along with the package. What is
written belongs to whoever runs it: never into the folder of an installed package.
"""

import os
from pathlib import Path

from replication.errors import InputError

PACKAGE = Path(__file__).parent
RECORDS_VARIABLE = "REPLICATION_RECORDS"
"""Environment variable that names the folder of the records."""
_ROOT = PACKAGE.parent

IN_CHECKOUT = (_ROOT / "pyproject.toml").is_file() and (_ROOT / "data" / "paper").is_dir()
"""Whether the package runs from a checkout, which holds the records and the book as well."""
DATA = _ROOT / "data" if IN_CHECKOUT else PACKAGE / "shipped"
"""The paper's numbers, the committed verdicts and the small measurements."""


def records_folder() -> Path:
    """Return the folder of the records.

    The one that REPLICATION_RECORDS names, else `data/records` of a checkout, else `records` in the
    current folder.
    """
    named = os.environ.get(RECORDS_VARIABLE)
    if named:
        return Path(named).absolute()
    return DATA / "records" if IN_CHECKOUT else Path.cwd() / "records"


def root(what: str) -> Path:
    """Return the root of the checkout.

    Args:
        what: What is wanted of it, for the message.

    Raises:
        InputError: The package was installed, and there is no checkout.
    """
    if not IN_CHECKOUT:
        raise InputError(
            f"{what} needs a checkout of the repository, which holds the book and all records. "
            f"Received: a package that is installed in {PACKAGE}"
        )
    return _ROOT
