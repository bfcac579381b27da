"""The networks of the held part that no other part has."""

from typing import Any

import pellucid
from pellucid import layers


def pictured(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    filters: tuple[int, ...],
    last: str | None,
    activation: str | None = "relu",
    squeezed: int = 0,
    hidden: int = 32,
    **options: Any,
) -> Any:
    """Return convolutions, each second one halved, and a dense layer.

    `squeezed` filters of one pixel may follow the convolutions.
    """
    found: list[Any] = [layers.Input(shape)]
    for number, count in enumerate(filters):
        found.append(layers.Conv2D(count, 3, padding="same", activation=activation, **options))
        found += [layers.AveragePooling2D(2)] if number % 2 else []
    found += [layers.Conv2D(squeezed, 1, activation=activation)] if squeezed else []
    return pellucid.Sequential(
        [
            *found,
            layers.Flatten(),
            layers.Dense(hidden, activation=activation, **options),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def completed(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    dropout: float = 0.0,
    last: str | None = None,
) -> Any:
    """Return a convolution, and dense layers that draw what is missing."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.SpatialDropout2D(dropout),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dropout(dropout),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def causal(
    shape: tuple[int, ...], outputs: int, seed: int, *, filters: int = 12, paces: int = 3
) -> Any:
    """Return convolutions that see ever further back, with batch normalisation."""
    found: list[Any] = [layers.Input(shape)]
    for pace in range(paces):
        found += [
            layers.Conv1D(filters, 3, padding="causal", dilation_rate=2**pace),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    return pellucid.Sequential([*found, layers.Slice((-1,)), layers.Dense(outputs)], seed=seed)


def phrased(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    vocabulary: int,
    activation: str = "relu",
    **options: Any,
) -> Any:
    """Return embedded words, a convolution over four, the mean of its values, and a sigmoid."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 16),
            layers.SpatialDropout1D(0.3),
            layers.Conv1D(24, 4, activation=activation, **options),
            layers.GlobalAveragePooling1D(),
            layers.Dense(16, activation=activation, **options),
            layers.Dense(outputs, activation="sigmoid"),
        ],
        seed=seed,
    )


def surveyed(
    shape: tuple[int, ...], outputs: int, seed: int, *, units: int = 16, last: str = "softmax"
) -> Any:
    """Return a convolution along time and a GRU that reads what it gives."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            layers.Conv1D(16, 3, activation="relu"),
            layers.GRU(units),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def both_ways(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    vocabulary: int,
    last: str | None = "sigmoid",
    masked: bool = True,
) -> Any:
    """Return embedded words, an LSTM in both directions, and dropout."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 12, mask_zero=masked),
            layers.Bidirectional(layers.LSTM(12)),
            layers.Dropout(0.2),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def recalled(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    vocabulary: int,
    units: int = 24,
    init: Any = "uniform",
    trainable: bool = True,
) -> Any:
    """Return the last symbol, which looks at the others, beside what it finds there."""
    inputs = layers.Input(shape, dtype="int32")
    x = layers.Embedding(vocabulary, units, embeddings_initializer=init, trainable=trainable)(
        inputs
    )
    last, others = layers.Slice(((-1, None, None),))(x), layers.Slice(((None, -1, None),))(x)
    seen = layers.MultiHeadAttention(num_heads=2, key_dim=units // 2, trainable=trainable)(
        last, others
    )
    x = layers.Flatten()(layers.Concatenate()([last, seen]))
    x = layers.Dense(48, activation="relu", trainable=trainable)(x)
    return pellucid.Model(inputs, layers.Dense(outputs, activation="sigmoid")(x), seed=seed)


def restored(
    shape: tuple[int, ...], outputs: int, seed: int, *, cell: str = "GRU", **options: Any
) -> Any:
    """Return a recurrent layer in both directions and one number for each step."""
    reader = getattr(layers, cell)(16, return_sequences=True, **options)
    return pellucid.Sequential(
        [
            layers.Input(shape),
            layers.Bidirectional(reader),
            layers.TimeDistributed(layers.Dense(outputs // shape[0])),
            layers.Flatten(),
        ],
        seed=seed,
    )


def foretold(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    units: int = 24,
    dropout: float = 0.0,
    init: Any = "glorot_uniform",
) -> Any:
    """Return steps with their places in waves, that look at each other, and the last step."""
    inputs = layers.Input(shape)
    x = layers.Dense(units, kernel_initializer=init)(inputs)
    x = layers.Add()([x, layers.SinePositionEncoding()(x)])
    normal = layers.LayerNormalization()(x)
    seen = layers.MultiHeadAttention(
        num_heads=2, key_dim=units // 2, dropout=dropout, kernel_initializer=init
    )(normal, normal)
    x = layers.Add()([x, layers.Dropout(dropout)(seen)])
    inner = layers.Dense(2 * units, activation="gelu", kernel_initializer=init)(
        layers.LayerNormalization()(x)
    )
    inner = layers.Dense(units, kernel_initializer=init)(inner)
    x = layers.Add()([x, layers.Dropout(dropout)(inner)])
    return pellucid.Model(inputs, layers.Dense(outputs)(layers.Slice((-1,))(x)), seed=seed)
