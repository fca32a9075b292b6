"""Figures to play with: words, still picture, data and tables of one."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pandas as pd
import pytest

from replication.presentation.drawing import canvas
from replication.presentation.play.axis import Axis, nice_ticks
from replication.presentation.play.control import Control
from replication.presentation.play.plaything import plaything
from replication.presentation.tables import wide
from tests.shown import play


@pytest.fixture
def toy():
    """One with a slider and a menu, and dangerous words."""
    with canvas() as (figure, axes):
        axes.plot([0, 1], [1, 0], color="black")
    return plaything(
        "toy",
        "one",
        still=figure,
        text='A "line".',
        caption="Move <it> & look.",
        controls=[
            Control(label="λ", choices=["0", "1"], start=1),
            Control(label="net", choices=["a", "</script>"], slider=False),
        ],
        data={"numbers": ["0.50"], "axis": Axis(low=0, high=1, label="x").plain()},
        tables={"Numbers & more": wide(pd.DataFrame({"λ": ["0"], "n": ["0.50"]}))},
    )


def test_a_page_without_scripts_has_picture_words_and_table(toy):
    """All of it is well-formed, and what has a meaning in HTML is escaped."""
    without = re.sub("<script.*?</script>", "", toy.data)
    root = ElementTree.fromstring(without.replace("xlink:href", "href"))
    still = root.find("div")
    assert still.attrib["aria-label"] == 'A "line".'
    assert still.find("{http://www.w3.org/2000/svg}svg") is not None
    assert root.find("figcaption").text == "Move <it> & look."
    assert root.find("details/summary").text == "Numbers & more"
    assert play(toy).tables == [[{"λ": "0", "n": "0.50"}]]


def test_data_comes_back(toy):
    """What would end the script element does not."""
    data = play(toy).data
    assert [control["choices"][-1] for control in data["controls"]] == ["1", "</script>"]
    assert [control["slider"] for control in data["controls"]] == [True, False]
    assert data["numbers"] == ["0.50"]
    assert data["axis"]["high"] == 1
    assert len(re.findall("</script>", toy.data)) == 1


@pytest.mark.parametrize(
    ("low", "high", "log"), [(0, 40, False), (1.4, 3.2, False), (1, 784, True)]
)
def test_ticks_are_few_and_within(low, high, log):
    """Each says its own value."""
    ticks = nice_ticks(low, high, log)
    values = np.array([value for value, _ in ticks])
    assert 2 <= len(values) <= 8
    assert low <= values.min() < values.max() <= high
    assert [float(text) for _, text in ticks] == pytest.approx(values)
