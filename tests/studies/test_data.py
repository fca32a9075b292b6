"""What was recorded of the data sets: their first pictures, and their own dimension."""

import dataclasses
import json

import numpy as np
import pytest

from replication.datasets import load
from replication.errors import InputError
from replication.measures.packing import unpack_rows
from replication.studies.data import dimensions, samples


def test_a_sample_is_the_first_training_pictures(tmp_path):
    """They come back as they were, to a grey level in 127; with their labels and sizes."""
    data = load("digits")
    recorded = dataclasses.replace(samples.RECORDED, folder=tmp_path)
    with pytest.raises(InputError, match="no sample of digits .*samples digits --write"):
        samples.recorded_sample("digits", recorded)
    recorded.write("digits", samples.take_sample("digits"))
    found = samples.recorded_sample("digits", recorded)
    pictures = unpack_rows(found["pictures"])
    assert len(pictures) == samples.COUNT
    np.testing.assert_allclose(pictures, data.train.x[: samples.COUNT], atol=1 / 127)
    assert found["labels"] == data.train.y[: samples.COUNT].tolist()
    assert found["sizes"] == [len(part.y) for part in (data.train, data.valid, data.test)]
    assert found["checksum"] == data.checksum
    recorded.path.write_text(json.dumps({"digits": {"pictures": []}}))
    with pytest.raises(InputError, match="digits lacks a number"):
        samples.recorded_sample("digits", recorded)


def test_a_dimension_is_measured_and_recorded(tmp_path):
    """Of the validation part, with its provenance; between the smallest and the largest."""
    recorded = dataclasses.replace(dimensions.RECORDED, folder=tmp_path)
    assert dimensions.recorded_dimensions(recorded) == {}
    entry = dimensions.measure_dimension("digits")
    recorded.write("digits", entry)
    found = dimensions.recorded_dimensions(recorded)["digits"]
    assert 1 < found.smallest <= found.estimate <= found.largest < 64
    data = load("digits")
    assert entry["examples"] == len(data.valid.x)
    assert entry["provenance"]["data_checksum"] == data.checksum


def test_what_is_committed_can_be_read():
    """The pages of the benchmark sets and of Figure 1 need it."""
    assert {"mnist", "cifar-bw"} <= set(dimensions.recorded_dimensions())
    assert samples.recorded_sample("rot")["origin"] == "regenerated"
