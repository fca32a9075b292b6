"""A loop over steps that JAX compiled."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from replication.studies.speed.peers.peer import Peer, Weights

if TYPE_CHECKING:
    import jax


class PlainJax(Peer):
    """Automatic gradient of the closed form."""

    _weights: "tuple[jax.Array, ...]"

    def train(self, x: np.ndarray, batch_size: int, order: np.ndarray) -> None:
        """Do an epoch; see `Peer`."""
        import jax

        for rows in order.reshape(-1, batch_size):
            self._weights = self._step(self._weights, x[rows])
        jax.block_until_ready(self._weights)

    @property
    def weights(self) -> Weights:
        """The weights as they are now."""
        kernel, b, c = map(np.asarray, self._weights)
        return kernel, b, c

    def _set(self, weights: Weights) -> None:
        import jax.numpy as jnp

        self._weights = tuple(map(jnp.asarray, weights))

    @functools.cached_property
    def _step(self) -> "Callable[..., tuple[jax.Array, ...]]":
        import jax
        import jax.numpy as jnp

        contraction, rate = self._contraction, self._rate

        def loss(weights: tuple[jax.Array, ...], x: jax.Array) -> jax.Array:
            kernel, b, c = weights
            h = jax.nn.sigmoid(x @ kernel + b)
            logits = h @ kernel.T + c
            reconstruction = jnp.sum(jnp.logaddexp(0, logits) - x * logits, axis=1)
            penalty = jnp.square(h * (1 - h)) @ jnp.sum(jnp.square(kernel), axis=0)
            return jnp.mean(reconstruction + contraction * penalty)

        @jax.jit
        def step(weights: tuple[jax.Array, ...], x: jax.Array) -> tuple[jax.Array, ...]:
            gradients = jax.grad(loss)(weights, x)
            return tuple(w - rate * g for w, g in zip(weights, gradients, strict=True))

        return step
