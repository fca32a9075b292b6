"""A stage of a sweep: what is to be done, and what that costs."""

import pytest

from replication.engine import records
from replication.engine.settings import Settings
from replication.studies.stage import Stage


@pytest.fixture
def runs():
    """Three runs, the last two of which are one."""
    first, second = (
        Settings(dataset="digits", model="cae", units=units, contraction=0.3, seed=7)
        for units in ((20,), (20, 20))
    )
    return [first, second, second]


def stage(runs, **fields):
    """A stage of these runs."""
    return Stage(name="first", experiment="test", size=3, runs=runs, **fields)


def record(settings, seconds):
    """Write the record of a run that cost so much."""
    origin = {"seconds": {"total": seconds}}
    records.write(records.Record("test", settings, {"valid_error": 1.0}, origin))


def test_what_is_to_be_done(store, runs):
    """Runs without a record, each once, with all that tells them apart."""
    first, second, _ = runs
    assert stage(runs).todo == [first, second]
    assert stage(runs).known == 1  # the second time that a run is asked for
    *lines, last = stage(runs).forecast().splitlines()
    assert lines == [
        f"  {first.id}  digits cae seed 7 contraction 0.3 rates 0.1 0.3  cost unknown",
        f"  {second.id}  digits cae depth 2 seed 7 contraction 0.3 rates 0.1 0.3  cost unknown",
    ]
    assert last == "first: 2 of 3 runs to do"


def test_cost_of_what_is_to_be_done(store, runs):
    """As much as similar runs have cost."""
    first, second, _ = runs
    record(first, 7200.0)
    other = Settings(dataset="digits", model="cae", units=(20, 20), contraction=1.0)
    record(other, 3600.0)
    shown = stage(runs).forecast()
    assert f"{second.id}  digits cae depth 2" in shown
    assert "about 60.0 minutes" in shown
    assert shown.endswith("first: 1 of 3 runs to do, about 1.0 core hours")


def test_a_stage_that_waits(store):
    """It knows its size and no runs, does nothing, and finishes nothing."""
    finished = []
    waiting = stage(None, then=lambda: finished.append(1))
    assert waiting.todo == []
    assert waiting.known == 0
    assert waiting.sweep() == 0
    assert finished == []
    assert waiting.forecast() == "first: 3 runs, chosen when the stage before is finished"


def test_what_follows_a_stage(store, runs):
    """Done when all runs are there, also where there was nothing to run."""
    for settings in runs:
        record(settings, 1.0)
    finished = []
    assert stage(runs, then=lambda: finished.append(1)).sweep() == 0
    assert finished == [1]
