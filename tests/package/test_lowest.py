"""The lowest versions that the package says it takes, in an empty environment (needs an index)."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
USE = """
import replication
from replication.datasets import load
from replication.measures.contraction import contraction_curve
from replication.measures.directions import leading_directions
from replication.measures.jacobian import spectrum

assert "site-packages" in replication.__file__
data = load("digits")
for name in replication.__all__[2:6]:
    fault = {"fault": "frozen-kernel"} if name.startswith("Faulty") else {}
    model = getattr(replication, name)(16, seed=0, **fault)
    model.compile("sgd")
    model.fit(data.train.x, validation_data=(data.valid.x,), verbose=0)
contraction_curve(model.encoder, data.valid.x)
spectrum(model.encoder, data.valid.x[:5])
leading_directions(model.encoder, data.valid.x[:2], 2)
net = replication.Classifier.from_pretrained(model, classes=10)
net.compile("sgd")
net.fit(data.train.x, data.train.y, verbose=0)
net.save("net.keras")
"""
LOAD = "import replication, keras; keras.saving.load_model('net.keras')"


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "tensorflow"])
def test_the_lower_bounds_are_true(backend, tmp_path):
    """Train, measure, save, load and run a setting."""

    def do(*command, **others):
        done = subprocess.run(
            list(map(str, command)), capture_output=True, text=True, check=False, **others
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    python = tmp_path / "env" / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    do(sys.executable, "-m", "hatchling", "build", "-d", tmp_path / "dist", cwd=ROOT)
    [wheel] = (tmp_path / "dist").glob("*.whl")
    direct = PROJECT["dependencies"] + PROJECT["optional-dependencies"][backend]
    do(uv, "venv", "--python", sys.executable, tmp_path / "env")
    do(uv, "pip", "install", "--python", python, "--resolution", "lowest-direct", wheel, *direct)
    folder = tmp_path / "use"
    folder.mkdir()
    usual = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"KERAS_BACKEND": backend}
    for code in (USE, LOAD):
        do(python, "-c", code, cwd=folder, env=usual)
    verb = ["-m", "replication", "run", "--dataset", "digits", "--model", "cae", "--units", "9"]
    do(python, *verb, "--pretrain-epochs", "1", "--finetune-epochs", "1", cwd=folder, env=usual)
    assert len(list((folder / "records").rglob("*.json"))) == 1
