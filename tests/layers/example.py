"""A layer with an example configuration, over which laws, parity and files run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid import layers
from pellucid.layers import Layer

TERMS = ["cat", "dog", "bird", "cow"]

PENALISED = {
    "kernel_regularizer": "l2",
    "bias_regularizer": "l1",
    "activity_regularizer": "l2",
    "kernel_constraint": "max_norm",
}


@dataclass(frozen=True)
class Example:
    """A layer, how it is made, and what it takes.

    Args:
        layer: Name of the class.
        options: Arguments of its constructor.
        shape: Shape of the inputs without the batch axis; a list for several inputs.
        values: "real", "whole" (0 to 3) or "text".
        random: Whether training draws random numbers.
        saveable: Whether the configuration is plain.
        smooth: Whether outputs change smoothly with inputs and weights.
        adapt_to: Data for `adapt`.
        keras: Differing arguments for the Keras layer; None where Keras has no such case.
    """

    layer: str
    options: Mapping[str, Any] = field(default_factory=dict)
    shape: Any = (4,)
    values: str = "real"
    random: bool = False
    saveable: bool = True
    smooth: bool = True
    adapt_to: Any = None
    keras: Mapping[str, Any] | None = field(default_factory=dict)

    @property
    def label(self) -> str:
        shown = ",".join(f"{key}={_short(value)}" for key, value in self.options.items())
        return f"{self.layer}({shown}){self.shape}".replace(" ", "")

    @property
    def takes_list(self) -> bool:
        return isinstance(self.shape, list)

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        return self.shape if self.takes_list else [self.shape]

    @property
    def on_host(self) -> bool:
        return self.make().on_host

    def make(self) -> Layer:
        """Return a new layer, adapted if it needs to be."""
        layer = getattr(layers, self.layer)(**self.options)
        if self.adapt_to is not None:
            layer.adapt(self.adapt_to)
        return layer

    def inputs(self, rows: int = 3, seed: int = 0, dtype: Any = "float32") -> Any:
        """Return inputs for `rows` rows: an array, or a list of arrays.

        Real values lie on a grid without zero, in random order, so that no two values and no
        value and zero are close: finite differences then meet no corner of `relu` or `max`.
        """
        rng = np.random.default_rng([seed, 7])
        sizes = [int(np.prod((rows, *shape))) for shape in self.shapes]
        total = sum(sizes) + sum(sizes) % 2
        pieces = np.split(rng.permutation(_grid(self.values, total)), np.cumsum(sizes))
        arrays = [
            piece.reshape((rows, *shape)).astype(dtype if self.values == "real" else piece.dtype)
            for piece, shape in zip(pieces, self.shapes, strict=False)
        ]
        return arrays if self.takes_list else arrays[0]

    def weights(self, seed: int = 0) -> dict[str, np.ndarray]:
        """Return values for the layer's weights, none of them at a special value such as 0."""
        rng = np.random.default_rng([seed, 8])
        return {
            name: (
                value + 0.1 * rng.standard_normal(value.shape)
                if "variance" not in name
                else value + rng.random(value.shape)
            ).astype("float32")
            for name, value in self.make().init(seed, self.shape).items()
        }


def _grid(values: str, total: int) -> np.ndarray:
    if values == "text":
        return np.array([*TERMS, "fish"])[np.arange(total) % 5]
    if values == "whole":
        return (np.arange(total) % 4).astype("int32")
    return np.linspace(-1.5, 1.5, total)


def _short(value: Any) -> str:
    return getattr(value, "__name__", str(value))
