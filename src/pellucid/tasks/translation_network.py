"""An encoder that reads a sentence and a decoder that says it in another language."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pellucid import layers
from pellucid.decoding import beam
from pellucid.models import Model
from pellucid.optimizers import Adam
from pellucid.optimizers.schedules import CosineDecay
from pellucid.tasks.progress import one_by_one
from pellucid.tasks.word_vocabulary import END, START

RATE = 4e-3
WARM_UP, FIRST_RATE = 600, 1e-4
"""Steps in which the rate rises. At full length from the first step, some seeds learn only which
words are frequent. Chosen on training sentences alone."""

WIDTH, LENGTH_PENALTY = 4, 1.0
"""How translations are searched for."""

AT_ONCE = 256
"""Sentences that are translated at a time."""

Sentences = Sequence[list[int]]


@dataclass(frozen=True)
class Sides:
    """Sentences as numbers of words, and their translations.

    Args:
        read: What is translated.
        said: What it becomes.
    """

    read: Sentences
    said: Sentences

    def rows(self) -> tuple[Any, Any]:
        """Return what the network takes, and the words that it should say."""
        begun = [[START, *one] for one in self.said]
        return [self.read, begun], [[*one, END] for one in self.said]


def translation_network(read_words: int, said_words: int, attention: bool, seed: int) -> Model:
    """Return the encoder and decoder, for words so far in both languages.

    Args:
        read_words: Words of the language that is read.
        said_words: Words of the language that is said.
        attention: Whether the decoder looks back at the encoder's steps, or is given the
            encoder's last states alone.
        seed: Seed of weights and dropout.

    Source: Sutskever, Vinyals, Le, "Sequence to Sequence Learning with Neural Networks" (2014);
        Luong, Pham, Manning, "Effective Approaches to Attention-based Neural Machine
        Translation" (2015).
    """
    source, said = (layers.Input((None,), dtype="int32", name=name) for name in ("source", "said"))
    reader = layers.LSTM(96, return_sequences=True, return_state=True)
    vectors = layers.Dropout(0.2)(layers.Embedding(read_words, 96, mask_zero=True)(source))
    encoded, *states = layers.Bidirectional(reader)(vectors)
    start = [layers.Concatenate()(states[::2]), layers.Concatenate()(states[1::2])]
    vectors = layers.Dropout(0.2)(layers.Embedding(said_words, 96, mask_zero=True)(said))
    decoded = layers.LSTM(192, return_sequences=True)(vectors, initial_state=start)
    if attention:
        seen = layers.Attention(name="look")([decoded, encoded])
        decoded = layers.Concatenate()([decoded, seen])
    narrowed = layers.Dropout(0.3)(layers.Dense(128, activation="tanh")(decoded))
    chances = layers.Dense(said_words, activation="softmax")(narrowed)
    return Model([source, said], chances, seed=seed)


def fit_translation(
    model: Model, sides: Sides, epochs: int, batch_size: int, **options: Any
) -> Model:
    """Return the network once it has learned from sentences and their translations.

    Args:
        model: From `translation_network`.
        sides: What to learn from.
        epochs: How often they are seen.
        batch_size: Sentences in a step.
        options: Further arguments of `fit`.
    """
    steps = epochs * -(-len(sides.read) // batch_size)
    rising = min(WARM_UP, max(steps // 5, 1))
    rate = CosineDecay(FIRST_RATE, max(steps - rising, 1), warmup_target=RATE, warmup_steps=rising)
    model.compile(Adam(rate, clipnorm=1.0), "sparse_categorical_crossentropy")
    model.fit(*sides.rows(), epochs=epochs, batch_size=batch_size, **options)
    return model


def translated(
    model: Model, sentences: Sentences, longest: int, verbose: Any = 0
) -> list[list[int]]:
    """Return what the network makes of sentences.

    Args:
        model: A trained network.
        sentences: Numbers of words.
        longest: Words after which a translation is cut.
        verbose: "auto" for a bar on a terminal where it takes long, 0 for none.
    """
    # Those of similar length end together, which is when a batch is done.
    order = sorted(range(len(sentences)), key=lambda row: len(sentences[row]))
    parts = [order[first : first + AT_ONCE] for first in range(0, len(order), AT_ONCE)]
    best: list[list[int]] = [[]] * len(order)
    for rows in one_by_one(parts, verbose):
        given = [sentences[row] for row in rows]
        found = beam(model, given, START, END, longest, width=WIDTH, length_penalty=LENGTH_PENALTY)
        for row, words in zip(rows, found.best, strict=True):
            best[row] = words
    return best
