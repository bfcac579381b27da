"""A GRU learns to write like a text, character by character, and writes on by itself."""

import sys
from pathlib import Path

import numpy as np

import pellucid
from pellucid import layers
from pellucid.decoding import sample


def main(path: str, characters: int | None = None, epochs: int = 8) -> tuple[float, str]:
    """Train, and return the nats a character on the text's last tenth, and a sample."""
    text = Path(path).read_text()[:characters]
    known = sorted({*text[: len(text) * 9 // 10]})
    place = {one: number for number, one in enumerate(known)}
    numbers = np.array([place.get(one, 0) for one in text], "int32")
    window, rows = 64, (len(numbers) - 1) // 64
    x, y = (numbers[first : first + rows * window].reshape(rows, window) for first in (0, 1))
    last = rows * 9 // 10
    model = pellucid.Sequential(
        [
            layers.Input((None,), dtype="int32"),
            layers.Embedding(len(known), 64),
            layers.GRU(256, return_sequences=True),
            layers.Dropout(0.1),
            layers.Dense(len(known), activation="softmax"),
        ]
    )
    model.compile(pellucid.optimizers.Adam(2e-3), "sparse_categorical_crossentropy")
    model.fit(x[:last], y[:last], batch_size=64, epochs=epochs)
    found = sample(model, None, x[last:][:1, :20], max_steps=200, temperature=0.7, seed=1)
    return model.evaluate(x[last:], y[last:]), "".join(known[one] for one in found.best[0])


if __name__ == "__main__":
    print("{:.3f} nats a character; it writes:\n{}".format(*main(*sys.argv[1:2])))
