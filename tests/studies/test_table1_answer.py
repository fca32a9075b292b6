"""What is said of Table 1 follows from its runs."""

import dataclasses

from replication.presentation.labels import ORDER
from replication.presentation.nothing import nothing
from replication.studies.table1.answer_page import table1_answer, table1_meaning, table1_short
from replication.summary.judge import evidence_of, judge
from tests.made_up import agreeing, elsewhere, on_mnist, two_seeds

LOWERS = "Penalising the Jacobian lowers the test error on "


def with_results_of(runs, names):
    """The same runs, of which some models have the results of others."""
    results = {(r.settings.model, r.settings.seed): r.results for r in runs}
    return [
        dataclasses.replace(
            r, results=results[names.get(r.settings.model, r.settings.model), r.settings.seed]
        )
        for r in runs
    ]


def exchanged(runs, first, second):
    """The same runs with the results of two models exchanged."""
    return with_results_of(runs, {first: second, second: first})


def on_both(mnist, cifar):
    """Runs on both data sets."""
    return [*mnist, *elsewhere(cifar, "cifar-bw")]


def test_the_answer_where_all_is_as_in_the_paper():
    """The penalty helps on both, and nobody is ahead."""
    said = table1_answer(on_both(agreeing(), agreeing())).data
    assert f"{LOWERS}MNIST and CIFAR-bw. No model makes measurably fewer mistakes" in said


def test_the_answer_where_data_sets_differ():
    """Each is named with what happens there."""
    turned = exchanged(agreeing(), "cae", "ae")
    said = table1_answer(on_both(agreeing(), turned)).data
    assert f"{LOWERS}MNIST and raises the test error on CIFAR-bw." in said
    assert "AE and SAE make fewer mistakes than the CAE on CIFAR-bw." in said
    alike = with_results_of(agreeing(), dict.fromkeys(ORDER, "cae"))
    said = table1_answer(on_both(alike, agreeing())).data
    assert f"{LOWERS}CIFAR-bw and makes no measurable difference on MNIST." in said
    between = exchanged(agreeing(), "cae", "ae-wd")
    assert "raises the test error on MNIST" in table1_answer(between).data
    level = with_results_of(agreeing(), {"ae-wd": "cae"})
    assert f"{LOWERS}MNIST against AE only." in table1_answer(level).data


def test_one_seed_gives_no_ranking():
    """Proof scale has one; nothing at all has nothing to say."""
    one = [on_mnist(model, 0) for model in ("cae", "ae", "ae-wd")]
    assert "no ranking can be given" in table1_answer(one).data
    assert table1_answer([]).data == nothing().data
    assert table1_short([], []).data == nothing().data
    assert table1_meaning([], []).data == nothing("comparisons").data


def test_what_it_means_follows_from_runs_and_verdicts():
    """The gap with its two sides, the correlation, and what the penalty does."""
    runs = on_both(agreeing(), agreeing())
    verdicts = judge(evidence_of(runs), claims=(1, 3, 4))
    said = table1_meaning(runs, verdicts).data
    assert (
        "The paper's AE makes 0.64 points more mistakes than its CAE, ours 3.00 points more" in said
    )
    assert "**A small Jacobian goes with a small error** on MNIST: the rank correlation" in said
    assert "the penalty contracts, and the classifier gains from it." in said
    turned = exchanged(agreeing(), "cae", "ae")
    said = table1_meaning(turned, judge(evidence_of(turned), claims=(1, 3, 4))).data
    assert "ours 3.00 points fewer" in said
    assert "the penalty does not contract as the paper says." in said


def test_in_short_counts_the_verdicts():
    """First what came out, then the answer."""
    runs = two_seeds()
    said = table1_short(runs, judge(evidence_of(runs), claims=(1, 2))).data
    assert said.startswith("Both claims on this page are open. ")
    assert table1_answer(runs).data.split(">")[1].split("<")[0] in said
