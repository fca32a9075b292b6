"""What README.md tells a reader to do works."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()


def test_the_python_example_runs():
    """The example gives one row of 100 features per test image."""
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    names = {}
    exec(example, names)
    assert names["features"].shape == (len(names["digits"].test.y), 100)


def test_every_make_target_exists():
    """A command that the README names is one that make lists."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    targets = {line.split()[0] for line in listed.stdout.splitlines()}
    assert set(re.findall(r"\bmake ([a-z]+)", README)) <= targets
    assert {"book", "test"} <= targets
