"""An LSTM tells nine speakers apart by a vowel (Japanese Vowels: 7 to 29 steps of 12 numbers)."""

import sys
from pathlib import Path

import numpy as np

import pellucid
from pellucid import layers


def read(path: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """Return sequences of shape (steps, 12) and the number of each speaker."""
    rows = [line for line in path.read_text().splitlines() if line and line[0] not in "#@"]
    parts = [row.split(":") for row in rows]
    x = [np.array([one.split(",") for one in channels], "float32").T for *channels, _ in parts]
    return x, np.array([int(speaker) - 1 for *_, speaker in parts])


def main(folder: str, epochs: int = 60) -> float:
    """Train, report, and return the accuracy on the test sequences."""
    x_train, y_train = read(Path(folder) / "JapaneseVowels_TRAIN.ts")
    x_test, y_test = read(Path(folder) / "JapaneseVowels_TEST.ts")
    model = pellucid.Sequential(
        [
            layers.Input((None, 12)),
            layers.Masking(mask_value=-9.0),  # stands behind the end of the shorter sequences
            layers.Bidirectional(layers.LSTM(64)),
            layers.Dropout(0.3),
            layers.Dense(9, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, epochs=epochs)
    return model.evaluate(x_test, y_test)[1]


if __name__ == "__main__":
    print(f"accuracy on the test sequences: {main(*sys.argv[1:2]):.3f}")
