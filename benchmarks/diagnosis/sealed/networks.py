"""The networks of the sealed part that no other part has."""

from collections.abc import Callable
from typing import Any

import pellucid
from pellucid import layers


def fronted(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    front: Callable[[], Any] | None,
    hidden: tuple[int, ...],
    activation: str = "relu",
) -> Any:
    """Return dense layers behind a layer that brings raw columns to one scale."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            *([front()] if front else []),
            *(layers.Dense(units, activation=activation) for units in hidden),
            layers.Dense(outputs),
        ],
        seed=seed,
    )


def rated(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    numbers: int,
    width: int = 6,
    embedded: bool = True,
) -> Any:
    """Return vectors of a reader and a work side by side, and dense layers after them."""
    looked_up = [layers.Embedding(numbers, width), layers.Flatten()]
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32" if embedded else "float32"),
            *(looked_up if embedded else []),
            layers.Dense(32, activation="relu"),
            layers.Dense(16, activation="relu"),
            layers.Dense(outputs),
        ],
        seed=seed,
    )


def imaged(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    front: Callable[[], Any] | None = None,
    filters: tuple[int, ...] = (10, 20),
    dropout: float = 0.0,
    last: str = "sigmoid",
) -> Any:
    """Return convolutions, each halved, and a dense layer; `front` varies the images before."""
    found: list[Any] = [layers.Input(shape), *([front()] if front else [])]
    for count in filters:
        found += [layers.Conv2D(count, 3, activation="relu"), layers.MaxPooling2D(2)]
    return pellucid.Sequential(
        [
            *found,
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(32, activation="relu"),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def leaping(
    shape: tuple[int, ...], outputs: int, seed: int, *, blocks: int = 4, filters: int = 12
) -> Any:
    """Return blocks of two convolutions with batch normalisation, and connections around them."""
    inputs = layers.Input(shape)
    x = layers.Conv2D(filters, 3, padding="same")(inputs)
    x = layers.MaxPooling2D(2)(x)
    for _ in range(blocks):
        inner = x
        for _ in range(2):
            inner = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(inner))
            inner = layers.Conv2D(filters, 3, padding="same")(inner)
        x = layers.Add()([x, inner])
    x = layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))
    x = layers.GlobalAveragePooling2D()(x)
    return pellucid.Model(inputs, layers.Dense(outputs, activation="sigmoid")(x), seed=seed)


def placed(shape: tuple[int, ...], outputs: int, seed: int, *, pooled: bool = False) -> Any:
    """Return convolutions with strides, and their places side by side, or the mean over them."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            layers.Conv2D(8, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D() if pooled else layers.Flatten(),
            layers.Dense(32, activation="relu"),
            layers.Dense(outputs),
        ],
        seed=seed,
    )


def swept(
    shape: tuple[int, ...], outputs: int, seed: int, *, filters: tuple[int, ...] = (16, 24)
) -> Any:
    """Return separable convolutions along time, their largest values, and a sigmoid."""
    found: list[Any] = [layers.Input(shape), layers.Conv1D(12, 7, activation="relu")]
    for count in filters:
        found += [layers.MaxPooling1D(2), layers.SeparableConv1D(count, 7, activation="relu")]
    return pellucid.Sequential(
        [*found, layers.GlobalMaxPooling1D(), layers.Dense(outputs, activation="sigmoid")],
        seed=seed,
    )


def listening(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    units: int = 24,
    init: Any = None,
    added: bool = True,
) -> Any:
    """Return steps with their positions that look at each other, and the largest of each unit."""
    drawn = {"kernel_initializer": init} if init else {}
    inputs = layers.Input(shape)
    x = layers.Dense(units, **drawn)(inputs)
    places = layers.PositionEmbedding(shape[0])(x)
    x = layers.Add()([x, places]) if added else places
    seen = layers.MultiHeadAttention(num_heads=2, key_dim=units // 2, **drawn)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, seen]))
    x = layers.Dense(2 * units, activation="relu", **drawn)(x)
    x = layers.GlobalMaxPooling1D()(x)
    return pellucid.Model(inputs, layers.Dense(outputs, activation="sigmoid")(x), seed=seed)


def told(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    vocabulary: int,
    masked: bool = True,
    trainable: bool = True,
) -> Any:
    """Return embedded words and an LSTM that reads them, and a sigmoid."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 16, mask_zero=masked, trainable=trainable),
            layers.LSTM(20, trainable=trainable),
            layers.Dense(outputs, activation="sigmoid"),
        ],
        seed=seed,
    )
