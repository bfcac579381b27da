"""How well outputs answer labels: against the best constant answer, and against simple models."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.description import structure, tunables
from pellucid.losses import Loss, resolve
from pellucid.training import cache
from pellucid.types import NumpyArray

FEWEST_ROWS = 20
"""Rows below which a score says too little."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a model gives for some rows, and what it should.

    Args:
        loss: The loss, or None.
        labels: Shape (rows, ...).
        outputs: Shape (rows, ...), the last activation included.
        class_weight: Weight of each class, by which right answers count where classes
            are more even by it; None for all the same.
    """

    loss: Any
    labels: NumpyArray
    outputs: NumpyArray
    class_weight: Mapping[Any, float] | None = None

    @cached_property
    def classes(self) -> NumpyArray | None:
        """Class number of each row, and of each step where labels have steps; None for numbers."""
        meant, labels = self._resolved.targets, self.labels
        if meant in ("one-hot", "distribution"):
            return labels.argmax(axis=-1)
        if meant in ("labels", "shares", "signs") and self.outputs.shape[-1] == 1:
            flat = labels.reshape(self.outputs.shape)[..., 0]
            return (flat > 0.5).astype(int) if np.isin(flat, (-1, 0, 1)).all() else None
        if meant == "labels" or (meant is None and self._number_classes()):
            return labels.reshape(self.outputs.shape[:-1]).astype(int)
        return None

    @property
    def is_comparable(self) -> bool:
        """Whether there is a label for each output, or the class of each row."""
        return self.classes is not None or self.labels.size == self.outputs.size

    def _number_classes(self) -> bool:
        """Say whether the labels, under a loss of the user's, can be numbers of the outputs."""
        width = self.outputs.shape[-1]
        one = width > 1 and self.labels.size * width == self.outputs.size
        return one and bool(np.isin(self.labels, np.arange(width)).all())

    @cached_property
    def answers(self) -> NumpyArray:
        """The class that each row is taken for."""
        if self.outputs.shape[-1] > 1:
            return self.outputs.argmax(axis=-1)
        return self.said[..., 0].astype(int)

    @property
    def said(self) -> NumpyArray:
        """Which of the outputs say yes, where each is an answer of its own."""
        return self.outputs > self._threshold

    @property
    def chances(self) -> NumpyArray | None:
        """Probability of each class, shape (rows, classes); None where the outputs give none."""
        if self.classes is None or self.outputs.ndim != 2 or self.outputs.shape[-1] < 2:
            return None
        values = np.asarray(self.outputs, np.float64)
        if self._takes_logits:
            values = np.exp(values - values.max(axis=-1, keepdims=True))
            values /= values.sum(axis=-1, keepdims=True)
        return values if np.allclose(values.sum(axis=-1), 1, atol=1e-3) else None

    @property
    def likelihoods(self) -> NumpyArray | None:
        """Probability of each class, also of the two that one unit tells apart."""
        if self.classes is None or self.outputs.ndim != 2 or self.outputs.shape[-1] > 1:
            return self.chances
        second = np.asarray(self.outputs, np.float64)
        if self._takes_logits:
            second = 1 / (1 + np.exp(-second))
        inside = self._resolved.targets != "signs" and ((second >= 0) & (second <= 1)).all()
        return np.concatenate([1 - second, second], axis=1) if inside else None

    @cached_property
    def _resolved(self) -> Loss:
        return resolve(self.loss, self.labels.shape, self.outputs.shape)

    @property
    def _takes_logits(self) -> bool:
        return getattr(self._resolved, "from_logits", False)

    @property
    def _threshold(self) -> float:
        return 0.0 if self._takes_logits or self._resolved.targets == "signs" else 0.5

    @cached_property
    def value(self) -> float:
        """The loss, penalties left out."""
        return self._loss_of(self.outputs)

    @cached_property
    def constant(self) -> float:
        """The loss of the best answer that is the same for all rows."""
        return min(self._loss_of(np.broadcast_to(one, self.outputs.shape)) for one in self._same())

    @cached_property
    def skill(self) -> float:
        """Share of the constant answer's loss that the model has taken off: 1 is perfect."""
        if not np.isfinite(self.value):
            return -np.inf
        if not self.constant > 0:
            return 0.0 if self.value > self.constant else 1.0
        return 1 - self.value / self.constant

    @cached_property
    def score(self) -> float:
        """Share of right answers for classes, else R², the share of the variance explained."""
        return float(np.average(self.marks, weights=self._weights))

    @cached_property
    def marks(self) -> NumpyArray:
        """What each row adds to the score, which is their mean by the weights of their classes."""
        rows = len(self.outputs)
        if self.classes is not None:
            return np.mean((self.answers == self.classes).reshape(rows, -1), axis=1)
        wrong = np.square(self._labels - self.outputs, dtype=np.float64)
        variance = float(np.mean(np.square(self._labels - self._labels.mean(axis=0))))
        return 1 - wrong.reshape(rows, -1).mean(axis=1) / variance if variance else np.zeros(rows)

    def ahead_of(self, other: "Outcome") -> tuple[float, float]:
        """Return by how much the score of another on the same rows is lower, and its error.

        The standard error is that of differences row by row, in which rows that are hard for
        both do not count.
        """
        gains, weights = self.marks - other.marks, self._weights / self._weights.sum()
        lead = float(weights @ gains)
        return lead, float(np.sqrt(np.square(weights * (gains - lead)).sum()))

    @cached_property
    def balance(self) -> Mapping[Any, float] | None:
        """The weights of classes where these are more even by them, as who weighs them means."""
        if self.class_weight is None or self.classes is None or self.classes.ndim > 1:
            return None
        counts = np.bincount(self.classes)
        mass = counts * [float(self.class_weight.get(one, 1.0)) for one in range(len(counts))]
        return self.class_weight if mass.max() * counts.sum() < counts.max() * mass.sum() else None

    @cached_property
    def _weights(self) -> NumpyArray:
        """Weight of each row's class."""
        if self.balance is None or self.classes is None:
            return np.ones(len(self.outputs))
        return np.array([float(self.balance.get(int(one), 1.0)) for one in self.classes])

    @cached_property
    def chance(self) -> float:
        """Score of the best constant answer."""
        if self.classes is None:
            return 0.0
        if self.classes.ndim > 1:
            return self.commonest
        return float(np.bincount(self.classes, self._weights).max() / self._weights.sum())

    @property
    def commonest(self) -> float:
        """Share of the commonest class among all rows and steps, whatever their weights."""
        assert self.classes is not None
        return float(np.bincount(self.classes.reshape(-1)).max() / self.classes.size)

    @cached_property
    def noise(self) -> float:
        """Standard error of the score, as far as it comes from the number of rows."""
        spread = max(self.score * (1 - self.score), 0.01) if self.classes is not None else 0.25
        rows = self._weights.sum() ** 2 / np.square(self._weights).sum()
        steps = self.outputs[..., 0].size / len(self.outputs)
        return float(np.sqrt(spread / max(rows * steps, 1)))

    @property
    def targets(self) -> NumpyArray | None:
        """Class numbers, or numbers of shape (rows, width); None where rows have steps."""
        if self.outputs.ndim != 2:
            return None
        return self._labels if self.classes is None else self.classes

    @property
    def _labels(self) -> NumpyArray:
        return np.asarray(self.labels, np.float64).reshape(self.outputs.shape)

    def _loss_of(self, outputs: NumpyArray) -> float:
        resolved = self._resolved
        key = ("loss of", structure(resolved), tuple(tunables(resolved)))
        # One program: called by themselves, the operations of a loss are compiled one by one.
        run = cache.program(key, lambda: jax.jit(lambda y, found: jnp.mean(resolved(y, found))))
        return float(run(self.labels, outputs))

    def _same(self) -> list[NumpyArray]:
        """Return constant answers, one of which is about the best."""
        width = self.outputs.shape[-1]
        if self.classes is None:
            flat = self._labels.reshape(-1, width)
            return [flat.mean(axis=0), np.median(flat, axis=0)]
        if self._resolved.targets == "signs":
            return [np.array([sign], np.float32) for sign in (-1, 1)]
        chances = self._shares(width).clip(1e-6, 1 - 1e-6)
        if width == 1:
            chances = chances[1:]
        if self._takes_logits:
            chances = np.log(chances) if width > 1 else np.log(chances / (1 - chances))
        return [chances.astype(np.float32)]

    def _shares(self, width: int) -> NumpyArray:
        """Return the share of each class, two for one output."""
        assert self.classes is not None
        if self.labels.shape == self.outputs.shape and width > 1:
            return self._labels.reshape(-1, width).mean(axis=0)
        counts = np.bincount(self.classes.reshape(-1), minlength=max(width, 2))
        return counts / counts.sum()
