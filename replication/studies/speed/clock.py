"""What is timed: matrix products, and the training of a net of the paper's size."""

import functools
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from replication.studies.speed.peers.peer import Peer, Weights

INPUTS, UNITS = 784, 1000
# A step multiplies matrices five times: encode, decode, and in the backward pass the gradients of
# the code and of the kernel (twice, it being tied).
FLOPS_PER_EXAMPLE = 5 * 2 * INPUTS * UNITS


def seconds(function: Callable[[], Any]) -> float:
    """Time one call.

    Args:
        function: What to call.
    """
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def matrix_rates(size: int = 2048) -> dict[str, float]:
    """Measure what float32 matrix products keep up right now, by library, in GFLOP/s.

    NumPy, JAX and TensorFlow multiply with libraries of their own, with the threads that training
    has. A second's worth of products: single ones ran up to 1.7 times as fast after a pause.

    Args:
        size: Rows and columns of the matrices.
    """
    import jax
    import tensorflow as tf

    a = np.random.default_rng(0).random((size, size), dtype=np.float32)
    products, work = 12, 2 * size**3
    there, tensor = jax.device_put(a), tf.constant(a)
    ways: dict[str, Callable[[], Any]] = {
        "numpy": lambda: a @ a,
        "jax": lambda: (there @ there).block_until_ready(),
        "tensorflow": lambda: tf.matmul(tensor, tensor).numpy(),
    }
    rates = {}
    for name, product in ways.items():
        product()  # compiles
        elapsed = seconds(functools.partial(_repeat, product, products))
        rates[name] = products * work / elapsed / 1e9
    return rates


def _repeat(function: Callable[[], Any], times: int) -> None:
    for _ in range(times):
        function()


def pixels(examples: int, inputs: int = INPUTS) -> np.ndarray:
    """Draw float32 noise in [0, 1), shape (examples, inputs).

    Args:
        examples: Number of examples.
        inputs: Number of features.
    """
    return np.random.default_rng(0).random((examples, inputs), dtype=np.float32)


def trainer(model_name: str, batch_size: int, steps: int, **arguments: Any) -> Callable[[], float]:
    """Compile a model, train it once, and return what trains it on and tells the seconds.

    What is returned trains two epochs of `steps` steps each and times the second one: starting
    `fit` takes most of a second, which no run of more than a few seconds would notice.

    Args:
        model_name: Its class in `replication.models`.
        batch_size: Examples of a step.
        steps: Steps of an epoch.
        **arguments: Further arguments of the class.
    """
    import keras

    from replication import models
    from replication.engine.batches import Batches

    model = getattr(models, model_name)(UNITS, seed=0, **arguments)
    model.compile(
        optimizer=keras.optimizers.SGD(0.001),
        jit_compile=True,
        steps_per_execution=min(50, steps),
    )
    batches = Batches(pixels(batch_size * steps), None, batch_size, seed=0)

    ends: list[float] = []
    clock = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: ends.append(time.perf_counter())
    )

    def train() -> float:
        model.fit(batches, epochs=2, verbose=0, callbacks=[clock])
        return ends[-1] - ends[-2]

    train()
    return train


def peer_trainer(
    peer: Callable[[Weights, float, float], Peer], batch_size: int, steps: int
) -> Callable[[], float]:
    """Train somebody else's contractive auto-encoder once, and return what tells the seconds.

    What is returned trains an epoch of `steps` steps on the data of `trainer`.

    Args:
        peer: Its class.
        batch_size: Examples of a step.
        steps: Steps of an epoch.
    """
    generator = np.random.default_rng(0)
    kernel = generator.uniform(-0.1, 0.1, (INPUTS, UNITS)).astype("float32")
    biases = np.zeros(UNITS, "float32"), np.zeros(INPUTS, "float32")
    model = peer((kernel, *biases), 0.1, 0.001)
    x = pixels(batch_size * steps)

    def train() -> float:
        order = generator.permutation(len(x))
        return seconds(lambda: model.train(x, batch_size, order))

    train()
    return train
