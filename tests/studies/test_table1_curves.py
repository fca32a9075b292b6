"""What is said of the contraction curves follows from the runs."""

from replication.presentation.nothing import nothing
from replication.studies.table1.curve_page import (
    contraction_answer,
    contraction_meaning,
    contraction_short,
)
from replication.summary.judge import evidence_of, judge
from tests.made_up import agreeing, altered, elsewhere

FALLING = {"radius": [0.5, 10.0, 20.0], "ratio": [0.5, 0.4, 0.3], "deviation": [0.0] * 3}


def judged(runs):
    """The verdicts on the curves."""
    return judge(evidence_of(runs), claims=(12, 13, 14, 15))


def test_the_answer_where_the_curve_rises():
    """Where, and how far out the bump is, as claim 14 is judged."""
    runs = [*agreeing(), *elsewhere(agreeing(), "cifar-bw")]
    said = contraction_answer(runs, judged(runs)).data
    assert (
        "more at the data than a little farther away on MNIST and CIFAR-bw: its curve rises" in said
    )
    part = judge(evidence_of(runs), claims=(14,))[0].parts[0]
    assert f"{part.estimate.value:.2f} times as far on MNIST" in said


def test_the_answer_where_it_does_not():
    """On one data set, and on all."""
    flat = altered(agreeing(), "cae", curve=FALLING)
    said = contraction_answer(flat, []).data
    assert said.count("The curve of the CAE falls from the start on MNIST.") == 1
    both = [*agreeing(), *elsewhere(flat, "cifar-bw")]
    assert "On CIFAR-bw it falls from the start." in contraction_answer(both, []).data
    assert contraction_answer([], []).data == contraction_short([], []).data == nothing().data


def test_what_it_means_names_the_models():
    """Those that fall, those that rise and by how much, and the lowest next to the data."""
    runs = altered(agreeing(), "dae-g", curve={**FALLING, "ratio": [0.2, 0.25, 0.1]})
    said = contraction_meaning(runs).data
    assert "**RBM-binary, DAE-b, AE+wd, AE and SAE** fall from the start" in said
    assert "**DAE-g** rises as well, by 25 % on MNIST." in said
    assert "DAE-g contracts most (ratio 0.200), the CAE comes to 0.300." in said
    assert "CAE contracts most (ratio 0.300).\n" in f"{contraction_meaning(agreeing()).data}\n"
    assert contraction_meaning([]).data == nothing().data


def test_in_short_begins_with_the_verdicts():
    """Then the answer."""
    said = contraction_short(agreeing(), judged(agreeing())).data
    assert said.startswith("All 4 claims on this page are reproduced.")
    assert "its curve rises first." in said
