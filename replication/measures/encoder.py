"""What a measure takes: an encoder, and no model that rebuilds its input."""

from typing import Any

import keras

from replication.errors import InputError
from replication.models.fitting.first_batch import check_inputs
from replication.models.inference import check_built
from replication.models.unsupervised_model import UnsupervisedModel


def check_encoder(encoder: keras.Layer, x: Any) -> None:
    """Raise where something else than a built encoder is to be measured, or on other than numbers.

    A whole auto-encoder maps inputs as well, to reconstructions, and its numbers would look like
    those of an encoder.

    Args:
        encoder: What was received.
        x: The inputs, shape (n, ...).

    Raises:
        InputError: It rebuilds its input, or has no weights yet; there is no input, or one of them
            is not finite.
    """
    if isinstance(encoder, UnsupervisedModel):
        raise InputError(
            "a measure is one of an encoder, and this model rebuilds its input: give its encoder, "
            f"model.encoder. Received: a {type(encoder).__name__}"
        )
    check_built(encoder)
    check_inputs(x)
