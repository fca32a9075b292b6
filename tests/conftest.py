"""Fixtures that several rooms share, and the Keras that this process runs on."""

import atexit
import os
import shutil
import tempfile

import pytest

from replication.engine import environment as training
from replication.engine import records

QUICKLY_COMPILED = (
    "--xla_backend_optimization_level=0",
    "--xla_cpu_use_fusion_emitters=false",
    "--xla_cpu_parallel_codegen_split_count=1",
)


def _compile_once() -> dict[str, str]:
    """Variables by which JAX keeps what it compiled in a folder of this process alone.

    Most tests train nets of few shapes, and to compile takes longer than to train them. Where
    several processes share a folder, JAX needs a lock, which it takes only if the folder's size is
    limited; then it looks at all that is in there whenever it adds to it, which after some hundred
    programs takes longer than to compile one. `make test` names a folder that stays.
    """
    folder = os.environ.get("JAX_COMPILATION_CACHE_DIR")
    if folder is None:
        folder = tempfile.mkdtemp(prefix="compiled-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return {
        "JAX_COMPILATION_CACHE_DIR": os.path.join(
            folder, os.environ.get("PYTEST_XDIST_WORKER", "alone")
        ),
        "JAX_COMPILATION_CACHE_MAX_SIZE": "-1",
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
    }


def _import_keras() -> None:
    """Import Keras on the backend of all records, unless KERAS_BACKEND names another one.

    Central differences need float64, which JAX withholds unless asked before it is imported. What
    is float32 stays float32, so runs come out the same. Nets as small as those of tests are
    compiled in an eighth of the time, and trained as quickly, where XLA does not optimise them.
    None of it is left for the processes that tests start: the kernels of notebooks train with what
    a user's would.
    """
    before = dict(os.environ)
    flags = " ".join([os.environ.get("XLA_FLAGS", ""), *QUICKLY_COMPILED])
    os.environ.update({"JAX_ENABLE_X64": "1", "XLA_FLAGS": flags, **_compile_once()})
    training.enter(training.chosen_backend())
    _compile_something()
    os.environ.clear()
    os.environ.update(before)


def _compile_something() -> None:
    """Let XLA read its flags, as it does when it first compiles."""
    import keras

    one = keras.ops.ones(())
    if keras.backend.backend() == "tensorflow":
        import tensorflow

        tensorflow.function(lambda: one + one, jit_compile=True)()
    else:
        one + one


_import_keras()


@pytest.fixture(scope="session")
def original_data():
    """Folder of the original data files; the test is skipped where there is none."""
    folder = os.environ.get("REPLICATION_DATA")
    if not folder:
        pytest.skip("REPLICATION_DATA is not set: no original files to compare with")
    return folder


@pytest.fixture
def quick_processes(monkeypatch):
    """Let the processes that a test starts compile as quickly as this one does."""
    monkeypatch.setenv("XLA_FLAGS", " ".join(QUICKLY_COMPILED))


@pytest.fixture
def store(tmp_path, monkeypatch):
    """An empty store of records in place of the repository's."""
    monkeypatch.setattr(records, "FOLDER", tmp_path / "records")
    return tmp_path / "records"


@pytest.fixture(scope="session")
def environment():
    """The variables of this process as they were before the first test."""
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture(autouse=True)
def own_environment(environment):
    """Give the environment back after each test.

    dask writes that of its workers into this process whenever it starts one, again when one had to
    be replaced; the notebooks that are compared after the tests would have it, too.
    """
    yield
    for name in set(os.environ) - set(environment) - {"PYTEST_CURRENT_TEST"}:
        del os.environ[name]
    os.environ.update(environment)


@pytest.fixture(scope="session")
def scheduler():
    """Address of a dask scheduler whose one worker is a thread of this process.

    Processes import Keras and compile anew, which takes longer than the tests' runs; what they do
    when they die is tested with clusters of their own.
    """
    from distributed import LocalCluster

    before = dict(os.environ)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address="127.0.0.1:0"
    ) as cluster:
        # dask has set the workers' environment in this process, too.
        os.environ.clear()
        os.environ.update(before)
        yield cluster.scheduler_address


def pytest_collection_modifyitems(items):
    """Begin with the file that takes longest: last, it would leave all workers but one idle."""
    items.sort(key=lambda item: item.path.name != "test_browser.py")
