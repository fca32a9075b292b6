"""What is said of the spectra follows from the runs."""

from replication.presentation.nothing import nothing
from replication.studies.table1.spectrum_page import (
    spectrum_answer,
    spectrum_meaning,
    spectrum_short,
)
from replication.verdicts.estimate import exactly
from replication.verdicts.rules import AboutOne, Below
from replication.verdicts.verdict import Part, Verdict
from tests.made_up import agreeing, altered, elsewhere, spectrum


def test_the_answer_counts():
    """Values of the CAE beside AE's, and who has fewer."""
    runs = altered(agreeing(), "ae", spectrum=spectrum(40))
    runs = altered(runs, "cae", spectrum=spectrum(7))
    runs = altered(runs, "rbm", spectrum=spectrum(8))
    fewer = altered(elsewhere(runs, "cifar-bw"), "rbm", spectrum=spectrum(5))
    said = spectrum_answer([*fewer, *runs]).data
    assert "On CIFAR-bw 7 singular values of the CAE exceed 0.5 (AE: 40)" in said
    assert "and on MNIST 7 (AE: 40)." in said
    assert "even fewer on CIFAR-bw" in said
    alone = [r for r in runs if r.settings.model in ("cae", "ae")]
    assert "No other model has fewer of them." in spectrum_answer(alone).data
    assert spectrum_answer([]).data == nothing().data
    assert spectrum_short([], []).data == nothing().data


def dimension(over_dimension, over_large):
    """The verdict on claim 17 with these two numbers on MNIST."""
    rules = (AboutOne(factor=1.5), Below(bound=1.5))
    parts = tuple(
        Part(dataset="mnist", statement="", rule=rule, estimate=exactly(value))
        for rule, value in zip(rules, (over_dimension, over_large), strict=True)
    )
    return Verdict(17, parts)


def test_whether_the_count_tells_the_dimension():
    """It does not where it depends on what counts as large."""
    said = spectrum_meaning(agreeing(), [dimension(4.3, 3.2)]).data
    assert "4.3 times as many values above 0.5 as the data have dimensions, and 3.2 times" in said
    assert said.endswith("the number depends on what counts as large.")
    assert "depends" not in spectrum_meaning(agreeing(), [dimension(1.0, 1.1)]).data
    assert spectrum_meaning(agreeing(), []).data == nothing().data


def test_in_short_begins_with_the_verdicts():
    """Then the answer."""
    runs = altered(agreeing(), "cae", spectrum=spectrum(1))
    said = spectrum_short(runs, [dimension(1.0, 1.1)]).data
    assert said.startswith("The claim on this page is reproduced. On MNIST 1 singular values")
