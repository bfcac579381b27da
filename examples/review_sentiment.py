"""Is a sentence about a film praise or blame? A convolution over its words (rt-polarity)."""

import sys
from pathlib import Path

import numpy as np

import pellucid
from pellucid import callbacks, layers


def read(folder: Path, rows: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Return sentences in a drawn order, and 1 for praise."""
    files = [(folder / "rt-polarity.neg", 0), (folder / "rt-polarity.pos", 1)]
    lines = [(path.read_text(encoding="utf-8").split("\n"), label) for path, label in files]
    pairs = [(line, label) for part, label in lines for line in part if line]
    np.random.default_rng(0).shuffle(pairs := np.array(pairs, object))
    return pairs[:rows, 0].astype(str), pairs[:rows, 1].astype(int)


def main(folder: str, rows: int | None = None, epochs: int = 10) -> float:
    """Train, report, and return the accuracy on a fifth of the sentences."""
    texts, praise = read(Path(folder), rows)
    test, held = len(texts) // 5, 3 * len(texts) // 10
    words = layers.TextVectorization(max_tokens=15_000, output_sequence_length=40)
    words.adapt(texts[held:])  # the vocabulary is learned from training sentences alone
    vectors = layers.Embedding(words.vocabulary_size(), 64, mask_zero=True)
    model = pellucid.Sequential([layers.Input((), dtype="string"), words, vectors])
    model.add(layers.Conv1D(64, 3, padding="same", activation="relu"))
    model.add(layers.GlobalMaxPooling1D())
    model.add(layers.Dropout(0.5))
    model.add(layers.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    stop = [callbacks.EarlyStopping(patience=2, restore_best_weights=True)]
    kept = (texts[test:held], praise[test:held])
    model.fit(texts[held:], praise[held:], epochs=epochs, validation_data=kept, callbacks=stop)
    return model.evaluate(texts[:test], praise[:test])[1]


if __name__ == "__main__":
    print(f"accuracy on the test sentences: {main(*sys.argv[1:2]):.3f}")
