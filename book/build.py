"""Execute the notebooks and build the book: `python book/build.py`."""

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from tqdm import tqdm

from book.outside_requests import outside_requests

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
NOTEBOOKS = ROOT / "notebooks"
PAGES = BOOK / "_pages"
HTML = BOOK / "_build" / "html"
PARALLEL = 2
SCALE = "published"


class BuildError(Exception):
    """The book cannot be built; the message says why."""


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
    notebooks = sorted(NOTEBOOKS.glob("*.ipynb"))
    try:
        if options.stale_pages_only:
            execute_all([path for path in notebooks if _is_stale(path)])
            return 0
        shutil.rmtree(PAGES, ignore_errors=True)
        execute_all(notebooks)
        build_html()
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"The book is ready: {HTML / 'index.html'}")
    return 0


def execute_all(notebooks: list[Path]) -> None:
    """Execute notebooks into pages, two at a time.

    Args:
        notebooks: The source notebooks.

    Raises:
        BuildError: Any of them failed; names each one with its error.
    """
    PAGES.mkdir(parents=True, exist_ok=True)
    failures = []
    with ThreadPoolExecutor(PARALLEL) as pool:
        pages = [pool.submit(execute, path, PAGES / path.name) for path in notebooks]
        for page in tqdm(pages, desc="notebooks", unit="page", disable=not pages):
            if (error := page.exception()) is not None:
                failures.append(str(error))
    if failures:
        raise BuildError("\n".join(failures))


def execute(notebook: Path, page: Path) -> None:
    """Execute one notebook with papermill, at published scale where it has scales.

    The page shows the parameters as they were, in the cell that declares them, and not in a
    second cell below.

    Args:
        notebook: The source notebook; stays as it is.
        page: Where the executed copy goes. Nothing is there after a failure.

    Raises:
        BuildError: A cell raised or warned; the message names the notebook and the error.
    """
    source = nbformat.read(notebook, as_version=4)
    parameters = next((cell for cell in source.cells if _has_tag(cell, "parameters")), None)
    scaled = parameters is not None and "scale" in _assigned(parameters.source)
    unfinished = page.with_name(f".{page.stem}.unfinished.ipynb")
    command = [sys.executable, "-m", "papermill", notebook, unfinished, "--cwd", notebook.parent]
    command += ["--kernel", "python3", "--language", "python"]
    command += ["--no-progress-bar", "--log-level", "ERROR"]
    command += ["-p", "scale", SCALE] if scaled else []
    # The kernels run side by side: each gets its share of the cores.
    threads = str(max(1, (os.cpu_count() or 1) // PARALLEL))
    # Without oneDNN TensorFlow is slower, but has nothing to report on a page.
    environment = os.environ | {"OMP_NUM_THREADS": threads, "TF_ENABLE_ONEDNN_OPTS": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        unfinished.unlink(missing_ok=True)
        page.unlink(missing_ok=True)
        lines = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr).strip().splitlines()
        raise BuildError(f"{notebook.name}: {lines[-1] if lines else 'papermill failed'}")
    executed = nbformat.read(unfinished, as_version=4)
    if warning := _first_warning(executed):
        unfinished.unlink()
        page.unlink(missing_ok=True)
        raise BuildError(f"{notebook.name}: a cell warned: {warning}")
    if scaled:
        cells = executed.cells
        declared = next(cell for cell in cells if _has_tag(cell, "parameters"))
        declared.source = _with_value(declared.source, "scale", SCALE)
        executed.cells = [cell for cell in cells if not _has_tag(cell, "injected-parameters")]
    nbformat.write(executed, unfinished)
    unfinished.replace(page)


def build_html() -> None:
    """Build the HTML from nothing; a warning is an error, and so is an address outside.

    Raises:
        BuildError: Sphinx complained, or a page would load something from another host.
    """
    # Sphinx has no warning for a page that it does not read again.
    shutil.rmtree(BOOK / "_build", ignore_errors=True)
    command = [Path(sys.executable).with_name("jupyter-book"), "build", BOOK, "--quiet"]
    done = subprocess.run([*command, "--warningiserror", "--nitpick", "--keep-going"], cwd=ROOT)
    if done.returncode:
        raise BuildError("sphinx gave warnings or errors (above)")
    if outside := outside_requests(HTML):
        raise BuildError("\n".join(["the book must not load from other hosts:", *outside]))


def _is_stale(notebook: Path) -> bool:
    page = PAGES / notebook.name
    if not page.exists():
        return True
    sources = [notebook, *(ROOT / "replication").rglob("*.py"), *(ROOT / "data").rglob("*.*")]
    return page.stat().st_mtime < max(path.stat().st_mtime for path in sources)


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
