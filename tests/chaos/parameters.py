"""Parameters of notebooks that are wrong: each is refused before anything is read or trained."""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat

from replication.errors import InputError
from tests.chaos.tally import HangError, Tally, deadline

_NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
_SECONDS = 30
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
    tally.tries += 1
    injected = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    namespace: dict[str, Any] = {"In": ["", declared, injected, guard]}
    try:
        with contextlib.redirect_stderr(io.StringIO()), deadline(_SECONDS):
            for cell in (declared, injected, guard):
                exec(cell, namespace)
    except HangError:
        tally.add("hangs", what)
    except InputError as error:
        if "\n" in str(error) or len(str(error)) > 400:
            tally.add("tracebacks", f"{what}: {len(str(error))} characters")
    except BaseException as error:
        tally.add("tracebacks", f"{what}: {error!r}")
    else:
        tally.add("damaged", f"{what} was taken")
