"""How pages get their records."""

import pytest

from replication.engine import records
from replication.engine.environment import chosen_backend
from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.collect import collect, collect_finals
from replication.studies.table1 import plan as table1
from tests.studies import small


@pytest.mark.parametrize(
    ("dataset", "scale", "seeds", "message"),
    [
        ("mnist", "proof", 0, "seeds must be"),
        ("mnist", "huge", 1, "scale must be"),
        ("minst", "full", 1, "dataset must be"),
    ],
)
def test_impossible_requests(dataset, scale, seeds, message, store):
    """A wrong scale, data set or number of seeds is refused."""
    with pytest.raises(InputError, match=message):
        collect_finals(table1.STUDY, (dataset,), scale, seeds)
    assert not store.exists()


def test_collect_at_each_scale(store):
    """Proof trains and keeps nothing, full trains and keeps, published only reads."""
    runs = [
        Settings(
            dataset="digits",
            model="ae",
            units=(10,),
            pretrain_epochs=1,
            finetune_epochs=1,
            spectrum_examples=0,
            backend=chosen_backend(),
        )
    ]
    assert collect(runs, "test", "published") == []
    [proof] = collect(runs, "test", "proof")
    assert proof.settings == runs[0]
    assert not store.exists()
    [full] = collect(runs, "test", "full")
    assert records.path_of("test", runs[0]).exists()
    assert collect(runs, "test", "published") == [full]
    assert full.results == proof.results
    with pytest.raises(InputError, match="scale must be"):
        collect(runs, "test", "huge")


def test_nothing_to_show_before_the_search(store, tmp_path):
    """Without any record nothing is shown, and it is said how many runs there should be."""
    assert collect_finals(small.study_in(tmp_path), (small.DATASET,), "published") == ([], 4)
    # What was chosen is there, but its runs are not.
    found, wanted = collect_finals(table1.STUDY, ("cifar-bw",), "published")
    assert found == []
    assert wanted == table1.SEEDS * len(table1.STUDY.arms)


def test_proof_trains_one_small_run_of_each(store, tmp_path):
    """On embedded data, and no record is kept."""
    study = small.study_in(tmp_path)
    found, wanted = collect_finals(study, (small.DATASET,), "proof")
    assert [record.settings for record in found] == study.proof_runs()
    assert wanted == 2
    assert not store.exists()
    assert not study.selections.exists()


def test_full_scale_goes_through_the_whole_protocol(store, tmp_path):
    """What has a record is not run again; what was chosen is written down on the way."""
    study = small.study_in(tmp_path)
    for index in range(3):
        for key in study.arms:
            for settings in study.search.trials(index, small.DATASET, key):
                small.write_trial(settings, small.error_of(settings), study.search.experiment)
    best = {key: study.search.choose(small.DATASET, key) for key in study.arms}
    for settings in best.values():
        for seed in range(2):
            final = Settings(**{**settings.to_dict(), **study.final, "seed": seed})
            small.write_trial(final, 1.0, study.experiment)
    found, wanted = collect_finals(study, (small.DATASET,), "full")
    assert len(found) == wanted == 4
    assert {key: choice.settings for key, choice in study.chosen(small.DATASET).items()} == best


def test_full_scale_trains_no_more_than_was_asked_for(store, tmp_path):
    """A page on one competitor does not search the others."""
    study = small.study_in(tmp_path)
    for index in range(3):
        for settings in study.search.trials(index, small.DATASET, "ae"):
            small.write_trial(settings, small.error_of(settings), study.search.experiment)
    best = study.search.choose(small.DATASET, "ae")
    for seed in range(2):
        final = Settings(**{**best.to_dict(), **study.final, "seed": seed})
        small.write_trial(final, 1.0, study.experiment)
    found, wanted = collect_finals(study, (small.DATASET,), "full", keys=("ae",))
    assert len(found) == wanted == 2
    assert {path.parent.name for path in store.glob("*/*.json")} == {"small-trials", "small-finals"}
    assert {record.settings.model for record in records.read_all()} == {"ae"}
