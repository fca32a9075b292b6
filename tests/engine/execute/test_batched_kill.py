"""A killed sweep loses nothing but what came after the last checkpoint."""

import subprocess
import sys
from pathlib import Path

from tests.engine.execute.populations import on_jax

pytestmark = on_jax


def test_every_record_is_there_once_after_kills():
    """A few kills; the script does 20."""
    script = Path(__file__).with_name("kill_batched.py")
    done = subprocess.run(
        [sys.executable, script, "2"], capture_output=True, text=True, check=False, timeout=1200
    )
    assert done.returncode == 0, done.stderr
    assert "6 records, each written once" in done.stdout
