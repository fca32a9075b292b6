"""Command lines that are wrong: each is answered by one sentence and status 2."""

import contextlib
import dataclasses
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

from replication.cli import main
from replication.engine import records
from replication.engine.settings import Settings
from replication.kinds import KINDS
from tests.chaos.tally import HangError, Tally, deadline

_SECONDS = 30
_NUMBERS = ("-1", "nan", "x", "", "1e999", "9" * 40)
_NAMES = ("", "..", "a/b", "x" * 300, "Größe", "\udcff", "--", "0", "a b", "; ls")
# Whatever their arguments are called, none of the names above is one of them.
_NAMED = (
    ("records", "--experiment"),
    ("verify", "--experiment"),
    ("run", "--dataset", "digits", "--model", "cae", "--experiment"),
    ("run", "--dataset", "digits", "--model"),
    ("run", "--model", "cae", "--dataset"),
    ("run", "--dataset", "digits", "--model", "cae", "--backend"),
    ("sweep", "table1", "--dry-run", "--dataset"),
    ("sweep", "--dry-run"),
    ("sweep", "table1", "--batched"),
    ("data",),
    ("filters",),
    ("verdicts",),
)
_MEANT = {
    ("verdicts", "--"),
    ("run", "--dataset", "digits", "--model", "cae", "--experiment", "0"),
}
_OTHERS = (
    "",
    "dance",
    "run",
    "sweep",
    "run run",
    "records records",
    "records --format xml",
    "verdicts 0",
    "verdicts 22",
    "verdicts --format yaml",
    "sweep table1 --seeds 0",
    "sweep table1 --seeds 1.5",
    "sweep table1 --seeds 1000000000",
    "sweep table1 --workers 0",
    "sweep table1 --workers -3",
    "sweep table1 --batched 0",
    "sweep table1 --batched 2 --workers 2",
    "sweep table1 --scheduler nowhere",
    "sweep table1 --scheduler tcp://127.0.0.1:1",
    "run --dataset digits --model svm --train-examples 1",
    "run --dataset digits --model cae --train-examples 99999",
    "run --dataset digits --model cae --fault frozen",
    "run --dataset digits --model ae --contraction 1",
    "run --dataset digits --model cae --units",
    "run --dataset digits --model cae --units 9 0",
    "run --dataset digits --model cae --seed 4294967 --units 9 9",
    "run --dataset digits --model rbm --noise-level 0.1",
)


def lines() -> Iterator[list[str]]:
    """Yield command lines that are wrong."""
    for field in dataclasses.fields(Settings):
        if field.type in (int, float, int | None, float | None, tuple[int, ...]):
            flag = "--" + field.name.replace("_", "-")
            model = next((k.key for k in KINDS.values() if field.name in k.strength_names), "cae")
            for value in _NUMBERS:
                yield ["run", "--dataset", "digits", "--model", model, flag, value]
    for start in _NAMED:
        for name in _NAMES:
            if (*start, name) not in _MEANT:
                yield [*start, name]
    for line in _OTHERS:
        yield line.split()


def tries() -> Tally:
    """Try all of them, in an empty store."""
    tally = Tally()
    store = records.FOLDER
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        records.FOLDER = Path(folder)
        try:
            for line in lines():
                _try(line, tally)
            for path in Path(folder).rglob("*.json"):
                tally.add("damaged", f"{path.name} was recorded")
        finally:
            records.FOLDER = store
    return tally


def _try(line: list[str], tally: Tally) -> None:
    tally.tries += 1
    said, status = io.StringIO(), None
    try:
        with (
            contextlib.redirect_stderr(said),
            contextlib.redirect_stdout(io.StringIO()),
            deadline(_SECONDS),
        ):
            status = main(line)
    except SystemExit as stopped:  # argparse's own way to stop
        status = stopped.code
    except HangError:
        tally.add("hangs", repr(line))
        return
    except BaseException as error:
        tally.add("tracebacks", f"{line!r}: {error!r}")
        return
    sentences = [text for text in said.getvalue().splitlines() if "error: " in text]
    if status != 2 or len(sentences) != 1 or "Traceback" in said.getvalue():
        tally.add("tracebacks", f"{line!r}: status {status}, {said.getvalue()[-300:]!r}")
