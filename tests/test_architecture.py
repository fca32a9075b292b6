"""Imports between the rooms of the house go one way only."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "replication"
LEAVES = {"errors", "checks"}  # anyone may import these
MAY_IMPORT = {
    "errors": set(),
    "checks": set(),
    "paper": set(),
    "datasets": set(),
    "models": set(),
    "measures": {"models"},
    "experiments": {"datasets", "models", "measures"},
    "verdicts": {"paper", "experiments"},
    "presentation": {"paper", "experiments", "verdicts"},
    "notebooks": set(),
}


def imports(path):
    """Names of the package's rooms that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "replication":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("replication."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("replication."):
                    yield alias.name.split(".")[1]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_imports_point_one_way(room):
    """A room imports itself, the leaves, and the rooms before it."""
    folder = PACKAGE / room
    files = folder.rglob("*.py") if folder.is_dir() else [PACKAGE / f"{room}.py"]
    for path in files:
        for imported in imports(path):
            assert imported in {room} | LEAVES | MAY_IMPORT[room], f"{path} imports {imported}"


@pytest.mark.parametrize(
    "module",
    [
        "replication.paper",
        "replication.datasets",
        "replication.engine.records",
        "replication.presentation.comparison",
        "replication.presentation.curves",
        "replication.studies.collect",
        "replication.studies.stages",
        "replication.studies.table1.claims",
        "replication.cli",
    ],
)
def test_reading_results_needs_no_accelerator_stack(module):
    """Paper, records, verdicts and presentation load neither Keras nor TensorFlow."""
    code = (
        f"import sys, {module}; sys.exit(bool({{'keras', 'tensorflow', 'jax'}} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, cwd=PACKAGE.parent).returncode
        == 0
    )


def test_every_public_thing_has_a_docstring():
    """Modules, public classes and public functions say what they do."""
    missing = []
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text())
        if not ast.get_docstring(tree):
            missing.append(path.name)
        for node in ast.walk(tree):
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and not node.name.startswith("_"):
                nested = any(
                    node in ast.walk(other)
                    for other in ast.walk(tree)
                    if isinstance(other, ast.FunctionDef) and other is not node
                )
                private = any(
                    isinstance(c, ast.ClassDef) and c.name.startswith("_") and node in c.body
                    for c in ast.walk(tree)
                )
                if not ast.get_docstring(node) and not nested and not private:
                    missing.append(f"{path.name}:{node.name}")
    assert not missing
