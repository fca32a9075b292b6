"""The restricted Boltzmann machine with binary units (RBM-binary)."""

import itertools
from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

from replication.checks import check_count
from replication.errors import InputError
from replication.models.abstract_autoencoder import initial_kernel
from replication.models.building import build_once
from replication.models.fitting.average import average
from replication.models.precision import wide
from replication.models.unsupervised_model import UnsupervisedModel

Seeds = Iterator[int | keras.random.SeedGenerator]


@keras.saving.register_keras_serializable(package="replication")
class RestrictedBoltzmannMachine(UnsupervisedModel):
    """Restricted Boltzmann machine, trained by contrastive divergence (section 5).

    Energy E(v, h) = -c.v - b.h - v.W h over binary v and h. An input in [0, 1] stands for the
    probabilities of its binary units. The encoder is f(x) = P(h = 1 | x) = sigmoid(W x + b), of
    the same form as that of the auto-encoders. Inputs are all it learns from: it takes no `y`.

    Args:
        units: Number d_h of hidden units, at least 1.
        gibbs_steps: k of CD-k, from 1 to 10,000.
        seed: Seed of the initial weights and of the Gibbs chain; None draws one.
        **kwargs: Passed on to `keras.Model`.

    Raises:
        InputError: An argument is out of its range.
    """

    takes_targets = False

    def __init__(
        self, units: int, *, gibbs_steps: int = 1, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(seed, **kwargs)
        self.units = check_count("units", units)
        self.gibbs_steps = check_count("gibbs_steps", gibbs_steps, high=10_000)
        self.encoder = keras.layers.Dense(
            self.units,
            activation="sigmoid",
            kernel_initializer=initial_kernel(self.seed),
            dtype=self.dtype_policy,
        )
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction")

    def build(self, input_shape: tuple[int | None, int]) -> None:
        """Create the weights for inputs of shape (batch, features)."""
        if len(input_shape) != 2:
            raise InputError(
                "a Boltzmann machine takes inputs of shape (batch, features). "
                f"Received: shape {tuple(input_shape)}"
            )
        self.features = tuple(input_shape[1:])
        build_once(self.encoder, (None, *self.features))
        self.visible_bias = self.add_weight(
            shape=(input_shape[-1],), initializer="zeros", name="visible_bias"
        )
        self.built = True

    def decode(self, h: keras.KerasTensor) -> keras.KerasTensor:
        """Compute P(v_i = 1 | h), shape (batch, features), of hidden states (batch, d_h).

        Raises:
            InputError: The model has no weights yet.
        """
        self._check_built()
        return self._visible(h)

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Reconstruct inputs in one mean-field step: P(v | h = f(x))."""
        return self._visible(self.encoder(self._floating(x)))

    def free_energy(self, v: keras.KerasTensor) -> keras.KerasTensor:
        """Compute F(v) = -log sum_h exp(-E(v, h)), shape (batch,), of states (batch, features)."""
        self._build_for(v)
        v = wide(self._floating(v))
        a = ops.matmul(v, self.encoder.kernel) + self.encoder.bias
        return -ops.matmul(v, self.visible_bias) - ops.sum(ops.softplus(a), axis=1)

    @property
    def unit_interval(self) -> bool:
        """Inputs are the probabilities of binary units."""
        return True

    def gibbs(self, v: keras.KerasTensor) -> keras.KerasTensor:
        """Draw the visible state after one step v -> h -> v of the Gibbs chain."""
        return self._gibbs(v, itertools.repeat(self.seed_generator))

    def compute_loss(
        self,
        x: keras.KerasTensor = None,
        y: None = None,
        y_pred: keras.KerasTensor = None,
        sample_weight: None = None,
        training: bool = True,
    ) -> keras.KerasTensor:
        """Compute mean F(x) - mean F(x_k), whose gradient with x_k held fixed is that of CD-k.

        Its value is no likelihood; follow the metric `reconstruction` instead.

        Args:
            x: Inputs, shape (batch, features).
            y: Not taken, see `fit`.
            y_pred: Not used.
            sample_weight: Not taken, see `fit`.
            training: Whether another chain is drawn at each call. If not, the same inputs have the
                same value.

        Raises:
            InputError: There are targets or weights.
        """
        if y is not None or sample_weight is not None:
            raise InputError(
                "RestrictedBoltzmannMachine learns from inputs alone, all alike. "
                "Received: targets or weights beside them"
            )
        del y_pred
        self._build_for(x)
        x = v = self._floating(x)
        seeds: Seeds = itertools.repeat(self.seed_generator) if training else itertools.count()
        for _ in range(self.gibbs_steps):
            v = self._gibbs(v, seeds)
        # x_k depends on the weights, but contrastive divergence does not follow that path.
        v = ops.stop_gradient(v)
        z = ops.matmul(self.encode(x), ops.transpose(self.encoder.kernel)) + self.visible_bias
        per_example = ops.sum(ops.softplus(wide(z)) - wide(x) * wide(z), axis=1)
        self.reconstruction_tracker.update_state(
            average(per_example), sample_weight=ops.shape(x)[0]
        )
        return self._total(average(self.free_energy(x)) - average(self.free_energy(v)))

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        config = super().get_config()
        config.update(units=self.units, gibbs_steps=self.gibbs_steps, seed=self.seed)
        return config

    def _visible(self, h: keras.KerasTensor) -> keras.KerasTensor:
        return ops.sigmoid(ops.matmul(h, ops.transpose(self.encoder.kernel)) + self.visible_bias)

    def _gibbs(self, v: keras.KerasTensor, seeds: Seeds) -> keras.KerasTensor:
        h = self._sample(self.encode(v), next(seeds))
        return self._sample(self._visible(h), next(seeds))

    def _sample(
        self, probabilities: keras.KerasTensor, seed: int | keras.random.SeedGenerator
    ) -> keras.KerasTensor:
        draw = keras.random.uniform(ops.shape(probabilities), dtype=probabilities.dtype, seed=seed)
        return ops.cast(draw < probabilities, probabilities.dtype)
