"""Figure 2: curves, counts, and directions as pictures."""

import dataclasses

import numpy as np
import pytest

from replication import paper
from replication.kinds import KINDS
from replication.measures.packing import pack_rows
from replication.presentation.labels import ORDER
from replication.presentation.nothing import nothing
from replication.presentation.spectra import (
    counts_table,
    directions_drawing,
    directions_figure,
    spectrum_drawing,
    spectrum_figure,
)
from tests.made_up import agreeing, altered, elsewhere, on_mnist, spectrum, two_seeds
from tests.shown import by

LABELS = {KINDS[key].label for key in ORDER}
DIRECTIONS = {
    "example": pack_rows(np.eye(1, 16))[0],
    "singular_value": [0.8, 0.2],
    "direction": pack_rows(np.eye(2, 16)),
}


def with_spectrum(record, large):
    """The record with so many singular values of 0.8, one of 0.2, and two sets of directions."""
    values = [0.8] * large + [0.2] + [0.0] * (9 - large)
    more = {
        "spectrum": {"singular_value": values, "deviation": [0.1] * 10},
        "directions": [DIRECTIONS, DIRECTIONS],
    }
    return dataclasses.replace(record, results=record.results | more)


def on_cifar():
    """Two large singular values with the first seed, four with the second."""
    return elsewhere([with_spectrum(r, 2 + 2 * r.settings.seed) for r in two_seeds()], "cifar-bw")


def test_counts_are_means_over_seeds():
    """Beside the paper's on the data set that the paper shows."""
    shown = by("Model", counts_table(on_cifar()))
    assert set(shown) == LABELS
    for row in shown.values():
        assert row["above 0.5, ours"] == "3 ± 1"  # 2 and 4
        assert row["above 0.1, ours"] == "4 ± 1"  # 3 and 5
        assert row["largest, ours"] == "0.80"
    counts = paper.counts().set_index(["model", "threshold"])
    assert shown["CAE"]["above 0.5, paper"] == str(counts.loc[("cae", 0.5), "count"])
    assert shown["AE"]["above 0.1, paper"] == f"more than {counts.loc[('ae', 0.1), 'count']}"
    assert shown["SAE"]["above 0.5, paper"] == "–"
    mnist = by("Model", counts_table([with_spectrum(r, 2) for r in two_seeds()]))
    assert not [head for head in mnist["CAE"] if "paper" in head]


def legend(figure):
    """The names in it."""
    return {text.get_text() for text in figure.legends[0].get_texts()}


def test_the_curves_of_the_paper_are_there_where_it_has_some():
    """On CIFAR-bw; on MNIST there are our lines alone."""
    theirs = legend(spectrum_figure(on_cifar())) - LABELS
    assert len(theirs) == 1
    assert legend(spectrum_figure([with_spectrum(r, 2) for r in two_seeds()])) == LABELS


def test_directions_are_shown_beside_their_example():
    """Two examples, two models, the example and two directions each."""
    figure = directions_figure([with_spectrum(r, 2) for r in two_seeds()])
    assert len(figure.axes) == 2 * 2 * 3
    assert [a.get_title() for a in figure.axes[:3]] == ["AE", "0.80", "0.20"]
    example = figure.axes[0].images[0].get_array()
    assert example.shape == (4, 4)
    assert example[0, 0] == 1


@pytest.mark.parametrize("show", [spectrum_figure, counts_table])
def test_without_spectra_the_page_says_so(show):
    """There are no records, or they hold none."""
    for records in ([], two_seeds(), altered(two_seeds(), "cae", spectrum=None)):
        assert show(records).data == nothing().data


def test_records_older_than_the_directions():
    """Not the same as none."""
    assert directions_figure([]).data == nothing().data
    assert "before records held directions" in directions_figure([on_mnist("cae", 0)]).data


def test_the_caption_names_the_extremes():
    """The model with the largest value at the left end, and farther on."""
    runs = agreeing()
    for model in ("cae", "dae-g", "dae-b", "ae-wd", "sae"):
        runs = altered(runs, model, spectrum=spectrum(20))
    runs = altered(runs, "ae", spectrum=spectrum(60))
    runs = altered(runs, "rbm", spectrum={**spectrum(20), "singular_value": [9.0] + [0.0] * 99})
    shown = spectrum_drawing(runs).data
    assert "Largest at the left end: RBM-binary; at index 50: AE." in shown
    assert "digitised" not in shown
    assert "digitised" in spectrum_drawing(elsewhere(runs, "cifar-bw")).data
    assert spectrum_drawing([]).data == nothing().data


def test_a_short_spectrum_has_a_caption_too():
    """Fewer values than the index at which models are compared."""
    assert "at index 3: " in spectrum_drawing(agreeing()).data


def test_the_directions_come_with_words():
    """Or with a sentence, where records have none."""
    assert directions_drawing([]).data == nothing().data
    assert "before records held directions" in directions_drawing(agreeing()).data
