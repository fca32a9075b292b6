"""What was chosen is kept, and nothing published can vanish.

A protocol that is changed, or gets one more competitor, must leave the final runs of the others
where they are; a file of choices that is not what the trials give must be found.
"""

import concurrent.futures
import dataclasses
import json

import pytest

from replication.alone import alone_in
from replication.engine import records
from replication.errors import InputError
from replication.studies import selection
from replication.studies.catalogue import STUDIES
from replication.studies.collect import collect_finals
from replication.studies.search import Arm
from replication.studies.table1 import plan as table1
from tests.studies import small

ON = [(study, dataset) for study in STUDIES for dataset in study.datasets]
NAMES = [f"{study.name}-{dataset}" for study, dataset in ON]


@pytest.fixture
def finished(store, tmp_path):
    """A small study that is finished: made-up records of all its runs, and its selections."""
    return small.finish(small.study_in(tmp_path))


def path_in(study):
    """The file of what the small study chose."""
    return selection.path_of(study.selections, study.search, small.DATASET)


def edit(study, change):
    """Change the content of that file."""
    content = json.loads(path_in(study).read_text())
    change(content)
    path_in(study).write_text(json.dumps(content))


def problems(study, dataset=small.DATASET):
    """What is wrong with a study's selections on a data set."""
    return selection.problems(study.selections, study.search, dataset)


class TestPublishedRunsStay:
    """Changes of a protocol that once emptied the book."""

    def test_another_length_of_a_round(self, finished):
        """New trials would be needed, but what was chosen is chosen."""
        before = finished.final_runs(small.DATASET)
        changed = small.with_length(finished, 0, finetune_epochs=6)
        assert not changed.search.is_finished(small.DATASET, "ae", 1)
        assert changed.final_runs(small.DATASET) == before
        found, wanted = collect_finals(changed, (small.DATASET,), "published")
        assert [record.settings for record in found] == before
        assert len(found) == wanted == 4

    def test_one_more_competitor(self, finished):
        """The others keep their runs and records; the new one is missing, and shows as missing."""
        before = finished.final_runs(small.DATASET)
        cae = Arm(key="cae", model="cae", pretrain_rates=(0.1,))
        changed = small.with_arm(finished, cae)
        assert changed.final_runs(small.DATASET) == before
        assert changed.finals(small.DATASET, "cae") == []
        found, wanted = collect_finals(changed, (small.DATASET,), "published")
        assert [record.settings for record in found] == before
        assert (len(found), wanted) == (4, 6)
        alone = collect_finals(changed, (small.DATASET,), "published", keys=("cae",))
        assert alone == ([], 2)

    def test_the_new_competitor_joins(self, finished):
        """Once its own search is finished, it is added to the file; the others stay as they are."""
        before = json.loads(path_in(finished).read_text())["chosen"]
        changed = small.with_arm(finished, Arm(key="cae", model="cae", pretrain_rates=(0.1,)))
        small.finish(changed)
        after = json.loads(path_in(finished).read_text())["chosen"]
        assert set(after) == {*before, "cae"}
        assert {key: after[key] for key in before} == before
        found, wanted = collect_finals(changed, (small.DATASET,), "published")
        assert len(found) == wanted == 6

    @pytest.mark.parametrize(("study", "dataset"), ON, ids=NAMES)
    def test_the_repository_s_own(self, study, dataset):
        """Six epochs instead of five in the first round, or a second CAE, change no final run."""
        before = {key: study.finals(dataset, key) for key in study.arms}
        second = dataclasses.replace(
            next(arm for arm in study.arms.values() if arm.model == "cae"), key="cae-9", depth=9
        )
        for changed in (
            small.with_length(study, 0, finetune_epochs=6),
            small.with_arm(study, second),
        ):
            assert {key: changed.finals(dataset, key) for key in study.arms} == before
            assert changed.final_runs(dataset, keys=tuple(before)) == study.final_runs(dataset)
        assert small.with_arm(study, second).finals(dataset, "cae-9") == []

    @pytest.mark.parametrize(("study", "dataset"), ON, ids=NAMES)
    def test_everything_published_has_its_record(self, study, dataset):
        """All final runs of every choice are there; a competitor without one is merely missing."""
        assert study.chosen(dataset).keys() <= study.arms.keys()
        for key in study.chosen(dataset):
            found, wanted = collect_finals(study, (dataset,), "published", keys=(key,))
            assert len(found) == wanted > 0


class TestChoosing:
    """What `select` writes, and what it leaves alone."""

    def test_the_file_holds_the_best_trial(self, finished):
        """Of each competitor: settings, error, and which trials it was chosen from."""
        content = json.loads(path_in(finished).read_text())
        assert (content["study"], content["dataset"], content["protocol"]) == ("small", "digits", 1)
        for key, choice in finished.chosen(small.DATASET).items():
            best = finished.search.choose(small.DATASET, key)
            assert choice.settings == best
            assert (best.finetune_epochs, best.finetune_learning_rate) == (3, 1.0)
            assert choice.valid_error == small.error_of(best) == 47.0
            later = [
                s.id for index in (1, 2) for s in finished.search.trials(index, small.DATASET, key)
            ]
            assert list(choice.candidates) == later
            grid = {s.id for s in finished.search.grid(small.DATASET, key)}
            assert set(choice.earlier) == grid

    def test_what_is_chosen_is_never_chosen_again(self, finished):
        """Not even where another trial has become better since; that is for a new version."""
        before = path_in(finished).read_bytes()
        worst = max(
            finished.search.candidates(small.DATASET, "ae"), key=lambda s: small.error_of(s)
        )
        small.write_trial(worst, 0.5, finished.search.experiment)
        assert finished.search.choose(small.DATASET, "ae") == worst
        assert selection.select(finished.selections, finished.search, small.DATASET) == []
        finished.select(small.DATASET)
        assert path_in(finished).read_bytes() == before

    def test_only_what_is_finished_is_chosen(self, store, tmp_path):
        """The other competitor is left for later."""
        study = small.study_in(tmp_path)
        for index in range(3):
            for settings in study.search.trials(index, small.DATASET, "ae"):
                small.write_trial(settings, 5.0, study.search.experiment)
        study.select(small.DATASET)
        assert set(study.chosen(small.DATASET)) == {"ae"}
        assert study.finals(small.DATASET, "ae") != []
        assert study.finals(small.DATASET, "ae-wd") == []
        found, wanted = collect_finals(study, (small.DATASET,), "published")
        assert (found, wanted) == ([], 4)

    def test_what_another_sweep_chose_meanwhile_is_kept(self, finished):
        """Two sweeps end at the same time: each waits for the other, and neither loses a choice."""
        path = path_in(finished)
        both = json.loads(path.read_text())
        path.unlink()
        first = {**both, "chosen": {"ae": both["chosen"]["ae"]}}
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with alone_in(path.parent):
                later = pool.submit(
                    selection.select, finished.selections, finished.search, small.DATASET
                )
                assert concurrent.futures.wait([later], timeout=0.5).not_done
                path.write_text(json.dumps(first))
            assert later.result() == ["ae-wd"]
        assert json.loads(path.read_text()) == both

    def test_nothing_to_choose(self, store, tmp_path):
        """Without trials there is no file, and no final run."""
        study = small.study_in(tmp_path)
        study.select(small.DATASET)
        assert not study.selections.exists()
        assert study.chosen(small.DATASET) == {}
        assert study.final_runs(small.DATASET) == []

    def test_another_version_starts_anew(self, finished):
        """It has a file of its own, and does not see what an older one published."""
        search = dataclasses.replace(finished.search, version=2)
        second = dataclasses.replace(finished, search=search)
        assert second.chosen(small.DATASET) == {}
        before = path_in(finished).read_bytes()
        second.select(small.DATASET)  # its trials are the same here
        assert set(second.chosen(small.DATASET)) == {"ae", "ae-wd"}
        assert path_in(finished).read_bytes() == before
        assert path_in(second) != path_in(finished)


class TestProblems:
    """A selection that is not what the trials give is named."""

    @pytest.mark.parametrize(("study", "dataset"), ON, ids=NAMES)
    def test_the_repository_s_own_are_right(self, study, dataset):
        """Each is the best of its trials, with that trial's error."""
        assert problems(study, dataset) == []

    def test_a_small_study_s_are_right(self, finished):
        """What `select` wrote agrees with what it was chosen from."""
        assert problems(finished) == []

    def test_another_trial(self, finished):
        """One that was not the best."""
        choice = finished.chosen(small.DATASET)["ae"]
        other = next(
            s for s in finished.search.candidates(small.DATASET, "ae") if s.id != choice.settings.id
        )

        def change(content):
            content["chosen"]["ae"] |= {"id": other.id, "settings": other.to_dict()}

        edit(finished, change)
        assert problems(finished) == [
            f"small v1, ae on digits: chose {other.id}, but the best trial is {choice.settings.id}"
        ]

    def test_another_error(self, finished):
        """A number that is not the record's."""
        edit(finished, lambda content: content["chosen"]["ae-wd"].update(valid_error=1.25))
        [found] = problems(finished)
        assert found.startswith("small v1, ae-wd on digits: says 1.25 % of ")
        assert found.endswith("whose record says 47 %")

    def test_a_trial_that_is_gone(self, finished):
        """A record of what it was chosen from is missing."""
        choice = finished.chosen(small.DATASET)["ae"]
        gone = next(name for name in choice.candidates if name != choice.settings.id)
        (records.FOLDER / finished.search.experiment / f"{gone}.json").unlink()
        assert problems(finished) == [f"small v1, ae on digits: no record of the trials {gone}"]

    def test_trials_that_say_something_else_now(self, finished):
        """The chosen trial diverged, after all; or all did."""
        choice = finished.chosen(small.DATASET)["ae"]
        small.write_trial(choice.settings, None, finished.search.experiment)
        [found] = problems(finished)
        assert f"chose {choice.settings.id}, but the best trial is " in found
        for settings in finished.search.candidates(small.DATASET, "ae"):
            small.write_trial(settings, None, finished.search.experiment)
        [found] = problems(finished)
        assert found.endswith("but the best trial is none, as all diverged")


def other_settings(content):
    """Settings that do not belong to the id."""
    content["chosen"]["ae"]["settings"]["seed"] = 3


def not_a_candidate(content):
    """A choice from other trials than those it names."""
    entry = content["chosen"]["ae"]
    entry["candidates"].remove(entry["id"])


def no_settings(content):
    """A choice that lacks a part."""
    del content["chosen"]["ae"]["settings"]


def unknown_setting(content):
    """A setting that this version does not know."""
    content["chosen"]["ae"]["settings"]["momentum"] = 0.9


def no_table(content):
    """Choices that are a list."""
    content["chosen"] = [1]


@pytest.mark.parametrize(
    "change", [other_settings, not_a_candidate, no_settings, unknown_setting, no_table]
)
def test_a_damaged_file_is_one_sentence(finished, change):
    """With its name, for everyone who reads it; nothing is chosen over it."""
    edit(finished, change)
    before = path_in(finished).read_bytes()
    for attempt in (
        lambda: finished.final_runs(small.DATASET),
        lambda: finished.select(small.DATASET),
        lambda: problems(finished),
    ):
        with pytest.raises(InputError, match="damaged") as raised:
            attempt()
        assert str(path_in(finished)) in str(raised.value)
        assert "\n" not in str(raised.value)
    assert path_in(finished).read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', "\xff"])
def test_a_file_that_is_no_selection(finished, text):
    """A cut file, or one of another kind."""
    path_in(finished).write_bytes(text.encode("latin-1"))
    with pytest.raises(InputError, match="damaged"):
        finished.chosen(small.DATASET)


@pytest.mark.parametrize(
    ("name", "value"), [("study", "table9"), ("dataset", "mnist"), ("protocol", 2)]
)
def test_another_s_selection_is_refused(finished, name, value):
    """A file that was copied from another study, data set or version."""
    edit(finished, lambda content: content.update({name: value}))
    with pytest.raises(InputError, match="is another's. Expected study, data set and version"):
        finished.chosen(small.DATASET)


def test_a_published_protocol_has_its_version_in_the_path():
    """The committed files lie where the first version of the protocol looks for them."""
    path = selection.path_of(table1.STUDY.selections, table1.SEARCH, "mnist")
    assert path.parts[-4:] == ("table1", "selection", "v1", "mnist.json")
    assert path.exists()
