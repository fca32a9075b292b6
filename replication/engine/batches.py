"""Mini-batches in an order that depends on the seed alone."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np


def orders(examples: int, seed: int) -> Iterator[np.ndarray]:
    """Yield the order of the examples in each epoch: permutations of shape (examples,).

    Args:
        examples: How many there are.
        seed: Seed of the permutations.
    """
    generator = np.random.default_rng(seed)
    while True:
        yield generator.permutation(examples)


class Batches(keras.utils.PyDataset):
    """Shuffled mini-batches for `fit`: every epoch another permutation, the same for every model.

    Keras's own shuffling draws from a generator that the models' noise draws from too, so two
    models with one seed would see different batches.

    Args:
        x: Inputs, shape (n, ...).
        y: Labels, shape (n,), or None.
        batch_size: Examples per batch; the last batch of an epoch may be smaller.
        seed: Seed of the permutations.
        tangents: Vectors at each example, shape (n, count, ...), that go with its inputs in a pair;
            None gives inputs alone.
    """

    def __init__(
        self,
        x: np.ndarray,
        y: np.ndarray | None,
        batch_size: int,
        seed: int,
        tangents: np.ndarray | None = None,
    ) -> None:
        super().__init__()
        self._x, self._y, self._tangents = x, y, tangents
        self._batch_size = batch_size
        self._orders = orders(len(x), seed)
        self.on_epoch_end()

    def __len__(self) -> int:
        """Return the number of batches in an epoch."""
        return -(-len(self._x) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[Any, ...]:
        """Return batch number `index` of the epoch."""
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        x = self._x[rows]
        inputs = x if self._tangents is None else (x, self._tangents[rows])
        return (inputs,) if self._y is None else (inputs, self._y[rows])

    def on_epoch_end(self) -> None:
        """Draw the order of the next epoch."""
        self._order = next(self._orders)
