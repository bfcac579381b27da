"""Torch: the usual loop, with batches taken by index (faster here than a DataLoader)."""

import os

import numpy as np
import torch
from torch import nn

from networks import Network
from peers import torch_modules


class Trainer:
    """The network, its loss on logits and Adam.

    PEER_FUSED takes the fused Adam, PEER_COMPILE torch.compile, PEER_THREADS so many threads.
    """

    def __init__(self, network: Network, x: np.ndarray, y: np.ndarray) -> None:
        if threads := os.environ.get("PEER_THREADS"):
            torch.set_num_threads(int(threads))
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        if torch_modules.channels_first(network):
            x = np.ascontiguousarray(np.moveaxis(x, -1, 1))
        classes = network.outputs > 1
        self.batch = network.batch
        self.x = torch.from_numpy(x).to(device)
        self.y = torch.from_numpy(y.astype(np.int64) if classes else y).to(device)
        self.model = torch_modules.model(network).to(device)
        self.forward = torch.compile(self.model) if os.environ.get("PEER_COMPILE") else self.model
        self.loss = nn.CrossEntropyLoss() if classes else nn.BCEWithLogitsLoss()
        fused = True if os.environ.get("PEER_FUSED") else None
        self.optimizer = torch.optim.Adam(self.model.parameters(), fused=fused)

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


def use_threads(threads: int) -> None:
    torch.set_num_threads(threads)


def version() -> str:
    return f"torch {torch.__version__}"
