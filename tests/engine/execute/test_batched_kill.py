"""A killed sweep loses nothing but what came after the last checkpoint."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.execute.populations import on_jax

pytestmark = [on_jax, pytest.mark.slow]


def test_every_record_is_there_once_after_kills():
    """Twenty kills."""
    script = Path(__file__).with_name("kill_batched.py")
    done = subprocess.run(
        [sys.executable, script, "20"], capture_output=True, text=True, check=False, timeout=1200
    )
    assert done.returncode == 0, done.stderr
    assert "6 records, each written once" in done.stdout
