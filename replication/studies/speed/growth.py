"""How the cost of the penalty grows with the net, beside that of the reconstruction error."""

from collections.abc import Callable
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.studies.speed.clock import INPUTS, UNITS, pixels, seconds
from replication.studies.speed.rows import row

_BATCH_SIZE = 20


def measure_growth(quick: bool) -> dict[str, Any]:
    """Compare the penalty with the reconstruction error, both with gradient, as the net grows.

    Args:
        quick: Take small samples.

    Returns:
        `rows` and `samples`.
    """
    sizes = [(INPUTS * k // 2, UNITS * k // 2) for k in ((1, 2) if quick else (1, 2, 4))]
    calls = {f"{inputs}x{units}": _compiled(inputs, units) for inputs, units in sizes}
    for pair in calls.values():
        for call in pair:
            call()  # compiles
    # In turn, so that load hits all alike.
    rounds: dict[str, list[list[float]]] = {name: [] for name in calls}
    for _ in tqdm(range(3 if quick else 30), desc="growth", unit="round", leave=False):
        for name, pair in calls.items():
            rounds[name].append([min(seconds(call) for _ in range(5)) for call in pair])
    rows = []
    for name, values in rounds.items():
        penalty, reconstruction = np.median(values, axis=0)
        what = f"penalty over reconstruction, both with gradient, {name}, batch {_BATCH_SIZE}"
        rows.append(row(f"over_reconstruction_{name}", what, penalty / reconstruction, "x"))
    return {"rows": rows, "samples": rounds}


def _compiled(inputs: int, units: int) -> tuple[Callable[[], float], Callable[[], float]]:
    """Return the penalty and the reconstruction error of a net, each with its gradient."""
    import tensorflow as tf

    from replication.models import Autoencoder
    from replication.models.penalty import squared_frobenius_norm

    model = Autoencoder(units, seed=0)
    model.build((None, inputs))
    x = tf.constant(pixels(_BATCH_SIZE, inputs))

    def with_gradient(value_of: Callable[[], Any]) -> Callable[[], float]:
        @tf.function(jit_compile=True)
        def loss() -> Any:
            with tf.GradientTape() as tape:
                value = value_of()
            variables = [v.value for v in model.trainable_variables]
            return value, tape.gradient(value, variables, unconnected_gradients="zero")

        return lambda: float(loss()[0])

    return (
        with_gradient(lambda: tf.reduce_mean(squared_frobenius_norm(model.encoder, x))),
        with_gradient(lambda: model.compute_loss(x)),
    )
