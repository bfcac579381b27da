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
class Inner:
    """A layer among the options of another; each library makes its own.

    Args:
        layer: Name of the class.
        options: Arguments of its constructor.
    """

    layer: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def __name__(self) -> str:
        return self.layer + "".join(f"-{_short(one)}" for one in self.options.values())


def made(value: Any, library: Any) -> Any:
    """Return options with the layers in them made from `library`, Pellucid's or Keras's."""
    if isinstance(value, Inner):
        return getattr(library, value.layer)(**made(value.options, library))
    if isinstance(value, dict):
        return {key: made(one, library) for key, one in value.items()}
    return [made(one, library) for one in value] if isinstance(value, list) else value


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
        mask: For each of three rows which steps of the first input are real; None for all. A
            tuple holds one such for each input.
        settings: Names of the call settings that are on.
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
    mask: Any = None
    settings: tuple[str, ...] = ()
    keras: Mapping[str, Any] | None = field(default_factory=dict)

    @property
    def label(self) -> str:
        shown = ",".join(f"{key}={_short(value)}" for key, value in self.options.items())
        mask = "" if self.mask is None else f"mask={self.mask}"
        settings = "".join(f"-{one}" for one in self.settings)
        return f"{self.layer}({shown}){self.shape}{mask}{settings}".replace(" ", "")

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
        layer = getattr(layers, self.layer)(**made(dict(self.options), layers))
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

    @property
    def masks(self) -> list[np.ndarray | None]:
        """For each input the mask of three rows, or None."""
        given = self.mask if isinstance(self.mask, tuple) else (self.mask,)
        found = [None if one is None else np.array(one, bool) for one in given]
        return [*found, *[None] * (len(self.shapes) - len(found))]

    def mask_of(self, rows: int = 3) -> Any:
        """Return the mask of `rows` rows in the form in which a context holds it."""
        if self.mask is None:
            return None
        masks = [
            None if one is None else np.resize(one, (rows, *one.shape[1:])) for one in self.masks
        ]
        return masks if self.takes_list else masks[0]

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
    if isinstance(value, list):
        return "+".join(map(_short, value))
    return getattr(value, "__name__", str(value))
