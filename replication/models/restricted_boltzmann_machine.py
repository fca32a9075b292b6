"""The restricted Boltzmann machine with binary units (RBM-binary)."""

import itertools
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from keras import ops

from replication.checks import check_count
from replication.errors import InputError
from replication.models.abstract_autoencoder import initial_kernel
from replication.models.building import build_once
from replication.models.fitting.average import average
from replication.models.inference import check_concrete
from replication.models.precision import wide
from replication.models.sampling.chain import run_chain
from replication.models.unsupervised_model import UnsupervisedModel, total

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
            InputError: The model has no weights yet, or `h` is symbolic.
        """
        self._check_built()
        return self._visible(h)

    def call(self, x: keras.KerasTensor, training: bool = False) -> keras.KerasTensor:
        """Reconstruct inputs in one mean-field step: P(v | h = f(x))."""
        return self._visible(self.encoder(self._floating(x)))

    def free_energy(self, v: keras.KerasTensor) -> keras.KerasTensor:
        """Compute F(v) = -log sum_h exp(-E(v, h)), shape (batch,), of states (batch, features).

        Raises:
            InputError: `v` is symbolic.
        """
        check_concrete("the free energy", v)
        self._build_for(v)
        kernel, b, c = (
            wide(ops.convert_to_tensor(w))
            for w in (self.encoder.kernel, self.encoder.bias, self.visible_bias)
        )
        v = ops.cast(self._floating(v), kernel.dtype)  # TensorFlow adds no two kinds of numbers
        return -ops.matmul(v, c) - ops.sum(ops.softplus(ops.matmul(v, kernel) + b), axis=1)

    @property
    def unit_interval(self) -> bool:
        """Inputs are the probabilities of binary units."""
        return True

    def gibbs(self, v: keras.KerasTensor) -> keras.KerasTensor:
        """Draw the visible state after one step v -> h -> v of the Gibbs chain.

        Raises:
            InputError: `v` is symbolic.
        """
        check_concrete("the Gibbs chain", v)
        return self._gibbs(v, itertools.repeat(self.seed_generator))

    def sample(
        self,
        start: Any,
        steps: int,
        *,
        probabilities: bool = False,
        seed: int | None = None,
        progress: bool = True,
    ) -> np.ndarray:
        """Run Gibbs chains v -> h -> v from several states at once; the model stays as it is.

        Args:
            start: First states, shape (n, features), in [0, 1]: one chain from each.
            steps: Number of steps, at least 1.
            probabilities: Return P(v = 1 | h), grey pictures, in the place of each state that was
                drawn from it. The chains are the same.
            seed: Seed of all that is drawn: the same one gives the same chains. None draws one.
            progress: Show a progress bar on standard error, where it takes more than two seconds.

        Returns:
            All states, shape (n, steps + 1, features), the first ones being `start`; float64 for a
            model that computes in it, else float32.

        Raises:
            InputError: The model has no weights yet, `start` cannot be inputs of it, or a number is
                impossible.
        """

        def drawn(
            given: keras.KerasTensor, draw: np.random.Generator
        ) -> tuple[np.ndarray, np.ndarray]:
            p = ops.convert_to_numpy(wide(given))
            return (draw.random(p.shape) < p).astype(p.dtype), p

        def step(state: np.ndarray, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
            h, _ = drawn(self.encode(state), draw)
            v, p = drawn(self._visible(ops.convert_to_tensor(h, self.compute_dtype)), draw)
            return v, p if probabilities else v

        return run_chain(self, start, steps, step, seed, progress)

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
            InputError: There are targets or weights, or the inputs are symbolic.
        """
        if y is not None or sample_weight is not None:
            raise InputError(
                "RestrictedBoltzmannMachine learns from inputs alone, all alike. "
                "Received: targets or weights beside them"
            )
        del y_pred
        check_concrete("the objective", x)
        self._build_for(x)
        x = v = self._floating(x)
        seeds: Seeds = itertools.repeat(self.seed_generator) if training else itertools.count()
        for _ in range(self.gibbs_steps):
            v = self._gibbs(v, seeds)
        # x_k depends on the weights, but contrastive divergence does not follow that path.
        v = ops.stop_gradient(v)
        z = wide(self._visible_logits(self.encode(x)))
        per_example = ops.sum(ops.softplus(z) - ops.cast(x, z.dtype) * z, axis=1)
        self.reconstruction_tracker.update_state(
            average(per_example), sample_weight=ops.shape(x)[0]
        )
        return total(average(self.free_energy(x)) - average(self.free_energy(v)), self.losses)

    def get_config(self) -> dict:
        """Return the constructor's arguments."""
        config = super().get_config()
        config.update(units=self.units, gibbs_steps=self.gibbs_steps, seed=self.seed)
        return config

    def _visible_logits(self, h: keras.KerasTensor) -> keras.KerasTensor:
        check_concrete("decode", h)
        return ops.add(ops.matmul(h, ops.transpose(self.encoder.kernel)), self.visible_bias)

    def _visible(self, h: keras.KerasTensor) -> keras.KerasTensor:
        return ops.sigmoid(self._visible_logits(h))

    def _gibbs(self, v: keras.KerasTensor, seeds: Seeds) -> keras.KerasTensor:
        h = self._sample(self.encode(v), next(seeds))
        return self._sample(self._visible(h), next(seeds))

    def _sample(
        self, probabilities: keras.KerasTensor, seed: int | keras.random.SeedGenerator
    ) -> keras.KerasTensor:
        p = wide(probabilities)  # of 16 bits, uniform numbers are too coarse for small ones
        draw = keras.random.uniform(ops.shape(p), dtype=p.dtype, seed=seed)
        return ops.cast(draw < p, probabilities.dtype)
