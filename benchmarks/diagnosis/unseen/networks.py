"""The networks of the unseen part, written out as their users would."""

from typing import Any

import pellucid
from pellucid import layers


def dense(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    hidden: tuple[int, ...],
    last: str | None,
    activation: str | None = "relu",
    between: Any = None,
    **options: Any,
) -> Any:
    """Return dense layers; `between` gives what follows each hidden one."""
    found: list[Any] = [layers.Input(shape)]
    for units in hidden:
        found.append(layers.Dense(units, activation=activation, **options))
        found += between() if between else []
    return pellucid.Sequential([*found, layers.Dense(outputs, activation=last)], seed=seed)


def residual(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    blocks: int = 8,
    units: int = 32,
    skip: bool = True,
    activation: str = "relu",
) -> Any:
    """Return blocks of two dense layers whose result is added to what went in."""
    inputs = layers.Input(shape)
    x = layers.Dense(units)(inputs)
    for _ in range(blocks):
        inner = layers.Dense(units, activation=activation)(x)
        inner = layers.Dense(units, activation=None if skip else activation)(inner)
        x = layers.Add()([x, inner]) if skip else inner
    x = layers.Activation(activation)(x)
    return pellucid.Model(inputs, layers.Dense(outputs)(x), seed=seed)


def autoencoder(
    shape: tuple[int, ...], outputs: int, seed: int, *, code: int = 12, last: str = "sigmoid"
) -> Any:
    """Return an encoder to a short code and a decoder from it."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            layers.Dense(48, activation="relu"),
            layers.Dense(code),
            layers.Dense(48, activation="relu"),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def photographs(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    rescaled: bool = True,
    trainable: bool = True,
    dropout: float = 0.3,
) -> Any:
    """Return convolutions over colour images of bytes, which the first layer rescales."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            *([layers.Rescaling(1 / 255)] if rescaled else []),
            layers.Conv2D(8, 3, activation="relu", trainable=trainable),
            layers.MaxPooling2D(2),
            layers.Conv2D(24, 3, activation="relu", trainable=trainable),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(64, activation="relu"),
            layers.Dropout(dropout),
            layers.Dense(outputs, activation="softmax"),
        ],
        seed=seed,
    )


def spectrogram(
    shape: tuple[int, ...], outputs: int, seed: int, *, last: str = "softmax", **options: Any
) -> Any:
    """Return convolutions with batch normalisation over time and pitch."""
    found: list[Any] = [layers.Input(shape)]
    for filters in (8, 16):
        found += [
            layers.Conv2D(filters, 3, padding="same", use_bias=False, **options),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling2D(2),
        ]
    found += [layers.Flatten(), layers.Dense(outputs, activation=last, **options)]
    return pellucid.Sequential(found, seed=seed)


def strided(
    shape: tuple[int, ...], outputs: int, seed: int, *, leaky: bool = True, last: str = "softmax"
) -> Any:
    """Return convolutions with strides, leaky ReLU and the mean over places."""
    found: list[Any] = [layers.Input(shape)]
    for filters in (12, 24, 24):
        found.append(layers.Conv2D(filters, 3, strides=2, padding="same"))
        found += [layers.LeakyReLU(0.1)] if leaky else []
    found += [layers.GlobalAveragePooling2D(), layers.Dense(outputs, activation=last)]
    return pellucid.Sequential(found, seed=seed)


def signals(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    last: str | None = "sigmoid",
    padding: str = "same",
    filters: tuple[int, ...] = (16, 32),
    largest: bool = True,
) -> Any:
    """Return convolutions along time, and their largest values over time, or all values."""
    found: list[Any] = [layers.Input(shape)]
    for count in filters:
        found.append(layers.Conv1D(count, 5, padding=padding, activation="relu"))
    found.append(layers.GlobalMaxPooling1D() if largest else layers.Flatten())
    found.append(layers.Dense(outputs, activation=last))
    return pellucid.Sequential(found, seed=seed)


def words(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    vocabulary: int = 2002,
    trainable: bool = True,
    last: str = "softmax",
) -> Any:
    """Return a convolution over three embedded words at a time, and its largest value."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 24, trainable=trainable),
            layers.Conv1D(32, 3, activation="relu", trainable=trainable),
            layers.GlobalMaxPooling1D(),
            layers.Dropout(0.3),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def bag(shape: tuple[int, ...], outputs: int, seed: int, *, vocabulary: int) -> Any:
    """Return the mean of embedded words, read by a softmax."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 16, mask_zero=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(outputs, activation="softmax"),
        ],
        seed=seed,
    )


def letters(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    cell: str = "GRU",
    masked: bool = True,
    last: str = "sigmoid",
    **options: Any,
) -> Any:
    """Return embedded letters and a recurrent layer that reads them."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(28, 12, mask_zero=masked),
            getattr(layers, cell)(32, **options),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def recurrent(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    cell: str = "LSTM",
    units: int = 24,
    last: str | None = "softmax",
    **options: Any,
) -> Any:
    """Return one recurrent layer and the layer of the answers."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            getattr(layers, cell)(units, **options),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def speech(
    shape: tuple[int, ...], outputs: int, seed: int, *, trainable: bool = True, **options: Any
) -> Any:
    """Return two recurrent layers, the first in both directions, with normalisation between."""
    first = layers.GRU(20, return_sequences=True, trainable=trainable, **options)
    return pellucid.Sequential(
        [
            layers.Input(shape),
            layers.Bidirectional(first),
            layers.LayerNormalization(),
            layers.GRU(24, trainable=trainable, **options),
            layers.Dense(outputs, activation="softmax"),
        ],
        seed=seed,
    )


def attention(
    shape: tuple[int, ...], outputs: int, seed: int, *, vocabulary: int = 2002, dropout: float = 0.3
) -> Any:
    """Return embedded words that look at each other, and their mean."""
    inputs = layers.Input(shape, dtype="int32")
    x = layers.Embedding(vocabulary, 24, mask_zero=True)(inputs)
    seen = layers.MultiHeadAttention(num_heads=2, key_dim=12)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, seen]))
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(dropout)(x)
    return pellucid.Model(inputs, layers.Dense(outputs, activation="sigmoid")(x), seed=seed)
