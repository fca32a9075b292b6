"""Selection by the validation error, and nothing else."""

import math

import pytest

from replication.errors import InputError
from replication.experiments import protocol, records
from replication.experiments.selection import Trial, best, read_trials
from replication.experiments.settings import MODELS, Settings


class Guarded(dict):
    """Results that end the test if somebody asks for what the test set says."""

    def __getitem__(self, key):
        assert not key.startswith("test"), f"the selection asked for {key}"
        return super().__getitem__(key)


def trial(rate, error, **results):
    """The record of a trial with one validation error."""
    settings = Settings(
        dataset="digits", model="ae", pretrain_learning_rate=rate, evaluate_test=False
    )
    found = {"diverged": "the loss was no number"} if error is None else {"valid_error": error}
    return records.Record("trials", settings, found | results, {"seconds": {"total": 1.0}})


def test_smallest_validation_error_wins(store):
    """Best first; a tie goes to the earlier one; a diverged trial is never chosen."""
    errors = {0.1: 3.0, 0.2: 1.0, 0.3: None, 0.4: 1.0}
    trials = read_trials([records.write(trial(rate, error)) for rate, error in errors.items()])
    assert [t.settings.pretrain_learning_rate for t in best(trials, 2)] == [0.2, 0.4]
    assert len(best(trials, 10)) == 3
    assert math.isinf(trials[2].valid_error)


def test_record_with_a_test_error_is_refused(store):
    """A trial that saw the test set, or could have, takes no part."""
    leaked = records.write(trial(0.1, 1.0, test_error=0.9))
    with pytest.raises(InputError, match="never sees the test set.*test_error"):
        read_trials([leaked])
    allowed = records.Record(
        "trials", Settings(dataset="digits", model="ae"), {"valid_error": 1.0}, {}
    )
    with pytest.raises(InputError, match="evaluate_test=True"):
        read_trials([records.write(allowed)])


def test_selection_never_asks_for_test_results(store, monkeypatch):
    """Results that may not be read for the test set serve the selection all the same."""
    paths = [records.write(trial(rate, 1 / rate)) for rate in (0.1, 0.2)]
    read = records.read

    def guarded(path):
        record = read(path)
        return records.Record(
            record.experiment, record.settings, Guarded(record.results), record.provenance
        )

    monkeypatch.setattr(records, "read", guarded)
    assert best(read_trials(paths), 1)[0].settings.pretrain_learning_rate == 0.2
    assert {field for field in Trial.__dataclass_fields__} == {"settings", "valid_error"}


class TestProtocol:
    """The grid, and the way from trials to final runs."""

    @pytest.mark.parametrize("model", MODELS)
    def test_equal_budgets(self, model):
        """Every model has the same number of trials, all blind, all with the trials' own seed."""
        grid = protocol.screening("mnist", model)
        assert len(set(grid)) == len(grid) == 24
        assert not any(settings.evaluate_test for settings in grid)
        assert {settings.seed for settings in grid} == {protocol.TRIAL_SEED}
        assert protocol.TRIAL_SEED not in range(protocol.SEEDS)

    @pytest.fixture
    def screened(self, store):
        """Short trials of the CAE whose error depends on strength and rate in a known way."""
        for settings in protocol.screening("digits", "cae"):
            error = abs(math.log10(settings.contraction)) + abs(
                settings.pretrain_learning_rate - 0.05
            )
            error += 0.01 * settings.finetune_learning_rate
            self.record(settings, error)

    def record(self, settings, error):
        """Write the record of a trial."""
        result = records.Record(protocol.TRIALS, settings, {"valid_error": error}, {})
        records.write(result)

    def test_best_pretrainings_go_on_with_every_rate(self, screened):
        """Three pre-trainings times three rates, longer, and still blind."""
        longer = protocol.promoted("digits", "cae")
        assert len(longer) == protocol.PROMOTED * len(protocol.FINETUNE_RATES)
        chosen = {(s.contraction, s.pretrain_learning_rate) for s in longer}
        assert chosen == {(1.0, 0.05), (1.0, 0.2), (0.3, 0.05)}
        assert {s.pretrain_epochs for s in longer} == {protocol.LENGTH["pretrain_epochs"]}
        assert not any(s.evaluate_test for s in longer)

    @pytest.mark.parametrize(("longer_error", "rate"), [(5.0, 1.0), (-0.2, 0.3)])
    def test_final_runs_are_the_selected_trial_with_other_seeds(self, screened, longer_error, rate):
        """Only seed and what is measured differ from the trial; the test set is seen now."""
        assert not protocol.is_searched("digits")
        for settings in protocol.promoted("digits", "cae"):
            self.record(settings, abs(settings.finetune_learning_rate - 1) + settings.contraction)
        assert not protocol.is_searched("digits")
        longer = protocol.lengthened("digits", "cae")
        assert {s.contraction for s in longer} == {0.3}
        assert [s.finetune_learning_rate for s in longer] == list(protocol.FINETUNE_RATES)
        assert {s.pretrain_epochs for s in longer} == {protocol.LONGER["pretrain_epochs"]}
        for settings in longer:
            self.record(settings, longer_error + settings.finetune_learning_rate)
        selected = protocol.selected("digits", "cae")
        assert (selected.contraction, selected.finetune_learning_rate) == (0.3, rate)
        runs = protocol.finals("digits", "cae", 3)
        assert [run.seed for run in runs] == [0, 1, 2]
        assert all(run.evaluate_test for run in runs)
        assert {repr(run.pretraining | {"seed": 0}) for run in runs} == {
            repr(selected.pretraining | {"seed": 0})
        }
        assert protocol.reduced("digits", "cae").units == (200,)

    def test_unfinished_search_says_what_to_run(self, screened):
        """Missing trials are counted, and the command that makes them is named."""
        with pytest.raises(InputError, match="9 of 9 trials.*sweep table1 --dataset digits"):
            protocol.selected("digits", "cae")
        with pytest.raises(InputError, match="24 of 24 trials of ae"):
            protocol.promoted("digits", "ae")

    def test_all_diverged(self, screened):
        """If no long trial survived there is nothing to choose."""
        for settings in protocol.promoted("digits", "cae"):
            diverged = records.Record(protocol.TRIALS, settings, {"diverged": "NaN"}, {})
            records.write(diverged)
        with pytest.raises(InputError, match="all trials of cae on digits diverged"):
            protocol.selected("digits", "cae")
