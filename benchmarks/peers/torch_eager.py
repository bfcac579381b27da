"""Torch: the usual loop, with batches taken by index (faster here than a DataLoader)."""

import os
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from workload import BATCH, HIDDEN, RATE


class Trainer:
    """The network, its loss on logits and Adam; fused if PEER_FUSED is set."""

    def __init__(self, x: np.ndarray, y: np.ndarray, dropout: float) -> None:
        if threads := os.environ.get("PEER_THREADS"):
            torch.set_num_threads(int(threads))
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        sizes = [x.shape[1], *HIDDEN]
        layers: list[nn.Module] = []
        for inputs, units in pairwise(sizes):
            layers += [nn.Linear(inputs, units), nn.ReLU()]
            if dropout:
                layers.append(nn.Dropout(dropout))
        self.model = nn.Sequential(*layers, nn.Linear(sizes[-1], 1))
        self.loss = nn.BCEWithLogitsLoss()
        fused = True if os.environ.get("PEER_FUSED") else None
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=RATE, fused=fused)

    def train(self, epochs: int) -> float:
        mean = 0.0
        for _ in range(epochs):
            mean = self._epoch()
        return mean

    def _epoch(self) -> float:
        self.model.train()
        total = 0.0
        order = torch.randperm(len(self.x))
        for chosen in order.split(BATCH):
            x, y = self.x[chosen], self.y[chosen]
            self.optimizer.zero_grad()
            loss = self.loss(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(x)
        return total / len(self.x)


def use_threads(threads: int) -> None:
    torch.set_num_threads(threads)


def version() -> str:
    return f"torch {torch.__version__}"
