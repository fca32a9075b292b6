"""What `verify` found is written down, and read where it matters."""

import pandas as pd
import pytest

from replication.engine.measurements import Measurements
from replication.engine.verification.kept import (
    VERIFIED,
    last_verification,
    trained_again,
    write_verification,
)
from replication.errors import InputError
from replication.presentation import notes
from replication.presentation.notes import provenance_note
from replication.presentation.nothing import nothing
from replication.summary.front import verified_note
from tests.made_up import two_seeds

RUNS = two_seeds()


@pytest.fixture
def verified(tmp_path):
    """A file of its own."""
    return Measurements(VERIFIED.name, needs=VERIFIED.needs, folder=tmp_path)


def write(verified, verdicts=True):
    """Two results of one run and one of another, which does not agree."""
    table = pd.DataFrame(
        {
            "id": [RUNS[0].id, RUNS[0].id, RUNS[1].id],
            "agrees": [True, True, False],
        }
    )
    write_verification(
        "made-up", table, store=True, verdicts=verdicts, seconds=1, verified=verified
    )


def test_what_was_found_is_read_back(verified):
    """A run agrees if all its results do."""
    assert last_verification(verified) is None
    write(verified)
    entry = last_verification(verified)
    assert entry["runs"] == {RUNS[0].id: True, RUNS[1].id: False}
    day = entry["provenance"]["date"][:10]
    assert trained_again(verified) == {RUNS[0].id: (day, True), RUNS[1].id: (day, False)}


def test_the_first_page_says_so(verified):
    """What disagrees stands out."""
    assert verified_note(verified).data == nothing("verifications").data
    write(verified, verdicts=False)
    text = verified_note(verified).data
    assert "the store fits together" in text
    assert "the verdicts **do not follow** from the records" in text
    assert "1 of 2 runs that were trained again agree" in text


def test_the_runs_on_a_page_say_so(verified, monkeypatch):
    """How many of them were trained again, when, and how many agreed."""
    assert "trained again" not in provenance_note(RUNS).data
    write(verified)
    day = last_verification(verified)["provenance"]["date"][:10]
    monkeypatch.setattr(notes, "trained_again", lambda: trained_again(verified))
    text = provenance_note(RUNS).data
    assert f"2 of them trained again, last on {day}: 1 agreed" in text


def test_a_damaged_file_is_named(verified):
    """And not overwritten."""
    verified.path.write_text('{"made-up": {"runs": {}}}')
    with pytest.raises(InputError, match=r"verify\.json is damaged"):
        last_verification(verified)
    with pytest.raises(InputError, match=r"verify\.json is damaged"):
        write(verified)
