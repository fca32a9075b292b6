"""The package as people install it: built, put into an empty folder, and used from another one."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import replication

ROOT = Path(__file__).resolve().parents[2]
# What only the extras bring: without them it must not be asked for.
EXTRAS = (
    "IPython",
    "bokeh",
    "dask",
    "distributed",
    "jupyter_book",
    "matplotlib",
    "nbformat",
    "papermill",
    "seaborn",
    "tensorflow",
)
BLOCK = f"""
import importlib.abc, runpy, sys
class Block(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {EXTRAS!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Block())
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Wheel and sdist, built from what is committed or about to be."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The folder into which the wheel was unpacked, which is all that installing it does."""
    folder = tmp_path_factory.mktemp("site-packages")
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


@pytest.fixture
def python(installed, tmp_path, quick_processes):
    """Run code beside the installed package, in an empty folder."""
    usual = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "KERAS_BACKEND", "REPLICATION_RECORDS")
    }

    def run(code, **variables):
        return subprocess.run(
            [sys.executable, "-c", BLOCK + code],
            cwd=tmp_path,
            env={**usual, "PYTHONPATH": str(installed), "KERAS_BACKEND": "jax", **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def verb(*arguments):
    """Code that does what `python -m replication` does."""
    return (
        f"sys.argv[1:] = {list(arguments)!r}; runpy.run_module('replication', run_name='__main__')"
    )


def test_what_travels(built):
    """The paper's numbers, the verdicts and the types; no record, no test, no book."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    for wanted in ("shipped/paper/table1.csv", "shipped/verdicts.json", "py.typed"):
        assert f"replication/{wanted}" in names
    assert "replication/studies/table1/selection/v1/mnist.json" in names
    roots = {name.split("/")[0] for name in names}
    assert roots == {"replication", f"replication-{replication.__version__}.dist-info"}
    assert not [name for name in names if "records/" in name]
    with tarfile.open(next(built.glob("*.tar.gz"))) as source:
        names = {name.split("/", 1)[-1] for name in source.getnames()}
    assert {"pyproject.toml", "README.md", "data/paper/table1.csv", "CHANGELOG.md"} <= names
    assert not [name for name in names if name.startswith(("data/records", "book", "notebooks"))]


def test_train_and_load_in_a_fresh_process(python, tmp_path):
    """On the digits, with the names of the package alone."""
    done = python(
        """
import replication
from replication.datasets import load
from replication.measures.contraction import contraction_curve
assert "site-packages" in replication.__file__, replication.__file__
data = load("digits")
model = replication.ContractiveAutoencoder(16, seed=0)
model.compile("sgd")
model.fit(data.train.x, epochs=1, verbose=0)
assert contraction_curve(model.encoder, data.valid.x).ratio.min() > 0
net = replication.Classifier.from_pretrained(model, classes=10)
net.compile("sgd")
net.fit(data.train.x, data.train.y, verbose=0)
net.save("net.keras")
"""
    )
    assert (done.returncode, done.stderr) == (0, "")
    done = python("import replication, keras; print(keras.saving.load_model('net.keras').classes)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "10\n", "")


def test_runs_are_recorded_where_they_are_made(python, installed, tmp_path):
    """In the current folder or in a named one; never beside the package."""
    before = sorted(installed.rglob("*.json"))
    small = ("run", "--dataset", "digits", "--model", "cae", "--units", "9")
    small += ("--pretrain-epochs", "1", "--finetune-epochs", "1", "--spectrum-examples", "0")
    done = python(verb(*small))
    assert done.returncode == 0, done.stderr
    [path] = (tmp_path / "records").rglob("*.json")
    assert str(path) in done.stdout
    provenance = json.loads(path.read_text())["provenance"]
    assert provenance["commit"] == "unknown"
    # Untrained: what is asked here is where the record goes.
    untrained = (*small, "--pretrain-epochs", "0", "--finetune-epochs", "0")
    done = python(verb(*untrained), REPLICATION_RECORDS=str(tmp_path / "other"))
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "other").rglob("*.json"))) == 1
    done = python(verb("records", "--format", "csv"))
    assert done.stdout.count("\n") == 2
    assert sorted(installed.rglob("*.json")) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sweep", "table1"), "needs a checkout of the repository"),
        (("verdicts", "--write"), "needs a checkout of the repository"),
        (("readme",), "replication's extras"),
    ],
)
def test_what_needs_more_says_so(python, arguments, message):
    """A checkout, or an extra: one sentence."""
    done = python(verb(*arguments))
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


def test_the_papers_numbers_are_at_hand(python):
    """And the published verdicts."""
    done = python(
        """
from replication import paper
from replication.verdicts import published
assert published.FILE.exists()
print(len(paper.claims()), len(paper.table1()))
"""
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split()[0] == "21"


PUBLIC = {
    "Autoencoder": ["units", "activation", "reconstruction", "decoder_activation", "tied",
                    "encoder", "decoder", "seed"],
    "ContractiveAutoencoder": ["units", "contraction", "jacobian", "probes"],
    "WeightDecayAutoencoder": ["units", "weight_decay"],
    "SparseAutoencoder": ["units", "sparsity", "sparsity_weight"],
    "DenoisingAutoencoder": ["units", "noise", "noise_level"],
    "RestrictedBoltzmannMachine": ["units", "gibbs_steps", "seed"],
    "StackedEncoder": ["models"],
    "Classifier": ["encoder", "classes", "dropout", "seed"],
    "FaultyContractiveAutoencoder": ["units", "fault"],
    "HigherOrderContractiveAutoencoder": [
        "units", "contraction", "curvature", "noise_level", "draws",
    ],
    "JacobianClassifier": [
        "encoder", "classes", "jacobian_weight", "jacobian", "probes", "dropout", "seed",
    ],
    "TangentClassifier": ["encoder", "classes", "tangent_weight", "seed"],
}  # fmt: skip
CLASSIFIERS = {"Classifier", "JacobianClassifier", "TangentClassifier"}
METHODS = {"fit", "compile", "evaluate", "predict", "get_config", "from_config"}


def test_the_public_interface():
    """Names and arguments that other people's programs use: a change of them needs a version."""
    import inspect

    from replication import models

    # Written twice, since reading the first list must not import Keras.
    assert set(replication.__all__) == set(models.__all__) == set(PUBLIC)
    assert set(replication.__all__) <= set(dir(replication))
    for name, arguments in PUBLIC.items():
        model = getattr(replication, name)
        found = [
            p for p in inspect.signature(model.__init__).parameters if p not in ("self", "kwargs")
        ]
        assert found == arguments, name
        assert {*METHODS} <= set(dir(model))
    for name in set(PUBLIC) - CLASSIFIERS:
        assert callable(getattr(replication, name).encode)
    for name in set(PUBLIC) - CLASSIFIERS - {"StackedEncoder"}:
        assert callable(getattr(replication, name).decode)
    for name in ("ContractiveAutoencoder", "FaultyContractiveAutoencoder"):
        assert callable(getattr(replication, name).penalty)
    with pytest.raises(AttributeError, match="has no attribute 'Transformer'"):
        replication.Transformer  # noqa: B018
