"""Which runs a table needs, and how pages get their records."""

import pytest

from replication.errors import InputError
from replication.experiments import protocol, records
from replication.experiments.collect import collect, collect_table1
from replication.experiments.settings import MODELS, Settings


def test_proof_is_small_and_embedded():
    """Proof scale needs no download and one seed unless told otherwise."""
    runs = protocol.table1("mnist", None, "proof")
    assert len(runs) == len(MODELS)
    assert {r.dataset for r in runs} == {"digits"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("mnist", 0, "proof"), "seeds must be"),
        (("mnist", 1, "huge"), "scale must be"),
        (("minst", 1, "full"), "dataset must be"),
    ],
)
def test_impossible_requests(arguments, message):
    """A wrong scale, data set or number of seeds is refused."""
    with pytest.raises(InputError, match=message):
        protocol.table1(*arguments)


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


def test_nothing_to_show_before_the_search(store):
    """A data set without any record shows nothing, and says how many runs there should be."""
    found, wanted = collect_table1("cifar-bw", None, "published")
    assert found == []
    assert wanted == protocol.SEEDS * len(MODELS)


def test_first_look():
    """What was run before there was a protocol can be listed."""
    first = protocol.first_look("mnist")
    assert {(s.model, s.seed) for s in first} == {(m, s) for m in MODELS for s in range(3)}
