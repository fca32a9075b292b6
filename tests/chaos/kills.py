"""Processes that are killed while they write records: none is lost, damaged or written twice."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from tqdm import tqdm

from replication.engine import records
from replication.errors import InputError
from tests.chaos.tally import Tally
from tests.engine.execute import kill_batched

_ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0  # seconds for a process that was told to end
_WRITER = """
import pathlib, sys
from replication.engine import records
from replication.engine.settings import Settings
folder = pathlib.Path(sys.argv[1])
results = {"valid_error": 1.5, "kernel_norm": [1.0] * 5000}
print("begins", flush=True)
for seed in range(10**6):
    settings = Settings(dataset="digits", model="ae", units=(9,), seed=seed)
    record = records.Record("test", settings, results, {"seconds": {"total": 1.0}})
    print(records.write(record, folder).name, flush=True)
"""
_SWEEP = """
import pathlib, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever this was started by
try:  # as `python -m replication` does
    from replication.cli import main, sweep
    from replication.engine import records
    from replication.engine.execute.choice import execute
    from replication.engine.settings import Settings
except KeyboardInterrupt:
    sys.exit(130)
records.FOLDER = pathlib.Path(sys.argv[1])
small = dict(dataset="digits", model="ae", units=(9,), train_examples=200, spectrum_examples=0)
runs = [Settings(**small, seed=s, pretrain_epochs=20, finetune_epochs=2) for s in range(8)]
sweep.make = lambda *_: (execute(runs, "test", workers=2), 0)
sys.exit(main(["sweep", "table1"]))
"""
_RUNS = 8
_SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def of_writers(kills: int) -> Tally:
    """Kill a process that writes one record after the other.

    Args:
        kills: How often.
    """
    tally, draw = Tally(), random.Random(0)
    for _ in tqdm(range(kills), desc="kills in writes", unit="kill"):
        tally.tries += 1
        with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
            writer = _start(_WRITER, folder, stdout=subprocess.PIPE)
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(draw.uniform(0.0, 0.05))
            writer.kill()
            written, _ = writer.communicate()
            there = _whole(Path(folder), tally)
            for name in written.splitlines():
                if name not in there:
                    tally.add("lost", name)
    return tally


def of_sweeps(kills: int) -> Tally:
    """Interrupt a sweep with two workers, and let the last call finish it.

    Args:
        kills: How often.
    """
    tally, draw = Tally(), random.Random(1)
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        seen: dict[str, bytes] = {}
        for kill in tqdm(range(kills), desc="kills in sweeps", unit="kill"):
            tally.tries += 1
            # After some kills all runs are done: then the store is emptied, and it begins anew.
            if len(seen) == _RUNS:
                for path in Path(folder).rglob("*.json"):
                    path.unlink()
                seen.clear()
            sweep = _start(_SWEEP, folder, stderr=subprocess.PIPE, start_new_session=True)
            time.sleep(draw.uniform(0.5, 9.0))
            _end(sweep, _SIGNALS[kill % len(_SIGNALS)], tally)
            _compare(Path(folder), seen, tally)
        last = _start(_SWEEP, folder, stderr=subprocess.PIPE)
        _, said = last.communicate()
        _compare(Path(folder), seen, tally)
        if last.returncode or len(seen) != _RUNS:
            tally.add("lost", f"{_RUNS - len(seen)} runs are not done: {said[-300:]}")
    return tally


def of_populations(kills: int) -> Tally:
    """Kill a sweep that trains many runs at once.

    Args:
        kills: How often.
    """
    tally = Tally()
    try:
        tally.tries = kill_batched.main(kills)
    except SystemExit as error:
        tally.add("lost", str(error))
    return tally


def _start(code: str, folder: str, **others: object) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code, folder],
        cwd=_ROOT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(_ROOT), "KERAS_BACKEND": "jax"},
        **others,  # type: ignore[call-overload]
    )


def _end(sweep: subprocess.Popen, number: signal.Signals, tally: Tally) -> None:
    """Send a signal as a terminal does, and see that all processes end in silence."""
    if sweep.poll() is not None:
        sweep.communicate()
        return
    group = [psutil.Process(sweep.pid), *psutil.Process(sweep.pid).children(recursive=True)]
    if number == signal.SIGKILL:  # as when memory runs out: one process alone
        sweep.kill()
    else:
        os.killpg(sweep.pid, number)
    _, alive = psutil.wait_procs(group, timeout=_PATIENCE)
    for process in alive:
        tally.add("hangs", f"{number.name}: {process}")
        process.kill()
    _, said = sweep.communicate()
    if number == signal.SIGINT and "Traceback" in said:
        tally.add("tracebacks", f"{number.name}: {said[-600:]}")


def _whole(folder: Path, tally: Tally) -> dict[str, bytes]:
    """The content of all records, each of which must be whole."""
    found = {}
    for path in folder.rglob("*.json"):
        try:
            records.read(path)
        except InputError as error:
            tally.add("damaged", str(error))
        found[path.name] = path.read_bytes()
    return found


def _compare(folder: Path, seen: dict[str, bytes], tally: Tally) -> None:
    """No record is gone, and none was written again: its date would be another one."""
    now = _whole(folder, tally)
    for name, content in seen.items():
        if name not in now:
            tally.add("lost", name)
        elif now[name] != content:
            tally.add("doubled", name)
    seen.update(now)
