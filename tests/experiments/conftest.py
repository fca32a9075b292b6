"""A scheduler that the sweeps of several tests share."""

import os

import dask
import pytest
from distributed import LocalCluster

from replication.experiments.sweep import WORKER_ENVIRONMENT


@pytest.fixture(scope="session")
def scheduler():
    """Address of a dask scheduler with two worker processes.

    A sweep without it starts processes of its own for each stage, and to import Keras and compile
    takes longer than the tests' runs.
    """
    before = dict(os.environ)
    spawn = {"distributed.nanny.pre-spawn-environ": {**WORKER_ENVIRONMENT, "KERAS_BACKEND": "jax"}}
    with (
        dask.config.set(spawn),
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
    ):
        # dask has set the workers' environment in this process, too.
        os.environ.clear()
        os.environ.update(before)
        yield cluster.scheduler_address
