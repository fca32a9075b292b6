"""Populations on the workers of a cluster."""

import dataclasses
import os
import signal
import threading
import time

import pytest
from distributed import Client, LocalCluster

from replication.engine import environment, records
from replication.engine.execute import choice, cluster, tasks
from replication.engine.execute.choice import execute
from replication.engine.settings import Settings
from replication.errors import DivergedError
from tests.engine.execute.populations import members, on_jax

pytestmark = [
    on_jax,
    # What dask leaves behind when it ends its workers.
    pytest.mark.filterwarnings("default"),
]

TRIAL = {"evaluate_test": False, "spectrum_examples": 0}


def errors_of(experiment, runs):
    """What each run came to."""
    found = (records.read(records.path_of(experiment, settings)) for settings in runs)
    return [(record.results["valid_error"], record.results["best_epoch"]) for record in found]


def handed_back(share, *others):
    """Stands for a worker that has trained its share, and hands back nothing here."""
    return [], None


def populations_of(experiment, runs):
    """How many members each run's pre-training had."""
    found = (records.read(records.path_of(experiment, settings)) for settings in runs)
    return [record.provenance["population"]["pretrain_members"] for record in found]


def test_two_workers_share_a_plan(store, quick_processes):
    """Each has half of it; one is killed in the middle, and another takes its place.

    Every record arrives, exactly once, and is whole: it is that of one process.
    """
    runs = members("cae", **TRIAL)
    killed = []

    def kill_one_worker():
        with Client(local) as client:
            while not any(client.processing().values()):
                time.sleep(0.05)
            worker = next(w for w, tasks in client.processing().items() if tasks)
            killed.append(client.run(os.getpid, workers=[worker])[worker])
        os.kill(killed[0], signal.SIGKILL)

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as local:
        killer = threading.Thread(target=kill_one_worker)
        killer.start()
        done = cluster.sweep(runs, "together", local.scheduler_address, progress=False, batched=64)
        killer.join()
        with Client(local) as client:
            threads = client.run(lambda: os.environ.get("NPROC"))
    assert killed
    # Whoever started these workers left it to us to hold them to one thread each.
    assert environment.worker_variables("jax")["NPROC"] in threads.values()
    assert done == 4
    assert {record.id for record in records.read_all("together")} == {run.id for run in runs}
    assert populations_of("together", runs) == [2, 2, 2, 2]
    assert execute(runs, "alone", batched=2) == 4
    assert errors_of("together", runs) == errors_of("alone", runs)
    assert execute(runs, "together", workers=2, batched=64) == 0
    assert not list(store.parent.rglob("*.checkpoint"))


def test_a_final_run_that_diverges_is_an_error_at_the_end(store, scheduler):
    """The others are handed back before it is raised, from populations and one by one."""
    runs = members("ae-wd", spectrum_examples=0)[:2]
    runs[0] = dataclasses.replace(runs[0], weight_decay=1e3)  # each step makes the weights larger
    for batched in (2, "off"):
        with pytest.raises(DivergedError, match="diverged"):
            execute(runs, f"experiment-{batched}", scheduler, batched=batched)
        assert [record.id for record in records.read_all(f"experiment-{batched}")] == [runs[1].id]


def test_a_share_that_was_cut_off_goes_on(store, monkeypatch):
    """The next worker that gets it begins at the checkpoint."""
    from replication.engine.execute.batched.apart import train_apart
    from replication.engine.execute.batched.population import Population

    class Killed(Exception):
        """The worker ends here."""

    epoch, seen = Population.epoch, []

    def count(self, pause):
        seen.append(1)
        if len(seen) == 8:
            raise Killed
        return epoch(self, pause)

    runs = members("ae", **TRIAL)[:2]
    monkeypatch.setattr(Population, "epoch", count)
    with pytest.raises(Killed):
        train_apart(runs, "batch", store, every=0.0)
    assert list(store.parent.rglob("*.checkpoint"))
    done, error = train_apart(runs, "batch", store, every=0.0)
    assert error is None
    assert [record.id for record in done] == [settings.id for settings in runs]
    assert len(seen) == 12 + 1  # the one that was cut off
    assert not list(store.parent.rglob("*.checkpoint"))
    assert records.read_all() == []  # whoever asked for them writes


@pytest.mark.parametrize("sees", [True, False])
def test_auto_goes_by_what_the_workers_see(store, scheduler, monkeypatch, sees):
    """Populations where all of them have an accelerator."""
    monkeypatch.setattr(tasks.at_once, "sees_accelerator", lambda: sees)
    runs = members("ae", pretrain_epochs=1, finetune_epochs=1, **TRIAL)[:2]
    assert execute(runs, "batch", scheduler) == 2
    found = records.read_all("batch")
    assert ["population" in record.provenance for record in found] == [sees, sees]


def test_whoever_hands_out_shares_needs_no_accelerator(store, scheduler, monkeypatch):
    """Only who trains has to round as a run asks for."""
    monkeypatch.setattr(tasks, "populate", handed_back)
    runs = members("ae", precision="tf32", **TRIAL)[:2]
    assert execute(runs, "batch", scheduler, batched=2) == 2


def test_workers_of_our_own_train_one_by_one_unless_told(store, monkeypatch):
    """Whoever asks for processes on this machine has no accelerator in mind."""
    asked = []
    monkeypatch.setattr(cluster, "sweep", lambda *_, batched: asked.append(batched) or 1)
    monkeypatch.setattr(choice, "sees_accelerator", lambda: True)
    for others in ({"workers": 2}, {"scheduler": "tcp://there"}, {"workers": 2, "batched": 3}):
        execute(members("ae"), "batch", **others)
    assert asked == ["off", "auto", 3]


def test_shares_have_no_training_in_common():
    """Runs with a layer in common are together, and so are those of one form."""
    from replication.engine.execute.batched.shares import shares

    cae, dae = members("cae"), members("dae-b")[:1]
    deep = [dataclasses.replace(cae[0], units=(24, 12))]
    few = [dataclasses.replace(cae[1], finetune_examples=50)]
    svm = [Settings(dataset="digits", model="svm", train_examples=330)]
    found = shares([*cae, *dae, *deep, *few, *svm], processes=3)
    assert found == [[cae[0], *deep, cae[1], *few], cae[2:], dae, svm]
    assert shares(cae, processes=1) == [cae]
    assert shares(cae, processes=1, most=1) == [[one] for one in cae]
