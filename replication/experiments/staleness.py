"""Whether the code behind a record has changed since."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What decides the numbers of a run. What only lists, collects, judges or shows runs does not.
BEHIND = (
    "replication/datasets",
    "replication/models",
    "replication/measures",
    "replication/experiments/run.py",
    "replication/experiments/batches.py",
    "replication/experiments/settings.py",
    "replication/experiments/support_vectors.py",
)


@functools.cache
def changed_since(commit: str) -> tuple[str, ...] | None:
    """List the files behind the runs whose code has changed since a commit.

    Comments, docstrings and layout do not count. Neither do files that were not there then: they
    can matter only through one that was.

    Args:
        commit: The commit that a record names.

    Returns:
        Paths relative to the repository; None where that cannot be told, as outside a git
        checkout or in one that lacks the commit.
    """
    try:
        names = _git(
            "diff", "--name-only", "--no-renames", "--diff-filter=MD", commit, "--", *BEHIND
        ).split()
        return tuple(
            name
            for name in names
            if not name.endswith("__init__.py")
            and _code(_git("show", f"{commit}:{name}")) != _now(name)
        )
    except (OSError, subprocess.CalledProcessError):
        return None


def _now(name: str) -> str | None:
    path = ROOT / name
    return _code(path.read_text()) if path.exists() else None


def _code(source: str) -> str:
    """The syntax tree of Python source as text, without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            value = body[0].value
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                del body[0]
    return ast.dump(tree)


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
