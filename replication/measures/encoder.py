"""What a measure takes: an encoder, and no model that rebuilds its input."""

import keras

from replication.errors import InputError
from replication.models.inference import check_built
from replication.models.unsupervised_model import UnsupervisedModel


def check_encoder(encoder: keras.Layer) -> None:
    """Raise where something else than a built encoder is to be measured.

    A whole auto-encoder maps inputs as well, to reconstructions, and its numbers would look like
    those of an encoder.

    Args:
        encoder: What was received.

    Raises:
        InputError: It rebuilds its input, or has no weights yet.
    """
    if isinstance(encoder, UnsupervisedModel):
        raise InputError(
            "a measure is one of an encoder, and this model rebuilds its input: give its encoder, "
            f"model.encoder. Received: a {type(encoder).__name__}"
        )
    check_built(encoder)
