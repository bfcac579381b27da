"""What `compile` was told, and the objective that follows once the data are seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

import numpy as np

from pellucid import losses, metrics, optimizers
from pellucid.errors import ArgumentError, Problem, Together, did_you_mean, report
from pellucid.graph import Network
from pellucid.layers import ActivityRegularization, Layer
from pellucid.layers.nesting import with_inner
from pellucid.training.objective import Objective, Target
from pellucid.tunable import Tunable
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Compiled:
    """What `compile` was told, one entry an output.

    Args:
        optimizer: The update rule.
        losses: A loss or None for each output.
        loss_weights: A factor for each output.
        metrics: Names or objects for each output.
        weighted_metrics: The same, for metrics that use sample weights.
        run_eagerly: Whether to run uncompiled.
        given: The arguments as they were given, for files and copies.
    """

    optimizer: Any
    losses: tuple[Any, ...]
    loss_weights: tuple[float, ...]
    metrics: tuple[tuple[Any, ...], ...]
    weighted_metrics: tuple[tuple[Any, ...], ...]
    run_eagerly: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)


def read_compile(
    names: Sequence[str],
    optimizer: Any,
    loss: Any,
    loss_weights: Any,
    given_metrics: Any,
    weighted_metrics: Any,
    run_eagerly: bool,
) -> Compiled:
    """Return what was meant, checked, for a model whose outputs are called `names`.

    Raises:
        ArgumentError: An unknown optimiser, loss, metric or output name.
    """
    together = Together()
    together.attempt(lambda: _refuse_marks(optimizer=optimizer, loss=loss))
    together.tell()
    rule = together.attempt(lambda: optimizers.get(optimizer))
    chosen = together.attempt(lambda: _losses(loss, names))
    factors = together.attempt(lambda: _factors(loss_weights, names))
    measured = together.attempt(lambda: _metrics(given_metrics, names, "compile(metrics=...)"))
    weighed = together.attempt(
        lambda: _metrics(weighted_metrics, names, "compile(weighted_metrics=...)")
    )
    together.tell()
    return Compiled(
        rule,
        chosen or (),
        factors or (),
        measured or (),
        weighed or (),
        bool(run_eagerly),
        {
            "optimizer": optimizer,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": given_metrics,
            "weighted_metrics": weighted_metrics,
        },
    )


def _refuse_marks(**given: Any) -> None:
    """Refuse a mark in place of a whole optimizer or loss, which marks can only stand within."""
    report(
        Problem(
            f"compile({name}=...)",
            f"a Tunable of {list(mark.values)!r}",
            f"one {name}",
            f'Write {name}={mark.default!r} and tune(model, {{"{name}": {list(mark.values)!r}}}, '
            "...).",
        )
        for name, mark in given.items()
        if isinstance(mark, Tunable)
    )


def _losses(loss: Any, names: Sequence[str]) -> tuple[Any, ...]:
    place = "compile(loss=...)"
    entries = _each(loss, names, place)
    missing = [name for name in names if isinstance(loss, Mapping) and name not in loss]
    if missing and "class" not in loss:
        fix = f"Write {{'{missing[0]}': None}} for an output without a loss."
        report([Problem(place, f"no loss for '{missing[0]}'", "one for each output", fix)])
    together = Together()
    found = [
        None if one is None else together.attempt(partial(losses.check, one)) for one in entries
    ]
    together.tell()
    return tuple(found)


def _factors(loss_weights: Any, names: Sequence[str]) -> tuple[float, ...]:
    place = "compile(loss_weights=...)"
    entries = [1.0 if one is None else one for one in _each(loss_weights, names, place)]
    numbers = (int, float, np.integer, np.floating)
    report(
        Problem(place, repr(one), "a finite number for each output")
        for one in entries
        if not isinstance(one, numbers) or isinstance(one, bool) or not np.isfinite(one)
    )
    return tuple(float(one) for one in entries)


def check_losses(model: Any, compiled: Compiled, where: str = "fit") -> None:
    """Refuse to train a model that has nothing to make small.

    Args:
        model: The model.
        compiled: What `compile` was told.
        where: The method that was called, for messages.

    Raises:
        ArgumentError: There is neither a loss nor a penalty.
    """
    layers = (one for layer in model.graph.layers() for one in with_inner(layer))
    if all(loss is None for loss in compiled.losses) and not any(map(_may_penalise, layers)):
        fix = 'Name one: compile(loss="mse").'
        report([Problem(where, "a model compiled without a loss", "a loss to make small", fix)])


def _may_penalise(layer: Layer) -> bool:
    own = not type(layer).__module__.startswith("pellucid.")
    regularized = any(
        getattr(layer, one.name) is not None
        for one in fields(layer)
        if one.name.endswith("regularizer")
    )
    return own or regularized or isinstance(layer, ActivityRegularization)


def _each(value: Any, names: Sequence[str], where: str) -> list[Any]:
    """Return one entry for each output, from one for all, a list, or a dict by name."""
    if isinstance(value, Mapping) and "class" not in value:
        unknown = [name for name in value if name not in names]
        report(
            Problem(
                where, f"the name '{name}'", "names of outputs", did_you_mean(name, list(names))
            )
            for name in unknown
        )
        return [value.get(name) for name in names]
    if isinstance(value, (list, tuple)):
        if len(value) != len(names):
            raise ArgumentError(
                f"{where}: got {len(value)} entries, expected {len(names)}, one for each output "
                f"({', '.join(names)})."
            )
        return list(value)
    return [value] * len(names)


def _metrics(value: Any, names: Sequence[str], where: str) -> tuple[tuple[Any, ...], ...]:
    if value is None:
        return tuple(() for _ in names)
    if not isinstance(value, (list, tuple, Mapping)):
        value = [value]
    if len(names) == 1 and not isinstance(value, Mapping):
        nested = len(value) == 1 and isinstance(value[0], (list, tuple))
        entries: list[Any] = [value[0] if nested else value]
    else:
        entries = _each(value, names, where)
    together = Together()
    checked = []
    for entry in entries:
        several = entry if isinstance(entry, (list, tuple)) else [] if entry is None else [entry]
        checked.append(tuple(together.attempt(partial(metrics.check, one)) for one in several))
    together.tell()
    return tuple(checked)


def objective_for(
    compiled: Compiled, network: Network, names: Sequence[str], labels: Sequence[NumpyArray]
) -> Objective:
    """Return the losses and metrics for labels of these shapes.

    A loss over probabilities is computed from logits when the network's last activation
    is the one that the loss stands for, so that it never overflows.
    """
    targets = []
    for index, name in enumerate(names):
        output = network.shapes[network.outputs[index]]
        loss = compiled.losses[index]
        if loss is not None:
            loss = losses.resolve(loss, labels[index].shape, (None, *output))
        link = _link(loss, network, index)

        def resolved(
            chosen: Sequence[Any], loss: Any = loss, index: int = index, output: Any = output
        ) -> tuple[Any, ...]:
            shape = labels[index].shape
            return tuple(metrics.resolve(one, loss, shape, (None, *output)) for one in chosen)

        targets.append(
            Target(
                name,
                loss.replace(from_logits=True) if loss is not None and link else loss,
                compiled.loss_weights[index],
                resolved(compiled.metrics[index]),
                resolved(compiled.weighted_metrics[index]),
                link,
            )
        )
    return Objective(tuple(targets))


def _link(loss: Any, network: Network, index: int) -> str | None:
    """Return the activation to leave off output `index`, or None."""
    link = getattr(loss, "link", None)
    if link is None or getattr(loss, "from_logits", True):
        return None
    if network.outputs.count(network.outputs[index]) > 1:
        return None
    consumed = any(network.outputs[index] in node.inputs for node in network.nodes)
    return link if network.output_activation(index) == link and not consumed else None


def unpack_batch(batch: Any, where: str = "fit") -> tuple[Any, Any, Any]:
    """Return (x, y, sample_weight) from what a generator yields to the method `where`."""
    if not isinstance(batch, (tuple, list)):
        return batch, None, None
    if not 1 <= len(batch) <= 3:
        raise ArgumentError(
            f"{where}(x=generator): got a batch of {len(batch)} parts, expected "
            "(x, y) or (x, y, sample_weight)."
        )
    padded = [*batch, None, None]
    return padded[0], padded[1], padded[2]
