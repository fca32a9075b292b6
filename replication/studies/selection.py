"""What a search chose, kept in the repository: final runs are listed from here alone.

Derived again from the trials each time, one more model or another length of a round would take the
published results away.
"""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from replication.alone import alone_in
from replication.engine import records
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.abstract_search import AbstractSearch
from replication.studies.trials import read_trials
from replication.whole import write_whole


@dataclasses.dataclass(frozen=True)
class Choice:
    """What was chosen for one competitor.

    Attributes:
        settings: The best trial's settings.
        valid_error: Its validation error, percent.
        candidates: Ids of the trials among which it was chosen, in the order that breaks a tie.
        earlier: Ids of the trials that only led to these.
    """

    settings: Settings
    valid_error: float
    candidates: tuple[str, ...]
    earlier: tuple[str, ...]


def path_of(folder: Path, search: AbstractSearch, dataset: str) -> Path:
    """Return where the choices on a data set are kept, for this version of the protocol.

    Args:
        folder: The study's folder of selections.
        search: The protocol.
        dataset: The data set.
    """
    return folder / f"v{search.version}" / f"{dataset}.json"


def read(folder: Path, search: AbstractSearch, dataset: str) -> dict[str, Choice]:
    """Read what was chosen on a data set, by competitor; empty where nothing was yet.

    Args:
        folder: The study's folder of selections.
        search: The protocol.
        dataset: The data set.

    Raises:
        InputError: The file is damaged, or of another study, data set or version.
    """
    path = path_of(folder, search, dataset)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = {key: _choice(entry) for key, entry in content["chosen"].items()}
        origin = (content["study"], content["dataset"], content["protocol"])
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"selection {path} is damaged: {error}") from None
    expected = (search.study, dataset, search.version)
    if origin != expected:
        raise InputError(
            f"selection {path} is another's. Expected study, data set and version {expected}. "
            f"Received: {origin}"
        )
    return found


def select(folder: Path, search: AbstractSearch, dataset: str) -> list[str]:
    """Write down what was chosen for each competitor whose search is finished; keep what is there.

    Args:
        folder: The study's folder of selections.
        search: The protocol.
        dataset: The data set.

    Returns:
        Keys of the competitors that were added.

    Raises:
        InputError: A record or the file is damaged.
    """
    path = path_of(folder, search, dataset)
    known: Mapping[str, Choice] = read(folder, search, dataset)
    finished = [key for key in search.arms if key not in known and search.is_finished(dataset, key)]
    if not finished:
        return []
    chosen = {key: _chosen(search, dataset, key) for key in finished}
    with alone_in(path.parent):
        known = read(folder, search, dataset)  # again: another sweep may have added to it
        added = [key for key in finished if key not in known]
        if added:
            _write(path, search, dataset, {**known, **{key: chosen[key] for key in added}})
    return added


def problems(folder: Path, search: AbstractSearch, dataset: str) -> list[str]:
    """Say where a selection is not what the trials give; empty if it is.

    Args:
        folder: The study's folder of selections.
        search: The protocol.
        dataset: The data set.

    Raises:
        InputError: A record or the file is damaged.
    """
    found = []
    for key, choice in read(folder, search, dataset).items():
        where = f"{search.study} v{search.version}, {key} on {dataset}"
        store = records.FOLDER / search.experiment
        paths = [store / f"{name}.json" for name in choice.candidates]
        absent = [path.stem for path in paths if not path.exists()]
        if absent:
            found.append(f"{where}: no record of the trials {', '.join(absent)}")
            continue
        top = search.decide(read_trials(paths))
        if top is None or top.settings.id != choice.settings.id:
            better = "none, as all diverged" if top is None else top.settings.id
            found.append(f"{where}: chose {choice.settings.id}, but the best trial is {better}")
        elif top.valid_error != choice.valid_error:
            found.append(
                f"{where}: says {choice.valid_error:g} % of {choice.settings.id}, whose record "
                f"says {top.valid_error:g} %"
            )
    return found


def _chosen(search: AbstractSearch, dataset: str, key: str) -> Choice:
    candidates = search.candidates(dataset, key)
    paths = [records.path_of(search.experiment, s) for s in candidates]
    top = search.decide(read_trials(paths))
    if top is None:
        raise InputError(f"all trials of {key} on {dataset} diverged")
    every = [
        s.id for index in range(len(search.rounds)) for s in search.trials(index, dataset, key)
    ]
    ids = tuple(s.id for s in candidates)
    return Choice(top.settings, top.valid_error, ids, tuple(i for i in every if i not in ids))


def _write(path: Path, search: AbstractSearch, dataset: str, chosen: Mapping[str, Choice]) -> None:
    content = {
        "study": search.study,
        "dataset": dataset,
        "protocol": search.version,
        "chosen": {
            key: {
                "id": choice.settings.id,
                "valid_error": choice.valid_error,
                "settings": choice.settings.to_dict(),
                "candidates": list(choice.candidates),
                "earlier": list(choice.earlier),
            }
            for key, choice in chosen.items()
        },
    }
    write_whole(path, json.dumps(content, indent=1) + "\n")


def _choice(entry: dict[str, Any]) -> Choice:
    settings = Settings.from_dict(entry["settings"])
    if settings.id != entry["id"]:
        raise ValueError(f"its settings hash to {settings.id}, it calls itself {entry['id']}")
    candidates: Sequence[str] = entry["candidates"]
    if settings.id not in candidates:
        raise ValueError(f"{settings.id} is not among its own trials")
    return Choice(settings, entry["valid_error"], tuple(candidates), tuple(entry["earlier"]))
