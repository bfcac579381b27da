"""One table of layers with example configurations; the laws, parity and files run over it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid import layers
from pellucid.layers import Layer

TERMS = ["cat", "dog", "bird", "cow"]


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


PENALISED = {
    "kernel_regularizer": "l2",
    "bias_regularizer": "l1",
    "activity_regularizer": "l2",
    "kernel_constraint": "max_norm",
}
NUMBERS = np.linspace(-2, 3, 40).reshape(10, 4)

EXAMPLES: tuple[Example, ...] = (
    Example("Activation", {"activation": "relu"}),
    Example("Activation", {"activation": "gelu"}, (3, 2)),
    Example("Activation", {"activation": "softmax"}),
    Example("Activation", {"activation": "glu"}),
    Example("ActivityRegularization", {"l1": 0.1, "l2": 0.2}, (3, 2)),
    Example("Add", {}, [(4,), (4,), (4,)]),
    Example("Add", {}, [(3, 1), (2,)]),
    Example("AlphaDropout", {"rate": 0.3}, random=True),
    Example("Arithmetic", {"operation": "subtract", "number": 2.0, "number_first": True}, [(4,)]),
    Example("Arithmetic", {"operation": "multiply", "number": [1.0, 2.0]}, [(3, 2)]),
    Example("Arithmetic", {"operation": "divide"}, [(4,), (4,)]),
    Example("Average", {}, [(4,), (4,)]),
    Example("BatchNormalization", {}),
    Example("BatchNormalization", {"axis": 1, "momentum": 0.7, "epsilon": 0.1}, (3, 4)),
    Example("BatchNormalization", {"scale": False, "beta_regularizer": "l2"}, (2, 3, 2)),
    Example("BatchNormalization", {"center": False, "trainable": False}),
    Example("CategoryEncoding", {"num_tokens": 4}, (3,), "whole", smooth=False),
    Example(
        "CategoryEncoding", {"num_tokens": 5, "output_mode": "one_hot"}, (3,), "whole", smooth=False
    ),
    Example(
        "CategoryEncoding", {"num_tokens": 4, "output_mode": "count"}, (3,), "whole", smooth=False
    ),
    Example("Concatenate", {}, [(4,), (2,)]),
    Example("Concatenate", {"axis": 1}, [(2, 3), (1, 3), (2, 3)]),
    Example("Dense", {"units": 3}),
    Example("Dense", {"units": 3, "activation": "tanh", "use_bias": False}, (2, 4)),
    Example("Dense", {"units": 2, "activation": "relu", **PENALISED}),
    Example("Dense", {"units": 4, "activation": "glu"}, keras=None),
    Example("Discretization", {"bin_boundaries": [-0.5, 0.0, 0.5]}, smooth=False),
    Example(
        "Discretization",
        {"num_bins": 4, "output_mode": "one_hot"},
        adapt_to=NUMBERS,
        smooth=False,
    ),
    Example(
        "Discretization", {"bin_boundaries": [0.0], "output_mode": "count"}, (4,), smooth=False
    ),
    Example("Dot", {"axes": 1}, [(4,), (4,)]),
    Example("Dot", {"axes": (2, 1), "normalize": True}, [(2, 4), (4, 3)]),
    Example("Dot", {"axes": -1}, [(2, 4), (4,)]),
    Example("Dropout", {"rate": 0.4}, random=True),
    Example("Dropout", {"rate": 0.4, "noise_shape": (None, 1, 2), "seed": 3}, (3, 2), random=True),
    Example("ELU", {"alpha": 0.7}),
    Example("Flatten", {}, (2, 3)),
    Example("Flatten", {"data_format": "channels_first"}, (2, 3, 2)),
    Example("Flatten", {}, ()),
    Example("GaussianDropout", {"rate": 0.4}, random=True),
    Example("GaussianNoise", {"stddev": 0.4, "seed": 1}, random=True),
    Example("GroupNormalization", {"groups": 2}),
    Example("GroupNormalization", {"groups": -1, "axis": 1}, (2, 3)),
    Example("Identity", {}, (2, 3)),
    Example("InputLayer", {"shape": (4,)}, smooth=False, keras=None),
    Example("IntegerLookup", {"vocabulary": [0, 2, 3]}, (3,), "whole", smooth=False),
    Example(
        "IntegerLookup",
        {"output_mode": "tf_idf", "num_oov_indices": 2},
        (3,),
        "whole",
        adapt_to=np.array([[0, 1, 1], [1, 3, 3]]),
        smooth=False,
    ),
    Example(
        "IntegerLookup",
        {"vocabulary": [0, 2, 3, 1], "num_oov_indices": 0},
        (3,),
        "whole",
        smooth=False,
    ),
    Example(
        "IntegerLookup",
        {"vocabulary": [10, 20, 30], "invert": True, "mask_token": 0},
        (3,),
        "whole",
        smooth=False,
    ),
    Example("Lambda", {"function": "tanh"}, [(4,)], keras=None),
    Example("Lambda", {"function": jnp.sin}, [(2, 3)], saveable=False),
    Example("LayerNormalization", {}),
    Example("LayerNormalization", {"axis": [1, 2], "epsilon": 0.1}, (3, 2)),
    Example("LayerNormalization", {"center": False, "gamma_regularizer": "l1"}, (3, 2)),
    Example("LeakyReLU", {"negative_slope": 0.2}),
    Example("Maximum", {}, [(4,), (4,), (4,)]),
    Example("Minimum", {}, [(4,), (4,)]),
    Example("Multiply", {}, [(4,), (4,), (1,)]),
    Example("Normalization", {}, adapt_to=NUMBERS),
    Example("Normalization", {"axis": None, "mean": 1.5, "variance": 4.0}, (2, 3)),
    Example(
        "Normalization", {"axis": 1, "mean": [1.5, 0], "variance": [4, 2], "invert": True}, (2, 3)
    ),
    Example("PReLU", {"alpha_initializer": "random_normal"}),
    Example("PReLU", {"shared_axes": [1], "alpha_regularizer": "l2"}, (3, 2)),
    Example("Permute", {"dims": (2, 1)}, (3, 2)),
    Example("RMSNormalization", {}),
    Example("ReLU", {}),
    Example("ReLU", {"max_value": 1.01, "negative_slope": 0.1, "threshold": 0.3}),
    Example("RepeatVector", {"n": 3}),
    Example("Rescaling", {"scale": 0.5, "offset": [1.0, 2.0]}, (3, 2)),
    Example("Reshape", {"target_shape": (2, -1)}, (4, 3)),
    Example("Softmax", {}),
    Example("Softmax", {"axis": (1, 2)}, (3, 2)),
    Example("StringLookup", {"vocabulary": TERMS}, (3,), "text", smooth=False),
    Example(
        "StringLookup",
        {"output_mode": "multi_hot", "num_oov_indices": 2},
        (3,),
        "text",
        adapt_to=TERMS,
        smooth=False,
    ),
    Example(
        "StringLookup",
        {"output_mode": "one_hot", "mask_token": "cat", "max_tokens": 8, "pad_to_max_tokens": True},
        (1,),
        "text",
        adapt_to=TERMS,
        smooth=False,
    ),
    Example("Subtract", {}, [(4,), (4,)]),
    Example("UnitNormalization", {}),
    Example("UnitNormalization", {"axis": [1, 2]}, (3, 2)),
)
"""Every layer at least once; a test sees to it."""
