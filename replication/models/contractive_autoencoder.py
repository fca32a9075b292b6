"""The contractive auto-encoder (CAE)."""

from typing import Any

import keras

from replication.checks import check_choice, check_count, check_number
from replication.models.abstract_autoencoder import AbstractAutoencoder
from replication.models.fitting.average import average
from replication.models.penalty import METHODS, squared_frobenius_norm

_EVALUATION_SEED = 0


@keras.saving.register_keras_serializable(package="replication")
class ContractiveAutoencoder(AbstractAutoencoder):
    """Auto-encoder penalised by the Jacobian of its encoder: J_CAE, equation 7.

    The objective is mean over x of [ L(x, g(f(x))) + contraction * ||J_f(x)||_F^2 ], with L summed
    over pixels and the penalty over units, so that `contraction` is the paper's lambda.

    The kernel and the biases in the penalty are the live variables. Copying the weights into a
    constant when the loss is built, as much public code does, leaves a penalty that cannot shrink
    the weights.

    Args:
        units: Number d_h of hidden units, at least 1.
        contraction: lambda, at least 0.
        jacobian: How the penalty is computed: "auto", "closed", "automatic" or "stochastic"; see
            `replication.models.penalty.squared_frobenius_norm`.
        probes: Random vectors per example where `jacobian` is "stochastic".
        **kwargs: See `AbstractAutoencoder`.

    Raises:
        InputError: An argument is out of its range.

    Example:
        >>> model = ContractiveAutoencoder(units=1000, contraction=0.1, seed=0)
        >>> model.compile(optimizer=keras.optimizers.SGD(0.1), jit_compile=True)
        >>> history = model.fit(x, batch_size=20, epochs=20)  # x: float32 (n, features) in [0, 1]
        >>> codes = model.encode(x)
    """

    def __init__(
        self,
        units: int | None = None,
        *,
        contraction: float = 0.1,
        jacobian: str = "auto",
        probes: int = 1,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, **kwargs)
        self.contraction = check_number("contraction", contraction, 0)
        self.jacobian = check_choice("jacobian", jacobian, METHODS)
        self.probes = check_count("probes", probes)

    def penalty(
        self, x: keras.KerasTensor, h: keras.KerasTensor | None = None, training: bool = False
    ) -> keras.KerasTensor:
        """Compute ||J_f(x)||_F^2 for each example, not weighted: shape (batch,).

        An encoder with dropout or batch normalisation is differentiated as it is used after
        training: without dropout, with its moving averages.

        Args:
            x: Inputs, shape (batch, ...).
            h: Their codes, if known already.
            training: Where the penalty is "stochastic": draw other random vectors at each call. If
                not, the same inputs have the same value.
        """
        x = self._floating(x)
        self._build_for(x)
        seed = self.seed_generator if training else _EVALUATION_SEED
        return squared_frobenius_norm(self.encoder, x, h, self.jacobian, self.probes, seed)

    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> keras.KerasTensor:
        """Compute contraction * mean over the batch of ||J_f(x)||_F^2."""
        return self.contraction * average(self.penalty(x, h, training), sample_weight)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "contraction": self.contraction,
            "jacobian": self.jacobian,
            "probes": self.probes,
        }
