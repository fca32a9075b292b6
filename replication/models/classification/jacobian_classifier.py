"""A classifier whose answers should change little with the input: Jacobian regularisation."""

from typing import Any

import keras
from keras import ops

from replication.checks import LARGEST_SEED, check_choice, check_count, check_number
from replication.models.classifier import Classifier
from replication.models.fitting.average import average
from replication.models.penalty import squared_frobenius_norm
from replication.models.unsupervised_model import replicas

METHODS = ("automatic", "stochastic")
_EVALUATION_SEED = 0
_APART = 1_000_003


@keras.saving.register_keras_serializable(package="replication")
class JacobianClassifier(Classifier):
    """A `Classifier` penalised by the Jacobian of its own answers.

    It does to the whole net what a CAE does to its encoder: with z(x) the pre-activations of the
    output layer it adds

        jacobian_weight * || d z / d x (x) ||_F^2

    to the log-likelihood loss, averaged over examples. It is a rival of contractive pre-training
    that needs labels (Sokolic et al., IEEE Transactions on Signal Processing, 2017; Hoffman,
    Roberts and Yaida, arXiv:1908.02729). Dropout and the like are off in this term.

    Args:
        encoder: Layer or model from (batch, ...) to (batch, d_h).
        classes: Number of classes, at least 2. Labels are 0 .. classes - 1.
        jacobian_weight: How much the term counts, at least 0. 0 is a plain `Classifier`.
        jacobian: "automatic" (exact; a backward pass for each class) or "stochastic" (an unbiased
            estimate with `probes` random vectors).
        probes: Random vectors per example where `jacobian` is "stochastic".
        dropout: See `Classifier`.
        seed: Seed of the output layer's initial weights and of the random vectors; None draws one.
        **kwargs: Passed on to `keras.Model`.

    Raises:
        InputError: An argument is out of its range.

    Example:
        >>> net = JacobianClassifier.from_pretrained(cae, classes=10, jacobian_weight=0.01)
        >>> net.compile(optimizer=keras.optimizers.SGD(0.3))
        >>> net.fit(x, y, epochs=50)
    """

    def __init__(
        self,
        encoder: keras.Layer,
        classes: int,
        *,
        jacobian_weight: float = 0.01,
        jacobian: str = "automatic",
        probes: int = 1,
        dropout: float = 0.0,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(encoder, classes, dropout=dropout, seed=seed, **kwargs)
        self.jacobian_weight = check_number("jacobian_weight", jacobian_weight, 0)
        self.jacobian = check_choice("jacobian", jacobian, METHODS)
        self.probes = check_count("probes", probes)
        if jacobian == "stochastic":
            # The mask of the dropout is drawn from the seed itself, and must tell nothing of these.
            apart = _APART if self.dropout else 0
            self.seed_generator = keras.random.SeedGenerator(
                None if self.seed is None else (self.seed + apart) % (LARGEST_SEED + 1)
            )

    def penalty(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Compute ||d z / d x (x)||_F^2, not weighted, for each example: shape (batch,).

        Args:
            x: Inputs, shape (batch, ...).
            training: Where the term is "stochastic": draw other random vectors at each call. If
                not, the same inputs have the same value.

        Raises:
            InputError: The net has no weights yet, or the gradient would be wrong
                (`LayerNormalization` and the like on TensorFlow).
        """
        drawn_anew = training and self.jacobian == "stochastic"
        seed = self.seed_generator if drawn_anew else _EVALUATION_SEED
        return squared_frobenius_norm(self, x, method=self.jacobian, probes=self.probes, seed=seed)

    def compute_loss(
        self,
        x: keras.KerasTensor | None = None,
        y: keras.KerasTensor | None = None,
        y_pred: keras.KerasTensor | None = None,
        sample_weight: keras.KerasTensor | None = None,
        training: bool = True,
    ) -> keras.KerasTensor:
        """Compute the log-likelihood loss, plus the weighted term."""
        loss = super().compute_loss(x, y, y_pred, sample_weight, training=training)
        if isinstance(self.jacobian_weight, float) and not self.jacobian_weight:
            return loss  # where many are trained at once it is a tensor, and above 0
        penalty = average(self.penalty(x, training), sample_weight)
        return loss + ops.cast(self.jacobian_weight * penalty / replicas(), loss.dtype)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        return {
            **super().get_config(),
            "jacobian_weight": self.jacobian_weight,
            "jacobian": self.jacobian,
            "probes": self.probes,
        }
