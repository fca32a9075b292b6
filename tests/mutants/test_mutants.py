"""The list of known faults still fits today's code."""

from pathlib import Path

import pytest

from tests.mutants.faults import FAULTS

ROOT = Path(__file__).parents[2]


def test_eleven_distinct_faults():
    """No fault of the survey is missing, and none is there twice."""
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) == 11
    assert len({fault.edits for fault in FAULTS}) == 11


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_can_be_injected(fault):
    """The text that each edit replaces occurs exactly once; what comes out is Python."""
    for edit in fault.edits:
        compile(edit.applied_to(ROOT), edit.file, "exec")
    assert all((ROOT / test).is_file() for test in fault.tests)
