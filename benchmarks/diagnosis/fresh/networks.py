"""The networks of the fresh part that no other part has."""

from typing import Any

import pellucid
from pellucid import layers


def squares(
    shape: tuple[int, ...], outputs: int, seed: int, *, filters: tuple[int, ...] = (12, 16)
) -> Any:
    """Return convolutions over small colour images and the mean over places."""
    found: list[Any] = [layers.Input(shape)]
    for count in filters:
        found += [layers.Conv2D(count, 3, activation="relu"), layers.MaxPooling2D(2)]
    found[-1] = layers.GlobalAveragePooling2D()
    return pellucid.Sequential([*found, layers.Dense(outputs, activation="sigmoid")], seed=seed)


def voices(
    shape: tuple[int, ...], outputs: int, seed: int, *, noise: float = 0.0, hidden: int = 32
) -> Any:
    """Return convolutions along time, their largest values, and a dense layer."""
    return pellucid.Sequential(
        [
            layers.Input(shape),
            *([layers.GaussianNoise(noise)] if noise else []),
            layers.Conv1D(16, 5, padding="same", activation="relu"),
            layers.Conv1D(24, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(hidden, activation="relu"),
            layers.Dense(outputs, activation="softmax"),
        ],
        seed=seed,
    )


def stacked(
    shape: tuple[int, ...],
    outputs: int,
    seed: int,
    *,
    cells: tuple[str, ...] = ("LSTM",),
    units: int = 20,
    **options: Any,
) -> Any:
    """Return recurrent layers one upon the other, and one number."""
    found: list[Any] = [layers.Input(shape)]
    for number, cell in enumerate(cells, start=1):
        whole = number < len(cells)
        found.append(getattr(layers, cell)(units, return_sequences=whole, **options))
    return pellucid.Sequential([*found, layers.Dense(outputs)], seed=seed)


def headlines(shape: tuple[int, ...], outputs: int, seed: int, *, vocabulary: int = 1502) -> Any:
    """Return embedded words and an LSTM that reads them, with dropout."""
    return pellucid.Sequential(
        [
            layers.Input(shape, dtype="int32"),
            layers.Embedding(vocabulary, 20, mask_zero=True),
            layers.LSTM(24),
            layers.Dropout(0.3),
            layers.Dense(outputs, activation="softmax"),
        ],
        seed=seed,
    )


def counter(
    shape: tuple[int, ...], outputs: int, seed: int, *, filters: tuple[int, ...] = (16, 16)
) -> Any:
    """Return convolutions along time, the mean over steps, and one number."""
    found: list[Any] = [layers.Input(shape)]
    for count in filters:
        found += [layers.Conv1D(count, 5, padding="same", activation="relu")]
        found += [layers.MaxPooling1D(2)]
    found[-1] = layers.GlobalAveragePooling1D()
    return pellucid.Sequential([*found, layers.Dense(outputs)], seed=seed)
