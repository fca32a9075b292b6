"""Two processes at one store: each run is done by one of them."""

import shutil
import signal
import subprocess
import sys

import pytest

from replication.engine import records
from replication.engine.execute.choice import execute
from replication.engine.reservations import reserved
from replication.engine.run import run
from replication.engine.settings import Settings
from replication.errors import InputError

RUNS = [Settings(dataset="digits", model="ae", units=(9,), seed=seed) for seed in range(3)]
HOLD = """
import pathlib, sys
from replication.engine import records
from replication.engine.reservations import reserved
from replication.engine.settings import Settings
records.FOLDER = pathlib.Path(sys.argv[1])
runs = [Settings(dataset="digits", model="ae", units=(9,), seed=s) for s in map(int, sys.argv[2:])]
with reserved(runs, "test") as free:
    print(len(free), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holds(store):
    """Start another process that holds the runs with some seeds, until it is killed."""
    started = []

    def start(*seeds):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(store), *map(str, seeds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout.readline() == f"{len(seeds)}\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_another_process_holds_is_left_to_it(store, holds):
    """The rest is free; whoever is killed holds nothing any more."""
    other = holds(0, 2)
    with reserved(RUNS, "test") as free:
        assert free == [RUNS[1]]
    with reserved(RUNS, "another") as free:
        assert free == RUNS
    other.send_signal(signal.SIGKILL)
    other.wait()
    with reserved(RUNS, "test") as free:
        assert free == RUNS
    with reserved([], "test") as free:
        assert free == []


def test_no_run_is_done_twice(store, holds):
    """A sweep, or a single run: one sentence, and nothing is trained."""
    holds(0, 1, 2)
    with pytest.raises(InputError, match="another process is at 3 of 3 runs of test; 0 others"):
        execute(RUNS, "test")
    with pytest.raises(InputError, match=f"another process is at this run; .*{RUNS[0].id}.json"):
        run(RUNS[0], "test")
    assert records.read_all() == []


def test_nothing_is_trained_that_cannot_be_recorded(store, monkeypatch):
    """For want of room, or because a file is in the folder's place."""
    usage = shutil.disk_usage(store.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=250_000))
    with pytest.raises(InputError, match=r"3 records need up to 0.3 MB, and .* has 0.2 MB"):
        execute(RUNS, "test")
    shutil.rmtree(store)
    store.write_text("")
    with pytest.raises(InputError, match="cannot be written: "):
        execute(RUNS, "test")


def test_a_drive_without_locks(store, monkeypatch, capsys):
    """To train there is right all the same; it is said."""
    from replication.engine import reservations

    def refuses(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(reservations.fcntl, "lockf", refuses)
    with reserved(RUNS, "test") as free:
        assert free == RUNS
    [line] = capsys.readouterr().err.splitlines()
    assert "keeps no locks (Operation not supported)" in line
