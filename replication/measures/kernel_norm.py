"""The norm of each layer's kernel: how large the weights are (claim 6)."""

import numpy as np

from replication.measures.measure import Measure, Subject


def _of(subject: Subject) -> dict[str, list[float]]:
    return {
        "kernel_norm": [float(np.linalg.norm(layer.encoder.kernel)) for layer in subject.layers]
    }


MEASURES = (Measure({"kernel_norm": "Frobenius norm, of each layer"}, _of),)
