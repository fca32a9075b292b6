"""The list of known faults still fits today's code."""

from pathlib import Path

import pytest

from replication.studies.faults import small_nets as faults
from tests.mutants.faults import FAULTS, OWN_FAULTS

ROOT = Path(__file__).parents[2]


def test_eleven_distinct_faults():
    """No fault of the book's page is missing, and none is there twice."""
    assert len(FAULTS) == 11
    assert {fault.name for fault in FAULTS} == set(faults.FAULTS)
    assert len({fault.edits for fault in FAULTS}) == 11


@pytest.mark.parametrize("fault", [*FAULTS, *OWN_FAULTS], ids=lambda fault: fault.name)
def test_fault_can_be_injected(fault):
    """The text that each edit replaces occurs exactly once; what comes out is Python."""
    for edit in fault.edits:
        compile(edit.applied_to(ROOT), edit.file, "exec")
    assert all((ROOT / test).is_file() for test in fault.tests)


def test_the_page_names_a_test_for_every_fault():
    """What `make mutants --write` recorded is complete."""
    for name in faults.FAULTS:
        assert (faults.caught_by(name) or "").startswith("test_")
