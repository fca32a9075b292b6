"""Version 2 of the search: what is drawn, what goes on, what is chosen."""

import dataclasses

import pytest

from replication.studies.abstract_search import Competitor, Length
from replication.studies.random_search import Draws, RandomArm, RandomSearch, Repeats
from replication.studies.space import OneOf, Range
from replication.studies.trials import Trial
from tests.studies import small

LENGTH = Length(pretrain_epochs=2, finetune_epochs=3, finetune_patience=3)
SPACE = {
    "pretrain_learning_rate": Range(low=0.01, high=1.0),
    "pretrain_optimizer": OneOf(("sgd", "adam")),
    "initial_range": OneOf((1.0, 4.0)),
    "finetune_learning_rate": Range(low=0.1, high=1.0),
}
SEARCH = RandomSearch(
    version=2,
    study="small",
    experiment="small-v2-trials",
    arms={
        "cae": RandomArm(
            key="cae",
            model="cae",
            space={**SPACE, "contraction": Range(low=0.01, high=1.0)},
            adam_rates=Range(low=1e-4, high=1e-2),
        ),
        "none": RandomArm(
            key="none",
            model="ae",
            is_pretrained=False,
            space={"finetune_learning_rate": SPACE["finetune_learning_rate"]},
        ),
    },
    rounds=(
        Draws(name="drawn", length=LENGTH, count=8),
        Repeats(name="again", length=LENGTH, leaders=2, seeds=3),
        Draws(name="beyond", length=LENGTH, count=2, beyond=True),
        Repeats(name="these again", length=LENGTH, leaders=1, seeds=3),
    ),
    final_length=dataclasses.replace(LENGTH, finetune_epochs=5),
    finetune_longer={"cifar-bw": 3},
    width=20,
    common={"finetune_decay": True},
    seed=2000,
)


def record(settings, error):
    """Write the made-up record of a trial."""
    small.write_trial(settings, error, SEARCH.experiment)


def test_drawn_settings_lie_in_their_ranges():
    """On a logarithmic scale evenly; the rate of Adam is its own."""
    drawn = SEARCH.trials(0, "digits", "cae")
    assert len({s.id for s in drawn}) == 8
    assert all(0.01 <= s.contraction <= 1.0 for s in drawn)
    for s in drawn:
        low, high = (1e-4, 1e-2) if s.pretrain_optimizer == "adam" else (0.01, 1.0)
        assert low <= s.pretrain_learning_rate <= high
    assert {s.seed for s in drawn} == {2000}
    assert not any(s.evaluate_test for s in drawn)
    assert min(s.contraction for s in drawn) < 0.1 < max(s.contraction for s in drawn)


def test_choices_come_up_equally_often():
    """In all of their combinations."""
    drawn = SEARCH.trials(0, "digits", "cae")
    pairs = [(s.pretrain_optimizer, s.initial_range) for s in drawn]
    assert {pairs.count(pair) for pair in set(pairs)} == {2}
    assert len(set(pairs)) == 4


def test_a_longer_search_begins_with_the_same_draws():
    """So that a wider tier keeps what a narrower one has done; another seed draws others."""
    first, *rest = SEARCH.rounds
    longer = dataclasses.replace(SEARCH, rounds=(dataclasses.replace(first, count=20), *rest))
    assert longer.trials(0, "digits", "cae")[:8] == SEARCH.trials(0, "digits", "cae")
    other = dataclasses.replace(SEARCH, draw_seed=1)
    assert other.trials(0, "digits", "cae") != SEARCH.trials(0, "digits", "cae")


def test_lengths():
    """No pre-training for what has none; longer fine-tuning where it is told."""
    [first, *_] = SEARCH.trials(0, "cifar-bw", "none")
    assert (first.pretrain_epochs, first.finetune_epochs) == (0, 9)
    assert SEARCH.arms["none"].has(first)
    [trained, *_] = SEARCH.trials(0, "digits", "cae")
    assert (trained.pretrain_epochs, trained.finetune_epochs) == (2, 3)
    assert SEARCH.final("cifar-bw", "cae")["finetune_epochs"] == 15


def test_the_best_go_on_with_fresh_seeds_and_the_mean_decides(store):
    """The luckiest single trial does not win; a setting with a diverged seed is out."""
    drawn = SEARCH.trials(0, "digits", "cae")
    for place, settings in enumerate(drawn):
        record(settings, 5.0 + place)
    again = SEARCH.trials(1, "digits", "cae")
    assert [s.seed for s in again] == [2001, 2002, 2003] * 2
    assert {s.contraction for s in again} == {s.contraction for s in drawn[:2]}
    errors = [3.0, 9.0, 9.0, 6.0, 6.0, 6.0]
    trials = [Trial(s, e) for s, e in zip(again, errors, strict=True)]
    chosen = SEARCH.decide(trials)
    assert chosen.valid_error == 6.0
    assert chosen.settings.contraction == drawn[1].contraction
    trials[4] = dataclasses.replace(trials[4], valid_error=float("inf"))
    assert SEARCH.decide(trials).settings.contraction == drawn[0].contraction


def finished(best):
    """Made-up records of the first two rounds, in which a setting wins that `best` prefers."""
    for key in SEARCH.arms:
        for index in (0, 1):
            for settings in SEARCH.trials(index, "digits", key):
                record(settings, best(settings))


def test_no_edge_no_further_draws(store):
    """Where every choice lies inside its range, the rounds beyond are empty."""
    wide = Range(low=1e-9, high=1e9)
    arms = {
        key: dataclasses.replace(
            arm,
            space={n: wide if isinstance(w, Range) else w for n, w in arm.space.items()},
            adam_rates=wide,
        )
        for key, arm in SEARCH.arms.items()
    }
    finished(lambda s: 10 + abs(s.finetune_learning_rate - 0.5))
    search = dataclasses.replace(SEARCH, arms=arms)
    for key in arms:
        chosen = SEARCH.decide(SEARCH.read(SEARCH.trials(1, "digits", key)))
        assert not [
            r
            for n, r in search._ranges(arms[key], chosen.settings).items()
            if r.edge(getattr(chosen.settings, n))
        ]


def test_an_edge_widens_the_range_for_all(store):
    """Every competitor draws as many more, from its own ranges as widened; they compete."""
    finished(lambda s: 10 - s.finetune_learning_rate)
    edges = SEARCH.edges("digits", 2)
    assert "finetune_learning_rate" in {name for places in edges.values() for name in places}
    for key in SEARCH.arms:
        assert len(SEARCH.trials(2, "digits", key)) == 2
    spaces = SEARCH.widened_spaces(2, "digits")
    assert {arm.space["finetune_learning_rate"].high for arm in spaces.values()} == {3.0}
    for settings in SEARCH.trials(2, "digits", "none"):
        record(settings, 1.0)
    for settings in SEARCH.trials(3, "digits", "none"):
        record(settings, 1.0)
    assert SEARCH.choose("digits", "none") in SEARCH.trials(3, "digits", "none")


@pytest.mark.parametrize(
    ("what", "value", "end"),
    [
        (Range(low=0.01, high=1.0), 0.011, "low"),
        (Range(low=0.01, high=1.0), 0.1, ""),
        (Range(low=0.01, high=1.0), 0.9, "high"),
        (Range(low=0.0, high=1.0, log=False), 0.05, "low"),
        (Range(low=0.0, high=1.0, log=False), 0.5, ""),
    ],
)
def test_the_edge_of_a_range(what, value, end):
    """Its outer tenth, on the scale on which it is drawn."""
    assert what.edge(value) == end


def test_a_widened_range_keeps_its_limit():
    """A probability stays one."""
    masked = Range(low=0.1, high=0.9, log=False, most=1.0)
    assert masked.widened("high", 3).high == 1.0
    assert masked.widened("low", 3).low == 0.0
    assert Range(low=0.1, high=1.0).widened("low", 3).low == pytest.approx(0.1 / 3)


def test_competitors_are_told_apart():
    """Two with one model and depth would mix their runs without a word."""
    twins = {key: Competitor(key=key, model="cae") for key in ("cae", "another")}
    with pytest.raises(ValueError, match="cae and another have the same"):
        dataclasses.replace(SEARCH, arms=twins)
