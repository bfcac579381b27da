"""English into French: an encoder and a decoder of LSTMs, with attention and without.

Pairs are split by English sentence, of which one may have several translations. A translation is
scored against all of them, by BLEU over the whole test set (sacrebleu, its default tokens).
The network is that of `pellucid train`.

Source: Post, "A Call for Clarity in Reporting BLEU Scores" (2018).
"""

from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.pairs import read_pairs
from pellucid.tasks.translation_network import (
    Sides,
    fit_translation,
    translated,
    translation_network,
)
from pellucid.tasks.word_vocabulary import learn_words, lowered, sentence_of

TEST_SENTENCES = 2_000
EPOCHS, BATCH = 6, 64
LONGEST = 18


def split(first: Any, second: Any, seed: int) -> tuple[Any, Any]:
    """Return training pairs, and test sentences with all translations of each."""
    keys = [tuple(lowered(english)) for english in first]
    sentences = sorted({*keys})
    chosen = np.random.default_rng(seed).permutation(len(sentences))[:TEST_SENTENCES]
    held_out: dict[Any, list[str]] = {sentences[number]: [] for number in chosen}
    train = []
    for key, english, french in zip(keys, first, second, strict=True):
        if (own := held_out.get(key)) is not None:
            own.append(french)
        else:
            train.append((english, french))
    return train, held_out


def train_and_translate(data: Path, seed: int, attention: bool) -> tuple[list[str], Any]:
    """Return what a trained network makes of the test sentences, and their translations."""
    pairs = read_pairs(data / "eng_fra" / "fra.txt")
    train, held_out = split(pairs.first, pairs.second, seed)
    english, french = (learn_words([pair[side] for pair in train]) for side in (0, 1))
    sides = Sides(
        [english.encode(one) for one, _ in train], [french.encode(one) for _, one in train]
    )
    model = translation_network(len(english), len(french), attention, seed)
    fit_translation(model, sides, EPOCHS, BATCH, verbose=0)
    asked = [english.encode(" ".join(words)) for words in held_out]
    found = translated(model, asked, LONGEST)
    said = [sentence_of([word.lower() for word in french.decode(one)]) for one in found]
    return said, list(held_out.values())


def bleu(data: Path, seed: int, attention: bool) -> float:
    """Return BLEU on the test sentences, between 0 and 100."""
    import sacrebleu

    said, references = train_and_translate(data, seed, attention)
    streams = zip_longest(*([sentence_of(lowered(one)) for one in own] for own in references))
    return sacrebleu.corpus_bleu(said, [list(stream) for stream in streams]).score


def with_attention(data: Path, seed: int) -> float:
    """Return BLEU of the decoder that looks back at the encoder's steps."""
    return bleu(data, seed, attention=True)


def without_attention(data: Path, seed: int) -> float:
    """Return BLEU of the decoder that is given the encoder's last states alone."""
    return bleu(data, seed, attention=False)
