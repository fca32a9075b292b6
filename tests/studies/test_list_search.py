"""A search that starts from a list, and goes on from the best trial so far."""

import pytest

from replication.errors import InputError
from replication.studies.list_rounds import Beyond, OneByOne, OneRound
from replication.studies.list_search import ListedArm, ListSearch
from tests.studies import small

DATASET = "digits"
RATES = (0.1, 0.2, 0.4)
FIRST = OneRound("trials")
FARTHER = Beyond("beyond", ("finetune_learning_rate", "contraction"), (2.0, 4.0))
ALONE = OneByOne("alone", {"finetune_learning_rate": 2.0, "contraction": 3.0})


def search(*further):
    """Two competitors: one has a rate to choose, the other lambda, too."""
    arms = {
        "ae": ListedArm(
            key="ae",
            model="ae",
            tried=tuple({"finetune_learning_rate": rate} for rate in RATES),
        ),
        "cae": ListedArm(
            key="cae",
            model="cae",
            tried=tuple(
                {"finetune_learning_rate": rate, "contraction": c}
                for rate, c in zip(RATES, (0.3, 0.1, 1.0), strict=True)
            ),
        ),
    }
    return ListSearch(
        version=1,
        study="small",
        experiment="small-trials",
        width=9,
        common={"pretrain_epochs": 1, "finetune_epochs": 1},
        seed=1000,
        arms=arms,
        rounds=(FIRST, *further),
    )


def made(one, key, error):
    """Make the trials of all rounds, and return them round by round."""
    found = []
    for index in range(len(one.rounds)):
        trials = one.trials(index, DATASET, key)
        for settings in trials:
            small.write_trial(settings, error(settings), one.experiment)
        found.append(trials)
    return found


def tried(trials):
    """Rate and lambda of each trial."""
    return [(s.finetune_learning_rate, s.contraction) for s in trials]


def test_one_value_at_a_time(store):
    """Up and down from the best so far; what has a record already is not listed again."""
    one = search(ALONE)
    _, further = made(one, "cae", lambda s: abs(s.finetune_learning_rate - 0.2))
    assert tried(further) == [(0.4, 0.1), (0.1, 0.1), (0.2, 0.3), (0.2, 0.0333)]
    _, further = made(one, "ae", lambda s: abs(s.finetune_learning_rate - 0.2))
    assert further == []  # 0.1 and 0.4 are of the first round
    assert one.choose(DATASET, "ae").finetune_learning_rate == 0.2


def test_each_round_starts_from_the_best_of_all_before(store):
    """Which need not be of the first round; the last one can still move the choice."""
    one = search(FARTHER, ALONE)
    first, farther, alone = made(
        one, "cae", lambda s: 99 - s.finetune_learning_rate - s.contraction
    )
    assert len(first) == 3
    assert tried(farther) == [(0.8, 1.0), (1.6, 1.0), (0.4, 2.0), (0.4, 4.0)]
    assert tried(alone) == [(0.8, 4.0), (0.2, 4.0), (0.4, 12.0), (0.4, 1.33)]
    assert one.choose(DATASET, "cae").contraction == 12.0
    assert one.candidates(DATASET, "cae") == [*first, *farther, *alone]


def test_sizes_are_known_before(store):
    """The largest number of trials of each round; who has more to choose has more."""
    one = search(FARTHER, ALONE)
    sizes = {key: [one.size(index, DATASET, key) for index in range(3)] for key in one.arms}
    assert sizes == {"ae": [3, 2, 2], "cae": [3, 4, 4]}


def test_a_round_needs_those_before(store):
    """And says what is missing; a leader that diverged leads nothing."""
    one = search(ALONE)
    with pytest.raises(InputError, match="no record"):
        one.trials(1, DATASET, "ae")
    with pytest.raises(InputError, match="arm must be one of ae, cae"):
        one.trials(0, DATASET, "rbm")
    for settings in one.trials(0, DATASET, "cae"):
        error = None if settings.finetune_learning_rate == 0.1 else 5.0
        small.write_trial(settings, error, one.experiment)
    # The first two that are left are equally good: the earlier one leads.
    assert tried(one.trials(1, DATASET, "cae"))[0] == (0.4, 0.1)
