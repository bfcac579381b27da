"""The networks of the blind part that no other part has."""

from typing import Any

import pellucid
from pellucid import layers


def coded(
    shape: tuple[int, ...], outputs: int, seed: int, *, vocabulary: int = 100, units: int = 32
) -> Any:
    """Return words of a table, each embedded, side by side, and dense layers after them."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 6),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(outputs),
        ],
        seed=seed,
    )


def cepstral(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    last: str = "softmax",
    filters: tuple[int, ...] = (24, 32),
) -> Any:
    """Return convolutions along coefficients with batch normalisation, and dropout."""
    found: list[Any] = [layers.Input(shape)]
    for count in filters:
        found += [
            layers.Conv1D(count, 3, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    return pellucid.Sequential(
        [
            *found,
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )


def upright(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    pooled: int = 1,
    filters: tuple[int, ...] = (12, 24),
    **options: Any,
) -> Any:
    """Return convolutions over small images; `pooled` thins the image before them."""
    found: list[Any] = [layers.Input(shape)]
    found += [layers.MaxPooling2D(pooled)] if pooled > 1 else []
    for count in filters:
        found.append(layers.Conv2D(count, 3, padding="same", activation="relu", **options))
        found += [layers.MaxPooling2D(2)] if pooled == 1 else []
    return pellucid.Sequential(
        [
            *found,
            layers.Flatten(),
            layers.Dense(32, activation="relu", **options),
            layers.Dense(outputs, activation="softmax"),
        ],
        seed=seed,
    )


def moved_hands(
    shape: tuple[int, ...], outputs: int, seed: int, *, rescaled: bool = True, dropout: float = 0.2
) -> Any:
    """Return convolutions over grey images that are moved and turned a little in training."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            *([layers.Rescaling(1 / 255)] if rescaled else []),
            layers.RandomTranslation(0.03, 0.03),
            layers.RandomRotation(0.02),
            layers.Conv2D(12, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(24, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(48, activation="relu"),
            layers.Dense(outputs, activation="softmax"),
        ],
        seed=seed,
    )


def neighbour(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    filters: tuple[int, ...] = (12, 12),
    hidden: tuple[int, ...] = (24,),
    activation: str = "relu",
) -> Any:
    """Return convolutions without padding, dense layers, and one number."""
    found: list[Any] = [layers.Input(shape)]
    found += [layers.Conv2D(count, 3, activation=activation) for count in filters]
    found.append(layers.Flatten())
    found += [layers.Dense(units, activation=activation) for units in hidden]
    return pellucid.Sequential([*found, layers.Dense(outputs)], seed=seed)


def walked(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    cell: str = "GRU",
    units: int = 16,
    masked: bool = True,
    **options: Any,
) -> Any:
    """Return a recurrent layer that passes over steps of zeros, and a sigmoid."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            *([layers.Masking(0.0)] if masked else []),
            getattr(layers, cell)(units, **options),
            layers.Dense(outputs, activation="sigmoid"),
        ],
        seed=seed,
    )


def looked_at(
    shape: tuple[int, ...], outputs: int, seed: int, *, units: int = 24, heads: int = 2
) -> Any:
    """Return steps that look at each other, a dense layer for each, and the mean of them."""
    inputs = layers.Input(shape)
    x = layers.Dense(units)(inputs)
    seen = layers.MultiHeadAttention(num_heads=heads, key_dim=max(units // heads, 1))(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, seen]))
    inner = layers.Dense(2 * units, activation="gelu")(x)
    x = layers.LayerNormalization()(layers.Add()([x, layers.Dense(units)(inner)]))
    x = layers.GlobalAveragePooling1D()(x)
    return pellucid.Model(inputs, layers.Dense(outputs, activation="softmax")(x), seed=seed)


def worded(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    vocabulary: int,
    cell: str = "LSTM",
    units: int = 24,
    last: str | None = None,
    dropout: float = 0.0,
    **options: Any,
) -> Any:
    """Return embedded words, padding masked, and a recurrent layer that reads them."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 16, mask_zero=True),
            *([layers.SpatialDropout1D(dropout)] if dropout else []),
            getattr(layers, cell)(units, **options),
            layers.Dense(outputs, activation=last),
        ],
        seed=seed,
    )
