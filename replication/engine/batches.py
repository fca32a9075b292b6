"""What a run trains on, and mini-batches of it in an order that depends on the seed alone."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np

from replication.datasets import Dataset
from replication.engine.settings import Settings
from replication.errors import InputError


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


def training_part(settings: Settings, data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs and labels that a run trains on.

    Args:
        settings: The run.
        data: The data set that the settings name.

    Raises:
        InputError: The run asks for more examples than there are.
    """
    wanted = settings.train_examples
    if wanted is not None and wanted > len(data.train.x):
        raise InputError(
            f"train_examples must be at most {len(data.train.x)}, the size of {data.name}'s "
            f"training set. Received: train_examples={wanted}"
        )
    return data.train.x[:wanted], data.train.y[:wanted]


def check_fits(settings: Settings, data: Dataset) -> None:
    """Raise, before anything is trained, where a run asks for more than the data have.

    Args:
        settings: The run.
        data: The data set that the settings name.

    Raises:
        InputError: It asks for more examples, labels or tangents than there are.
    """
    labelled_rows(settings, data)
    most = min(training_part(settings, data)[0].shape[1], *settings.units)
    if settings.tangents > most:
        raise InputError(
            f"tangents must be at most {most}, the rank that the encoder's Jacobian can have. "
            f"Received: tangents={settings.tangents}"
        )


def labelled_part(settings: Settings, data: Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return the inputs and labels that a run is fine-tuned on.

    Args:
        settings: The run.
        data: The data set that the settings name.

    Raises:
        InputError: See `labelled_rows`.
    """
    x, y = training_part(settings, data)
    rows = labelled_rows(settings, data)
    return (x, y) if rows is None else (x[rows], y[rows])


def labelled_rows(settings: Settings, data: Dataset) -> np.ndarray | None:
    """Choose the training examples that a run is fine-tuned on; None stands for all.

    Args:
        settings: The run.
        data: The data set that the settings name.

    Raises:
        InputError: The run asks for more labels than there are, or for a number that the classes
            cannot share evenly.
    """
    wanted = settings.finetune_examples
    if wanted is None:
        return None
    y = training_part(settings, data)[1]
    share, left_over = divmod(wanted, data.classes)
    fewest = int(np.bincount(y, minlength=data.classes).min())
    if left_over or share > fewest:
        raise InputError(
            f"finetune_examples must be a multiple of {data.classes}, the number of classes of "
            f"{data.name}, and at most {fewest * data.classes}. "
            f"Received: finetune_examples={wanted}"
        )
    draw = np.random.default_rng(settings.seed)
    return np.concatenate(
        [draw.permutation(np.flatnonzero(y == label))[:share] for label in range(data.classes)]
    )
