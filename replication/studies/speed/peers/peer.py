"""What a peer is."""

from abc import ABC, abstractmethod

import numpy as np

Weights = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Kernel of shape (inputs, units), biases of the units, biases of the inputs."""


class Peer(ABC):
    """A contractive auto-encoder without Keras: sigmoid units, tied weights, cross-entropy.

    Args:
        weights: Initial weights, in float32.
        contraction: The factor of the penalty, the paper's lambda.
        learning_rate: Of plain gradient descent.
    """

    def __init__(self, weights: Weights, contraction: float, learning_rate: float) -> None:
        self._contraction, self._rate = contraction, learning_rate
        self._set(weights)

    @abstractmethod
    def train(self, x: np.ndarray, batch_size: int, order: np.ndarray) -> None:
        """Do an epoch, and return when it is done.

        Args:
            x: Inputs in [0, 1], float32, shape (n, inputs), n a multiple of the batch size.
            batch_size: Examples of a step.
            order: The examples in the order of the steps, shape (n,).
        """

    @property
    @abstractmethod
    def weights(self) -> Weights:
        """The weights as they are now."""

    @abstractmethod
    def _set(self, weights: Weights) -> None:
        """Take the weights over."""
