"""Execute the notebooks and build the book: `python book/build.py`."""

import argparse
import ast
import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import nbformat
from tqdm import tqdm

from book.built import built_line
from book.launch import COPIES, with_setup
from book.outside_requests import outside_requests
from book.repository import public_repository
from book.run_costs import run_costs
from book.tries import tries_table
from replication.engine.measurements import Measurements

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
NOTEBOOKS = ROOT / "notebooks"
PAGES = BOOK / "_pages"
HTML = BOOK / "_build" / "html"
PARALLEL = 2
SCALE = "published"
# What the status page includes.
RUN_TIMES = "run-times.txt"
TRIES = "tries.txt"
COSTS = "run-costs.txt"  # what the page on how to re-run includes
BUILT = "built.txt"  # what the first page includes


class BuildError(Exception):
    """The book cannot be built; the message says why."""


@dataclass(frozen=True)
class Page:
    """A page that is made from a notebook.

    Attributes:
        notebook: The source notebook.
        path: Where the executed copy goes.
    """

    notebook: Path
    path: Path


def page_of(notebook: Path) -> Page:
    """Give the page that a notebook becomes.

    Args:
        notebook: The source notebook.
    """
    return Page(notebook, PAGES / notebook.name)


def main(arguments: list[str] | None = None) -> int:
    """Build the book.

    Args:
        arguments: The command line; None takes the process's own.

    Returns:
        The exit status: 0, or 1 with the reason on standard error.
    """
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "--stale-pages-only",
        action="store_true",
        help="execute the notebooks that are newer than their pages, and build nothing",
    )
    options = parser.parse_args(arguments)
    pages = [page_of(path) for path in sorted(NOTEBOOKS.glob("*.ipynb"))]
    try:
        if options.stale_pages_only:
            execute_all([page for page in pages if _is_stale(page)])
            return 0
        shutil.rmtree(PAGES, ignore_errors=True)
        execute_all(pages)
        write_run_times(pages)
        (PAGES / TRIES).write_text(tries_table(Measurements("chaos")), "utf-8")
        (PAGES / COSTS).write_text(run_costs(), "utf-8")
        (PAGES / BUILT).write_text(built_line(ROOT) + "\n", "utf-8")
        build_html()
        if repository := public_repository(ROOT):
            write_launch_copies(pages, repository)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"The book is ready: {HTML / 'index.html'}")
    return 0


def execute_all(pages: Sequence[Page]) -> None:
    """Execute notebooks into pages, two at a time.

    Args:
        pages: The pages.

    Raises:
        BuildError: Any of them failed; names each one with its error.
    """
    PAGES.mkdir(parents=True, exist_ok=True)
    failures = []
    with ThreadPoolExecutor(PARALLEL) as pool:
        # What trains live takes longest, and would be waited for alone if it were last.
        first_live = sorted(pages, key=lambda page: _has_scales(nbformat.read(page.notebook, 4)))
        running = [pool.submit(execute, page) for page in first_live]
        for done in tqdm(running, desc="notebooks", unit="page", disable=not running):
            if (error := done.exception()) is not None:
                failures.append(str(error))
    if failures:
        raise BuildError("\n".join(failures))


def write_run_times(pages: Sequence[Page]) -> None:
    """Write the table of the status page: when each page was executed, and how long it took.

    Args:
        pages: The executed pages.
    """
    lines = ["| page | seconds | executed (UTC) |", "|---|---|---|"]
    for page in pages:
        ran = nbformat.read(page.path, as_version=4).metadata["papermill"]
        executed = ran["end_time"][:16].replace("T", " ")
        lines.append(f"| {{doc}}`/_pages/{page.path.stem}` | {ran['duration']:.0f} | {executed} |")
    packages = (
        "keras",
        "tensorflow-cpu",
        "tensorflow",
        "jax",
        "numpy",
        "jupyter-book",
        "papermill",
    )
    found = []
    for name in packages:
        with contextlib.suppress(metadata.PackageNotFoundError):
            found.append(f"{name} {metadata.version(name)}")
    lines += ["", f"Python {sys.version.split()[0]}, {', '.join(found)}."]
    (PAGES / RUN_TIMES).write_text("\n".join(lines) + "\n", "utf-8")


def execute(page: Page) -> None:
    """Execute one notebook with papermill, at published scale where it has scales.

    The page shows the parameters as they were, in the cell that declares them, and not in a
    second cell below.

    Args:
        page: What to make; its notebook stays as it is, and nothing is at its path after a failure.

    Raises:
        BuildError: A cell raised or warned; the message names the page and the error.
    """
    notebook, path = page.notebook, page.path
    source = nbformat.read(notebook, as_version=4)
    values = {"scale": SCALE} if _has_scales(source) else {}
    unfinished = path.with_name(f".{path.stem}.unfinished.ipynb")
    command = [sys.executable, "-m", "papermill", notebook, unfinished, "--cwd", notebook.parent]
    command += ["--kernel", "python3", "--language", "python"]
    command += ["--no-progress-bar", "--log-level", "ERROR"]
    command += [word for name, value in values.items() for word in ("-p", name, value)]
    # The kernels run side by side: each gets its share of the cores.
    threads = str(max(1, (os.cpu_count() or 1) // PARALLEL))
    # Without oneDNN TensorFlow is slower, but has nothing to report on a page.
    environment = os.environ | {"OMP_NUM_THREADS": threads, "TF_ENABLE_ONEDNN_OPTS": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        unfinished.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        lines = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr).strip().splitlines()
        raise BuildError(f"{path.name}: {lines[-1] if lines else 'papermill failed'}")
    executed = nbformat.read(unfinished, as_version=4)
    if warning := _first_warning(executed):
        unfinished.unlink()
        path.unlink(missing_ok=True)
        raise BuildError(f"{path.name}: a cell warned: {warning}")
    cells = [cell for cell in executed.cells if not _has_tag(cell, "injected-parameters")]
    for cell in cells:
        if _has_tag(cell, "parameters"):
            for name, value in values.items():
                cell.source = _with_value(cell.source, name, value)
    executed.cells = cells
    # papermill notes where the files lie on this machine; the book holds their sources.
    for name, file in (("input_path", notebook), ("output_path", path)):
        executed.metadata["papermill"][name] = f"{file.parent.name}/{file.name}"
    nbformat.write(executed, unfinished)
    unfinished.replace(path)


def build_html() -> None:
    """Build the HTML from nothing; a warning is an error, and so is an address outside.

    Raises:
        BuildError: Sphinx complained, a page would load something from another host, or a file
            names the folder that the book was built in.
    """
    # Sphinx has no warning for a page that it does not read again.
    shutil.rmtree(BOOK / "_build", ignore_errors=True)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", BOOK, "--quiet"]
    # The API reference imports the package; Keras on JAX has nothing to say when it is imported.
    environment = os.environ | {"KERAS_BACKEND": "jax"}
    command += ["--warningiserror", "--nitpick", "--keep-going"]
    done = subprocess.run(command, cwd=ROOT, env=environment)
    if done.returncode:
        raise BuildError("sphinx gave warnings or errors (above)")
    if outside := outside_requests(HTML):
        raise BuildError("\n".join(["the book must not load from other hosts:", *outside]))
    if ours := files_that_name(ROOT, HTML):
        raise BuildError("\n".join([f"the book must not name {ROOT}:", *map(str, ours)]))


def files_that_name(place: Path, folder: Path) -> list[Path]:
    """List the files of a folder in which the path of a place stands.

    Args:
        place: The place.
        folder: The folder, searched with all that is below.
    """
    path = os.fsencode(place)
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return [file for file in files if path in file.read_bytes()]


def write_launch_copies(pages: Sequence[Page], repository: str) -> None:
    """Write what the Colab buttons open: each page's notebook at proof scale, not executed.

    Args:
        pages: The pages.
        repository: "OWNER/NAME" on GitHub.
    """
    folder = HTML / COPIES
    folder.mkdir(parents=True, exist_ok=True)
    for page in pages:
        notebook = nbformat.read(page.notebook, as_version=4)
        nbformat.write(with_setup(notebook, repository), folder / page.path.name)


def _is_stale(page: Page) -> bool:
    if not page.path.exists():
        return True
    sources = [page.notebook, *(ROOT / "replication").rglob("*.py"), *(ROOT / "data").rglob("*.*")]
    return page.path.stat().st_mtime < max(path.stat().st_mtime for path in sources)


def _has_scales(notebook: nbformat.NotebookNode) -> bool:
    """Whether it reads records at published scale; the others train live."""
    cells = (cell for cell in notebook.cells if _has_tag(cell, "parameters"))
    return any("scale" in _assigned(cell.source) for cell in cells)


def _has_tag(cell: nbformat.NotebookNode, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _first_warning(executed: nbformat.NotebookNode) -> str | None:
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    errors = "".join(output.text for output in outputs if output.get("name") == "stderr")
    # tqdm misses widgets, which a static page could not show.
    found = re.search(r"\b(?!TqdmWarning)\w*Warning: .*", errors)
    return found and found[0]


def _assigned(source: str) -> dict[str, ast.expr]:
    """The values in a cell of parameters, by name."""
    return {
        target.id: node.value
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _with_value(source: str, name: str, value: str) -> str:
    """The cell with another value for one name, all else (comments too) as it was."""
    old = _assigned(source)[name]
    lines = source.splitlines(keepends=True)
    # The parser counts columns in bytes of UTF-8.
    start = sum(len(line.encode()) for line in lines[: old.lineno - 1]) + old.col_offset
    end = sum(len(line.encode()) for line in lines[: old.end_lineno - 1]) + old.end_col_offset
    text = source.encode()
    return (text[:start] + f'"{value}"'.encode() + text[end:]).decode()


if __name__ == "__main__":
    sys.exit(main())
