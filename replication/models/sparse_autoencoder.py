"""The sparse auto-encoder (SAE)."""

from typing import Any

import keras
from keras import ops

from replication.checks import check_choice, check_number
from replication.models.abstract_autoencoder import AbstractAutoencoder
from replication.models.fitting.average import average
from replication.models.precision import wide
from replication.models.unsupervised_model import replicas


@keras.saving.register_keras_serializable(package="replication")
class SparseAutoencoder(AbstractAutoencoder):
    """Auto-encoder whose units are pressed towards a small mean activation (section 4).

    The penalty is the Kullback-Leibler divergence of Bernoulli(mean activation of a unit over the
    batch) from Bernoulli(sparsity), summed over units.

    Args:
        units: Number d_h of hidden units, at least 1.
        sparsity: Wanted mean activation, above 0 and below 1.
        sparsity_weight: Weight of the summed divergence, at least 0.
        **kwargs: See `AbstractAutoencoder`; the activation must be "sigmoid", since the
            divergence is defined for activations in (0, 1) only. A custom encoder must see to
            that itself.

    Raises:
        InputError: An argument is out of its range.
    """

    def __init__(
        self,
        units: int | None = None,
        *,
        sparsity: float = 0.05,
        sparsity_weight: float = 0.1,
        **kwargs: Any,
    ) -> None:
        check_choice("activation", kwargs.get("activation", "sigmoid"), ("sigmoid",))
        super().__init__(units, **kwargs)
        self.sparsity = check_number("sparsity", sparsity, 0, 1, open_ends=True)
        self.sparsity_weight = check_number("sparsity_weight", sparsity_weight, 0)

    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> keras.KerasTensor:
        """Compute sparsity_weight * sum_j KL(sparsity || mean activation of unit j)."""
        rho = self.sparsity
        epsilon = keras.config.epsilon()  # keeps the logarithms finite for saturated units
        mean = ops.clip(self._mean_activation(wide(h), sample_weight), epsilon, 1 - epsilon)
        divergence = rho * ops.log(rho / mean) + (1 - rho) * ops.log((1 - rho) / (1 - mean))
        return self.sparsity_weight * ops.sum(divergence)

    def _mean_activation(
        self, h: keras.KerasTensor, weights: keras.KerasTensor | None
    ) -> keras.KerasTensor:
        """The mean over the batch, shape (d_h,): over all of it where replicas have parts.

        Examples without any weight have no mean, and no reason to move it: they are as sparse as
        they should be.
        """
        mean = _over_replicas(average(h, weights))
        if weights is None:
            return mean
        weight = _over_replicas(average(ops.cast(weights, h.dtype)))
        # An activation stays one; what `where` does not choose must not divide by 0 either.
        mean = mean / ops.where(weight > 0, weight, ops.ones_like(weight))
        return ops.where(weight > 0, mean, self.sparsity * ops.ones_like(mean))

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "sparsity": self.sparsity,
            "sparsity_weight": self.sparsity_weight,
        }


def _over_replicas(mean: keras.KerasTensor) -> keras.KerasTensor:
    """The mean of what replicas have, where `tf.distribute` gave each a part of the batch."""
    if replicas() == 1:
        return mean
    import tensorflow as tf

    return tf.distribute.get_replica_context().all_reduce(tf.distribute.ReduceOp.MEAN, mean)
