"""The store of records: one JSON file per run, written once."""

import dataclasses
import functools
import json
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd

from replication.engine.damage import damage
from replication.engine.results import Results
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.places import records_folder
from replication.whole import write_whole

FOLDER = records_folder()
REFERENCE = "reference"  # experiment of small runs on embedded data, which need no files
_LONGEST_NAME = 100  # of an experiment; file systems take 255 bytes
PARTS = {"id": str, "experiment": str, "settings": dict, "results": dict, "provenance": dict}


@dataclasses.dataclass(frozen=True)
class Record:
    """One finished run.

    Attributes:
        experiment: Name of the experiment, the folder of the record.
        settings: What was run.
        results: What came out; see data/records/README.md for names and units.
        provenance: Commit, versions, machine, seconds, data checksum, date.
    """

    experiment: str
    settings: Settings
    results: Results
    provenance: dict[str, Any]

    def __post_init__(self) -> None:
        object.__setattr__(self, "results", Results(self.results))

    @property
    def id(self) -> str:
        """The settings' hash, the record's file name."""
        return self.settings.id


def path_of(experiment: str, settings: Settings, folder: Path | None = None) -> Path:
    """Return where the record of a run belongs; `folder` replaces the store's own.

    Raises:
        InputError: `experiment` cannot be the name of a folder in the store.
    """
    check_experiment(experiment)
    return (folder or FOLDER) / experiment / f"{settings.id}.json"


def check_experiment(experiment: str) -> str:
    """Return the name of an experiment if it can be that of a folder in the store, else raise.

    Raises:
        InputError: It cannot.
    """
    plain = all(c.isascii() and (c.isalnum() or c in "-_") for c in experiment)
    if not plain or not 1 <= len(experiment) <= _LONGEST_NAME:
        raise InputError(
            f"an experiment's name may hold letters, digits, '-' and '_', {_LONGEST_NAME} at most. "
            f"Received: experiment={experiment[:200]!r}"
        )
    return experiment


def experiments() -> list[str]:
    """Return the names of the experiments that have records, in alphabetical order."""
    return [path.name for path in _folders(FOLDER) if _files(path)]


def missing(runs: Sequence[Settings], experiment: str) -> list[Settings]:
    """Return the runs that have no record yet, each once, in their order.

    Raises:
        InputError: A record is damaged. It does not count, and what it was is not overwritten.
    """
    wanted = [(settings, path_of(experiment, settings)) for settings in dict.fromkeys(runs)]
    there = [(settings, path) for settings, path in wanted if os.path.lexists(path)]
    for _, path in there:
        read(path)
    done = {settings for settings, _ in there}
    return [settings for settings, _ in wanted if settings not in done]


def write(record: Record, folder: Path | None = None) -> Path:
    """Write a record atomically: a reader finds it whole or not at all.

    Raises:
        InputError: It cannot be written, for want of room, say.
    """
    path = path_of(record.experiment, record.settings, folder)
    content = {
        "id": record.id,
        "experiment": record.experiment,
        "settings": record.settings.to_dict(),
        "results": record.results,
        "provenance": record.provenance,
    }
    # allow_nan=False: NaN is no JSON, and no result either.
    text = json.dumps(content, indent=1, allow_nan=False)
    write_whole(path, text + "\n")
    return path


def read(path: Path) -> Record:
    """Read one record.

    Raises:
        InputError: The file cannot be read, is no record, its settings do not hash to its name, or
            its results cannot be those of a run.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"record {path} is damaged: it is no file")
        return _read(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        if os.path.lexists(path):
            raise InputError(f"record {path} is damaged: it is a link to nothing") from None
        raise InputError(f"there is no record {path}") from None
    except OSError as error:
        raise InputError(f"record {path} cannot be read: {error.strerror}") from None


# Sweeps and pages ask for the same records again and again.
@functools.lru_cache(maxsize=20_000)
def _read(path: Path, changed: int, size: int) -> Record:
    """Read a record that was changed last at some time."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError(f"record {path} is damaged: {error}") from None
    wrong = [
        name
        for name, kind in PARTS.items()
        if not isinstance(content, dict) or not isinstance(content.get(name), kind)
    ]
    if wrong:
        raise InputError(f"record {path} is damaged: {', '.join(wrong)} missing or of a wrong type")
    try:
        settings = Settings.from_dict(content["settings"])
    except (InputError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"record {path} is damaged: {error}") from None
    if not settings.id == content["id"] == path.stem:
        raise InputError(
            f"record {path} is damaged: its settings hash to {settings.id}, "
            f"it calls itself {content['id']} and its file {path.stem}"
        )
    if content["experiment"] != path.parent.name:
        raise InputError(
            f"record {path} is damaged: it says experiment {content['experiment']!r} "
            f"and lies in {path.parent.name!r}"
        )
    cost = content["provenance"].get("seconds")
    if not isinstance(cost, dict) or type(cost.get("total")) not in (int, float):
        raise InputError(f"record {path} is damaged: its seconds have no total")
    if not isinstance(content["provenance"].get("machine", {}), dict):
        raise InputError(f"record {path} is damaged: its machine has no parts")
    if (found := damage(content["results"])) is not None:
        raise InputError(f"record {path} is damaged: {found}")
    return Record(content["experiment"], settings, content["results"], content["provenance"])


def _no_number(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def read_all(
    experiment: str | None = None, folder: Path | None = None, most: int | None = None
) -> list[Record]:
    """Read the records of one experiment, or all of them, in the order of their file names.

    Args:
        experiment: Its name; None reads all experiments.
        folder: Store of the records; None is the usual one.
        most: Read the first ones only; None reads all.

    Raises:
        InputError: A record is damaged, or `experiment` cannot be the name of an experiment.
    """
    if experiment is not None:
        check_experiment(experiment)
    store = folder or FOLDER
    folders = [store / experiment] if experiment is not None else _folders(store)
    paths = [path for one in folders for path in _files(one)]
    return [read(path) for path in paths[:most]]


def _folders(store: Path) -> list[Path]:
    """The folders of all experiments, in the order of their names."""
    return [path for path in _entries(store) if path.is_dir()]


def _files(folder: Path) -> list[Path]:
    """The files of an experiment's records, in the order of their names."""
    return [path for path in _entries(folder) if path.suffix == ".json"]


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where there is none.

    `Path.glob` would say nothing of a folder that cannot be read, as if it were empty.
    """
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"records in {folder} cannot be read: {error.strerror}") from None


def table(records: list[Record]) -> pd.DataFrame:
    """Put records in a tidy table, one row each.

    Errors and saturation are percentages, `jacobian_mean_square` is the mean over examples of
    ||J||_F^2 / (d_h d_x), `jacobian_norm` the mean of ||J||_F, `seconds` the whole run's.
    Settings that a model does not have, test errors of trials, and all errors of a training that
    diverged are missing values.
    """
    rows = [
        {
            "experiment": record.experiment,
            "dataset": record.settings.dataset,
            "model": record.settings.model,
            "depth": record.settings.depth,
            "seed": record.settings.seed,
            **{
                name: record.results.get(name)
                for name in (
                    "valid_error",
                    "test_error",
                    "jacobian_mean_square",
                    "jacobian_norm",
                    "saturation",
                )
            },
            "seconds": record.provenance.get("seconds", {}).get("total"),
            "id": record.id,
        }
        for record in records
    ]
    columns = [
        "experiment",
        "dataset",
        "model",
        "depth",
        "seed",
        "valid_error",
        "test_error",
        "jacobian_mean_square",
        "jacobian_norm",
        "saturation",
        "seconds",
        "id",
    ]
    return pd.DataFrame(rows, columns=columns)


def full_table(records: list[Record]) -> pd.DataFrame:
    """Put records in a table with everything that tells them apart.

    After the columns of `table` come all settings, among them the backend and the precision
    (several units are joined by blanks), and the commit, the date and the processor.
    """
    found = table(records)
    for field in dataclasses.fields(Settings):
        if field.name not in found:
            values = [getattr(record.settings, field.name) for record in records]
            found[field.name] = [
                " ".join(map(str, value)) if isinstance(value, tuple) else value for value in values
            ]
    origins = [record.provenance for record in records]
    for name in ("commit", "date"):
        found[name] = [origin.get(name) for origin in origins]
    found["processor"] = [origin.get("machine", {}).get("processor") for origin in origins]
    return found
