"""What the generator's choices change, and the sweep that measures it."""

import dataclasses

import pytest

from replication.engine.settings import Settings
from replication.errors import InputError
from replication.studies.generator import plan as generator
from replication.studies.table2 import plan as table2
from tests.studies import small

COLUMNS = {key: table2.STUDY.arms[key] for key in generator.COLUMNS}


@pytest.fixture
def study(tmp_path):
    """The two columns, of which nothing is chosen yet."""
    search = dataclasses.replace(small.SEARCH, arms=COLUMNS)
    return small.study_in(tmp_path, datasets=("rot",), search=search, proof={}, seeds=3)


@pytest.fixture
def searched(study, store):
    """The same with its search on rot finished."""
    return small.finish(study, "rot", error=lambda settings: 1.0)


def test_only_the_data_differs(searched):
    """Every run on a variant has its twin on the set itself."""
    ours = {settings.id for settings in generator.unchanged("rot", searched)}
    runs = generator.changed("rot", searched)
    assert len(runs) == 2 * len(ours) == 8
    assert {Settings(**{**s.to_dict(), "dataset": "rot"}).id for s in runs} == ours
    assert {s.dataset for s in runs} == set(generator.alternatives("rot"))


def test_an_alternative_says_what_differs():
    """Ranges are written as such."""
    found = generator.alternatives("rectangles-image")
    areas = found["rectangles-image:rectangle_areas=0.1-0.9"]
    assert (areas.choice, areas.ours, areas.value) == ("rectangle_areas", "0.25-0.75", "0.1-0.9")
    with pytest.raises(InputError, match="dataset must be one of rot, bg-img"):
        generator.alternatives("basic")


def test_stages_of_the_sweep(study, store):
    """Two columns of Table 2 come first, with their own records; then the variants."""
    stages = list(generator.stages("rot", 3, study))
    lines = [stage.forecast().splitlines()[-1] for stage in stages]
    grid = sum(len(study.search.grid("rot", column)) for column in generator.COLUMNS)
    assert lines[0].startswith(f"short trials: {grid} of {grid} runs to do")
    assert lines[-2].startswith("final runs: 4 runs, chosen when")
    assert lines[-1].startswith("runs on variants: 8 runs, chosen when")
    small.finish(study, "rot", error=lambda settings: 1.0)
    *_, last = generator.stages("rot", 3, study)
    assert len(last.runs) == last.size == 8
    with pytest.raises(InputError, match="3 seeds of Table 2. Received: seeds=2"):
        next(generator.stages("rot", 2))
    with pytest.raises(InputError, match="dataset must be one of rot, bg-img"):
        next(generator.stages("basic", 3))


@pytest.mark.parametrize("column", generator.COLUMNS)
def test_one_column_alone_is_compared_with_nothing(study, store, column):
    """Both have to be chosen."""
    small.finish(study, "rot", error=lambda settings: 1.0, keys=(column,))
    assert generator.unchanged("rot", study) == generator.changed("rot", study) == []


def test_published_stages_are_finished():
    """What the page shows is there."""
    for dataset in generator.DATASETS:
        assert [stage.todo for stage in generator.stages(dataset, 3)] == [[]] * 4
    found, wanted = generator.collect_generator()
    assert wanted == 4 * 15
    assert len(found) == wanted + 4 * len(generator.DATASETS)


def test_nothing_recorded_yet(store):
    """The page still knows how many runs there will be."""
    records, wanted = generator.collect_generator()
    assert records == []
    assert wanted == 4 * 15
    assert [s.size for s in generator.stages("rot", 3)][-1] == 8
