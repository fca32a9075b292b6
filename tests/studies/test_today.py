"""Is it worth it today: the plan, the answers, and what the page says of them."""

import dataclasses
import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from replication.engine import results as engine_results
from replication.engine.records import Record
from replication.engine.results import Results
from replication.errors import InputError
from replication.measures.robustness import SIZES
from replication.studies.today import plan as today
from replication.studies.today.answers import CHANGES, LINES, answers, by_competitor
from replication.studies.today.earlier import earlier_runs
from replication.studies.today.figures_page import (
    CONVOLUTIONS,
    RIVALS,
    UNITS,
    errors_figure,
    robustness_figure,
)
from replication.studies.today.names import name_of
from replication.studies.today.page import (
    advice_table,
    answers_table,
    in_short,
    units_answer,
    unsettled_line,
)
from replication.studies.today.plan import SEARCH, STUDY
from tests.studies import small

MNIST, FASHION, _ = today.DATASETS


@pytest.fixture
def study(tmp_path):
    """The study, of which nothing is chosen yet."""
    return dataclasses.replace(STUDY, selections=tmp_path / "selection")


def test_all_have_the_same_budget():
    """As many trials of one length; what two competitors have in common is drawn alike."""
    for key in SEARCH.arms:
        trials = SEARCH.trials(0, MNIST, key)
        assert len({s.id for s in trials}) == today.TRIALS
        few = key.endswith("-few")
        [length] = {
            (s.train_examples, s.finetune_examples, s.finetune_epochs, s.finetune_keep, s.seed)
            for s in trials
        }
        assert length == ((10_000, 300, 40, "last", 2000) if few
                          else (10_000, None, 20, "best", 2000))  # fmt: skip
        assert {s.pretrain_epochs for s in trials} <= {0, 20}
        assert not any(s.evaluate_test or s.measure_robustness for s in trials)
    for names in (
        ("finetune_learning_rate",),
        ("pretrain_learning_rate", "finetune_learning_rate"),
        ("contraction", "pretrain_learning_rate"),
        ("finetune_dropout", "finetune_learning_rate"),
    ):
        pairs = {
            ("finetune_learning_rate",): ("none-relu", "cae-sigmoid"),
            ("pretrain_learning_rate", "finetune_learning_rate"): ("ae-conv", "cae-tanh-few"),
            ("contraction", "pretrain_learning_rate"): ("cae-relu", "cae-dropout-relu"),
            ("finetune_dropout", "finetune_learning_rate"): ("dropout-relu", "dropout-conv"),
        }
        first, second = (
            [tuple(getattr(s, n) for n in names) for s in SEARCH.trials(0, MNIST, key)]
            for key in pairs[names]
        )
        assert first == second


def test_a_competitor_knows_its_runs():
    """Each run has one competitor, of trials and of final runs."""
    for key in SEARCH.arms:
        for settings in SEARCH.trials(0, FASHION, key):
            assert STUDY.arm_of(settings) == key
            final = dataclasses.replace(settings, seed=3, evaluate_test=True)
            assert STUDY.arm_of(dataclasses.replace(final, measure_robustness=True)) == key


def test_every_question_has_its_competitors():
    """And every competitor its question, but for those that are a step to another."""
    asked = {key for line in LINES for key in line.pair}
    assert asked == set(SEARCH.arms)
    assert {*UNITS, *RIVALS, *CONVOLUTIONS} == {k for k in SEARCH.arms if not k.endswith("-few")}
    assert all(size in SIZES[kind] for kind, size in CHANGES)
    assert len({(line.pair, line.change) for line in LINES}) == len(LINES)


def test_stages(study, store):
    """Three rounds of trials, and then five seeds of each, seed by seed, on changed pictures."""
    trials, farther, alone, finals = study.stages(MNIST)
    assert (trials.size, finals.size, finals.runs) == (240, 200, None)
    assert (farther.runs, alone.runs) == (None, None)
    small.finish(study, MNIST, lambda s: 5 + abs(s.finetune_learning_rate - 1e-3))
    *_, finals = study.stages(MNIST)
    assert [s.seed for s in finals.runs[:41]] == [0] * 40 + [1]
    assert all(s.evaluate_test and s.measure_robustness for s in finals.runs)
    with pytest.raises(InputError, match="arm must be one of none-sigmoid"):
        study.finals(MNIST, "cae-gelu")


@pytest.mark.parametrize(
    ("error", "farther"),
    [
        (lambda s: 5 + abs(np.log(s.finetune_learning_rate / 9e-4)), []),
        (lambda s: 5 - s.finetune_learning_rate, [0.0038, 0.0076]),
        (lambda s: 5 + s.finetune_learning_rate, [0.000123, 6.15e-5]),
    ],
)
def test_the_search_goes_beyond_what_was_tried(study, store, error, farther):
    """Where the best rate is the outermost one, with nothing else changed; the best of all wins."""
    small.finish(study, MNIST, error, keys=["none-relu"])
    found = SEARCH.trials(1, MNIST, "none-relu")
    assert [s.finetune_learning_rate for s in found] == pytest.approx(farther)
    first = SEARCH.trials(0, MNIST, "none-relu")
    leader = min(first, key=error)
    assert all(
        dataclasses.replace(s, finetune_learning_rate=leader.finetune_learning_rate) == leader
        for s in found
    )
    chosen = SEARCH.choose(MNIST, "none-relu")
    assert error(chosen) == min(error(s) for s in SEARCH.candidates(MNIST, "none-relu"))
    assert len(found) <= SEARCH.size(1, MNIST, "none-relu") == 2


def test_what_the_last_round_found_is_said(study, store):
    """Where its step is better than all before, a longer search may find more."""
    assert "No settings chosen" in unsettled_line(MNIST, {}).data
    for key, rate in {"none-relu": 9e-4, "none-tanh": 0.03}.items():
        small.finish(
            study,
            MNIST,
            lambda s, r=rate: 5 + abs(np.log(s.finetune_learning_rate / r)),
            keys=[key],
        )
        chosen = study.chosen(MNIST)
        moved = key == "none-tanh"  # whose best rate lies farther than any step but the last
        words = "In 1 of 2 searches it was the last" if moved else "In none of 1 searches did"
        assert unsettled_line(MNIST, chosen).data.startswith(words)


def made_up(errors, datasets=(MNIST,), seeds=4, examples=2000):
    """Final runs with so many percent of mistakes, by competitor; more on changed pictures."""
    found = []
    for dataset in datasets:
        for key, error in errors.items():
            for seed in range(seeds):
                settings = dataclasses.replace(
                    SEARCH.trials(0, dataset, key)[0], seed=seed, evaluate_test=True
                )
                percent = error(dataset) if callable(error) else error
                # Mistakes on the first examples, and one more or less with the seed.
                wrong = np.arange(examples) < round(examples * percent / 100) + seed % 2
                changed = {
                    kind: {
                        "size": list(sizes),
                        "error": [percent * (2 + n) for n in range(len(sizes))],
                    }
                    for kind, sizes in SIZES.items()
                }
                results = Results({**engine_results.test_results(wrong), "robustness": changed})
                found.append(Record(today.NAME, settings, results, {}))
    return found


def answer_to(records, key, other, few=False, change=None):
    """The answer to one question."""
    wanted = (key, other, few, change)
    [line] = [one for one in LINES if (one.ours, one.other, one.few, one.change) == wanted]
    return answers(records, [line])[0]


def test_gains_are_points_of_fewer_mistakes():
    """Of the contractive net, with an interval over seeds and test set; without a rival none."""
    records = made_up({"cae-relu": 5.0, "none-relu": 8.0, "dropout-relu": 5.0})
    answer = answer_to(records, "cae-relu", "none-relu")
    gain = answer.gains[MNIST]
    assert gain.value == pytest.approx(3.0, abs=0.05)
    assert (gain.low > 0, gain.covers, answer.advice) == (True, "seeds and test set", "use it")
    assert answer_to(records, "cae-relu", "dropout-relu").advice == "don't"
    assert answer_to(records, "cae-conv", "none-conv").advice == "open"
    assert (
        answer_to(made_up({"cae-relu": 5, "none-relu": 8}, seeds=1), "cae-relu", "none-relu").advice
        == "open"
    )
    changed = answer_to(records, "cae-relu", "none-relu", change=CHANGES[0])
    size = SIZES["noise"].index(CHANGES[0][1])
    assert changed.gains[MNIST].value == pytest.approx(3.0 * (2 + size))
    assert changed.gains[MNIST].covers == "seeds"


def test_the_advice_asks_every_data_set():
    """It depends where one says yes and another no; few labels are a question of their own."""
    errors = {
        "cae-relu": 5.0,
        "none-relu": lambda dataset: 8.0 if dataset == MNIST else 3.0,
        "cae-relu-few": 10.0,
        "none-relu-few": 20.0,
    }
    records = made_up(errors, (MNIST, FASHION))
    assert answer_to(records, "cae-relu", "none-relu").advice == "it depends"
    few = answer_to(records, "cae-relu", "none-relu", few=True)
    assert (list(few.gains), few.advice) == ([MNIST, FASHION], "use it")
    assert (
        "fewer mistakes in 2 on MNIST and 1 on Fashion-MNIST"
        in in_short([few, answer_to(records, "cae-relu", "none-relu")]).data
    )


def test_sentences_and_tables_go_by_the_numbers():
    """Each outcome has its own words."""
    errors = {
        f"{start}-{units}{few}": {"none": 8.0, "ae": 6.0, "cae": 5.0}[start] + (units == "relu") * 4
        * (start == "cae") + 9 * bool(few)
        for units in today.UNIT_KINDS
        for start in ("none", "ae", "cae")
        for few in ("", "-few")
    }  # fmt: skip
    found = answers(made_up(errors))
    said = units_answer(found).data
    assert (
        "With 10,000 labels, the contractive net certainly makes fewer mistakes than one without "
        "pre-training for, of 4 kinds of units, 3 on MNIST (sigmoid, tanh and softplus); more for "
        "1 on MNIST (ReLU)."
    ) in said
    short = in_short(found).data
    assert "On MNIST, of 19 comparisons" in short
    assert "it depends" not in short
    assert "don't, in 7 the contractive net certainly makes more mistakes; in none nothing" in short
    assert "with 300 labels and with 10,000: +2.00 and +2.00 on MNIST." in short
    table = answers_table(found, lambda a: a.line.rival == "no pre-training").data
    assert "MNIST: gain, points" in table
    assert "+3.00<small>" in table
    assert "-1.00<small>" in table
    assert "pictures turned by 20°" in table
    # An interval stands below its value, also where both are long.
    far = {"cae-relu": 50.0, "jacobian-relu": 9.0, "none-relu": 9.0}
    assert "sentence" not in answers_table(answers(made_up(far))).data


def test_the_advice_stands_in_a_table_with_its_evidence():
    """A row for each net and rival, a column for each case; below the advice each gain."""
    errors = {
        "cae-relu": 5.0,
        "none-relu": 8.0,
        "dropout-relu": lambda dataset: 8.0 if dataset == MNIST else 4.0,
        "cae-sigmoid-few": 12.0,
        "none-sigmoid-few": 10.0,
    }
    table = advice_table(answers(made_up(errors, (MNIST, FASHION)))).data
    column = re.findall("<th>(.*?)</th>", table).index
    cells = [re.findall("<td>(.*?)</td>", row) for row in table.split("<tr>")]
    rows = {tuple(row[:2]): row for row in cells if row}
    nothing, dropout = rows["ReLU units", "no pre-training"], rows["ReLU units", "dropout"]
    sigmoid = rows["sigmoid units", "no pre-training"]
    gains = "<small>MNIST +3.00, certain</small><small>Fashion-MNIST +3.00, certain</small>"
    assert nothing[column("10,000 labels")] == f"<b>use it</b>{gains}"
    assert nothing[column("pictures turned by 20°")].startswith("<b>use it</b>")
    assert dropout[column("10,000 labels")].startswith("<b>it depends</b>")
    assert sigmoid[column("10,000 labels")] == "not asked"
    assert sigmoid[column("300 labels")].startswith("don't<small>MNIST -2.00, certain")


def test_figures():
    """A panel for each number of labels and data set; a row of three for changed pictures."""
    errors = dict.fromkeys((*RIVALS, *(f"{key}-few" for key in RIVALS)), 5.0)
    figure = errors_figure(made_up(errors, (MNIST, FASHION)), RIVALS)
    assert [axes.get_title() for axes in figure.axes] == [
        f"{name}, {labels} labels"
        for name in ("MNIST", "Fashion-MNIST")
        for labels in ("10,000", "300")
    ]
    assert [t.get_text() for t in figure.axes[0].get_yticklabels()][-1] == "CAE and dropout"
    few = made_up({"cae-relu-few": 5.0}, (FASHION,))
    partly = errors_figure([*made_up(errors), *few], RIVALS)
    titles = [axes.get_title() for axes in partly.axes if axes.get_visible()]
    assert titles[-1] == "Fashion-MNIST, 300 labels"
    assert len(titles) == 3
    figure = robustness_figure(made_up(errors))
    assert len(figure.axes) == 3
    [line, *_] = figure.axes[0].get_lines()
    assert list(line.get_xdata()) == [0.0, *SIZES["noise"]]


def test_with_few_labels_drawings_are_compared():
    """What a drawing makes harder for both nets leaves the gain; the advice does not go by it."""
    records = made_up({"cae-relu-few": 10.0, "none-relu-few": 11.0}, (MNIST, FASHION))
    for record in records:
        record.results["test_error"] += 3.0 * (record.settings.seed % 3)
    answer = answer_to(records, "cae-relu", "none-relu", few=True)
    for paired in answer.by_drawing.values():
        assert (paired.value, paired.covers) == (pytest.approx(1.0), "drawings")
        assert paired.low == pytest.approx(1.0)
    assert "by drawing +1.00 to +1.00" in answers_table([answer]).data
    assert answer_to(records, "cae-relu", "none-relu").by_drawing == {}


def test_what_version_2_said_is_kept():
    """All of its final runs, and none of the version before it, whose settings are others."""
    records = earlier_runs()
    assert {len(runs) for runs in by_competitor(records)[MNIST].values()} == {today.SEEDS}
    assert len(records) == len(SEARCH.arms) * today.SEEDS
    assert "MNIST" in advice_table(answers(records)).data


def test_names_for_readers():
    """Of each competitor one, in the words of the page."""
    names = {key: name_of(key) for key in SEARCH.arms}
    assert names["cae-dropout-relu-few"] == "CAE and dropout, ReLU, 300 labels"
    assert names["none-conv"] == "no pre-training, convolutions, 10,000 labels"
    assert len(set(names.values())) == len(names)


def test_a_run_of_nobody_is_refused():
    """With its id."""
    [record] = made_up({"cae-relu": 5.0}, seeds=1)
    other = dataclasses.replace(record.settings, units=(7,), model="sae", activation="sigmoid",
                                contraction=None)  # fmt: skip
    with pytest.raises(InputError, match=f"{other.id} belongs to no competitor"):
        by_competitor([dataclasses.replace(record, settings=other)])


def test_nothing_yet():
    """Without runs each part says so."""
    none = answers([])
    parts = [
        in_short(none), units_answer(none), answers_table(none), advice_table(none),
        errors_figure([], UNITS), robustness_figure([]),
    ]  # fmt: skip
    assert all("No " in part.data for part in parts)


def test_proof_runs_have_their_names():
    """Small runs on the digits stand for competitors, though their nets are others."""
    runs = STUDY.proof_runs(2)
    records = [
        Record(today.NAME, run, made_up({"cae-relu": 5.0}, seeds=1)[0].results, {}) for run in runs
    ]
    [arms] = by_competitor(records).values()
    assert {key: len(of_arm) for key, of_arm in arms.items()} == dict.fromkeys(STUDY.proof, 2)
    assert isinstance(errors_figure(records, RIVALS), Figure)
