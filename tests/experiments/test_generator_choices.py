"""What the generator's choices change, and the sweep that measures it."""

import pytest

from replication.cli import main
from replication.errors import InputError
from replication.experiments import generator_choices, stages, table2
from replication.experiments.collect import collect_generator
from replication.experiments.settings import Settings


@pytest.fixture
def searched(store, monkeypatch):
    """The search on rot is finished, and chose these settings."""
    chosen = {
        "cae-1": Settings(dataset="rot", model="cae", evaluate_test=False, contraction=0.3),
        "svm-rbf": Settings(dataset="rot", model="svm", evaluate_test=False, svm_gamma=0.05),
    }
    monkeypatch.setattr(table2, "selected", lambda dataset, column: chosen[column])
    monkeypatch.setattr(generator_choices, "is_searched", lambda dataset: dataset == "rot")


def test_only_the_data_differs(searched):
    """Every run on a variant has its twin on the set itself."""
    ours = {settings.id for settings in generator_choices.unchanged("rot")}
    runs = generator_choices.changed("rot")
    assert len(runs) == 2 * len(ours) == 8
    assert {Settings(**{**s.to_dict(), "dataset": "rot"}).id for s in runs} == ours
    assert {s.dataset for s in runs} == set(generator_choices.alternatives("rot"))


def test_an_alternative_says_what_differs():
    """Ranges are written as such."""
    found = generator_choices.alternatives("rectangles-image")
    areas = found["rectangles-image:rectangle_areas=0.1-0.9"]
    assert (areas.choice, areas.ours, areas.value) == ("rectangle_areas", "0.25-0.75", "0.1-0.9")
    with pytest.raises(InputError, match="dataset must be one of rot, bg-img"):
        generator_choices.alternatives("basic")


def test_forecast_of_the_sweep(searched, capsys):
    """Two columns of Table 2 come first, with their own records; then the variants."""
    assert main(["sweep", "generator", "--dataset", "bg-img", "--dry-run"]) == 0
    text = capsys.readouterr().out
    assert "short trials: 48 of 48 runs to do" in text
    assert "final runs: 4 runs, chosen when" in text
    assert "runs on variants: 20 runs, chosen when" in text
    assert main(["sweep", "generator", "--seeds", "2"]) == 2
    assert "3 seeds of Table 2. Received: seeds=2" in capsys.readouterr().err


def test_nothing_recorded_yet(searched):
    """The page still knows how many runs there will be."""
    records, wanted = collect_generator()
    assert records == []
    assert wanted == 4 * 15
    assert [s.size for s in stages.generator_stages("rot", 3)][-1] == 8
