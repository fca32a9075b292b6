"""Codes of many inputs, batch by batch."""

import keras
import numpy as np

from replication.measures.encoder import check_encoder


def encode(encoder: keras.Layer, x: np.ndarray, batch_size: int = 1000) -> np.ndarray:
    """Compute the codes f(x) of many inputs without holding more than a batch on the device.

    Args:
        encoder: A built layer or model from (batch, ...) to (batch, d_h).
        x: Inputs, shape (n, ...).
        batch_size: Inputs per call of the encoder.

    Returns:
        Codes, shape (n, d_h).

    Raises:
        InputError: The encoder has no weights yet or rebuilds its input, or `x` is no numbers.
    """
    check_encoder(encoder, x)
    batches = (x[start : start + batch_size] for start in range(0, len(x), batch_size))
    return np.concatenate([keras.ops.convert_to_numpy(encoder(batch)) for batch in batches])
