"""A training whose state of health is known."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from diagnosis.builders import Network, Written
from diagnosis.sources import MADE_OR_PACKAGED, Data, Source, Step

FINDINGS = (
    "nonfinite-data",
    "refused-data",
    "unscaled-inputs",
    "unscaled-targets",
    "constant-features",
    "duplicate-features",
    "label-leakage",
    "train-val-overlap",
    "class-imbalance",
    "bad-labels",
    "label-noise",
    "train-val-shift",
    "unshuffled-data",
    "output-loss-mismatch",
    "output-range-mismatch",
    "missing-nonlinearity",
    "bad-init",
    "over-regularized",
    "frozen-parameters",
    "narrow-layer",
    "too-many-parameters",
    "nonfinite-loss",
    "exploding-gradient",
    "vanishing-gradient",
    "dead-units",
    "saturated-units",
    "lr-too-high",
    "lr-too-low",
    "oscillating-loss",
    "not-learning",
    "constant-predictions",
    "batch-too-large",
    "batch-too-small",
    "dead-embedding-rows",
    "collapsed-memory",
    "ignored-input",
    "overfit",
    "underfit",
    "under-trained",
    "no-signal",
)
"""Names that a set-up may expect."""


TWO_CLASSES = frozenset(
    (
        *("cancer", "pima", "sonar", "moons", "ecg", "sentences"),
        *("adult", "circles", "xor", "movement", "reviews", "language"),
        *("hastie", "patches", "films", "colours", "parity", "haze", "walks", "shops"),
        *("corners", "tongues", "fives", "loops", "mirrors", "chirps", "trades"),
        *("majority", "next-vowels", "negations"),
        *("infants", "married", "checkers", "larger", "sports", "asked", "echoes"),
    )
)
"""Sets of data with two classes."""


@dataclass(frozen=True)
class Case:
    """A compiled model, its data, and what `fit` is told."""

    model: Any
    data: Data
    fit: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Setup:
    """One training: a healthy one, or a healthy one with one thing broken.

    Args:
        key: Its name.
        what: What it is, or what is broken, in a sentence.
        data: Where its rows come from.
        network: Its network.
        optimizer: Its optimiser.
        loss: Its loss.
        epochs: Epochs of the run.
        batch_size: Rows in a step.
        fit: Further arguments of `fit`.
        score: How a model is judged on the rows held out to the end, a key of `SCORES`.
        expected: Names of findings of which one must be told; the first is the main one. Empty
            for a healthy set-up.
        base: Key of the healthy set-up that it was broken from; empty for a healthy one.
        shown: How `verify.py` shows that it is sick, a key of `verify.PROOFS`.
        curable: Whether a treated model can be compared with that of the healthy set-up.
    """

    key: str
    what: str
    data: Source
    network: Network
    optimizer: Any
    loss: Any
    epochs: int
    batch_size: int = 32
    fit: Mapping[str, Any] = field(default_factory=dict)
    score: str = "accuracy"
    expected: tuple[str, ...] = ()
    base: str = ""
    shown: str = "score"
    curable: bool = True

    @property
    def family(self) -> str:
        """Return `mlp`, `cnn` or `rnn`."""
        return self.network.family

    @property
    def task(self) -> str:
        """Return `regression`, `binary`, `classes`, or `marks` for several yes or no answers."""
        if self.score == "r2":
            return "regression"
        if self.score == "marks":
            return "marks"
        return "binary" if self.data.name in TWO_CLASSES else "classes"

    @property
    def needs_shared_data(self) -> bool:
        """Tell whether its data lie in the folder of shared data."""
        return self.data.name not in MADE_OR_PACKAGED

    def make(self, seed: int) -> Case:
        """Return the case of a seed, which decides the split and the first weights.

        The optimiser and what `fit` is told are copies: a callback may lower the rate, and the
        next run begins with the given one.
        """
        model = self.network.model(seed)
        model.compile(deepcopy(self.optimizer), self.loss)
        fit = {"epochs": self.epochs, "batch_size": self.batch_size, **deepcopy({**self.fit})}
        return Case(model, self.data(seed), fit)

    def but(self, *, network: Mapping[str, Any] | None = None, **changes: Any) -> "Setup":
        """Return the set-up with other fields; `network` holds those of the network."""
        if network:
            changes["network"] = replace(self.network, **network)
        return replace(self, **changes)

    def broken(
        self,
        key: str,
        what: str,
        expected: str,
        *,
        steps: tuple[Step, ...] = (),
        shape: tuple[int, ...] | None = None,
        options: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> "Setup":
        """Return a sick set-up: this one, whose network is written out, with one thing broken.

        Args:
            key: Its name.
            what: What is broken.
            expected: Names of findings of which one must be told, the main one first.
            steps: Steps that follow those of the data.
            shape: Shape of a row where it is another.
            options: Changed options of the network.
            changes: Other changed fields.
        """
        network = self.network
        assert isinstance(network, Written)
        changed = {
            "shape": shape or network.shape,
            "options": {**network.options, **(options or {})},
        }
        changes = {"data": self.data.then(*steps), "network": changed} | changes
        names = tuple(expected.split())
        return self.but(key=key, what=what, base=self.key, expected=names, **changes)


def class_numbers(y: np.ndarray) -> np.ndarray:
    """Return the class of each row of labels: numbers, or rows with a one at the class."""
    return y.argmax(axis=-1) if y.ndim > 1 else y


def classes_of(model: Any, outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the class of each row of outputs: probabilities, logits or class numbers."""
    if outputs.shape[-1] > 1:
        return outputs.argmax(axis=-1)
    if y.max() > 1:
        return np.rint(outputs[..., 0]).astype(int)
    return yes(model, outputs[..., 0]).astype(int)


def yes(model: Any, outputs: np.ndarray) -> np.ndarray:
    """Return which outputs, probabilities or logits, say yes."""
    return outputs > (0.0 if getattr(model.loss, "from_logits", False) else 0.5)


def accuracy(model: Any, outputs: np.ndarray, y: np.ndarray) -> float:
    """Return the share of rows whose class is right."""
    known = class_numbers(y)
    return float((classes_of(model, outputs, known) == known).mean())


def balanced_accuracy(model: Any, outputs: np.ndarray, y: np.ndarray) -> float:
    """Return the mean over classes of the share of a class's rows that are found."""
    known = class_numbers(y)
    right = classes_of(model, outputs, known) == known
    return float(np.mean([right[known == one].mean() for one in np.unique(known)]))


def r2(model: Any, outputs: np.ndarray, y: np.ndarray) -> float:
    """Return the share of the targets' variance that is explained, -1 at least."""
    error = np.square(outputs.reshape(y.shape).astype("float64") - y).mean()
    explained = 1 - error / np.square(y - y.mean()).mean()
    return float(max(explained, -1.0)) if np.isfinite(explained) else -1.0


def log_likelihood(model: Any, outputs: np.ndarray, y: np.ndarray) -> float:
    """Return the mean logarithm of the probability that the model gave the right class."""
    known = class_numbers(y)
    shares = outputs[..., 0] if outputs.shape[-1] == 1 else outputs[np.arange(len(known)), known]
    right = np.where(known == 1, shares, 1 - shares) if outputs.shape[-1] == 1 else shares
    return float(np.log(np.clip(right, 1e-7, 1)).mean())


def marks(model: Any, outputs: np.ndarray, y: np.ndarray) -> float:
    """Return the balanced accuracy of yes or no answers, the mean over all that are asked for."""
    right = yes(model, outputs) == (y == 1)
    found = [
        right[y[:, mark] == one, mark].mean()
        for mark in range(y.shape[1])
        for one in np.unique(y[:, mark])
    ]
    return float(np.mean(found))


SCORES: dict[str, Callable[[Any, np.ndarray, np.ndarray], float]] = {
    "accuracy": accuracy,
    "balanced accuracy": balanced_accuracy,
    "r2": r2,
    "log-likelihood": log_likelihood,
    "marks": marks,
}
"""How a model's outputs are judged; higher is better."""


def score(model: Any, name: str, rows: tuple[np.ndarray, np.ndarray]) -> float:
    """Return how a model is judged on rows."""
    x, y = rows
    return SCORES[name](model, np.asarray(model.predict(x)), y)
