"""Backend, precision and threads of everything that trains."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from replication.engine import environment
from replication.engine.execute.choice import execute
from replication.engine.settings import Settings
from replication.errors import InputError
from tests.engine.execute.populations import on_jax

ROOT = Path(__file__).parents[2]


def last_line(code, **variables):
    """What a process of its own prints last, started with these environment variables."""
    unset = ("KERAS_BACKEND", "JAX_ENABLE_X64", "JAX_DEFAULT_MATMUL_PRECISION")
    clean = {name: value for name, value in os.environ.items() if name not in unset}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**clean, "TF_CPP_MIN_LOG_LEVEL": "3", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def test_the_backend_of_runs_that_name_none(monkeypatch):
    """KERAS_BACKEND where it is set, else that of all records; nonsense is refused."""
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    assert environment.chosen_backend() == environment.DEFAULT_BACKEND == "jax"
    monkeypatch.setenv("KERAS_BACKEND", "")
    assert environment.chosen_backend() == "jax"
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    assert environment.chosen_backend() == "torch"
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    with pytest.raises(InputError, match="KERAS_BACKEND must be one of jax, tensorflow, torch"):
        environment.chosen_backend()


@pytest.mark.parametrize("backend", environment.BACKENDS)
def test_a_worker_has_one_thread_and_full_precision(backend):
    """Of the libraries that compute, and of XLA, which listens to none of the usual variables."""
    variables = environment.worker_variables(backend)
    assert variables["KERAS_BACKEND"] == backend
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NPROC"):
        assert variables[name] == "1"
    assert "--xla_cpu_multi_thread_eigen=false" in variables["XLA_FLAGS"]
    assert variables["JAX_DEFAULT_MATMUL_PRECISION"] == "highest"
    # JAX is told for each program; what overrules it would be for all.
    assert variables.get("NVIDIA_TF32_OVERRIDE") == (None if backend == "jax" else "0")


ENTER = """
import json
from replication.engine import environment
from replication.errors import InputError

environment.enter("jax")
environment.enter("jax")  # again changes nothing
import jax, keras
found = [keras.backend.backend(), keras.config.floatx(), jax.config.jax_default_matmul_precision]
for backend, precision in (("tensorflow", "float32"), ("jax", "float16")):
    keras.config.set_floatx(precision)
    try:
        environment.enter(backend)
    except InputError as error:
        found.append(str(error))
print(json.dumps(found))
"""


def test_one_process_has_one_backend_and_one_precision(tmp_path):
    """Keras starts on what is asked for, whatever a user's keras.json says; later another backend
    or precision is refused.
    """
    home = tmp_path / "keras"
    home.mkdir()
    (home / "keras.json").write_text('{"floatx": "float64", "backend": "torch"}')
    found = json.loads(last_line(ENTER, KERAS_HOME=str(home)))
    backend, precision, matmul, other_backend, other_precision = found
    assert (backend, precision, matmul) == ("jax", "float32", "highest")
    assert "Keras runs on jax in this process, and one process has one backend." in other_backend
    assert "Expected tensorflow: start again with KERAS_BACKEND=tensorflow" in other_backend
    assert "Keras computes in float16 in this process; all runs are in float32" in other_precision
    for message in (other_backend, other_precision):
        assert "\n" not in message


def test_the_backend_is_part_of_a_run_s_identity():
    """Each draws its own random numbers; runs on that of all records keep their old ids."""
    ids = {
        backend: Settings(dataset="digits", model="cae", backend=backend).id
        for backend in environment.BACKENDS
    }
    assert len(set(ids.values())) == len(environment.BACKENDS)
    assert ids["jax"] == Settings(dataset="digits", model="cae").id == "75f4542315d9677e"


def test_what_tests_start_is_a_user_s_process():
    """The tests' own Keras leaves no variable to the processes that they start."""
    assert "keras" in sys.modules
    for name in ("JAX_ENABLE_X64", "JAX_DEFAULT_MATMUL_PRECISION"):
        assert name not in os.environ


def test_the_precision_is_part_of_a_run_s_identity():
    """Runs in full precision keep their old ids; less is for nets on JAX alone."""
    full = Settings(dataset="digits", model="cae")
    less = Settings(dataset="digits", model="cae", precision="tf32")
    assert full.id != less.id
    assert "precision" not in full.to_dict()
    assert Settings.from_dict(less.to_dict()) == less
    with pytest.raises(InputError, match="precision must be one of float32, tf32"):
        Settings(dataset="digits", model="cae", precision="bfloat16")
    for others in ({"model": "cae", "backend": "torch"}, {"model": "svm"}):
        with pytest.raises(InputError, match="tf32 is for nets on backend jax. Received: model"):
            Settings(dataset="digits", precision="tf32", **others)


def test_all_runs_of_a_sweep_have_one_precision(store):
    """A process could not keep them apart while it trains."""
    runs = [Settings(dataset="digits", model="ae", precision=p) for p in environment.PRECISIONS]
    with pytest.raises(InputError, match="same precision. Received: runs in float32 and in tf32"):
        execute(runs, "test", workers=1)


@on_jax
@pytest.mark.parametrize("platform", ["gpu", "cpu"])
def test_less_than_full_precision_needs_who_rounds_so(platform, monkeypatch):
    """A processor does not, so a record would say what was not done; later all is exact again."""
    import jax

    before = jax.config.jax_default_matmul_precision
    monkeypatch.setattr(jax, "devices", lambda: [SimpleNamespace(platform=platform)])
    if platform == "cpu":
        with pytest.raises(InputError, match="tf32 is how graphics processors .* JAX sees none"):
            environment.enter("jax", "tf32")
    else:
        environment.enter("jax", "tf32")
        assert jax.config.jax_default_matmul_precision == "tensorfloat32"
    environment.enter("jax")
    assert jax.config.jax_default_matmul_precision == before == "highest"
