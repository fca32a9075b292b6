"""What an hour buys: from the seconds that records say they took."""

import pytest

from replication.engine.records import Record
from replication.engine.results import Results
from replication.engine.settings import Settings
from replication.studies.table1_v2.hour_page import hour_buys, hour_drawing
from replication.studies.table1_v2.plan import CORE
from tests.made_up import PROVENANCE


def run(machine, pretrain, finetune, measure=10.0, **settings):
    """A CAE of 20 + 10 epochs, and what it took."""
    results = {"history": {"finetune_valid_error": [1.0] * 10}}
    usual = {"pretrain_batch_size": 20, "finetune_batch_size": 50, "pretrain_epochs": 20}
    seconds = {"pretrain": pretrain, "finetune": finetune, "measure": measure}
    return Record(
        "made-up",
        Settings(dataset="mnist", model="cae", **{**usual, **settings}),
        Results(results),
        {**PROVENANCE, "machine": machine, "seconds": seconds},
    )


CPU, GPU = {"processor": "A"}, {"processor": "B", "accelerator": "G"}


def test_runs_in_an_hour():
    """Medians of an epoch, times the length of the core tier; others leave them as they are."""
    records = [
        run(CPU, 100.0, 20.0),
        run(CPU, 120.0, 20.0),
        run(CPU, 1000.0, 20.0),
        run(CPU, 9.0, 9.0, pretrain_optimizer="adam"),
        run(CPU, 9.0, 9.0, finetune_examples=100),
        run(CPU, 9.0, 9.0, units=(10,)),
        run(GPU, 2.0, 1.0, measure=0.0),
    ]
    table = hour_buys(records).set_index("machine")
    seconds = 6 * CORE.length.pretrain_epochs + 2 * CORE.length.finetune_epochs + 10
    assert table.loc["one core of A", "seconds"] == pytest.approx(seconds)
    assert table.loc["one core of A", "runs"] == pytest.approx(3600 / seconds)
    assert table.loc["2 cores of A", "runs"] == pytest.approx(7200 / seconds)
    assert list(table.index) == ["one core of A", "2 cores of A", "G"]
    fast = 0.1 * (CORE.length.pretrain_epochs + CORE.length.finetune_epochs)
    times = seconds / fast
    assert f"G does {times:.0f} times as many as one core of A" in hour_drawing(records).data


def test_nothing_known():
    """A sentence."""
    assert "yet" in hour_drawing([]).data
