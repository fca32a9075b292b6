"""A figure with its caption: words, data and values are those of the drawing."""

import base64
import csv
import io
import json
import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from IPython.display import HTML, Markdown

from replication.presentation.captioned import captioned
from replication.presentation.drawing import canvas
from replication.presentation.fold import folded
from replication.presentation.nothing import nothing
from replication.presentation.tabs import by_dataset, each_dataset, tabs
from tests.made_up import elsewhere, two_seeds


@pytest.fixture
def figure():
    """Two lines, one of them on a logarithmic axis's worth of values."""
    with canvas(figsize=(6, 4)) as (drawn, axes):
        axes.plot([1, 2, 4], [0.5, 0.25, 0.125], color="black", label="CAE <1>")
        axes.plot([1, 4], [1, 2], "o", color="#D55E00", label="_paper")
        axes.set(xlabel="radius", ylabel="ratio", xscale="log")
        axes.legend()
    return drawn


def shown(figure, **arguments):
    """The HTML of the figure."""
    return captioned(figure, "curves", "They fall & fall.", 'Two "lines".', **arguments).data


def test_words_are_there_and_escaped(figure):
    """The caption for all, the text for who cannot see."""
    text = shown(figure)
    assert "<figcaption>They fall &amp; fall." in text
    assert 'aria-label="Two &quot;lines&quot;."' in text


def test_the_drawing_takes_its_colours_from_the_page(figure):
    """Nothing of it is black or white, and it is one well-formed element with words as text."""
    drawing = re.search(r"<svg .*?</svg>", shown(figure), re.DOTALL)[0]
    root = ElementTree.fromstring(drawing.replace("xlink:href", "href"))
    assert not re.search("#(000000|ffffff|262626)", drawing.replace("background, #ffffff", ""))
    assert "radius" in "".join(root.itertext())


def test_the_same_figure_is_the_same_text(figure):
    """Otherwise every execution of a page would differ; and names differ from figure to figure."""
    assert shown(figure) == shown(figure)
    other = captioned(figure, "others", "", "").data
    names = [set(re.findall(r' id="([^"]+)"', text)) for text in (shown(figure), other)]
    assert names[0]
    assert not names[0] & names[1]


def test_values_are_those_of_the_figure(figure):
    """Of every point the value, and the place where the drawing has it."""
    text = re.search(r'<script type="application/json">(.*?)</script>', shown(figure), re.DOTALL)[1]
    (panel,) = json.loads(text)
    assert panel["axis"] == "radius"
    lines = {line["name"]: np.array(line["points"]) for line in panel["lines"]}
    assert lines["CAE <1>"][:, :2].tolist() == [[1, 0.5], [2, 0.25], [4, 0.125]]
    # On a logarithmic axis 2 lies in the middle of 1 and 4.
    places = lines["CAE <1>"][:, 2]
    assert places[1] == pytest.approx((places[0] + places[2]) / 2, abs=0.2)
    assert (np.diff(lines["CAE <1>"][:, 3]) > 0).all()  # downwards
    left, top, right, bottom = panel["box"]
    assert 0 <= left < places[0] < places[2] < right <= 6 * 72
    assert 0 <= top < bottom <= 4 * 72


def test_the_data_is_that_of_the_figure(figure):
    """As CSV, in the page itself."""
    found = re.search(r'download="curves.csv" href="data:text/csv;base64,([^"]*)"', shown(figure))
    rows = list(csv.DictReader(io.StringIO(base64.b64decode(found[1]).decode())))
    assert [row["y"] for row in rows if row["series"] == "CAE <1>"] == ["0.5", "0.25", "0.125"]
    assert "<script" not in shown(figure, readable=False)


def test_a_sentence_instead_of_a_figure_stays_one():
    """Where nothing could be drawn."""
    sentence = Markdown("Nothing yet.")
    assert captioned(sentence, "curves", "", "") is sentence


def test_tabs_hold_all_and_one_is_open():
    """One data set needs no tabs."""
    text = tabs("t", {"MNIST": [HTML("<b>1</b>"), None], "CIFAR-bw": [Markdown("*2*")]}).data
    assert text.count(" checked") == 1
    assert text.index("MNIST") < text.index("<b>1</b>") < text.index("CIFAR-bw")
    assert "<em>2</em>" in text
    assert tabs("t", {"digits": [Markdown("*2*")]}).data.strip() == "<p><em>2</em></p>"


def test_each_data_set_has_a_tab():
    """Its own runs, under the name that readers know."""
    runs = two_seeds()
    both = [*runs, *elsewhere(runs[:3], "cifar-bw")]
    assert {name: len(found) for name, found in by_dataset(both).items()} == {
        "mnist": len(runs),
        "cifar-bw": 3,
    }
    shown = each_dataset("t", both, lambda found, name: Markdown(f"{len(found)} on {name}")).data
    assert shown.index(">MNIST<") < shown.index(f"{len(runs)} on mnist")
    assert shown.index(">CIFAR-bw<") < shown.index("3 on cifar-bw")
    assert each_dataset("t", [], lambda found, name: None).data == nothing().data


def test_what_is_folded_has_a_title():
    """All of it, closed; nothing at all is not folded."""
    text = folded("Costs & more", Markdown("*2*"), None, HTML("<b>1</b>")).data
    assert text.startswith("<details class=")
    assert " open" not in text
    assert text.index("Costs &amp; more") < text.index("<em>2</em>") < text.index("<b>1</b>")
    assert folded("Costs", None) is None


def test_the_code_that_draws_is_linked(figure):
    """It is that of the module which opened the figure."""
    assert f'href="../_static/code/{__name__.replace(".", "/")}.py.txt"' in shown(figure)
