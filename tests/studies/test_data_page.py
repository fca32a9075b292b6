"""What the pages say of data sets: pictures, origin, their own dimension."""

import dataclasses
import re

import pytest

from replication.errors import InputError
from replication.presentation.nothing import nothing
from replication.studies.data.dimensions import (
    RECORDED,
    measure_dimension,
    recorded_dimensions,
)
from replication.studies.data.page import (
    dimension_note,
    origin_text,
    origins_in_short,
    sample_figure,
    show_sample,
)


def test_each_picture_has_its_class_above_it():
    """By name or by number."""
    figure = sample_figure("rectangles", ("wide", "tall"))
    assert {axes.get_title() for axes in figure.axes} == {"wide", "tall"}
    assert figure.axes[0].images[0].get_array().shape == (28, 28)
    assert sample_figure("basic").axes[0].get_title().isdigit()


def test_a_data_set_has_its_origin_and_sizes():
    """Regenerated or original, how many pictures, and a checksum."""
    assert "rot: made again. 10,000 pictures to train on, 2,000 to" in origin_text("rot")
    assert "rect: original." in origin_text("rectangles")
    checksums = [re.search("Checksum ([0-9a-f]{16})", origin_text(d))[1] for d in ("rot", "basic")]
    assert len(set(checksums)) == 2


def test_origins_are_counted():
    """Which sets are original, and how many are not."""
    text = origins_in_short(["rectangles", "rot", "basic"]).data
    assert "**1 of 3 sets is original (rect); 2 were made again" in text


def test_pictures_and_origin_stand_together():
    """The origin below the pictures, and the classes for whoever can't see them."""
    shown = show_sample("rectangles", ("wide", "tall")).data
    assert origin_text("rectangles") in shown
    assert "training pictures of rect, each below its class: " in shown
    assert "wide" in shown


def test_a_data_sets_own_dimension(tmp_path):
    """The number with its range and provenance, or that there is none."""
    recorded = dataclasses.replace(RECORDED, folder=tmp_path)
    missing = nothing("measurements of the data's dimension").data
    assert dimension_note("digits", recorded).data == missing
    assert recorded_dimensions(recorded) == {}
    recorded.write("digits", measure_dimension("digits"))
    found = recorded_dimensions(recorded)["digits"]
    text = dimension_note("digits", recorded).data
    assert f"it is {found.estimate:.1f}, from {found.smallest:.1f} to {found.largest:.1f}" in text
    assert "commit" in text
    assert "scikit-learn" in text
    assert dimension_note("mnist", recorded).data == missing


def test_a_damaged_file_of_dimensions_is_refused(tmp_path):
    """With its name."""
    recorded = dataclasses.replace(RECORDED, folder=tmp_path)
    recorded.write("digits", {"estimate": 5.0})
    with pytest.raises(InputError, match=r"dimensions\.json is damaged: digits lacks"):
        recorded_dimensions(recorded)
