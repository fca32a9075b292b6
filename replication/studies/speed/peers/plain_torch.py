"""The usual loop of PyTorch."""

from typing import Any

import numpy as np

from replication.studies.speed.peers.peer import Peer, Weights


class PlainTorch(Peer):
    """Automatic gradient of the closed form, not compiled.

    Raises:
        ModuleNotFoundError: PyTorch is not installed.
    """

    def train(self, x: np.ndarray, batch_size: int, order: np.ndarray) -> None:
        """Do an epoch; see `Peer`."""
        import torch

        kernel, b, c = self._weights
        for rows in order.reshape(-1, batch_size):
            batch = torch.from_numpy(x[rows])
            h = torch.sigmoid(batch @ kernel + b)
            logits = h @ kernel.T + c
            reconstruction = torch.nn.functional.binary_cross_entropy_with_logits(
                logits, batch, reduction="sum"
            )
            penalty = torch.square(h * (1 - h)) @ torch.square(kernel).sum(0)
            loss = (reconstruction + self._contraction * penalty.sum()) / batch_size
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    @property
    def weights(self) -> Weights:
        """The weights as they are now."""
        kernel, b, c = (weight.detach().numpy().copy() for weight in self._weights)
        return kernel, b, c

    def _set(self, weights: Weights) -> None:
        import torch

        self._weights: list[Any] = [torch.tensor(w, requires_grad=True) for w in weights]
        self._optimizer = torch.optim.SGD(self._weights, lr=self._rate)
