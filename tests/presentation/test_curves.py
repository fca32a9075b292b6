"""Figure 1 and the scatter of Table 1: every model is there, and can be taken away as data."""

import base64
import io
import re

import pandas as pd
import pytest
from IPython.display import Markdown

from replication import paper
from replication.kinds import KINDS
from replication.presentation.comparison import compare, error_figure
from replication.presentation.curves import (
    contraction_drawing,
    contraction_figure,
    distances_table,
    peak_table,
)
from replication.presentation.download import csv_link, figure_data
from replication.presentation.labels import ORDER
from replication.presentation.nothing import nothing
from replication.verdicts.curve import peak_radius
from tests.made_up import altered, on_mnist, two_seeds
from tests.shown import by, rows

LABELS_BY_KEY = {key: KINDS[key].label for key in ORDER}
LABELS = set(LABELS_BY_KEY.values())


def test_figures_show_every_model():
    """Each model has a line and a name in the curves, and a dot in the scatter."""
    records = two_seeds()
    figure = contraction_figure(records, "mnist")
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert set(legend) >= LABELS
    scatter = error_figure(compare(records, "mnist"))
    assert {text.get_text() for text in scatter.axes[0].texts} >= LABELS


def test_the_papers_axes_hold_all_curves():
    """As printed, and down to 0 where one of ours lies lower: none may be cut off."""
    records = two_seeds()
    axes = contraction_figure(records, "mnist").axes[0]
    assert axes.get_xlim() == (0, 40)
    assert axes.get_ylim() == (0.1, 1.4)
    records[0].results["curve"]["ratio"][-1] = 0.05
    assert contraction_figure(records, "mnist").axes[0].get_ylim() == (0, 1.4)


def test_the_data_of_a_figure_come_with_it():
    """Every named line is in the file, the paper's too, and the numbers are those drawn."""
    records = two_seeds()
    figure = contraction_figure(records, "mnist")
    link = csv_link(figure, "curves.csv").data
    assert 'download="curves.csv"' in link
    encoded = re.search(r"base64,([A-Za-z0-9+/=]+)", link)[1]
    data = pd.read_csv(io.BytesIO(base64.b64decode(encoded)))
    assert set(data.columns) == {"panel", "series", "x", "y"}
    assert {"CAE", "paper, CAE"} <= set(data["series"])
    ours = data[data["series"] == "CAE"]
    curve = next(r for r in records if r.settings.model == "cae").results["curve"]
    assert list(ours["x"]) == curve["radius"]
    assert list(ours["y"]) == curve["ratio"]
    printed = paper.figure1("mnist").query("model == 'cae'")
    assert list(data.loc[data["series"] == "paper, CAE", "y"]) == pytest.approx(printed["ratio"])
    assert not data["series"].str.startswith("child").any()
    assert len(data) == len(figure_data(figure))


def test_a_table_can_be_taken_away_too():
    """With its number of rows; of nothing there is nothing to take."""
    assert "1 rows" in csv_link(pd.DataFrame({"a": [1]}), "table.csv").data
    assert csv_link(pd.DataFrame({"a": []}), "table.csv") is None
    assert csv_link(Markdown("nothing"), "none.csv") is None
    assert csv_link(contraction_figure([], "mnist"), "none.csv") is None


def test_the_caption_names_the_curves_that_rise():
    """As they are drawn; the paper's points only where they are."""
    falling = {"radius": [0.3, 10.0, 40.0], "ratio": [0.5, 0.4, 0.3], "deviation": [0.0] * 3}
    runs = two_seeds()
    for model in LABELS_BY_KEY.keys() - {"cae", "ae"}:
        runs = altered(runs, model, curve=falling)
    shown, alone = (contraction_drawing(runs, "mnist", paper).data for paper in (True, False))
    assert "Rising before they fall: CAE, AE; all others fall from the start." in shown
    assert "paper" not in re.sub("<svg.*?</svg>", "", alone, flags=re.DOTALL)
    for model in LABELS_BY_KEY:
        runs = altered(runs, model, curve=falling)
    assert "All curves fall from the start." in contraction_drawing(runs, "mnist").data
    assert contraction_drawing([], "mnist").data == nothing().data


def test_peaks():
    """The largest ratio is read off the mean curve; where it is, as the verdicts read it off."""
    shown = by("Model", peak_table(two_seeds(), "mnist"))
    assert set(shown) == LABELS
    cae = shown["CAE"]
    assert cae["largest ratio"] == "0.400"
    curve = next(r for r in two_seeds() if r.settings.model == "cae").results["curve"]
    assert cae["at r ="] == f"{peak_radius(curve):.1f}"
    assert "rises" in cae["shape"]
    assert not [
        h for h in by("Model", peak_table(two_seeds(), "mnist", False))["CAE"] if "paper" in h
    ]


def test_distances_beside_the_paper():
    """Each line has the paper's value and ours."""
    measured = {"min": 5.0, "median": 10.05, "max": 13.0}
    records = altered([on_mnist("cae", 0)], "cae", distances=measured)
    shown = by("Line", distances_table(records, "mnist"))
    assert [row["ours, MNIST"] for row in shown.values()] == ["5.00", "10.05", "13.00"]
    median = shown["Median"]
    assert float(median["ours / paper"]) == pytest.approx(
        10.05 / float(median["paper, digitised"]), abs=0.01
    )
    [first, *_] = rows(distances_table(records, "mnist", False))
    assert list(first) == ["Line", "ours, MNIST"]


@pytest.mark.parametrize(
    "show",
    [
        lambda: contraction_figure([], "mnist"),
        lambda: error_figure(compare([], "mnist")),
        lambda: peak_table([], "mnist"),
        lambda: distances_table(two_seeds(), "mnist"),  # which have no distances
    ],
    ids=["curves", "errors", "peaks", "distances"],
)
def test_without_records(show):
    """It says so, in words."""
    assert show().data == nothing().data
