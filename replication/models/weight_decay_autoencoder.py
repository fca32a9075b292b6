"""The auto-encoder with weight decay (AE+wd)."""

from typing import Any

import keras
from keras import ops

from replication.checks import check_number
from replication.errors import InputError
from replication.models.abstract_autoencoder import AbstractAutoencoder
from replication.models.precision import wide


@keras.saving.register_keras_serializable(package="replication")
class WeightDecayAutoencoder(AbstractAutoencoder):
    """Auto-encoder with an L2 penalty on its weights: J_AE+wd, equation 5.

    Args:
        units: Number d_h of hidden units, at least 1.
        weight_decay: Weight of sum_ij W_ij^2, at least 0. The objective here is an average over
            examples, the paper's is a sum to which the decay is added once; so this is the
            paper's lambda divided by the number of training examples. Biases do not decay.
        **kwargs: See `AbstractAutoencoder`; `encoder` is not taken.

    Raises:
        InputError: `weight_decay` is negative or not finite, or an `encoder` was given.
    """

    def __init__(self, units: int, *, weight_decay: float = 1e-5, **kwargs: Any) -> None:
        if kwargs.get("encoder") is not None:
            raise InputError(
                "WeightDecayAutoencoder decays the kernel of its own dense encoder; give units. "
                f"Received: encoder={kwargs['encoder']!r}"
            )
        super().__init__(units, **kwargs)
        self.weight_decay = check_number("weight_decay", weight_decay, 0)

    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> keras.KerasTensor:
        """Compute weight_decay * sum_ij W_ij^2 (both kernels where they are not tied)."""
        total = ops.sum(ops.square(wide(self.encoder.kernel)))
        if not self.tied:
            total = total + ops.sum(ops.square(wide(self.decoder.kernel)))
        return self.weight_decay * total

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {**super().get_config(), "weight_decay": self.weight_decay}
