"""A network that reads a text symbol by symbol and says which comes next."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid import initializers, layers
from pellucid.models import Model
from pellucid.types import NumpyArray

VECTORS, MEMORY, CHANCES = "vectors", "memory", "chances"
"""Names of the layers, by which the network of a file is taken apart."""

LEAST_STREAM = 2_000
"""Symbols that each row of a text has at least when several are read side by side, so that what
their first symbols lack of what came before hardly counts."""

MOST_ROWS = 64


@dataclass(frozen=True)
class LanguageSize:
    """How large the network is.

    Args:
        vectors: Numbers that stand for a symbol.
        units: Units of the memory.
        dropout: Share of the memory's outputs that is dropped while training.
    """

    vectors: int
    units: int
    dropout: float


def language_network(symbols: int, size: LanguageSize, seed: int, rows: int | None = None) -> Model:
    """Return the network: what it takes are symbols, what it gives the probability of each next.

    Args:
        symbols: Number of different symbols.
        size: How large it is.
        seed: Seed of its weights and of dropout.
        rows: Texts that are read side by side, each batch going on where the one before ended;
            None for texts that are read from their beginning.
    """
    numbers = layers.Input((None,), batch_size=rows, dtype="int32", name="symbols")
    # Vectors as long as these are told apart from the first step on.
    apart = initializers.RandomNormal(stddev=1.0)
    vectors = layers.Embedding(symbols, size.vectors, embeddings_initializer=apart, name=VECTORS)(
        numbers
    )
    memory = layers.GRU(
        size.units,
        return_sequences=True,
        return_state=True,
        stateful=rows is not None,
        name=MEMORY,
    )
    remembered, *_ = memory(vectors)
    dropped = layers.Dropout(size.dropout)(remembered)
    chances = layers.Dense(symbols, activation="softmax", name=CHANCES)(dropped)
    return Model(numbers, chances, seed=seed)


def onward(model: Model) -> Model:
    """Return the same network with what it remembers as further inputs and outputs.

    Args:
        model: A language network, or one that was read from a file.

    Raises:
        ArgumentError: It lacks a layer.
        ShapeError: Its layers do not fit.
    """
    vectors, memory, chances = (model.get_layer(one) for one in (VECTORS, MEMORY, CHANCES))
    numbers = layers.Input((None,), dtype="int32")
    before = [layers.Input((memory.units,)) for _ in range(memory.own_cell().number_of_states)]
    remembered, *after = memory(vectors(numbers), initial_state=before)
    return Model([numbers, *before], [chances(remembered), *after], seed=model.seed)


def no_memory(reader: Model, rows: int) -> list[NumpyArray]:
    """Return what a network remembers before the first symbol.

    Args:
        reader: From `onward`.
        rows: Texts side by side.
    """
    return [np.zeros((rows, *shape[1:]), np.float32) for shape in reader.input_shape[1:]]


def in_streams(numbers: NumpyArray, rows: int, window: int) -> tuple[NumpyArray, NumpyArray]:
    """Return a text as batches of windows, each row going on where the one before it ended.

    What is left over at the end, fewer than `rows * window` symbols, is left out.

    Args:
        numbers: The symbols of a text, shape (steps,).
        rows: Rows of a batch.
        window: Symbols in a row.

    Returns:
        Symbols, and behind each of them the next, both (batches * rows, window).
    """
    batches = (len(numbers) - 1) // (rows * window)
    count = batches * rows * window

    def laid(first: int) -> NumpyArray:
        streams = numbers[first : first + count].reshape(rows, batches, window)
        return streams.swapaxes(0, 1).reshape(-1, window)

    return laid(0), laid(1)


def log_probabilities(reader: Model, numbers: NumpyArray, window: int) -> NumpyArray:
    """Return the natural logarithm of the probability of each symbol behind the first.

    Args:
        reader: From `onward`.
        numbers: The symbols of a text, shape (steps,).
        window: Symbols that are read at once; it changes nothing of the result.

    Returns:
        Shape (steps - 1,).
    """
    known, wanted = numbers[:-1], numbers[1:]
    rows = min(max(len(known) // LEAST_STREAM, 1), MOST_ROWS)
    windows = -(-len(known) // (rows * window))
    padding = rows * windows * window - len(known)
    streams, targets = (
        np.pad(one, (0, padding)).reshape(rows, windows, window) for one in (known, wanted)
    )
    memory: Any = no_memory(reader, rows)
    found = np.empty(streams.shape)
    for place in range(windows):
        chances, *memory = reader.predict([streams[:, place], *memory], batch_size=rows)
        own = np.take_along_axis(chances, targets[:, place, :, None], -1)[..., 0]
        found[:, place] = np.log(np.maximum(own, np.finfo(np.float32).tiny))
    return found.reshape(-1)[: len(known)]
