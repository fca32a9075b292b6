"""The contractive auto-encoder of higher order (CAE+H)."""

from typing import Any

import keras
from keras import ops

from replication.checks import check_count, check_number
from replication.models.autodiff import batch_jacobian, vector_jacobian_product
from replication.models.contractive_autoencoder import ContractiveAutoencoder
from replication.models.fitting.average import average
from replication.models.inference import check_concrete, check_twice_differentiable, inference
from replication.models.penalty import (
    closed_form_derivative,
    has_closed_form,
    squared_norms,
    units_of,
)
from replication.models.precision import wide

# Where a value has to be repeatable. Far from the seeds of probes, which are counted from 0.
_EVALUATION_SEED = 1_000_000


@keras.saving.register_keras_serializable(package="replication")
class HigherOrderContractiveAutoencoder(ContractiveAutoencoder):
    """Contractive auto-encoder whose Jacobian changes little in a neighbourhood (CAE+H).

    The objective is that of the CAE plus
    curvature * mean over x of E_e ||J_f(x) - J_f(x + e)||_F^2, with e Gaussian: Rifai et al.,
    "Higher Order Contractive Auto-Encoder" (ECML 2011), and equation 4 of their "Manifold Tangent
    Classifier" (NIPS 2011). To first order in e the expectation is noise_level^2 times the squared
    norm of the encoder's second derivatives, which so need not be formed.

    For a sigmoid layer J_f(x) = diag(s'(a)) W, so the squared norm of the difference is
    sum_j (s'(a_j) - s'(a_j + W_j e))^2 ||W_j||^2: a draw costs one more pass through the encoder.

    Args:
        units: Number d_h of hidden units, at least 1.
        contraction: lambda, the weight of the squared norm of the Jacobian; at least 0.
        curvature: gamma, the weight of the change of the Jacobian; at least 0.
        noise_level: Standard deviation of e, in units of the inputs; above 0.
        draws: How many e are drawn for each example at each step, from 1 to 10,000.
        **kwargs: See `ContractiveAutoencoder`. Where `jacobian` is "stochastic", the change of the
            Jacobian is estimated with the same random vectors on both sides.

    Raises:
        InputError: An argument is out of its range.

    Example:
        >>> model = HigherOrderContractiveAutoencoder(1000, contraction=0.1, curvature=1.0, seed=0)
        >>> model.compile(optimizer=keras.optimizers.SGD(0.1), jit_compile=True)
        >>> history = model.fit(x, batch_size=20, epochs=20)  # x: float32 (n, features) in [0, 1]
    """

    def __init__(
        self,
        units: int | None = None,
        *,
        contraction: float = 0.1,
        curvature: float = 0.1,
        noise_level: float = 0.1,
        draws: int = 2,
        **kwargs: Any,
    ) -> None:
        super().__init__(units, contraction=contraction, **kwargs)
        self.curvature = check_number("curvature", curvature, 0)
        self.noise_level = check_number("noise_level", noise_level, 0, open_ends=True)
        self.draws = check_count("draws", draws, high=10_000)

    def jacobian_change(
        self, x: keras.KerasTensor, h: keras.KerasTensor | None = None, training: bool = False
    ) -> keras.KerasTensor:
        """Estimate E_e ||J_f(x) - J_f(x + e)||_F^2 for each example, not weighted: shape (batch,).

        Args:
            x: Inputs, shape (batch, ...).
            h: Their codes, if known already.
            training: Draw other e at each call. If not, the same inputs have the same value.

        Raises:
            InputError: The encoder's codes are not of shape (batch, d_h), or `x` is symbolic.
        """
        check_concrete("the change of the Jacobian", x, h)
        x = self._floating(x)
        self._build_for(x)
        units = units_of(self.encoder, x)
        total = 0.0
        for draw in range(self.draws):
            seed = self.seed_generator if training else _EVALUATION_SEED + draw
            e = self.noise_level * keras.random.normal(ops.shape(x), dtype=x.dtype, seed=seed)
            total = total + self._change(x, e, h, units, training)
        return total / self.draws

    def regularizer(
        self,
        x: keras.KerasTensor,
        h: keras.KerasTensor,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = False,
    ) -> keras.KerasTensor:
        """Compute what the CAE adds, plus curvature * mean of the change of the Jacobian."""
        contraction = super().regularizer(x, h, sample_weight, training)
        change = average(self.jacobian_change(x, h, training), sample_weight)
        return contraction + self.curvature * change

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "curvature": self.curvature,
            "noise_level": self.noise_level,
            "draws": self.draws,
        }

    def _change(
        self,
        x: keras.KerasTensor,
        noise: keras.KerasTensor,
        h: keras.KerasTensor | None,
        units: int,
        training: bool,
    ) -> keras.KerasTensor:
        """||J_f(x) - J_f(x + noise)||_F^2 of each example, shape (batch,)."""
        encoder, moved = self.encoder, x + noise
        if self.jacobian == "closed" or (self.jacobian == "auto" and has_closed_form(encoder)):
            derivative = closed_form_derivative(encoder)
            h = encoder(x) if h is None else h
            change = derivative(wide(h)) - derivative(wide(encoder(moved)))  # (batch, d_h)
            row_norms = ops.sum(ops.square(wide(encoder.kernel)), axis=0)  # ||W_j||^2
            return ops.matmul(ops.square(change), row_norms)
        check_twice_differentiable(encoder)
        function = inference(encoder)
        if self.jacobian != "stochastic":
            return squared_norms(batch_jacobian(function, x) - batch_jacobian(function, moved))
        total = 0.0
        for probe in range(self.probes):
            v = keras.random.normal(
                (ops.shape(x)[0], units),
                dtype=encoder.compute_dtype,
                seed=self.seed_generator if training else probe,
            )
            here, there = (vector_jacobian_product(function, place, v) for place in (x, moved))
            total = total + squared_norms(here - there)
        return total / self.probes
