"""The networks of the set-ups: values of which a set-up changes one field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pellucid
from pellucid import layers, regularizers


@dataclass(frozen=True, kw_only=True)
class Network:
    """What a set-up knows about its network.

    Args:
        shape: Shape of one row of input.
        outputs: Units of the last layer.
    """

    shape: tuple[int, ...]
    outputs: int

    @property
    def family(self) -> str:
        """Return `mlp`, `cnn` or `rnn`."""
        return type(self).__name__.lower()

    def model(self, seed: int) -> Any:
        """Return the model, not compiled."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Written(Network):
    """A network that is written out layer by layer.

    Args:
        kind: `mlp`, `cnn` or `rnn`; attention counts as the latter.
        build: Returns the model of a shape, a number of outputs and a seed.
        options: Further arguments of it.
    """

    kind: str
    build: Callable[..., Any]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def family(self) -> str:
        return self.kind

    def model(self, seed: int) -> Any:
        return self.build(self.shape, self.outputs, seed, **self.options)


@dataclass(frozen=True, kw_only=True)
class Builder(Network):
    """What dense, convolutional and recurrent networks have in common.

    Args:
        last: Activation of the last layer.
        hidden: Units of the dense layers before it.
        activation: Activation of hidden layers.
        init: Initialiser of the kernels of hidden layers.
        bias: Initialiser of the biases of hidden layers.
        dropout: Rate after each dense hidden layer.
        l2: Strength of the penalty on the kernels of hidden layers.
        batch_norm: Whether a normalisation follows each hidden layer before its activation.
        frozen: Numbers of the hidden layers with weights that do not train.
    """

    last: str | None
    hidden: tuple[int, ...] = ()
    activation: str | None = "relu"
    init: Any = "glorot_uniform"
    bias: Any = "zeros"
    dropout: float = 0.0
    l2: float = 0.0
    batch_norm: bool = False
    frozen: tuple[int, ...] = ()

    def model(self, seed: int) -> Any:
        return pellucid.Sequential(self.layers(), seed=seed)

    def layers(self) -> list[Any]:
        """Return the layers, the input among them."""
        return [
            layers.Input(self.shape),
            *self.body(),
            *self.dense(),
            layers.Dense(self.outputs, activation=self.last),
        ]

    @property
    def before(self) -> int:
        """Return how many hidden layers stand before the dense ones."""
        return 0

    def body(self) -> list[Any]:
        """Return what stands between the input and the dense layers."""
        return []

    def dense(self) -> list[Any]:
        """Return the dense hidden layers."""
        found: list[Any] = []
        for number, units in enumerate(self.hidden, start=self.before):
            found += self.activated(layers.Dense(units, **self.options(number)))
            found += [layers.Dropout(self.dropout)] if self.dropout else []
        return found

    def options(self, number: int) -> dict[str, Any]:
        """Return the arguments of hidden layer `number`."""
        return {
            "activation": None if self.batch_norm else self.activation,
            "kernel_initializer": self.init,
            "bias_initializer": self.bias,
            "kernel_regularizer": regularizers.L2(self.l2) if self.l2 else None,
            "trainable": number not in self.frozen,
        }

    def activated(self, layer: Any) -> list[Any]:
        """Return the layer and, where there is one, its normalisation and activation."""
        if not self.batch_norm:
            return [layer]
        normalisation = layers.BatchNormalization(momentum=0.9)
        return [layer, normalisation, layers.Activation(self.activation or "linear")]


class Mlp(Builder):
    """Dense layers only."""


@dataclass(frozen=True, kw_only=True)
class Cnn(Builder):
    """Convolutions over a line or a plane, halved after each, then dense layers.

    Args:
        filters: Filters of each convolution.
        size: Steps or pixels that a filter sees, in each direction.
        vocabulary: Rows of an embedding before the convolutions; 0 for none.
        average: Whether the mean over places follows, rather than all places side by side.
    """

    filters: tuple[int, ...] = (8, 16)
    size: int = 3
    vocabulary: int = 0
    average: bool = False

    @property
    def before(self) -> int:
        return len(self.filters)

    def body(self) -> list[Any]:
        plane = len(self.shape) == 3
        convolution = layers.Conv2D if plane else layers.Conv1D
        pooling = layers.MaxPooling2D if plane else layers.MaxPooling1D
        mean = layers.GlobalAveragePooling2D if plane else layers.GlobalAveragePooling1D
        found: list[Any] = [layers.Embedding(self.vocabulary, 16)] if self.vocabulary else []
        for number, filters in enumerate(self.filters):
            options = self.options(number)
            made = convolution(filters, self.size, padding="same", **options)
            found += [*self.activated(made), pooling(2)]
        return [*found, mean() if self.average else layers.Flatten()]


@dataclass(frozen=True, kw_only=True)
class Rnn(Builder):
    """A recurrent layer read at its last step, then dense layers.

    Args:
        cell: Name of the layer.
        units: Its units.
        recurrent: Further arguments of it.
        vocabulary: Rows of an embedding before it; 0 for none.
        both: Whether a second one reads backwards.
    """

    cell: str = "GRU"
    units: int = 24
    recurrent: dict[str, Any] = field(default_factory=dict)
    vocabulary: int = 0
    both: bool = False

    @property
    def before(self) -> int:
        return 1

    def body(self) -> list[Any]:
        words = [layers.Embedding(self.vocabulary, 16, mask_zero=True)] if self.vocabulary else []
        given = {"trainable": 0 not in self.frozen} | self.recurrent
        made = getattr(layers, self.cell)(self.units, **given)
        return [*words, layers.Bidirectional(made) if self.both else made]
