"""An encoder and a decoder of LSTMs with attention learn to say words backwards."""

import sys

import numpy as np

from pellucid import Input, Model, layers, optimizers, report
from pellucid.decoding import beam

LETTERS, START, END = "_^.abcdefghijklmnopqrstuvwxyz", 1, 2  # 0 is padding


def words(rows: int, rng: np.random.Generator) -> list[list[int]]:
    """Return words of 3 to 7 letters, as numbers."""
    return [rng.integers(3, len(LETTERS), rng.integers(3, 8)).tolist() for _ in range(rows)]


def main(picture: str = "reversal.png", rows: int = 3_000, epochs: int = 8) -> float:
    """Train, draw the attention for one word, and return the share of new words said rightly."""
    x, new = words(rows, rng := np.random.default_rng(0)), words(200, rng)
    source, said = (Input((None,), dtype="int32", name=name) for name in ("source", "said"))
    letters = layers.Embedding(len(LETTERS), 32, mask_zero=True)
    reader = layers.LSTM(32, return_sequences=True, return_state=True)
    read, *states = layers.Bidirectional(reader)(letters(source))
    start = [layers.Concatenate()(states[::2]), layers.Concatenate()(states[1::2])]
    written = layers.LSTM(64, return_sequences=True)(letters(said), initial_state=start)
    both = layers.Concatenate()([written, layers.Attention(name="look")([written, read])])
    model = Model([source, said], layers.Dense(len(LETTERS), activation="softmax")(both))
    model.compile(optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit([x, [[START, *w[::-1]] for w in x]], [[*w[::-1], END] for w in x], epochs=epochs)
    found = beam(model, new, START, END, max_steps=8, width=4).best
    look = model.attention_maps([np.array(new[:1]), np.array([[START, *found[0]]])])["look"]
    answer, word = ([LETTERS[one] for one in line] for line in ([*found[0], END], new[0]))
    report.save_figure(report.attention_map(look, answer, word, "said and read"), picture)
    return float(np.mean([one == word[::-1] for one, word in zip(found, new, strict=True)]))


if __name__ == "__main__":
    print(f"new words said backwards without a mistake: {main(*sys.argv[1:2]):.3f}")
