"""The restricted Boltzmann machine with binary units (RBM-binary)."""

from typing import Any

import keras
from keras import ops

from replication.checks import check_count
from replication.models.abstract_autoencoder import initial_kernel
from replication.models.average import average


@keras.saving.register_keras_serializable(package="replication")
class RestrictedBoltzmannMachine(keras.Model):
    """Restricted Boltzmann machine, trained by contrastive divergence (section 5).

    Energy E(v, h) = -c.v - b.h - v.W h over binary v and h. An input in [0, 1] stands for the
    probabilities of its binary units. The encoder is f(x) = P(h = 1 | x) = sigmoid(W x + b), of
    the same form as that of the auto-encoders.

    Args:
        units: Number d_h of hidden units, at least 1.
        gibbs_steps: k of CD-k, at least 1.
        seed: Seed of the initial weights and of the Gibbs chain; None draws one.
        **kwargs: Passed on to `keras.Model`.

    Raises:
        InputError: An argument is out of its range.
    """

    def __init__(
        self, units: int, *, gibbs_steps: int = 1, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if seed is not None:
            check_count("seed", seed, low=0)
        self.units = check_count("units", units)
        self.gibbs_steps = check_count("gibbs_steps", gibbs_steps)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.encoder = keras.layers.Dense(
            units,
            activation="sigmoid",
            kernel_initializer=initial_kernel(seed),
            dtype=self.dtype_policy,
        )
        self.reconstruction_tracker = keras.metrics.Mean(name="reconstruction")

    def build(self, input_shape: tuple[int | None, int]) -> None:
        """Create the weights for inputs of shape (batch, features)."""
        self.encoder.build(input_shape)
        self.visible_bias = self.add_weight(
            shape=(input_shape[-1],), initializer="zeros", name="visible_bias"
        )
        self.built = True

    def encode(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """Compute P(h_j = 1 | x), shape (batch, d_h), of inputs (batch, features)."""
        return self.encoder(x)

    def decode(self, h: keras.KerasTensor) -> keras.KerasTensor:
        """Compute P(v_i = 1 | h), shape (batch, features), of hidden states (batch, d_h)."""
        return ops.sigmoid(ops.matmul(h, ops.transpose(self.encoder.kernel)) + self.visible_bias)

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Reconstruct inputs in one mean-field step: P(v | h = f(x))."""
        return self.decode(self.encode(x))

    def free_energy(self, v: keras.KerasTensor) -> keras.KerasTensor:
        """Compute F(v) = -log sum_h exp(-E(v, h)), shape (batch,), of states (batch, features)."""
        a = ops.matmul(v, self.encoder.kernel) + self.encoder.bias
        return -ops.matmul(v, self.visible_bias) - ops.sum(ops.softplus(a), axis=1)

    def gibbs(self, v: keras.KerasTensor) -> keras.KerasTensor:
        """Draw the visible state after one step v -> h -> v of the Gibbs chain."""
        return self._sample(self.decode(self._sample(self.encode(v))))

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
        """
        del y, y_pred, sample_weight
        x = v = ops.convert_to_tensor(x)
        for _ in range(self.gibbs_steps):
            v = self.gibbs(v)
        # x_k depends on the weights, but contrastive divergence does not follow that path.
        v = ops.stop_gradient(v)
        z = ops.matmul(self.encode(x), ops.transpose(self.encoder.kernel)) + self.visible_bias
        self.reconstruction_tracker.update_state(average(ops.sum(ops.softplus(z) - x * z, axis=1)))
        return average(self.free_energy(x)) - average(self.free_energy(v))

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        config = super().get_config()
        config.update(units=self.units, gibbs_steps=self.gibbs_steps, seed=self.seed)
        return config

    def _sample(self, probabilities: keras.KerasTensor) -> keras.KerasTensor:
        draw = keras.random.uniform(
            ops.shape(probabilities), dtype=probabilities.dtype, seed=self.seed_generator
        )
        return ops.cast(draw < probabilities, probabilities.dtype)
