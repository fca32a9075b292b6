"""The plan of the house: imports go one way, and everything has a size that can be read."""

import ast
import importlib
import itertools
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "replication"
# In this order; those of one tuple stand side by side. A room may import itself and what is before.
ORDER = (
    ("errors",),
    ("alone", "checks", "places", "whole", "transcripts"),
    ("paper", "kinds"),
    ("successor",),
    ("datasets", "models"),
    ("measures",),
    ("engine",),
    ("verdicts",),
    ("presentation",),
    ("studies",),
    ("summary",),
    ("cli",),
    ("__main__",),
)
OUTSIDE = ("notebooks", "__init__")  # import `errors` at most

# The modules of `studies` that are no study.
GENERAL = (
    "study",
    "abstract_search",
    "search",
    "random_search",
    "list_rounds",
    "list_search",
    "space",
    "tier",
    "trials",
    "best_of",
    "selection",
    "stage",
    "collect",
    "finding",
)
CATALOGUE = "catalogue"  # alone knows all studies

LONGEST_MODULE, LONGEST_FUNCTION, LARGEST_ROOM = 300, 50, 20
FILES = sorted(PACKAGE.rglob("*.py"))
# Study -> the other studies that it says it builds on.
BUILDS_ON = {
    folder.name: importlib.import_module(f"replication.studies.{folder.name}").BUILDS_ON
    for folder in sorted((PACKAGE / "studies").iterdir())
    if (folder / "__init__.py").exists()
}


def parts(path):
    """The dotted name of a file below the package, in parts."""
    return path.relative_to(PACKAGE).with_suffix("").parts


def imports(path):
    """Names of the package's modules that a file imports, wherever in it, in parts.

    Of `from replication.a import b` both `a` and `a.b` may be meant; it yields ("a", "b").
    """
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            for alias in node.names:
                whole = (*(node.module or "").split("."), alias.name)
                if whole[0] == "replication":
                    yield whole[1:]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "replication":
                    yield tuple(alias.name.split(".")[1:])


def before(room):
    """The rooms that a room may import beside itself."""
    earlier = itertools.takewhile(lambda rooms: room not in rooms, ORDER)
    return {name for rooms in earlier for name in rooms}


def files_of(room):
    """The files of a room, which may be one module."""
    return [path for path in FILES if parts(path)[0] == room]


def test_every_room_has_its_place():
    """A new one has to be put into the order."""
    known = {room for rooms in ORDER for room in rooms} | set(OUTSIDE)
    assert {parts(path)[0] for path in FILES} == known


@pytest.mark.parametrize("room", [room for rooms in ORDER for room in rooms])
def test_imports_point_one_way(room):
    """A room imports itself and the rooms before it."""
    for path in files_of(room):
        for imported in imports(path):
            assert imported[0] in {room} | before(room), f"{path} imports {'.'.join(imported)}"


@pytest.mark.parametrize("room", OUTSIDE)
def test_what_stands_outside_imports_next_to_nothing(room):
    """The guard of the notebooks has to work before anything else does."""
    for path in files_of(room):
        assert {imported[0] for imported in imports(path)} <= {"errors"}


def test_every_study_says_what_it_builds_on():
    """A new folder is a new line above, and no study builds on itself by a detour."""
    folders = {path.name for path in (PACKAGE / "studies").iterdir() if (path / "page.py").exists()}
    folders |= {parts(path)[1] for path in files_of("studies") if len(parts(path)) > 2}
    assert folders == set(BUILDS_ON)
    modules = {parts(path)[1] for path in files_of("studies") if len(parts(path)) == 2}
    assert modules == {*GENERAL, CATALOGUE, "__init__"}

    def reached(study):
        return {other for one in BUILDS_ON[study] for other in (one, *reached(one))}

    assert all(study not in reached(study) for study in BUILDS_ON)


@pytest.mark.parametrize("study", BUILDS_ON)
def test_a_study_imports_what_it_builds_on(study):
    """Itself, what is no study, and what it names; all of that, or it does not build on it."""
    others = set()
    for path in files_of("studies"):
        if parts(path)[1] != study:
            continue
        for imported in imports(path):
            if imported[0] == "studies" and imported[1] not in (study, *GENERAL):
                assert imported[1] in BUILDS_ON[study], f"{path} imports {'.'.join(imported)}"
                others.add(imported[1])
    assert others == set(BUILDS_ON[study])


def test_what_is_no_study_knows_none():
    """The general modules serve any study; the catalogue alone names them."""
    for path in files_of("studies"):
        if parts(path)[1] in (*GENERAL, "__init__"):
            for imported in imports(path):
                assert imported[0] != "studies" or imported[1] in GENERAL, path


def test_a_page_is_imported_by_no_module():
    """Pages are for notebooks; what plans, judges or sums up needs none."""
    pages = {parts(path) for path in FILES if "page" in parts(path)[-1]}
    assert len(pages) >= len(BUILDS_ON)
    for path in FILES:
        for imported in imports(path):
            target = next((page for page in pages if page in (imported, imported[:-1])), None)
            if target is not None:
                assert "page" in parts(path)[-1], f"{path} imports {'.'.join(imported)}"
                assert target[:-1] == parts(path)[:-1], f"{path} imports {'.'.join(imported)}"


# What a page at published scale needs, and what only reads: all but what computes with Keras.
COMPUTING = ("models", "measures")
TRAINING = ("batches", "train", "measure")  # of the engine
IMPORT_ALL = """
import importlib, sys

for name in sys.argv[1:]:
    importlib.import_module(name)
    found = {"keras", "tensorflow", "jax", "torch"} & set(sys.modules)
    assert not found, f"{name} imports {', '.join(found)}"
"""


def test_reading_results_needs_no_accelerator_stack():
    """Whole rooms load neither Keras nor any of its backends when they are imported."""
    names = [
        ".".join(("replication", *(part for part in parts(path) if part != "__init__")))
        for path in FILES
        if parts(path)[0] not in (*COMPUTING, "__main__")
        and parts(path) not in [("engine", name) for name in TRAINING]
        and parts(path)[:3] != ("engine", "execute", "batched")
    ]
    assert len(names) > 80
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL, *names],
        check=False,
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr.splitlines()[-1]


def says_why(lines, line):
    """Whether the comment above a line says why what follows is long."""
    above = itertools.takewhile(
        lambda text: text.lstrip().startswith(("#", "@")), reversed(lines[: line - 1])
    )
    return any("long because" in text.lower() for text in above)


def length(node):
    """Lines of a function, without its docstring."""
    first = node.body[0]
    docstring = ast.get_docstring(node, clean=False)
    without = 0 if docstring is None else first.end_lineno - first.lineno + 1
    return node.end_lineno - node.lineno + 1 - without


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(parts(path)))
def test_what_is_long_says_why(path):
    """A module of more than 300 lines, or a function of more than 50."""
    lines = path.read_text().splitlines()
    first = next((n for n, text in enumerate(lines, 1) if not text.startswith("#")), 1)
    assert len(lines) <= LONGEST_MODULE or says_why(lines, first), f"{len(lines)} lines"
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert length(node) <= LONGEST_FUNCTION or says_why(lines, node.lineno), node.name


def test_a_room_can_be_overlooked():
    """At most 20 files in one folder."""
    for folder in {path.parent for path in FILES}:
        assert len(list(folder.glob("*.py"))) <= LARGEST_ROOM, folder


@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(parts(path)))
def test_every_public_thing_has_a_docstring(path):
    """Modules, public classes and public functions say what they do."""
    tree = ast.parse(path.read_text())
    missing = [] if ast.get_docstring(tree) else [path.name]

    def look(node, public):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                shown = public and not child.name.startswith("_")
                if shown and not ast.get_docstring(child):
                    missing.append(child.name)
                # What is defined within a function is nobody else's.
                look(child, shown and isinstance(child, ast.ClassDef))
            else:
                look(child, public)

    look(tree, True)
    assert missing == []
