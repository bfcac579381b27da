"""English into French: an encoder and a decoder of LSTMs, with attention and without.

Pairs are split by English sentence, of which one may have several translations. A translation is
scored against all of them, by BLEU over the whole test set (sacrebleu, its default tokens).

Source: Sutskever, Vinyals, Le, "Sequence to Sequence Learning with Neural Networks" (2014);
Luong, Pham, Manning, "Effective Approaches to Attention-based Neural Machine Translation" (2015);
Post, "A Call for Clarity in Reporting BLEU Scores" (2018).
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

import pellucid
from pellucid import layers
from pellucid.decoding import beam

PADDING, START, END, UNKNOWN = range(4)
TEST_SENTENCES = 2_000
LEAST_SEEN = 3
"""Times that a word must stand in the training sentences to be in the vocabulary."""

EPOCHS, BATCH, RATE = 6, 64, 4e-3
WARM_UP, FIRST_RATE = 600, 1e-4
"""Steps in which the rate rises. At full length from the first step, some seeds learn only which
French words are frequent. Chosen by the loss on 1,000 training sentences of seed 2, whose BLEU
without it had been near 0."""

LONGEST = 18

Words = list[str]


def words_of(text: str) -> Words:
    """Return words and signs in lower case; an apostrophe ends a word, as in "j'" and "ai"."""
    plain = text.lower().replace("\u202f", " ").replace("\xa0", " ").replace("’", "'")
    return re.findall(r"\w+'|\w+|[^\w\s]", plain)


def sentence_of(words: Sequence[str]) -> str:
    """Return words as a sentence, with nothing between the parts of one word."""
    return " ".join(words).replace("' ", "'").replace(" - ", "-")


class Vocabulary:
    """The words of training sentences that are seen often enough, numbered."""

    def __init__(self, sentences: Sequence[Words]) -> None:
        counts = Counter(word for sentence in sentences for word in sentence)
        kept = sorted(word for word, count in counts.items() if count >= LEAST_SEEN)
        self.words = ["", "", "", "⁇", *kept]
        self.numbers = {word: number for number, word in enumerate(kept, start=UNKNOWN + 1)}

    def encode(self, sentence: Words) -> list[int]:
        return [self.numbers.get(word, UNKNOWN) for word in sentence]

    def decode(self, numbers: Sequence[int]) -> str:
        return sentence_of([self.words[number] for number in numbers])


def read(folder: Path) -> list[tuple[Words, Words]]:
    """Return the pairs of sentences, as words."""
    lines = (folder / "fra.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t")[:2] for line in lines)
    return [(words_of(english), words_of(french)) for english, french in pairs]


def split(pairs: Sequence[tuple[Words, Words]], seed: int) -> tuple[Any, Any]:
    """Return training pairs, and test sentences with all translations of each."""
    sentences = sorted({tuple(english) for english, _ in pairs})
    chosen = np.random.default_rng(seed).permutation(len(sentences))[:TEST_SENTENCES]
    held_out: dict[Any, list[Words]] = {sentences[number]: [] for number in chosen}
    train = []
    for english, french in pairs:
        if (own := held_out.get(tuple(english))) is not None:
            own.append(french)
        else:
            train.append((english, french))
    return train, held_out


def network(read_words: int, said_words: int, attention: bool, seed: int) -> Any:
    """Return the encoder and decoder, for words so far in both languages."""
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
    return pellucid.Model([source, said], chances, seed=seed)


def train_and_translate(data: Path, seed: int, attention: bool) -> tuple[list[str], Any]:
    """Return what a trained network makes of the test sentences, and their translations."""
    train, held_out = split(read(data / "eng_fra"), seed)
    english, french = (Vocabulary([pair[side] for pair in train]) for side in (0, 1))
    x = [english.encode(sentence) for sentence, _ in train]
    y = [french.encode(sentence) for _, sentence in train]
    model = network(len(english.words), len(french.words), attention, seed)
    steps = EPOCHS * -(-len(x) // BATCH)
    rate = pellucid.optimizers.schedules.CosineDecay(
        FIRST_RATE, steps - WARM_UP, warmup_target=RATE, warmup_steps=WARM_UP
    )
    model.compile(pellucid.optimizers.Adam(rate, clipnorm=1.0), "sparse_categorical_crossentropy")
    said = [[START, *one] for one in y]
    model.fit([x, said], [[*one, END] for one in y], epochs=EPOCHS, batch_size=BATCH, verbose=0)
    asked = [english.encode(sentence) for sentence in held_out]
    found = beam(model, asked, START, END, max_steps=LONGEST, width=4, length_penalty=1.0)
    return [french.decode(one) for one in found.best], list(held_out.values())


def bleu(data: Path, seed: int, attention: bool) -> float:
    """Return BLEU on the test sentences, between 0 and 100."""
    import sacrebleu

    said, references = train_and_translate(data, seed, attention)
    streams = zip_longest(*([sentence_of(one) for one in own] for own in references))
    return sacrebleu.corpus_bleu(said, [list(stream) for stream in streams]).score


def with_attention(data: Path, seed: int) -> float:
    """Return BLEU of the decoder that looks back at the encoder's steps."""
    return bleu(data, seed, attention=True)


def without_attention(data: Path, seed: int) -> float:
    """Return BLEU of the decoder that is given the encoder's last states alone."""
    return bleu(data, seed, attention=False)
