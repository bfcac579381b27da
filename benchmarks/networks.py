"""The networks that every peer trains: parts, sizes, data and arithmetic. Needs NumPy alone."""

from dataclasses import dataclass, replace
from math import prod

import numpy as np

Shape = tuple[int, ...]


class Part:
    """A part of a network, by the shape of one row without the batch."""

    def output(self, shape: Shape) -> Shape:
        """Return the shape of what comes out."""
        return shape

    def products(self, shape: Shape) -> list[int]:
        """Return the operations of each matrix product, the one with the inputs first."""
        return []


@dataclass(frozen=True)
class Dense(Part):
    """A fully connected layer, the same for every step of a sequence."""

    units: int
    activation: str = "linear"

    def output(self, shape: Shape) -> Shape:
        return (*shape[:-1], self.units)

    def products(self, shape: Shape) -> list[int]:
        return [2 * prod(shape) * self.units]


@dataclass(frozen=True)
class Dropout(Part):
    rate: float


@dataclass(frozen=True)
class Conv(Part):
    """A convolution along every axis but the last, with ReLU."""

    filters: int
    kernel: int
    padding: str = "valid"

    def output(self, shape: Shape) -> Shape:
        lost = self.kernel - 1 if self.padding == "valid" else 0
        return (*(size - lost for size in shape[:-1]), self.filters)

    def products(self, shape: Shape) -> list[int]:
        window = self.kernel ** (len(shape) - 1) * shape[-1]
        return [2 * prod(self.output(shape)) * window]


@dataclass(frozen=True)
class Pool(Part):
    """The maximum of windows of two."""

    def output(self, shape: Shape) -> Shape:
        return (*(size // 2 for size in shape[:-1]), shape[-1])


@dataclass(frozen=True)
class Average(Part):
    """The mean over all steps."""

    def output(self, shape: Shape) -> Shape:
        return shape[-1:]


@dataclass(frozen=True)
class Flatten(Part):
    def output(self, shape: Shape) -> Shape:
        return (prod(shape),)


@dataclass(frozen=True)
class Recurrent(Part):
    """Recurrent layers one upon another; out comes the last one's last state."""

    cell: str
    units: int
    layers: int = 1
    both: bool = False

    @property
    def directions(self) -> int:
        return 2 if self.both else 1

    def output(self, shape: Shape) -> Shape:
        return (self.directions * self.units,)

    def products(self, shape: Shape) -> list[int]:
        steps, inputs = shape
        gates = {"LSTM": 4, "GRU": 3}[self.cell] * self.units
        found = []
        for _ in range(self.layers):
            a_column = 2 * steps * self.directions * gates
            found += [a_column * inputs, a_column * self.units]
            inputs = self.directions * self.units
        return found


@dataclass(frozen=True)
class EncoderBlock(Part):
    """Self-attention, then two dense layers; each is added to its input and normalised."""

    heads: int
    hidden: int

    def products(self, shape: Shape) -> list[int]:
        steps, width = shape
        projections, scores = 4 * [2 * steps * width**2], 2 * [2 * steps**2 * width]
        return [*projections, *scores, *2 * [2 * steps * width * self.hidden]]


@dataclass(frozen=True)
class Network:
    """A network and how it is trained.

    Args:
        key: Short name, in files and on the command line.
        label: Name on the page.
        shape: Shape of a row.
        parts: Its parts in order; one sigmoid unit at the end means labels 0 or 1, a
            linear one numbers, several units mean classes.
        batch: Rows a step.
        rows: Rows an epoch.
        epochs: Epochs a turn: enough that a call's fixed cost does not hide the step's.
        goal: How many times as fast as the best peer Pellucid means to be.
        learning_rate: Adam's.
        l2: Strength of the L2 penalty on every kernel.
    """

    key: str
    label: str
    shape: Shape
    parts: tuple[Part, ...]
    batch: int
    rows: int
    epochs: int = 2
    goal: float = 1.0
    learning_rate: float = 1e-3
    l2: float = 0.0

    @property
    def steps(self) -> int:
        """Steps an epoch."""
        return -(-self.rows // self.batch)

    @property
    def outputs(self) -> int:
        """Size of the last part's output."""
        last, shape = self.walk()[-1]
        return last.output(shape)[-1]

    @property
    def loss(self) -> str:
        """Name of the loss: by the last part, of two classes, of more, or of numbers."""
        last = self.parts[-1]
        if isinstance(last, Dense) and last.activation == "linear":
            return "mean_squared_error"
        return "binary_crossentropy" if self.outputs == 1 else "sparse_categorical_crossentropy"

    def walk(self) -> list[tuple[Part, Shape]]:
        """Return each part with the shape of its input."""
        shape, found = self.shape, []
        for part in self.parts:
            found.append((part, shape))
            shape = part.output(shape)
        return found

    def flops_a_step(self) -> int:
        """Return the operations of all matrix products in one training step.

        Each product is done once forward, once for the gradient of its weights, and, but for
        the one with the network's own inputs, once for the gradient of its inputs.
        """
        products = [one for part, shape in self.walk() for one in part.products(shape)]
        return self.batch * (3 * sum(products) - products[0])

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Return random inputs, and labels: (rows, 1) of 0.0 or 1.0, or (rows,) of classes."""
        rng = np.random.default_rng(7)
        x = rng.normal(size=(self.rows, *self.shape)).astype(np.float32)
        if self.outputs == 1:
            return x, rng.integers(0, 2, (self.rows, 1)).astype(np.float32)
        return x, rng.integers(0, self.outputs, self.rows).astype(np.int32)


CLASSES = Dense(10, "softmax")
YES_OR_NO = Dense(1, "sigmoid")
DROPOUT = Dropout(0.1)

MLP = Network(
    "mlp",
    "MLP: 20-64-64-1",
    (20,),
    (Dense(64, "relu"), Dense(64, "relu"), YES_OR_NO),
    batch=32,
    rows=10_000,
    epochs=5,
)
MLP_DROPOUT = replace(
    MLP,
    key="mlp_dropout",
    label="MLP: 20-64-64-1 with dropout",
    parts=(Dense(64, "relu"), DROPOUT, Dense(64, "relu"), DROPOUT, YES_OR_NO),
)
NETWORKS = (
    MLP,
    MLP_DROPOUT,
    Network(
        "cnn",
        "CNN: 28x28x1, conv 32 - pool - conv 64 - pool - dense 128",
        (28, 28, 1),
        (Conv(32, 3), Pool(), Conv(64, 3), Pool(), Flatten(), Dense(128, "relu"), CLASSES),
        batch=64,
        rows=8_000,
    ),
    Network(
        "vgg",
        "VGG-like: 32x32x3, conv 32-32 - pool - conv 64-64 - pool - dense 256",
        (32, 32, 3),
        (
            *(Conv(32, 3, "same"), Conv(32, 3, "same"), Pool()),
            *(Conv(64, 3, "same"), Conv(64, 3, "same"), Pool()),
            *(Flatten(), Dense(256, "relu"), CLASSES),
        ),
        batch=64,
        rows=2_560,
    ),
    Network(
        "conv1d",
        "Conv1D: 1,000 steps x 8, conv 64 - pool - conv 128 - pool - conv 128 - average",
        (1000, 8),
        (Conv(64, 8), Pool(), Conv(128, 5), Pool(), Conv(128, 3), Average(), CLASSES),
        batch=32,
        rows=1_280,
    ),
    Network(
        "lstm",
        "LSTM 64: 50 steps x 8",
        (50, 8),
        (Recurrent("LSTM", 64), YES_OR_NO),
        batch=32,
        rows=6_400,
        goal=1.3,
    ),
    Network(
        "gru",
        "GRU 128: 100 steps x 16",
        (100, 16),
        (Recurrent("GRU", 128), YES_OR_NO),
        batch=64,
        rows=2_560,
        goal=1.3,
    ),
    Network(
        "bilstm",
        "Bidirectional LSTM 128, two layers: 100 steps x 16",
        (100, 16),
        (Recurrent("LSTM", 128, layers=2, both=True), YES_OR_NO),
        batch=64,
        rows=1_280,
        goal=1.3,
    ),
    Network(
        "transformer",
        "Transformer encoder: 64 steps x 16, two blocks of width 64 with 4 heads",
        (64, 16),
        (Dense(64), EncoderBlock(4, 128), EncoderBlock(4, 128), Average(), CLASSES),
        batch=32,
        rows=3_200,
    ),
)

BY_KEY = {network.key: network for network in NETWORKS}
