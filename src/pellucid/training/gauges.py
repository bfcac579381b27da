"""What is measured in a reading: for every quantity its name and how it is computed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.layers import ELU, Activation, Layer, LeakyReLU, ReLU, Softmax, TimeDistributed
from pellucid.layers.base import FLOAT_TYPES
from pellucid.layers.recurrent.recurrent import Recurrent
from pellucid.ops import random
from pellucid.training.probe import Column, Reading
from pellucid.training.reading import attention_calls
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray

RUN = "run"
"""What stands for a layer where a quantity is one of the whole run."""

FLOORS = {"relu": 0.0, "relu6": 0.0, "sparse_plus": 0.0, "hard_silu": 0.0}
"""Activations that can be off, and what they give then."""

LIMITS = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "sparse_sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
}
"""Activations that saturate, and between what."""

NEAR = 0.007
"""How near to a limit is saturated, as a share of the range: a sigmoid's input beyond 4.95."""

SILENT_ROWS = 1024
"""Rows for which a unit must have been off to be dead; all of them while fewer were read."""

PERCENTILES = (5, 50, 95)
SAMPLED = 512
"""Values from which percentiles are taken: about as many are below as should be, within 1 %."""

POSITIONS = 8
"""Steps of a sequence at which the signal is measured, evenly spaced from the last to the first."""

ACTIVATION_LAYERS = (Activation, ReLU, LeakyReLU, ELU, Softmax)

QUANTITIES = {
    "loss": "loss of the batch, penalties included",
    "learning_rate": "learning rate in force",
    "activation/mean": "mean of what a layer gives",
    "activation/rms": "its root mean square",
    "activation/zeros": "share of it that is exactly 0",
    "activation/dead": "share of units that were off for the last rows read",
    "activation/saturated": "share of it near the limits of a sigmoid or tanh",
    "activation/percentiles": "5th, 50th and 95th percentile",
    "activation/nonfinite": "share of it that is NaN or infinite",
    "preactivation/mean": "mean of what goes into the activation function",
    "preactivation/rms": "its root mean square",
    "preactivation/percentiles": "5th, 50th and 95th percentile",
    "signal/rms": "root mean square of dL/d(what the layer gives)",
    "signal/nonfinite": "share of it that is NaN or infinite",
    "signal/back": "root mean square of dL/d(input at a step) from the last step to the first",
    "weight/rms": "root mean square of a weight",
    "gradient/rms": "root mean square of its gradient",
    "gradient/noise": "standard error of its gradient / its gradient, from two halves of a batch",
    "gradient/nonfinite": "share of its gradient that is NaN or infinite",
    "update": "root mean square of its change in a step / that of the weight",
    "attention/entropy": "entropy of the attention weights / that of equal weights",
}
"""Everything that can be measured, and what it is."""


@dataclass(frozen=True)
class Gauge:
    """One or several numbers about one layer.

    Args:
        layer: Path of the layer.
        names: What the numbers are called.
        measure: Computes them.
        combines: What several readings at the same weights are together: their "mean", the
            root of the mean of their "squares", or the "last" of them.
    """

    layer: str
    names: tuple[str, ...]
    measure: Callable[[Reading], Sequence[Array]]
    combines: str = "mean"

    @property
    def columns(self) -> list[Column]:
        return [(self.layer, name) for name in self.names]


@dataclass(frozen=True)
class Seen:
    """A node that is measured.

    Args:
        number: Its number.
        path: What the table calls it: the layer's path; further calls of it as `dense#2`.
        layer: Its layer.
        activation: Name of the activation function that ends it, if a known one does.
        separate: Whether something else goes into that function.
        single: Whether the call gives one array, of which there is a signal.
    """

    number: int
    path: str
    layer: Layer
    activation: str | None
    separate: bool
    single: bool


@dataclass(frozen=True)
class Gauges:
    """The quantities that are chosen, for one recipe.

    Args:
        recipe: What is trained.
        quantities: Keys of `QUANTITIES`.
        silent_rows: Rows for which a unit must have been off to be dead.
    """

    recipe: Recipe
    quantities: tuple[str, ...]
    silent_rows: int = SILENT_ROWS

    @cached_property
    def all(self) -> list[Gauge]:
        """Every gauge, layer by layer."""
        found = [*self._of_run(), *self._of_layers(), *self._of_weights()]
        layers = list(dict.fromkeys(gauge.layer for gauge in found))
        return sorted(found, key=lambda gauge: layers.index(gauge.layer))

    @property
    def columns(self) -> list[Column]:
        """What the numbers are called."""
        return [column for gauge in self.all for column in gauge.columns]

    @property
    def memory_size(self) -> int:
        """One number for the rows read, and one for each unit that may be off."""
        return 1 + sum(size for _, size in self._silent) if self._silent else 0

    def read(self, reading: Reading) -> tuple[Array, Array]:
        """Return the numbers as one vector, and the memory after the reading."""
        memory = self._remember(reading)
        reading = replace(reading, memory=memory)
        numbers = [one for gauge in self.all for one in gauge.measure(reading)]
        return jnp.stack([jnp.asarray(one, jnp.float32) for one in numbers]), memory

    def combine(self, numbers: NumpyArray, rows: NumpyArray) -> NumpyArray:
        """Return what several readings at the same weights say together.

        Args:
            numbers: Shape (readings, columns).
            rows: Shape (readings,); rows in the batch of each.
        """
        ways = [gauge.combines for gauge in self.all for _ in gauge.names]
        share = rows / rows.sum()
        mean, squares = share @ numbers, np.sqrt(share @ np.square(numbers))
        by_way = {"mean": mean, "squares": squares, "last": numbers[-1]}
        return np.array([by_way[way][place] for place, way in enumerate(ways)])

    def _remember(self, reading: Reading) -> Array:
        """Return the memory after a reading: rows read, and rows for which each unit was off."""
        if not self._silent:
            return reading.memory
        rows = jnp.sum(reading.rows)
        parts, start = [reading.memory[:1] + rows], 1
        for seen, size in self._silent:
            x = _wide(reading.results[seen.number])
            on = (x != FLOORS[seen.activation or ""]) & (_by_row(reading.rows, x) > 0)
            fired = jnp.any(on.reshape(-1, size), axis=0)
            parts.append(jnp.where(fired, 0.0, reading.memory[start : start + size] + rows))
            start += size
        return jnp.concatenate(parts)

    # -- what is there ---------------------------------------------------------------------

    @cached_property
    def seen(self) -> list[Seen]:
        """The nodes that are measured: layers with weights, activations, attentions."""
        network = self.recipe.network
        weighted = {weight.layer for weight in network.weights}
        calls = {*attention_calls(network)}
        linked = {
            output
            for output, target in zip(network.outputs, self.recipe.objective.targets, strict=True)
            if target.link is not None
        }
        several = {number - node.part for number, node in enumerate(network.nodes) if node.part}
        found: list[Seen] = []
        counts: dict[str, int] = {}
        for number, node in enumerate(network.nodes):
            layer = network.layers[node.layer]
            known = node.layer in weighted or isinstance(layer, ACTIVATION_LAYERS)
            real = network.dtypes[number] in FLOAT_TYPES
            on_device = node.inputs and number not in network.feeds
            if node.part or not on_device or not real or not (known or number in calls):
                continue
            times = counts[node.path] = counts.get(node.path, 0) + 1
            path = node.path if times == 1 else f"{node.path}#{times}"
            separate = number in linked or has_separate_activation(layer)
            name = activation_name(layer)
            found.append(Seen(number, path, layer, name, separate, number not in several))
        return found

    @cached_property
    def _silent(self) -> list[tuple[Seen, int]]:
        """The nodes whose units may be off, with the number of units."""
        if "activation/dead" not in self.quantities:
            return []
        found = []
        for seen in self.seen:
            *_, units = self.recipe.network.shapes[seen.number] or (None,)
            if seen.activation in FLOORS and units:
                found.append((seen, units))
        return found

    def _has(self, quantity: str) -> bool:
        return quantity in self.quantities

    # -- gauges ------------------------------------------------------------------------------

    def _of_run(self) -> Iterator[Gauge]:
        if self._has("loss"):
            yield Gauge(RUN, ("loss",), lambda reading: [reading.loss])
        if self._has("learning_rate"):
            yield Gauge(RUN, ("learning_rate",), lambda reading: [reading.learning_rate])

    def _of_layers(self) -> Iterator[Gauge]:
        dead = self._dead_gauges()
        for seen in self.seen:
            yield from self._of_values(seen, "activation", lambda reading: reading.results)
            if seen.number in dead:
                yield dead[seen.number]
            if seen.separate:
                yield from self._of_values(seen, "preactivation", lambda reading: reading.before)
            if seen.single:
                yield from self._of_values(seen, "signal", lambda reading: reading.signals)
            yield from self._of_steps(seen)
            if self._has("attention/entropy") and seen.number in {
                *attention_calls(self.recipe.network)
            }:
                yield Gauge(seen.path, ("attention/entropy",), _entropy_of(seen.number))

    def _of_values(
        self, seen: Seen, subject: str, among: Callable[[Reading], Any]
    ) -> Iterator[Gauge]:
        """Yield what is measured of one array of rows."""
        measures: dict[str, Callable[[Array, Array], Sequence[Array]]] = {
            "mean": lambda x, rows: [_mean(x, rows)],
            "rms": lambda x, rows: [jnp.sqrt(_mean(jnp.square(x), rows))],
            "zeros": lambda x, rows: [_mean(x == 0, rows)],
            "nonfinite": lambda x, rows: [_mean(~jnp.isfinite(x), rows)],
            "percentiles": _percentiles,
        }
        limits = LIMITS.get(seen.activation or "")
        if limits is not None:
            measures["saturated"] = lambda x, rows: [_mean(_is_near(x, limits), rows)]
        for name, measure in measures.items():
            if not self._has(f"{subject}/{name}"):
                continue
            names = [f"p{one}" for one in PERCENTILES] if name == "percentiles" else [name]

            def of(reading: Reading, measure: Any = measure) -> Sequence[Array]:
                return measure(_wide(among(reading)[seen.number]), reading.rows)

            combines = "squares" if name == "rms" else "mean"
            yield Gauge(seen.path, tuple(f"{subject}/{one}" for one in names), of, combines)

    def _dead_gauges(self) -> dict[int, Gauge]:
        found, start = {}, 1
        for seen, size in self._silent:

            def measure(reading: Reading, start: int = start, size: int = size) -> list[Array]:
                silent = reading.memory[start : start + size]
                return [jnp.mean(silent >= jnp.minimum(reading.memory[0], self.silent_rows))]

            found[seen.number] = Gauge(seen.path, ("activation/dead",), measure, "last")
            start += size
        return found

    def _of_steps(self, seen: Seen) -> Iterator[Gauge]:
        """Yield how the signal fades on its way back through the steps of a sequence."""
        network = self.recipe.network
        source = network.nodes[seen.number].inputs[0]
        real = network.dtypes[source] in FLOAT_TYPES
        several = any(node.part and n - node.part == source for n, node in enumerate(network.nodes))
        if not self._has("signal/back") or not isinstance(seen.layer, Recurrent):
            return
        if not real or several or network.nodes[source].part:
            return

        def measure(reading: Reading, turned: bool = seen.layer.go_backwards) -> Sequence[Array]:
            signal = reading.signals[source]
            squares = jnp.square(signal) * _by_row(reading.rows, signal)
            axes = tuple(axis for axis in range(signal.ndim) if axis != 1)
            count = jnp.sum(reading.rows) * np.prod(signal.shape[2:])
            steps = jnp.sqrt(jnp.sum(squares, axis=axes) / count)
            ordered = steps if turned else steps[::-1]
            places = np.linspace(0, signal.shape[1] - 1, POSITIONS).round().astype(int)
            return [ordered[place] for place in places]

        names = tuple(f"signal/back/{place}" for place in range(POSITIONS))
        yield Gauge(seen.path, names, measure, "squares")

    def _of_weights(self) -> Iterator[Gauge]:
        network = self.recipe.network
        first: dict[int, str] = {}
        for node in network.nodes:
            first.setdefault(node.layer, node.path)
        for place, number in enumerate(network.trained):
            weight = network.weights[number]
            layer = first[weight.layer]
            name = weight.path.removeprefix(f"{layer}/")
            yield from self._of_weight(layer, name, place, number)

    def _of_weight(self, layer: str, name: str, place: int, number: int) -> Iterator[Gauge]:
        def noise(reading: Reading) -> list[Array]:
            assert reading.opposed is not None
            return [_ratio(_rms(reading.opposed[place]) / 2, _rms(reading.gradients[place]))]

        measures: dict[str, tuple[str, Callable[[Reading], Sequence[Array]]]] = {
            "weight/rms": ("rms", lambda reading: [_rms(reading.values[number])]),
            "gradient/rms": ("gradient", lambda reading: [_rms(reading.gradients[place])]),
            "gradient/noise": ("gradient/noise", noise),
            "gradient/nonfinite": (
                "gradient/nonfinite",
                lambda reading: [jnp.mean(~jnp.isfinite(reading.gradients[place]))],
            ),
            "update": (
                "update",
                lambda reading: [
                    _ratio(_rms(reading.updates[place]), _rms(reading.values[number]))
                ],
            ),
        }
        for quantity, (own, measure) in measures.items():
            if self._has(quantity):
                combines = "squares" if quantity == "gradient/rms" else "mean"
                yield Gauge(layer, (f"{name}/{own}",), measure, combines)


def needs_halves(quantities: tuple[str, ...]) -> bool:
    """Return True if a quantity compares the gradients of two halves of a batch."""
    return "gradient/noise" in quantities


def activation_name(layer: Layer) -> str | None:
    """Return the name of the activation function that ends a layer, if a known one does."""
    while isinstance(layer, TimeDistributed):
        layer = layer.layer
    if isinstance(layer, Softmax):
        return "softmax"
    if isinstance(layer, ReLU):
        return None if layer.negative_slope else "relu"
    activation = getattr(layer, "activation", None) if layer.ends_in_activation else None
    if isinstance(activation, Layer):
        return activation_name(activation)
    return getattr(activation, "registered_name", None)


def has_separate_activation(layer: Layer) -> bool:
    """Return True if something else goes into the layer's activation than comes out."""
    activation = getattr(layer, "activation", None) if layer.ends_in_activation else None
    return activation is not None and activation_name(layer) != "linear"


def _wide(x: Array) -> Array:
    return x.astype(jnp.float32)


def _by_row(rows: Array, like: Array) -> Array:
    """Return numbers of rows in a shape that goes with an array of these rows."""
    return rows.reshape((-1,) + (1,) * (like.ndim - 1))


def _mean(x: Array, rows: Array) -> Array:
    """Return the mean over the real rows."""
    by_row = jnp.mean(x.reshape(x.shape[0], -1).astype(jnp.float32), axis=1)
    return jnp.sum(jnp.where(rows > 0, by_row, 0.0)) / jnp.sum(rows)


def _rms(x: Array) -> Array:
    return jnp.sqrt(jnp.mean(jnp.square(x)))


def _ratio(part: Array, whole: Array) -> Array:
    """Return `part / whole`, NaN where there is nothing to compare with."""
    return jnp.where(whole > 0, part / jnp.where(whole > 0, whole, 1.0), jnp.nan)


def _is_near(x: Array, limits: tuple[float, float]) -> Array:
    low, high = limits
    margin = NEAR * (high - low)
    return (x <= low + margin) | (x >= high - margin)


def _percentiles(x: Array, rows: Array) -> Sequence[Array]:
    """Return percentiles of the finite values of real rows, from a sample of them."""
    real = jnp.broadcast_to(_by_row(rows, x) > 0, x.shape).reshape(-1)
    flat = x.reshape(-1)
    if flat.shape[0] > SAMPLED:
        places = random.bits(jnp.uint32(0), (SAMPLED,)) % np.uint32(flat.shape[0])
        flat, real = flat[places], real[places]
    real = real & jnp.isfinite(flat)
    count = jnp.sum(real)
    ordered = jnp.sort(jnp.where(real, flat, jnp.inf))
    found = []
    for one in PERCENTILES:
        place = one / 100 * jnp.maximum(count - 1, 0)
        low = jnp.floor(place).astype(jnp.int32)
        high = jnp.minimum(low + 1, jnp.maximum(count - 1, 0))
        share = place - low
        value = ordered[low] * (1 - share) + ordered[high] * share
        found.append(jnp.where(count > 0, value, jnp.nan))
    return found


def _entropy_of(number: int) -> Callable[[Reading], Sequence[Array]]:
    def measure(reading: Reading) -> Sequence[Array]:
        weights = _wide(reading.scores[number])
        keys = weights.shape[-1]
        terms = weights * jnp.log(jnp.where(weights > 0, weights, 1.0))
        entropy = -jnp.sum(terms, axis=-1) / np.log(keys) if keys > 1 else terms[..., 0] * 0
        return [_mean(entropy, reading.rows)]

    return measure
