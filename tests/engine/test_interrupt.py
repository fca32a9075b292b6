"""Ctrl-C in the middle of a sweep."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from replication.engine import records
from replication.engine.reservations import reserved
from replication.engine.settings import Settings

SWEEP = """
import pathlib, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever the tests were started by
from replication.cli import main, sweep
from replication.engine import records
from replication.engine.execute.choice import execute
from replication.engine.settings import Settings
records.FOLDER = pathlib.Path(sys.argv[1])
endless = Settings(dataset="digits", model="ae", units=(9,), pretrain_epochs=100_000)
sweep.make = lambda *_: execute([endless], "test", workers=1)
sys.exit(main(["sweep", "table1"]))
"""


def test_one_sentence_and_nothing_left(store):
    """The signal goes to all processes of the terminal; none shows where it was."""
    sweep = subprocess.Popen(
        [sys.executable, "-c", SWEEP, str(store)],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert sweep.stderr.readline().startswith("dashboard:")
        workers = psutil.Process(sweep.pid).children(recursive=True)
        time.sleep(1.0)  # the worker is importing Keras
        os.killpg(sweep.pid, signal.SIGINT)
        _, said = sweep.communicate(timeout=60)
    finally:
        sweep.kill()
        sweep.communicate()
    lines = [line for line in said.splitlines() if "run/s" not in line and line]
    assert lines == ["interrupted; nothing unfinished was recorded"], said
    assert sweep.returncode == 130
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert alive == []
    assert records.read_all() == []
    endless = Settings(dataset="digits", model="ae", units=(9,), pretrain_epochs=100_000)
    with reserved([endless], "test") as free:
        assert free == [endless]
