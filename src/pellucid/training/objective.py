"""What training aims at: losses and metrics of every output, as sums over rows."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.description import bind, structure, tunables
from pellucid.losses.reduction import expand
from pellucid.training.mixup import Pairs
from pellucid.types import Array
from pellucid.wording import free_name

LINKS = {"sigmoid": jax.nn.sigmoid, "softmax": jax.nn.softmax}
"""What turns an output's logits into the probabilities that metrics look at."""


@dataclass(frozen=True)
class Target:
    """The aims of one output.

    Args:
        name: Name of the output.
        loss: Its loss, or None.
        weight: Factor of its loss in the total.
        metrics: Metrics that ignore sample weights.
        weighted_metrics: Metrics that use them.
        link: "sigmoid" or "softmax" when the network's output is left as logits.
    """

    name: str
    loss: Any
    weight: float
    metrics: tuple[Any, ...]
    weighted_metrics: tuple[Any, ...]
    link: str | None = None

    @property
    def all_metrics(self) -> tuple[Any, ...]:
        """Plain metrics, then weighted ones."""
        return (*self.metrics, *self.weighted_metrics)


@dataclass(frozen=True)
class Labels:
    """One batch's targets.

    Args:
        y: For each output its labels, shape (batch, ...).
        weights: For each output its sample weights, shape (batch,) or (batch, steps), or None.
        rows: Shape (batch,); 1 for real rows, 0 for padding.
        pairs: With which other row each is mixed; None where none is.
    """

    y: Sequence[Array]
    weights: Sequence[Array | None]
    rows: Array
    pairs: Pairs | None = None

    def of_partners(self, pairs: Pairs) -> "Labels":
        """Return for each row the targets of the one that it is mixed with."""
        order = pairs.partner
        weights = [None if weight is None else weight[order] for weight in self.weights]
        return Labels([y[order] for y in self.y], weights, self.rows)


@dataclass(frozen=True, eq=False)
class Objective:
    """The losses and metrics of all outputs.

    Every number that it reports is a function of sums over rows, so batches, chunks and
    whole epochs add up. The sums lie in one vector: the number of rows, the loss times
    the rows, each output's loss times the rows where there are several, then the metrics.
    """

    targets: tuple[Target, ...]

    @cached_property
    def structure(self) -> Hashable:
        """What determines the compiled program."""
        return tuple(
            (structure(t.loss), structure(t.metrics), structure(t.weighted_metrics), t.link)
            for t in self.targets
        )

    def numbers(self) -> list[tuple[str, float]]:
        """Return the tunable numbers with their paths."""
        found: list[tuple[str, float]] = []
        for target in self.targets:
            found.append((f"{target.name}.loss_weight", target.weight))
            for which in ("loss", "metrics", "weighted_metrics"):
                found += tunables(getattr(target, which), f"{target.name}.{which}")
        return found

    def bound(self, numbers: Iterator[Any]) -> "Objective":
        """Return the same objective with its numbers taken from `numbers`."""
        return replace(self, targets=tuple(_bound_target(t, numbers) for t in self.targets))

    @property
    def logits(self) -> list[bool]:
        """For each output, whether the network should leave off its last activation."""
        return [target.link is not None for target in self.targets]

    @property
    def several(self) -> bool:
        """True when each output's loss is reported beside the total."""
        return len(self.targets) > 1

    @cached_property
    def sizes(self) -> list[int]:
        """Number of sums that each metric keeps."""
        shapes = [metric.size() for t in self.targets for metric in t.all_metrics]
        return [int(np.prod(shape)) for shape in shapes]

    @property
    def size(self) -> int:
        """Length of the vector of sums."""
        return 2 + (len(self.targets) if self.several else 0) + sum(self.sizes)

    def measure(
        self, outputs: Sequence[Array], labels: Labels, masks: Sequence[Array | None] = ()
    ) -> tuple[Array, Array]:
        """Return the loss of one batch, and the sums that the batch adds.

        Args:
            outputs: The network's outputs.
            labels: Their targets.
            masks: For each output which steps are real; the others do not count.
        """
        own = self._measure(outputs, labels, masks)
        pairs = labels.pairs
        if pairs is None:
            return own
        others = self._measure(outputs, labels.of_partners(pairs), masks)
        return pairs.between(own[0], others[0]), pairs.between(own[1], others[1])

    def _measure(
        self, outputs: Sequence[Array], labels: Labels, masks: Sequence[Array | None]
    ) -> tuple[Array, Array]:
        rows = jnp.sum(labels.rows)
        masks = [*masks] if masks else [None] * len(self.targets)
        total: Array | float = 0.0
        losses, sums = [], []
        for index, target in enumerate(self.targets):
            weight = labels.weights[index]
            if target.loss is None:
                losses.append(jnp.float32(0.0))
                continue
            mask = masks[index]
            own = target.loss.total(labels.y[index], outputs[index], weight, labels.rows, mask)
            losses.append(own * rows)
            total = total + target.weight * own
        for index, target in enumerate(self.targets):
            if not target.all_metrics:
                continue
            predicted = outputs[index]
            if target.link is not None:
                predicted = LINKS[target.link](predicted)
            mask = masks[index]
            masked = mask is not None and mask.ndim < predicted.ndim
            real = _product(labels.rows, mask if masked else None)
            weighted = _product(real, labels.weights[index])
            for metric in target.metrics:
                sums.append(metric.update(labels.y[index], predicted, real))
            for metric in target.weighted_metrics:
                sums.append(metric.update(labels.y[index], predicted, weighted))
        head = [rows, total * rows, *(losses if self.several else [])]
        flat = [jnp.stack([jnp.asarray(one, jnp.float32) for one in head])]
        flat += [jnp.asarray(one, jnp.float32).reshape(-1) for one in sums]
        return total, jnp.concatenate(flat)

    def results(self, sums: Array) -> list[Array]:
        """Return the reported values, in the order of `names`."""
        rows = jnp.maximum(sums[0], 1.0)
        start = 2 + (len(self.targets) if self.several else 0)
        found = [value / rows for value in sums[1:start]]
        for metric, size in zip(self._metrics, self.sizes, strict=True):
            own = sums[start : start + size].reshape(metric.size())
            found.append(metric.result(own))
            start += size
        return found

    @property
    def _metrics(self) -> list[Any]:
        return [metric for target in self.targets for metric in target.all_metrics]

    @cached_property
    def names(self) -> list[str]:
        """Names of the reported values, as in Keras: loss, out_loss…, metrics."""
        found = ["loss"]
        if self.several:
            found += [f"{target.name}_loss" for target in self.targets]
        for target in self.targets:
            prefix = f"{target.name}_" if self.several else ""
            for metric in target.metrics:
                found.append(free_name(prefix + metric.name, found))
            plain = {metric.name for metric in target.metrics}
            for metric in target.weighted_metrics:
                name = f"weighted_{metric.name}" if metric.name in plain else metric.name
                found.append(free_name(prefix + name, found))
        return found

    @cached_property
    def shapes(self) -> list[tuple[int, ...]]:
        """Shape of each reported value; () for all but per-class metrics."""
        return _shapes(_Alike(self.structure, self))

    def log_vector(self, sums: Array) -> Array:
        """Return the reported values end to end in one vector."""
        return jnp.concatenate(
            [jnp.asarray(v, jnp.float32).reshape(-1) for v in self.results(sums)]
        )

    def logs(self, vector: Array, prefix: str = "") -> dict[str, Any]:
        """Return the reported values by name, from a vector made by `log_vector`."""
        found, start = {}, 0
        for name, shape in zip(self.names, self.shapes, strict=True):
            size = int(np.prod(shape))
            own = np.asarray(vector[start : start + size])
            found[prefix + name] = own.reshape(shape) if shape else float(own[0])
            start += size
        return found

    @cached_property
    def log_size(self) -> int:
        """Length of the vector of reported values."""
        return sum(int(np.prod(shape)) for shape in self.shapes)

    def log_place(self, name: str) -> int:
        """Return where a scalar reported value lies in the vector."""
        index = self.names.index(name)
        return sum(int(np.prod(shape)) for shape in self.shapes[:index])


@dataclass(frozen=True)
class _Alike:
    """An objective that equals each other one of its structure."""

    structure: Hashable
    objective: Objective = field(compare=False)


@lru_cache(maxsize=64)
def _shapes(alike: _Alike) -> list[tuple[int, ...]]:
    """Return the shapes of reported values; tracing takes longer than reading what they hold."""
    objective = alike.objective
    sums = jax.ShapeDtypeStruct((objective.size,), jnp.float32)
    return [tuple(one.shape) for one in jax.eval_shape(objective.results, sums)]


def _product(weights: Array, factors: Array | None) -> Array:
    """Return weights of rows or steps times further ones; None for no further ones."""
    if factors is None:
        return weights
    longer = max(weights, factors, key=jnp.ndim)
    return expand(weights, longer) * expand(factors, longer)


def _bound_target(target: Target, numbers: Iterator[Any]) -> Target:
    weight = next(numbers)
    parts = {
        which: bind(getattr(target, which), numbers)
        for which in ("loss", "metrics", "weighted_metrics")
    }
    return replace(target, weight=weight, **parts)
