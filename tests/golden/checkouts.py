"""Checkouts of the repository, each with its own code and its own executed pages."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.golden.differences import CompareError


@contextmanager
def temporary_clone(repository: Path, commit: str) -> Iterator[Path]:
    """Clone a repository at a commit; the clone is deleted afterwards.

    Args:
        repository: A checkout of it, which stays as it is.
        commit: Any name of the commit.

    Yields:
        The clone.

    Raises:
        CompareError: There is no such commit.
    """
    try:
        name = _git(repository, "rev-parse", "--verify", f"{commit}^{{commit}}").strip()
    except CompareError:
        raise CompareError(f"{repository} has no commit {commit}") from None
    with tempfile.TemporaryDirectory(prefix="golden-") as parent:
        clone = Path(parent).resolve() / "before"
        _git(repository, "clone", "--quiet", "--shared", "--no-checkout", repository, clone)
        _git(clone, "checkout", "--quiet", "--detach", name)
        yield clone


def execute_pages(folder: Path, reuse: bool) -> None:
    """Execute the pages of a checkout with its own code.

    Args:
        folder: The checkout.
        reuse: Take the pages that are there, if any; else those that are not newer than the code
            are executed again.

    Raises:
        CompareError: This is no checkout, another's code would be imported, or a page failed.
    """
    if not (folder / "book").is_dir():
        raise CompareError(f"{folder} is no checkout of the book")
    origin = "from importlib.util import find_spec; print(find_spec('replication').origin)"
    # -P as in a kernel: the checkout is not the folder that it starts in.
    found = Path(output_of(folder, "-P", "-c", origin).strip()).resolve()
    if found.parent != (folder / "replication").resolve():
        raise CompareError(f"the pages of {folder} would import {found.parent}")
    if reuse and pages_of(folder):
        return
    command = [sys.executable, "book/build.py", "--stale-pages-only"]
    # The progress of minutes of work belongs on the screen, but not in the report.
    for _ in range(2):  # a kernel may die as it starts; the pages that are done stay
        done = subprocess.run(command, cwd=folder, env=_environment(folder), stdout=sys.stderr)
        if not done.returncode:
            return
    raise CompareError(f"book/build.py failed in {folder}, with the message above")


def pages_of(folder: Path) -> dict[str, Path]:
    """The executed pages of a checkout, by name.

    Args:
        folder: The checkout.
    """
    return {path.stem: path for path in sorted((folder / "book" / "_pages").glob("[!.]*.ipynb"))}


def older_than_code(folder: Path) -> list[str]:
    """The pages that the code and data of a checkout may have outdated.

    Args:
        folder: The checkout.
    """
    sources = [
        *(folder / "notebooks").glob("*.ipynb"),
        *(folder / "replication").rglob("*.py"),
        *(folder / "data").rglob("*.*"),
    ]
    newest = max((path.stat().st_mtime for path in sources), default=0)
    return [name for name, path in pages_of(folder).items() if path.stat().st_mtime < newest]


def output_of(folder: Path, *arguments: str) -> str:
    """What Python prints that runs in a checkout, with its code.

    Args:
        folder: The checkout.
        arguments: Python's command line.

    Raises:
        CompareError: It failed; repeats the last line of its complaint.
    """
    return _printed([sys.executable, *arguments], folder, " ".join(arguments[-4:]))


def _git(folder: Path, *arguments: str | Path) -> str:
    return _printed(["git", *map(str, arguments)], folder, f"git {arguments[0]}")


def _printed(command: list[str], folder: Path, name: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=_environment(folder), capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise CompareError(f"{name} failed in {folder}: {reason}")
    return done.stdout


def _environment(folder: Path) -> dict[str, str]:
    """This process's variables, but for the place of the code."""
    return os.environ | {"PYTHONPATH": str(folder)}
