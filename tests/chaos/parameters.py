"""Parameters of notebooks that are wrong: each is refused before anything is read or trained."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from tests.chaos.tally import Tally

_NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_SECONDS = 30
_LONGEST = 400  # characters of a sentence
_WRONG: tuple[Any, ...] = ("x'); import os #", {"a": 1}, True, ("mnist",))
_UNKNOWN = ("sclae", "datasets_", "_private", "os", "check_parameters", "print")


def tries() -> Tally:
    """Try wrong values of every parameter, and names that no notebook has."""
    tally = Tally()
    for path in sorted(_NOTEBOOKS.glob("*.ipynb")):
        declared, guard = _cells(path)
        if declared is None or guard is None:
            continue
        for name, value in _wrong(declared):
            _try(f"{path.stem}: {name}={value!r}", declared, guard, {name: value}, tally)
    return tally


def _cells(path: Path) -> tuple[str | None, str | None]:
    """The cell of parameters, and the next one of code, which looks at them."""
    code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    for place, cell in enumerate(code[:-1]):
        if "parameters" in cell.metadata.get("tags", []):
            return cell.source, code[place + 1].source
    return None, None


def _wrong(declared: str) -> Iterator[tuple[str, Any]]:
    names: dict[str, Any] = {}
    exec(declared, names)
    for name in names:
        if not name.startswith("__"):
            for value in _WRONG:
                yield name, value
    for name in _UNKNOWN:
        yield name, 1


def _try(what: str, declared: str, guard: str, values: dict[str, Any], tally: Tally) -> None:
    injected = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    cells = (declared, injected, guard)
    namespace: dict[str, Any] = {"In": ["", *cells]}

    def run() -> None:
        with contextlib.redirect_stderr(io.StringIO()):
            for cell in cells:
                exec(cell, namespace)

    sentence = tally.refusal(what, run, _SECONDS)
    if sentence is not None and len(sentence) > _LONGEST:
        tally.add("tracebacks", f"{what}: {len(sentence)} characters")
