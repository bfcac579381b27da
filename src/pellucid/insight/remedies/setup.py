"""What a run is made of: model, settings and rows, as one value that can be changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pellucid.graph import Graph
from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Rows:
    """Rows of data as `fit` takes them.

    Args:
        x: An array, or one for each input by the input's name.
        y: An array, or one for each output by the output's name.
        sample_weight: Weight of each row, or None.
    """

    x: Any
    y: Any
    sample_weight: NumpyArray | None = None


@dataclass(frozen=True)
class Setup:
    """A run before it begins.

    Args:
        graph: The architecture; its layers say how weights are drawn.
        compile: Arguments of `compile` by name: optimizer, loss, metrics, ...
        fit: Arguments of `fit` by name, without the rows: epochs, batch_size, shuffle,
            class_weight, ...
        train: Rows to train on.
        validation: Rows to judge by, or None.
        seed: Seed of weights, order and noise.
        weights: Arrays by path that the run begins with where they are not drawn, as after
            loading a trained model; layers that are not named draw theirs from the seed.
        outputs: Names of the outputs of a model that was made with a dict of them, else None.
        shuffled: Rows to train on had all been shuffled before they were divided, where the
            validation rows are the others of that division, else None.
    """

    graph: Graph
    compile: Mapping[str, Any]
    fit: Mapping[str, Any]
    train: Rows
    validation: Rows | None = None
    seed: int = 0
    weights: Mapping[str, NumpyArray] = field(default_factory=dict)
    outputs: Sequence[str] | None = None
    shuffled: Rows | None = None
