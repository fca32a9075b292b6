"""What a population has come to, kept on disk until its records are written."""

import dataclasses
import hashlib
import io
import json
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.engine import provenance
from replication.engine.fingerprint import code_of
from replication.engine.settings import Settings
from replication.whole import write_whole

_SUFFIX = ".checkpoint"


@dataclasses.dataclass(frozen=True)
class Saved:
    """A state of some members of a population.

    Attributes:
        ids: The members: hash of what determines each one's training.
        epochs, steps: How far they are.
        seconds: What all of the population has cost so far.
        arrays: The state by name, members along the first axis, and "curves", what was seen of each
            epoch, shape (epochs, 2, members).
    """

    ids: tuple[str, ...]
    epochs: int
    steps: int
    seconds: float
    arrays: Mapping[str, np.ndarray]

    def of(self, ids: Sequence[str]) -> "Saved":
        """Return the state of some of the members, with their share of the cost.

        Args:
            ids: Which ones.
        """
        index = [self.ids.index(one) for one in ids]
        arrays = {
            name: values[..., index] if name == "curves" else values[index]
            for name, values in self.arrays.items()
        }
        seconds = self.seconds * len(ids) / len(self.ids)
        return dataclasses.replace(self, ids=tuple(ids), arrays=arrays, seconds=seconds)


@dataclasses.dataclass(frozen=True)
class Phase:
    """What a file must agree in with a population that goes on from it.

    Attributes:
        name: "pretrain" or "finetune".
        form: What all members have in common.
    """

    name: str
    form: Settings

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values, with the code and the packages that computed it."""
        origin = {"code": code_of(self.form, batched=True), "versions": provenance.versions()}
        return {"phase": self.name, "form": self.form.to_dict(), **origin}


class Checkpoints:
    """The files of one experiment, which several processes with different runs may share.

    A file is written whole or not at all, and what it holds is compared with its checksum when it
    is read. It goes when all runs that could need it are settled.

    Args:
        folder: Where they are.
        is_recorded: Whether the run of an id has a record.
    """

    def __init__(self, folder: Path, is_recorded: Callable[[str], bool]) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._waiting: dict[Path, set[str]] = {}
        for path, about in self._index():
            missing = {one for one in about["runs"] if not is_recorded(one)}
            if missing:
                self._waiting[path] = missing
            else:
                path.unlink(missing_ok=True)

    def find(self, phase: Phase, ids: Sequence[str]) -> list[Saved]:
        """Find states to go on from, each member in one of them at most.

        Args:
            phase: What is to be trained.
            ids: Which members.

        Returns:
            The states of some of the members, those that are farthest first.
        """
        wanted, found = set(ids), []
        same = json.loads(json.dumps(phase.to_dict()))
        files = [(p, a) for p, a in self._index() if wanted & set(a["ids"])]
        for path, about in sorted(files, key=lambda f: (-f[1]["epochs"], -f[1]["steps"], f[0])):
            if not wanted & set(about["ids"]) or about["phase"]["phase"] != phase.name:
                continue
            if about["phase"] != same:
                _warn(path, "it was made by other code")
            elif (saved := _read(path, about)) is not None:
                known = [one for one in about["ids"] if one in wanted]
                wanted -= set(known)
                found.append(saved.of(known))
        return found

    def write(self, phase: Phase, saved: Saved, runs: Sequence[str]) -> None:
        """Write a state, in the place of an earlier one of the same members.

        Args:
            phase: What is trained.
            saved: The state.
            runs: The ids of the runs that need it.
        """
        name = hashlib.sha256("\n".join((phase.name, *saved.ids)).encode()).hexdigest()[:16]
        path = self._folder / f"{name}{_SUFFIX}"
        about = {
            "phase": phase.to_dict(),
            "ids": list(saved.ids),
            "runs": list(runs),
            **{name: getattr(saved, name) for name in ("epochs", "steps", "seconds")},
        }
        packed = io.BytesIO()
        np.savez(packed, allow_pickle=False, **saved.arrays)
        head, body = json.dumps(about).encode() + b"\n", packed.getbuffer()
        checksum = hashlib.sha256(head)
        checksum.update(body)
        with self._lock:  # before there is a file, which nobody would remove
            self._waiting[path] = set(runs)
        write_whole(path, b"".join((checksum.hexdigest().encode() + b"\n", head, body)))

    def settle(self, run: str) -> None:
        """Remove what no run needs any more, now that one more has its record.

        Args:
            run: The id of that run.
        """
        with self._lock:
            for path, waiting in list(self._waiting.items()):
                waiting.discard(run)
                if not waiting:
                    path.unlink(missing_ok=True)
                    del self._waiting[path]

    def _index(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The files and what they say of themselves, not yet compared with the checksum."""
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            try:
                with path.open("rb") as file:
                    file.readline()
                    line = file.readline()
            except FileNotFoundError:  # another process needs it no more
                continue
            try:
                about = json.loads(line)
                assert isinstance(about["phase"], dict)
                assert {"ids", "runs", "epochs", "steps", "seconds"} <= set(about)
            except (ValueError, KeyError, TypeError, AssertionError):
                _warn(path, "it is damaged")
                continue
            yield path, about


def of_store(store: Path, experiment: str) -> Checkpoints:
    """Return the checkpoints that lie beside some records.

    Args:
        store: Folder of the records of all experiments.
        experiment: Name of the experiment.
    """
    return Checkpoints(
        store.parent / "checkpoints" / experiment,
        lambda run: (store / experiment / f"{run}.json").exists(),
    )


def _read(path: Path, about: Mapping[str, Any]) -> Saved | None:
    """Read a state; None, and a warning, where the file is damaged."""
    try:
        checksum, _, content = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None  # another process needs it no more
    if hashlib.sha256(content).hexdigest().encode() != checksum:
        _warn(path, "it is damaged")
        return None
    try:
        with np.load(io.BytesIO(content.partition(b"\n")[2]), allow_pickle=False) as packed:
            arrays = dict(packed)
    except (ValueError, zipfile.BadZipFile):
        _warn(path, "it is damaged")
        return None
    numbers = {name: about[name] for name in ("epochs", "steps", "seconds")}
    return Saved(ids=tuple(about["ids"]), arrays=arrays, **numbers)


def _warn(path: Path, why: str) -> None:
    tqdm.write(f"warning: checkpoint {path} is ignored: {why}", file=sys.stderr)
