"""The basic auto-encoder (AE)."""

import keras

from replication.models.abstract_autoencoder import AbstractAutoencoder


@keras.saving.register_keras_serializable(package="replication")
class Autoencoder(AbstractAutoencoder):
    """Auto-encoder trained on the reconstruction alone: J_AE, equation 4.

    Args:
        units: Number d_h of hidden units, at least 1.
        **kwargs: See `AbstractAutoencoder`.
    """

    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> float:
        """Return 0: nothing is added."""
        return 0.0
