"""How fast the average spectrum is, beside one singular value decomposition for each example."""

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from replication.studies.speed.clock import UNITS, seconds
from replication.studies.speed.rows import Row, row

if TYPE_CHECKING:
    import keras


def measure_spectrum(quick: bool) -> dict[str, Any]:
    """Compare the average spectrum of a CAE and of an AE with decompositions of every Jacobian.

    Args:
        quick: Take small samples.

    Returns:
        `rows` and `samples`.
    """
    import keras

    from replication.datasets.rectangles import load_generated_rectangles
    from replication.measures.jacobian import spectrum
    from replication.models import Autoencoder, ContractiveAutoencoder

    # Pictures and not noise: how many units a contractive encoder saturates depends on its inputs.
    # Enough of them, for long enough, to saturate: that is what makes a CAE's Jacobian small.
    data = load_generated_rectangles(train=1000 if quick else 20_000).train.x
    rows: list[Row] = []
    samples: dict[str, Any] = {}
    for label, cls in (("CAE", ContractiveAutoencoder), ("AE", Autoencoder)):
        model = cls(UNITS, seed=0)
        model.compile(optimizer=keras.optimizers.SGD(0.1), jit_compile=True, steps_per_execution=50)
        model.fit(data, batch_size=20, epochs=2 if quick else 12, verbose=0)
        x = data[: 20 if quick else 1000]
        ours = seconds(partial(spectrum, model.encoder, x)) / len(x)
        decompositions = _decompositions(model, data[: 3 if quick else 20], label)
        samples[label] = {"examples": len(x), "spectrum": ours, "svd": decompositions}
        key = label.lower()
        rows.append(row(f"spectrum_{key}", f"spectrum of the {label}", 1e3 * ours, "ms/example"))
        for precision, theirs in decompositions.items():
            rows.append(
                row(
                    f"spectrum_ratio_{key}_{precision}",
                    f"{precision} SVD over spectrum, {label}",
                    theirs / ours,
                    "x",
                    # The spectrum works in float64; a decomposition in float32 is less exact.
                    at_least=5 if precision == "float64" else None,
                )
            )
    return {"rows": rows, "samples": samples}


def _decompositions(model: "keras.Model", x: np.ndarray, label: str) -> dict[str, float]:
    """Return the mean seconds of a decomposition, by precision."""
    from replication.measures.jacobian import jacobians

    found = {}
    for precision in ("float64", "float32"):
        matrices = jacobians(model.encoder, x).astype(precision)
        turns = tqdm(matrices, desc=f"SVD, {label}, {precision}", unit="example", leave=False)
        times = [seconds(partial(np.linalg.svd, j, compute_uv=False)) for j in turns]
        found[precision] = float(np.mean(times))
    return found
