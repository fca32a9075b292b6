"""Fixtures that several rooms share, and the settings that must precede Keras's import."""

import os

# Central differences need float64, which JAX withholds unless asked before it is imported.
os.environ.setdefault("JAX_ENABLE_X64", "1")

import pytest

from replication.experiments import arguments, records, speeds


@pytest.fixture(scope="session")
def original_data():
    """Folder of the original data files; the test is skipped where there is none."""
    folder = os.environ.get("REPLICATION_DATA")
    if not folder:
        pytest.skip("REPLICATION_DATA is not set: no original files to compare with")
    return folder


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty store of records in place of the repository's."""
    monkeypatch.setattr(records, "FOLDER", tmp_path / "records")
    return tmp_path / "records"


@pytest.fixture
def nothing_measured(tmp_path, monkeypatch):
    """Files of measurements, not there yet, in the place of the repository's own."""
    monkeypatch.setattr(arguments, "FILE", tmp_path / "arguments.json")
    monkeypatch.setattr(speeds, "FILE", tmp_path / "benchmark.json")


@pytest.fixture(scope="session")
def environment():
    """The variables of this process as they were before the first test."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture(autouse=True)
def own_environment(environment):
    """Give the environment back after each test.

    dask writes that of its workers into this process whenever it starts one, again when one had to
    be replaced; the notebooks that are compared after the tests would then train on JAX.
    """
    yield
    for name in set(os.environ) - set(environment) - {"PYTEST_CURRENT_TEST"}:
        del os.environ[name]
    os.environ.update(environment)
