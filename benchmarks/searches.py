"""What is searched: values in their ranges, and the networks they make. Needs NumPy alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from networks import BY_KEY as NETWORKS
from networks import CLASSES, MLP, YES_OR_NO, Dense, Dropout, Network, Recurrent, Shape

Rows = tuple[np.ndarray, np.ndarray]
"""Inputs and labels."""


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, spread evenly or, where `log` is true, by magnitude."""

    low: float
    high: float
    log: bool = False

    @property
    def first(self) -> float:
        """The lowest of them."""
        return self.low


@dataclass(frozen=True)
class Choice:
    """One of a few values."""

    options: tuple[int, ...]

    @property
    def first(self) -> int:
        """The first of them."""
        return self.options[0]


Space = Mapping[str, Range | Choice]


@dataclass(frozen=True)
class Search:
    """A search that every peer makes.

    Args:
        key: Short name, in files and on the command line.
        label: Name on the page.
        network: Returns the network, but for its learning rate and its penalty, made by the
            space's other values, which are its keywords.
        space: What is searched, by name: `learning_rate`, `l2` and those keywords.
        epochs: Epochs of each trial, at most.
        trials: Trials of a search.
        patience: Epochs without a better validation loss after which a trial ends; None to
            train all epochs.
        threads: Torch's threads, those that the network's training steps were fastest with
            (docs/benchmarks.md); None for torch's own choice.
        at_once: Trials that Pellucid trains side by side; None for its default. Where a step
            takes long, fewer come further in a given time.
    """

    key: str
    label: str
    network: Callable[..., Network]
    space: Space
    epochs: int
    trials: int
    patience: int | None = None
    threads: int | None = None
    at_once: int | None = None

    def made(self, values: Mapping[str, Any]) -> Network:
        """Return the network of these values."""
        own = dict(values)
        trained = {name: own.pop(name) for name in ("learning_rate", "l2")}
        return replace(self.network(**own), **trained)

    @property
    def example(self) -> Network:
        """The network of each range's first value: loss and batch are those of every other."""
        return self.made({name: own.first for name, own in self.space.items()})


Predict = Callable[[np.ndarray], np.ndarray]
"""Returns outputs for inputs."""


@dataclass(frozen=True)
class Found:
    """What a peer's search came to.

    Args:
        ends: Readings of `time.perf_counter` when its trials ended.
        loss: The best validation loss.
        predict: The best model.
        ensemble: The best models together, where the peer makes that of what it has trained.
    """

    ends: Sequence[float]
    loss: float
    predict: Predict
    ensemble: Predict | None = None


def mlp(width: int, dropout: float) -> Network:
    """Return the MLP with other widths, and dropout after each hidden layer."""
    hidden = (Dense(width, "relu"), Dropout(dropout))
    return replace(MLP, parts=(*hidden, *hidden, YES_OR_NO))


def cnn(width: int, dropout: float) -> Network:
    """Return the CNN with another dense layer before the classes, and dropout after it."""
    convolutions = NETWORKS["cnn"].parts[:-2]
    head = (Dense(width, "relu"), Dropout(dropout), CLASSES)
    return replace(NETWORKS["cnn"], parts=(*convolutions, *head))


def lstm(width: int, dropout: float) -> Network:
    """Return the LSTM with another width, and dropout after it."""
    parts = (Recurrent("LSTM", width), Dropout(dropout), YES_OR_NO)
    return replace(NETWORKS["lstm"], parts=parts)


def space(*widths: int) -> Space:
    """Return the space of the searches whose speed is measured."""
    return {
        "learning_rate": Range(1e-4, 1e-2, log=True),
        "l2": Range(1e-6, 1e-3, log=True),
        "dropout": Range(0.0, 0.5),
        "width": Choice(widths),
    }


SEARCHES = (
    Search("mlp", "the MLP 20-64-64-1", mlp, space(32, 64, 96), 20, 64, threads=1),
    Search("cnn", "the CNN", cnn, space(64, 128, 256), 2, 8, threads=2),
    Search("lstm", "the LSTM 64", lstm, space(32, 64, 128), 3, 24, threads=2),
)


def on_table(shape: Shape, outputs: int, loss: str) -> Search:
    """Return the search whose quality is measured on a table."""

    def network(width: int, depth: int, dropout: float) -> Network:
        hidden = (Dense(width, "relu"), Dropout(dropout)) * depth
        return Network("table", "", shape, (*hidden, _last(outputs, loss)), batch=32, rows=0)

    own = {"width": Choice((16, 32, 64, 128)), "depth": Choice((1, 2, 3))}
    return Search("table", "", network, _quality | own, 100, 0, patience=10, threads=1)


def on_images(shape: Shape, outputs: int, loss: str) -> Search:
    """Return the search whose quality is measured on images."""

    def network(width: int, dropout: float) -> Network:
        return replace(cnn(width, dropout), shape=shape)

    own = {"width": Choice((64, 128, 256))}
    given = {"patience": 3, "threads": 2, "at_once": 16}
    return Search("images", "", network, _quality | own, 30, 0, **given)


def on_series(shape: Shape, outputs: int, loss: str) -> Search:
    """Return the search whose quality is measured on windows of a series."""

    def network(width: int, dropout: float) -> Network:
        parts = (Recurrent("LSTM", width), Dropout(dropout), _last(outputs, loss))
        return Network("series", "", shape, parts, batch=32, rows=0)

    own = {"width": Choice((16, 32, 64))}
    return Search("series", "", network, _quality | own, 50, 0, patience=5, threads=2)


_quality: dict[str, Range | Choice] = {
    "learning_rate": Range(1e-4, 3e-2, log=True),
    "l2": Range(1e-7, 1e-2, log=True),
    "dropout": Range(0.0, 0.5),
}


def _last(outputs: int, loss: str) -> Dense:
    activations = {"mean_squared_error": "linear", "binary_crossentropy": "sigmoid"}
    return Dense(outputs, activations.get(loss, "softmax"))


JUDGED = {"table": on_table, "images": on_images, "series": on_series}
"""The searches whose quality is measured, by the kind of data."""


def held_back(x: np.ndarray, y: np.ndarray, share: float = 0.2) -> tuple[Rows, Rows]:
    """Return the rows to train on, and the last share of them, which validates."""
    kept = len(x) - round(share * len(x))
    return (x[:kept], y[:kept]), (x[kept:], y[kept:])


def a_later_one(ends: Sequence[float]) -> float:
    """Return seconds a piece of work, but for the first, by when each ended."""
    return (ends[-1] - ends[0]) / max(1, len(ends) - 1)


BY_KEY = {search.key: search for search in SEARCHES}
