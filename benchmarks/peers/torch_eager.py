"""Torch: the usual loop, with batches taken by index (faster here than a DataLoader)."""

import os

import numpy as np
import torch
from torch import nn

from networks import Network
from peers import torch_modules

LOSSES = {
    "binary_crossentropy": nn.BCEWithLogitsLoss,
    "sparse_categorical_crossentropy": nn.CrossEntropyLoss,
    "mean_squared_error": nn.MSELoss,
}

AT_ONCE = 1024
"""Rows that are scored in one go."""


class Trainer:
    """The network, its loss on logits and Adam.

    PEER_FUSED takes the fused Adam, PEER_COMPILE torch.compile, PEER_THREADS so many threads.
    """

    def __init__(self, network: Network, x: np.ndarray, y: np.ndarray) -> None:
        if threads := os.environ.get("PEER_THREADS"):
            torch.set_num_threads(int(threads))
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network, self.batch = network, network.batch
        self.x, self.y = self._inputs(x), self._labels(y)
        self.model = torch_modules.model(network).to(self.device)
        self.forward = torch.compile(self.model) if os.environ.get("PEER_COMPILE") else self.model
        self.loss = LOSSES[network.loss]()
        fused = True if os.environ.get("PEER_FUSED") else None
        self.optimizer = torch.optim.Adam(
            self.model.parameters(),
            lr=network.learning_rate,
            weight_decay=2 * network.l2,  # the gradient of Keras's penalty, l2 times a square
            fused=fused,
        )

    def _inputs(self, x: np.ndarray) -> torch.Tensor:
        if torch_modules.channels_first(self.network):
            x = np.ascontiguousarray(np.moveaxis(x, -1, 1))
        return torch.from_numpy(x).to(self.device)

    def _labels(self, y: np.ndarray) -> torch.Tensor:
        classes = self.network.loss == "sparse_categorical_crossentropy"
        return torch.from_numpy(y.astype(np.int64) if classes else y).to(self.device)

    def train(self, epochs: int) -> float:
        mean = 0.0
        for _ in range(epochs):
            mean = self._epoch()
        return mean

    def _epoch(self) -> float:
        self.model.train()
        total = 0.0
        order = torch.randperm(len(self.x), device=self.x.device)
        for chosen in order.split(self.batch):
            x, y = self.x[chosen], self.y[chosen]
            self.optimizer.zero_grad()
            loss = self.loss(self.forward(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(x)
        return total / len(self.x)

    def outputs(self, x: np.ndarray) -> torch.Tensor:
        """Return the outputs for other rows, before the last activation."""
        self.model.eval()
        with torch.no_grad():
            return torch.cat([self.model(rows) for rows in self._inputs(x).split(AT_ONCE)])

    def score(self, x: np.ndarray, y: np.ndarray) -> float:
        """Return the mean loss on other rows."""
        return self.loss(self.outputs(x), self._labels(y)).item()


def use_threads(threads: int) -> None:
    torch.set_num_threads(threads)


def version() -> str:
    return f"torch {torch.__version__}"
