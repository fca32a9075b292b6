"""The norm of each layer's kernel: how large the weights are (claim 6)."""

import numpy as np

from replication.measures.measure import Measure, Subject


def _of(subject: Subject) -> dict[str, list[float]]:
    encoders = [layer.encoder for layer in subject.layers]
    if not all(hasattr(encoder, "kernel") for encoder in encoders):
        return {}  # an encoder of several layers has no one kernel
    return {"kernel_norm": [float(np.linalg.norm(encoder.kernel)) for encoder in encoders]}


MEASURES = (Measure({"kernel_norm": "Frobenius norm, of each layer"}, _of),)
