"""What `compile` was told, and the objective that follows once the data are seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pellucid import losses, metrics, optimizers
from pellucid.errors import ArgumentError, did_you_mean
from pellucid.graph import Network
from pellucid.training.objective import Objective, Target
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
    chosen = tuple(_loss(one) for one in _each(loss, names, "compile(loss=...)"))
    factors = _each(
        1.0 if loss_weights is None else loss_weights, names, "compile(loss_weights=...)"
    )
    return Compiled(
        optimizers.get(optimizer),
        chosen,
        tuple(1.0 if one is None else float(one) for one in factors),
        _metrics(given_metrics, names, "compile(metrics=...)"),
        _metrics(weighted_metrics, names, "compile(weighted_metrics=...)"),
        bool(run_eagerly),
        {
            "optimizer": optimizer,
            "loss": loss,
            "loss_weights": loss_weights,
            "metrics": given_metrics,
            "weighted_metrics": weighted_metrics,
        },
    )


def _loss(given: Any) -> Any:
    return None if given is None else losses.check(given)


def _each(value: Any, names: Sequence[str], where: str) -> list[Any]:
    """Return one entry for each output, from one for all, a list, or a dict by name."""
    if isinstance(value, Mapping) and "class" not in value:
        unknown = [name for name in value if name not in names]
        if unknown:
            raise ArgumentError(
                f"{where}: got the name '{unknown[0]}', expected names of outputs. "
                f"{did_you_mean(unknown[0], list(names))}"
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
    checked = []
    for entry in entries:
        several = entry if isinstance(entry, (list, tuple)) else [] if entry is None else [entry]
        checked.append(tuple(metrics.check(one) for one in several))
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


def unpack_batch(batch: Any) -> tuple[Any, Any, Any]:
    """Return (x, y, sample_weight) from what a generator yields."""
    if not isinstance(batch, (tuple, list)):
        return batch, None, None
    if not 1 <= len(batch) <= 3:
        raise ArgumentError(
            f"fit(x=generator): got a batch of {len(batch)} parts, expected "
            "(x, y) or (x, y, sample_weight)."
        )
    padded = [*batch, None, None]
    return padded[0], padded[1], padded[2]
