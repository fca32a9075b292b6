"""Records and data files that are damaged: each is named and refused."""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from replication.datasets.files import VARIABLE, File, original
from replication.engine import records
from tests.chaos.tally import Tally
from tests.engine.whole_record import RESULTS, whole_record

_SECONDS = 10
_WRONG = ("x", True, -1, float("nan"), float("inf"), [[]], {"a": 1})
_WRONG_SETTINGS: tuple[tuple[str, Any], ...] = (
    ("seed", -1),
    ("seed", "0"),
    ("units", 30),
    ("units", []),
    ("units", [31]),
    ("model", "vae"),
    ("model", ["cae"]),
    ("dataset", None),
    ("contraction", "much"),
    ("surplus", 1),
)
_CONTENT = bytes(range(256)) * 4
_FILE = File("mnist/file", hashlib.sha256(_CONTENT).hexdigest())


def tries() -> Tally:
    """Damage a record, and a file of data, in every way; nobody may take it for whole."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        path = records.write(whole_record(), Path(folder))
        whole = path.read_bytes()
        for name, damage in (*_records(whole), *_files(whole)):
            _put(path, damage)
            _refused(f"record, {name}", lambda: records.read(path), path, tally)
        data = Path(folder) / _FILE.name
        data.parent.mkdir()
        before = os.environ.get(VARIABLE)
        os.environ[VARIABLE] = folder
        try:
            for name, damage in _files(_CONTENT):
                _put(data, damage)
                _refused(f"data, {name}", lambda: original([_FILE]), data, tally)
        finally:
            os.environ.pop(VARIABLE)
            if before is not None:
                os.environ[VARIABLE] = before
    return tally


def _records(whole: bytes) -> Iterator[tuple[str, bytes]]:
    """Records of another content, and what is wrong with them."""
    for name in RESULTS:
        for value in _WRONG:
            content = json.loads(whole)
            content["results"][name] = value
            yield f"{name}={value!r}", json.dumps(content).encode()
    for name, value in _WRONG_SETTINGS:
        content = json.loads(whole)
        content["settings"][name] = value
        yield f"settings with {name}={value!r}", json.dumps(content).encode()
    for name in records.PARTS:
        content = json.loads(whole)
        del content[name]
        yield f"without {name}", json.dumps(content).encode()
    yield "nested without end", b"[" * 100_000


def _files(whole: bytes) -> Iterator[tuple[str, bytes | Callable[[Path], None]]]:
    """Files that are cut off, changed or none."""
    for tenth in range(10):
        yield f"cut off after {tenth} tenths", whole[: len(whole) * tenth // 10]
    yield "one bit", bytes([whole[0] ^ 1]) + whole[1:]
    yield "another text", b"<html>log in first</html>"
    yield "a directory", Path.mkdir
    yield "a pipe", os.mkfifo
    yield "a link to itself", lambda path: path.symlink_to(path)
    yield "a link to nothing", lambda path: path.symlink_to(path.with_name("nothing"))


def _put(path: Path, damage: bytes | Callable[[Path], Any]) -> None:
    if path.is_dir() and not path.is_symlink():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)
    if callable(damage):
        damage(path)
    else:
        path.write_bytes(damage)


def _refused(what: str, read: Callable[[], object], path: Path, tally: Tally) -> None:
    sentence = tally.refusal(what, read, _SECONDS)
    if sentence is not None and path.name not in sentence:
        tally.add("tracebacks", f"{what}: {sentence!r} does not name the file")
