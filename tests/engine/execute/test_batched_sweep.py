"""A list of runs in populations: records, divergence, checkpoints, lack of memory."""

import dataclasses
import json

import pytest

from replication.engine import records
from replication.engine.execute.at_once import checked
from replication.engine.execute.choice import execute
from replication.engine.fingerprint import stale_components
from replication.engine.run import run
from replication.engine.settings import Settings
from replication.engine.verification.verify import verify
from replication.errors import DivergedError, InputError
from tests.engine.execute.populations import (
    SMALL,
    finetuned,
    members,
    on_jax,
    pretrained,
    same_bits,
)

pytestmark = on_jax

TRIAL = {"evaluate_test": False, "spectrum_examples": 0}
WILD = {"weight_decay": 1e3}  # each step makes the weights larger


def sweep(runs, **others):
    """Do runs in populations."""
    from replication.engine.execute.batched.sweep import sweep

    return sweep(runs, "batch", progress=False, **others)


def of(settings):
    """Read the record of a run."""
    return records.read(records.path_of("batch", settings))


@pytest.fixture
def checkpoints(store):
    """The folder of the checkpoints, as it is after a sweep."""
    return store.parent / "checkpoints" / "batch"


def test_records_are_those_of_single_runs(store, tmp_path):
    """Of several models, depths and forms at once: the same fields, and the same errors."""
    cae, dae = members("cae")[:2], members("dae-g", finetune_epochs=0)[:1]
    deep = members("cae", units=(24, 12))[:1]
    few = [dataclasses.replace(cae[0], finetune_examples=50)]
    svm = [Settings(dataset="digits", model="svm", train_examples=330)]
    runs = [*cae, *dae, *deep, *few, *svm]
    assert execute(runs, "batch", batched=3) == len(runs)
    assert execute(runs, "batch", batched=3) == 0
    for settings in runs:
        ours, alone = of(settings), run(settings, "batch", tmp_path / "alone", progress=False)
        assert list(ours.results) == list(alone.results)
        if settings.kind.is_net:
            assert set(ours.provenance) - set(alone.provenance) == {"population"}
            assert list(ours.provenance["seconds"]) == list(alone.provenance["seconds"])
            assert not stale_components(ours)
        for name in ("valid_error", "test_error", "best_epoch", "test_mistakes"):
            assert ours.results.get(name) == alone.results.get(name)
    population = of(cae[0]).provenance["population"]
    assert population == {"pretrain_members": 2, "finetune_members": 2, "device": "cpu"}


def test_runs_with_the_same_pretraining_share_it(store, monkeypatch):
    """Label counts differ in fine-tuning only."""
    from replication.engine.execute.batched import pretraining

    sizes, pretrain = [], pretraining.pretrain
    monkeypatch.setattr(
        pretraining, "pretrain", lambda m, *rest: sizes.append(len(m)) or pretrain(m, *rest)
    )
    one = members("ae", **TRIAL)[0]
    sweep([dataclasses.replace(one, finetune_examples=n) for n in (None, 50, 100)])
    assert sizes == [1]


def test_verify_repeats_such_a_record(store):
    """With the tolerance that another machine's records have, too."""
    sweep(members("ae")[:1])
    assert verify("batch", count=1, progress=False)["agrees"].all()


def test_a_trial_that_diverges_is_recorded_as_such(store, checkpoints):
    """Its neighbours are recorded as ever."""
    runs = members("ae-wd", **TRIAL)[:3]
    runs[1] = dataclasses.replace(runs[1], **WILD)
    assert sweep(runs) == 3
    assert [of(settings).results.diverged for settings in runs] == [False, True, False]
    assert of(runs[1]).provenance["population"]["members"] == 3
    assert not list(checkpoints.glob("*"))


def test_a_final_run_that_diverges_is_an_error_at_the_end(store, checkpoints):
    """The others have their records before it is raised."""
    runs = members("ae-wd")[:2]
    runs[0] = dataclasses.replace(runs[0], **WILD)
    with pytest.raises(DivergedError, match="the training of WeightDecayAutoencoder diverged"):
        sweep(runs)
    assert not records.path_of("batch", runs[0]).exists()
    assert of(runs[1]).results.has("test_error")
    assert not list(checkpoints.glob("*"))


class Stop(Exception):
    """The process ends here."""


def interrupted(runs, monkeypatch, after):
    """A sweep that saves after every epoch, and ends after some of them."""
    from replication.engine.execute.batched.watch import Watch

    epoch, seen = Watch.epoch, []

    def count(self, *arguments, **others):
        epoch(self, *arguments, **others)
        seen.append(1)
        if len(seen) == after:
            raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(Watch, "epoch", count)
        with pytest.raises(Stop):
            sweep(runs, every=0.0)


def epochs_of(runs, monkeypatch):
    """Finish a sweep, and count the epochs that it took."""
    from replication.engine.execute.batched.population import Population

    epoch, seen = Population.epoch, []
    with monkeypatch.context() as patch:
        patch.setattr(Population, "epoch", lambda *a: seen.append(1) or epoch(*a))
        sweep(runs)
    return len(seen)


@pytest.mark.parametrize("after", [2, 9])
def test_a_sweep_goes_on_from_its_checkpoint(store, checkpoints, monkeypatch, after):
    """In either phase, with the results of one that was never interrupted, to the last bit."""
    runs = members("dae-b", **TRIAL)[:2]
    interrupted(runs, monkeypatch, after)
    assert list(checkpoints.glob("*.checkpoint"))
    assert epochs_of(runs, monkeypatch) == 12 - after
    ours = [of(settings).results for settings in runs]
    assert not list(checkpoints.glob("*"))
    for settings in runs:
        records.path_of("batch", settings).unlink()
    sweep(runs)
    assert ours == [of(settings).results for settings in runs]


def test_a_part_of_a_population_goes_on(store, monkeypatch):
    """The others have got their records in another way."""
    runs = members("ae", **TRIAL)[:3]
    interrupted(runs, monkeypatch, 4)
    run(runs[1], "batch", progress=False)
    assert epochs_of(runs, monkeypatch) == 12 - 4
    assert of(runs[2]).provenance["population"]["pretrain_members"] == 2


@pytest.mark.parametrize("damage", ["checksum", "head", "code"])
def test_a_checkpoint_that_cannot_be_used_is_ignored(
    store, checkpoints, monkeypatch, capsys, damage
):
    """With a line that says why; the training begins anew."""
    runs = members("ae", **TRIAL)[:2]
    interrupted(runs, monkeypatch, 2)
    (path,) = checkpoints.glob("*.checkpoint")
    content = path.read_bytes()
    if damage == "checksum":
        content = content[:-5] + b"wrong"
    elif damage == "head":
        content = content[:70]
    else:
        checksum, about, rest = content.split(b"\n", 2)
        changed = json.loads(about)
        changed["phase"]["code"]["training"] = "another"
        content = b"\n".join((checksum, json.dumps(changed).encode(), rest))
    path.write_bytes(content)
    assert epochs_of(runs, monkeypatch) == 12
    assert f"warning: checkpoint {path} is ignored" in capsys.readouterr().err


def test_without_room_the_population_is_halved(store, monkeypatch, capsys):
    """One line says so, and all runs have their records."""
    import jax

    from replication.engine.execute.batched.population import Population

    epoch = Population.epoch

    def small(self, pause):
        if self.size > 2:
            raise jax.errors.JaxRuntimeError("RESOURCE_EXHAUSTED: Out of memory")
        return epoch(self, pause)

    monkeypatch.setattr(Population, "epoch", small)
    runs = members("ae", **TRIAL)
    assert sweep(runs) == 4
    said = [line for line in capsys.readouterr().err.splitlines() if "warning" in line]
    assert said == ["warning: 4 models at once have no room on the device; going on with 2 at once"]
    assert of(runs[3]).provenance["population"]["pretrain_members"] == 2


def test_other_errors_of_the_device_are_not_hidden(store, monkeypatch):
    """Only lack of memory is met by smaller populations."""
    import jax

    from replication.engine.execute.batched.population import Population

    def broken(self, pause):
        raise jax.errors.JaxRuntimeError("INTERNAL: something else")

    monkeypatch.setattr(Population, "epoch", broken)
    with pytest.raises(jax.errors.JaxRuntimeError, match="INTERNAL"):
        sweep(members("ae", **TRIAL))


def test_an_epoch_in_several_dispatches_is_the_same(monkeypatch):
    """As on a processor, where an epoch of a large population takes minutes."""
    from replication.engine.execute.batched import population

    runs = members("dae-b")[:2]
    whole = pretrained(runs)
    monkeypatch.setattr(population, "_SECONDS", 1e-3)
    parts = pretrained(runs)
    assert same_bits([one.weights for one in whole], [one.weights for one in parts])
    assert [one.losses for one in whole] == [one.losses for one in parts]
    assert len(finetuned(runs, parts)) == 2


def test_populations_are_of_nearly_the_same_size():
    """Few sizes have to be compiled."""
    from replication.engine.execute.batched.memory import split

    assert [len(part) for part in split(range(65), 64)] == [33, 32]
    assert split([], 4) == []


def test_the_memory_of_a_member_is_that_of_its_numbers():
    """A net of the usual size has some tens of megabytes, and Adam more."""
    from replication.engine.execute.batched.memory import bytes_of_member

    usual = Settings(dataset="mnist", model="cae")
    assert 2e7 < bytes_of_member(usual, 784) < 8e7
    adam = dataclasses.replace(usual, pretrain_optimizer="adam")
    assert bytes_of_member(adam, 784) > bytes_of_member(usual, 784)
    later = dataclasses.replace(usual, finetune_optimizer="adam")
    assert bytes_of_member(later, 784) == bytes_of_member(adam, 784)
    # Its kernels are small, and each example has the maps of all filters.
    small = Settings(dataset="mnist", model="ae", units=(64,), finetune_batch_size=100)
    pictures = dataclasses.replace(small, encoder="conv")
    assert 1e7 < bytes_of_member(pictures, 784) - bytes_of_member(small, 784) < 5e7


@pytest.mark.parametrize(
    ("asked", "sees", "where"),
    [
        ({}, True, "populations"),
        ({}, False, "cluster"),
        ({"batched": "off"}, True, "cluster"),
        ({"batched": 2}, False, "populations"),
        ({"workers": 2}, True, "cluster"),
        ({"scheduler": "tcp://there"}, True, "cluster"),
    ],
)
def test_auto_goes_by_what_there_is(store, monkeypatch, asked, sees, where):
    """Populations where there is an accelerator, unless a cluster was asked for."""
    from replication.engine.execute import choice, cluster
    from replication.engine.execute.batched import sweep as populations

    monkeypatch.setattr(choice, "sees_accelerator", lambda: sees)
    done = []
    monkeypatch.setattr(populations, "sweep", lambda *_: done.append("populations") or 1)
    monkeypatch.setattr(cluster, "sweep", lambda *_, **__: done.append("cluster") or 1)
    assert execute(members("ae"), "batch", **asked) == 1
    assert done == [where]


def test_runs_with_tangents_are_trained_one_by_one(store, monkeypatch):
    """Populations have none: they go to the cluster, or are refused where many were asked for."""
    from replication.engine.execute import choice, cluster

    monkeypatch.setattr(choice, "sees_accelerator", lambda: True)
    done = []
    monkeypatch.setattr(
        cluster, "sweep", lambda todo, *_, **__: done.append(len(todo)) or len(todo)
    )
    runs = [*members("ae"), Settings(model="ae", tangents=2, tangent_weight=1.0, **SMALL)]
    assert execute(runs, "batch") == len(runs)
    assert done == [len(runs)]
    with pytest.raises(InputError, match="runs with tangents are trained one by one.*batched=2"):
        execute(runs, "batch", batched=2)


def test_the_benchmark_counts_epochs_of_single_models(capsys):
    """Of pre-training for each model, and of fine-tuning once."""
    from replication.engine.execute.batched.benchmark import main

    small = "--models ae cae --members 2 --batch 200 --epochs 1 --dataset digits --units 8"
    assert main(small.split()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ae", "pretrain"],
        ["ae", "finetune"],
        ["cae", "pretrain"],
    ]
    assert main(["--members", "0"]) == 2
    assert "error: members must be" in capsys.readouterr().err


@pytest.mark.parametrize("batched", ["many", "0", 0, "-1", "1.5"])
def test_impossible_numbers_are_refused(batched):
    """In one sentence."""
    with pytest.raises(InputError, match="batched must be"):
        checked(batched)


def test_populations_are_trained_on_jax(store):
    """Another backend is refused."""
    other = [Settings(model="ae", backend="tensorflow", **SMALL)]
    with pytest.raises(InputError, match="trained on JAX.*on tensorflow"):
        execute(other, "batch", batched=4)
