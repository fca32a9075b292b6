"""How much the closed form of the penalty saves, beside the automatic Jacobian."""

from collections.abc import Callable
from typing import Any

import numpy as np
from tqdm import tqdm

from replication.studies.speed.clock import INPUTS, UNITS, pixels, seconds, trainer
from replication.studies.speed.rows import Row, row


def measure_penalty(quick: bool) -> dict[str, Any]:
    """Compare the closed form with the automatic Jacobian: the value, and value and gradient.

    Args:
        quick: Take small samples.

    Returns:
        `rows` and `samples`.
    """
    batch_size = 4 if quick else 20
    where = f"tensorflow, batch {batch_size}"
    compiled = _compiler(batch_size)
    rows: list[Row] = []
    samples: dict[str, Any] = {}
    for key, what, gradient in (
        ("value", "penalty", False),
        ("gradient", "penalty and its gradient", True),
    ):
        medians = {}
        for method, repetitions in (("closed", 50), ("automatic", 2 if quick else 5)):
            call = compiled(method, gradient)
            call()  # compiles
            turns = tqdm(range(repetitions), desc=f"{method} {what}", unit="call", leave=False)
            samples[f"{method} {what}"] = [seconds(call) for _ in turns]
            medians[method] = float(np.median(samples[f"{method} {what}"]))
            rows.append(
                row(f"{key}_{method}", f"{method} {what}, {where}", 1e3 * medians[method], "ms")
            )
        ratio = medians["automatic"] / medians["closed"]
        rows.append(
            row(f"{key}_ratio", f"automatic over closed {what}, {where}", ratio, "x", at_least=100)
        )
    steps = 2 if quick else 5
    train = trainer("ContractiveAutoencoder", batch_size, steps, jacobian="automatic")
    what = f"CAE training with the automatic Jacobian, {where}"
    rows.append(row("speed_cae_automatic", what, batch_size * steps / train(), "examples/s"))
    return {"rows": rows, "samples": samples}


def _compiler(batch_size: int) -> Callable[[str, bool], Callable[[], float]]:
    """Return what compiles the penalty of a net, by method, with its gradient or without."""
    import tensorflow as tf

    from replication.models import Autoencoder
    from replication.models.penalty import squared_frobenius_norm

    model = Autoencoder(UNITS, seed=0)
    model.build((None, INPUTS))
    x = tf.constant(pixels(batch_size))

    def compiled(method: str, gradient: bool) -> Callable[[], float]:
        @tf.function(jit_compile=True)
        def penalty(x: tf.Tensor) -> Any:
            with tf.GradientTape() as tape:
                value = tf.reduce_mean(squared_frobenius_norm(model.encoder, x, method=method))
            if not gradient:
                return value, ()
            return value, tape.gradient(value, [v.value for v in model.encoder.trainable_variables])

        return lambda: float(penalty(x)[0])

    return compiled
