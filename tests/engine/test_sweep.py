"""Sweeps with a real scheduler and real worker processes on loopback."""

import dataclasses
import logging
import os
import subprocess
import sys
import threading
import time

import dask
import psutil
import pytest
from distributed import Client

from replication.engine import environment, records
from replication.engine.execute import cluster, local_cluster, tasks
from replication.engine.execute.cluster import sweep
from replication.engine.records import missing
from replication.engine.settings import Settings
from replication.errors import InputError

# Workers that are killed leave sockets for the garbage collector to find.
pytestmark = pytest.mark.filterwarnings("default")


def runs(seeds):
    """Short runs on the embedded digits."""
    return [
        Settings(
            dataset="digits",
            model="ae",
            units=(20,),
            seed=seed,
            pretrain_epochs=2,
            finetune_epochs=2,
            spectrum_examples=0,
            backend="jax",
        )
        for seed in range(seeds)
    ]


def test_stacks_share_their_layers(store, scheduler):
    """Three depths of one model give the records that each gives alone."""
    (base,) = runs(1)
    wanted = [dataclasses.replace(base, units=(12,) * depth) for depth in (3, 1, 2)]
    assert sweep(wanted, "test", scheduler, progress=False) == 3
    assert sweep(wanted[:1], "alone", scheduler, progress=False) == 1
    [alone] = records.read_all("alone")
    shared = records.read(records.path_of("test", wanted[0]))
    assert shared.results == alone.results


def test_second_call_goes_on(store, scheduler):
    """Only what has no record is run."""
    first, second = runs(2)
    assert sweep([first], "test", scheduler, progress=False) == 1
    assert missing([first, second, second], "test") == [second]
    assert sweep([first], "test", progress=False) == 0


def kills(*arguments):
    """Stands for a run that no worker survives."""
    os._exit(1)


def test_a_run_that_kills_its_workers_stops_no_other(store, monkeypatch, quick_processes):
    """It is named at the end; the caller's environment stays as it was."""
    before = dict(os.environ)
    wanted = runs(1)
    monkeypatch.setattr(tasks, "finish", kills)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        pytest.raises(InputError, match=f"1 of 1 runs killed .* first one: {wanted[0].id}"),
    ):
        sweep(wanted, "test", workers=1, progress=False)
    assert records.read_all() == []
    assert dict(os.environ) == before


def test_what_runs_leave_is_given_back(monkeypatch):
    """Once it is much, and not again before it is much again."""
    import jax

    cleared, memory = [], iter((0, 0, 2**27, 2**29, 2**26, 2**26, 2**28))
    monkeypatch.setattr(jax, "clear_caches", lambda: cleared.append(1))
    monkeypatch.setattr(tasks, "_memory", lambda: next(memory))
    tasks._memory_before.cache_clear()
    counts = []
    for _ in range(5):
        tasks._forget()
        counts.append(len(cleared))
    tasks._memory_before.cache_clear()
    assert counts == [0, 0, 1, 1, 1]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "somewhere", "http://[", ""])
def test_nobody_at_the_address(address, store, monkeypatch):
    """One sentence, soon."""
    monkeypatch.setattr(cluster, "_PATIENCE", 0.3)
    with pytest.raises(InputError, match="no dask scheduler answers at") as raised:
        sweep(runs(1), "test", scheduler=address, progress=False)
    assert "\n" not in str(raised.value)


def test_a_scheduler_that_dies(store, monkeypatch, capfd):
    """One sentence, soon, and none of dask's."""
    monkeypatch.setattr(cluster, "_PATIENCE", 0.5)
    code = (
        "import distributed, time; "
        "cluster = distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=None, "
        "protocol='tcp'); "
        "print(cluster.scheduler_address, flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    address = process.stdout.readline().strip()
    threading.Timer(1.0, process.kill).start()
    with pytest.raises(InputError, match="scheduler of the sweep is gone after 0 of 2 runs"):
        sweep(runs(2), "test", scheduler=address, progress=False)
    process.communicate()
    assert "Traceback" not in capfd.readouterr().err
    assert records.read_all() == []


def test_workers_that_do_not_start(store, monkeypatch):
    """As when they are killed at once."""

    def killed(**_):
        raise RuntimeError("Nanny failed to start.")

    monkeypatch.setattr(local_cluster, "LocalCluster", killed)
    with pytest.raises(InputError, match=r"could not be started \(Nanny failed to start.\)"):
        sweep(runs(1), "test", workers=1, progress=False)


def test_workers_end_without_a_word(caplog):
    """One that is busy is not waited for, nor reported as still alive."""
    nannies = logging.getLogger("distributed.nanny")  # which hands nothing on to pytest's
    nannies.addHandler(caplog.handler)
    with (
        local_cluster.local_cluster(1, 1, {}, progress=False) as workers,
        Client(workers) as client,
    ):
        client.submit(os.getpid).result()
        busy = client.submit(time.sleep, 60)
        while not any(client.processing().values()) and not busy.done():
            time.sleep(0.05)
    nannies.removeHandler(caplog.handler)
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == []


def test_no_more_workers_than_there_is_memory_for(monkeypatch, capsys):
    """One at least, and the reason is said."""
    memory = psutil.virtual_memory()
    for free, workers in ((0, 1), (6 * 2**30, 2), (10**15, 64)):
        monkeypatch.setattr(
            psutil, "virtual_memory", lambda free=free: memory._replace(available=free)
        )
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)))
        assert local_cluster._with_room(progress=True) == workers
        assert ("GiB of memory are free" in capsys.readouterr().err) == (workers < 64)


@pytest.mark.parametrize(
    ("text", "number"), [("2,1", 2), (" 3 ", 3), ("", None), ("x", InputError)]
)
def test_threads_as_openmp_reads_them(text, number, monkeypatch):
    """A list for nested levels; nonsense is refused before anything is trained."""
    monkeypatch.setenv("OMP_NUM_THREADS", text)
    if number is InputError:
        with pytest.raises(InputError, match="OMP_NUM_THREADS must be"):
            environment.enter(environment.chosen_backend())
    else:
        assert environment.threads() == number


def test_workers_with_another_backend(store, scheduler):
    """Keras on other people's workers may run on another backend: that is one sentence."""
    with Client(scheduler) as client:
        client.run(__import__, "keras")
    wanted = [dataclasses.replace(settings, backend="tensorflow") for settings in runs(1)]
    with pytest.raises(InputError, match="Keras runs on jax .* Expected tensorflow") as raised:
        sweep(wanted, "test", scheduler, progress=False)
    assert str(raised.value).count("\n") == 0
    assert records.read_all() == []


def test_one_sweep_has_one_backend(store):
    """Runs on several backends are refused before anything is started."""
    first, second = runs(2)
    wanted = [first, dataclasses.replace(second, backend="tensorflow")]
    with pytest.raises(InputError, match="Received: runs on jax and on tensorflow"):
        sweep(wanted, "test", progress=False)
