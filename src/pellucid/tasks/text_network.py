"""The network that texts get by default: a committee of bags of words and of readers in order.

A bag weighs the words and word pairs of a text. It begins as naive Bayes, whose evidence for each
class is counted in the training rows, and learns a weight for each piece of it (Wang and Manning,
"Baselines and Bigrams", 2012). Where there are texts enough, as many networks that read words in
order answer beside it: convolutions (Kim, "Convolutional Neural Networks for Sentence
Classification", 2014), or others. What they see differs, and so do their errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.layers import (
    GRU,
    Activation,
    Add,
    Average,
    BagOfWords,
    Bidirectional,
    Conv1D,
    Dense,
    Dropout,
    Embedding,
    GlobalAveragePooling1D,
    GlobalMaxPooling1D,
    Input,
    LayerNormalization,
    MultiHeadAttention,
    Multiply,
    PositionEmbedding,
    SubwordVectorization,
    TextVectorization,
)
from pellucid.models import Model
from pellucid.optimizers import Adam
from pellucid.types import NumpyArray

WORD, SUBWORD = "word", "subword"
WORDS = (WORD, SUBWORD)
"""What a text is cut into."""

BAG, CONV, GRU_, ATTENTION = "bag", "conv", "gru", "attention"
NETWORKS = (BAG, CONV, GRU_, ATTENTION)
"""The bag alone, or with words in order read by one of these beside it."""

MOST_TERMS = 100_000
MOST_WORDS = 10_000
LONGEST_BAG = 2_000
LONGEST_SEQUENCE = 400
COVERED = 0.95
"""Share of the training texts that are read to their end."""

SMOOTHING = 1.0
"""Texts that are added to the count of each term in each class."""

SPREAD = 1.5
"""Standard deviation of a network's first scores over the training texts, in nats."""

ROWS_FOR_SPREAD = 2_000

ROWS_FOR_ORDER = 20_000
"""Training texts from which words in order are read beside the bag."""

LETTERS_OF_WORD = 14.0
"""Letters of a word in the mean from which texts are taken to have no spaces between words."""


@dataclass(frozen=True)
class Design:
    """What may be chosen of the network.

    Args:
        words: "word" or "subword".
        network: One of `NETWORKS`.
        bag_rate: Learning rate of Adam for bags, whose weights begin where naive Bayes ends.
        learning_rate: The same for what reads words in order.
        vector: Length of the vectors of words in order.
        units: Filters or units of what reads them.
        dropout: Rate at which evidence is left out in training, and vectors.
    """

    words: str = WORD
    network: str = BAG
    bag_rate: float = 1e-2
    learning_rate: float = 1e-3
    vector: int = 32
    units: int = 64
    dropout: float = 0.5


def choose_words(texts: Sequence[str]) -> str:
    """Return whether texts are cut into words, or into pieces where they have no spaces.

    Args:
        texts: The training texts.
    """
    words = [len(word) for text in texts[:2000] for word in text.split()]
    return SUBWORD if not words or np.mean(words) >= LETTERS_OF_WORD else WORD


def choose_network(rows: int) -> str:
    """Return which network so many training texts get.

    Args:
        rows: Their number.
    """
    return CONV if rows >= ROWS_FOR_ORDER else BAG


@dataclass(frozen=True)
class Readers:
    """The layers that turn texts into numbers, learned from training texts.

    Args:
        bag: The different words and word pairs.
        order: Words or pieces in order; None where only the bag is read.
    """

    bag: BagOfWords
    order: TextVectorization | SubwordVectorization | None

    def told(self, design: Design) -> str:
        """Return a sentence about what was learned and what will read it."""
        pieces = "pieces" if design.words == SUBWORD else "words"
        known = f"{self.bag.vocabulary_size() - 1:,} {pieces} and their neighbours known"
        if self.order is None:
            return f"{known}, read as a bag."
        length = self.order.output_sequence_length
        return f"{known}, read as a bag, and up to {length} {pieces} in order ({design.network})."

    def read(self, texts: Sequence[str]) -> list[NumpyArray]:
        """Return what bags take, and what readers in order take if there are any.

        Args:
            texts: The texts.
        """
        # As objects, one long text does not widen an array for all the others.
        column = np.array(texts, object)
        layers = [self.bag] if self.order is None else [self.bag, self.order]
        return [np.asarray(layer(column)) for layer in layers]


def make_readers(texts: Sequence[str], design: Design, length: int | None) -> Readers:
    """Return layers that know the vocabulary of the training texts.

    Args:
        texts: The training texts alone.
        design: What was chosen of the network.
        length: Words of a text that are read in order; None for most texts' length.
    """
    column = np.array(texts, object)
    bag = _learned_bag(column, design.words)
    terms = _covering(np.count_nonzero(bag(column), axis=1), LONGEST_BAG)
    bag = bag.replace(output_sequence_length=terms)
    if design.network == BAG:
        return Readers(bag, None)
    order: Any
    if design.words == SUBWORD:
        order = SubwordVectorization(MOST_WORDS, standardize="lower", name="pieces")
    else:
        order = TextVectorization(MOST_WORDS, name="words")
    order.adapt(column)
    sizes = [len(row) for row in order.tokens(column)]
    steps = length or _covering(sizes, LONGEST_SEQUENCE)
    return Readers(bag, order.replace(output_sequence_length=steps))


def _learned_bag(column: NumpyArray, words: str) -> BagOfWords:
    """Return a layer that knows the terms of texts, those that most texts have first."""
    options: dict[str, Any] = {"max_tokens": MOST_TERMS, "name": "terms"}
    if words == SUBWORD:
        options |= {"split": "character", "ngrams": 3}
    else:
        options |= {"ngrams": 2}
    bag = BagOfWords(**options)
    bag.adapt(column)
    return bag


def _covering(sizes: Sequence[int] | NumpyArray, most: int) -> int:
    """Return a length that most texts do not exceed."""
    return int(np.clip(np.ceil(np.quantile(sizes, COVERED)), 1, most))


def evidence(terms: NumpyArray, labels: NumpyArray, size: int, classes: int) -> NumpyArray:
    """Return how strongly each term speaks for each class: the log-odds of naive Bayes.

    `evidence[t, c] = ln(p(t | c) / p(t | not c))`, from in how many texts each term is, scaled so
    that the scores of the training texts spread by `SPREAD`.

    Args:
        terms: Numbers of the terms of each training text, padded with 0, int32 (rows, terms).
        labels: Class numbers, shape (rows,).
        size: Number of terms, padding among them.
        classes: Number of classes.

    Returns:
        float32 (size, classes); 0 for padding.

    Source: Wang and Manning, "Baselines and Bigrams: Simple, Good Sentiment and Topic
        Classification" (2012).
    """
    counts = np.full((classes, size), SMOOTHING)
    for number in range(classes):
        counts[number] += np.bincount(terms[labels == number].reshape(-1), minlength=size)
    counts[:, 0] = 0
    others = counts.sum(axis=0) - counts
    shares = counts / counts.sum(axis=1, keepdims=True)
    rest = others / others.sum(axis=1, keepdims=True)
    table = np.zeros((size, classes))
    table[1:] = np.log(shares[:, 1:] / rest[:, 1:]).T
    some = terms[:: max(len(terms) // ROWS_FOR_SPREAD, 1)]
    known = np.maximum((some > 0).sum(axis=1), 1)
    scores = table[some].sum(axis=1) / known[:, None]
    return (table * (SPREAD / max(float(scores.std()), 1e-6))).astype(np.float32)


def build_bag(terms: int, design: Design, table: NumpyArray, name: str, seed: int) -> Model:
    """Return one network that weighs words, and begins as naive Bayes.

    Args:
        terms: Terms of a text.
        design: What was chosen of it.
        table: The evidence of each term for each class.
        name: Name in summaries.
        seed: Seed of shuffling and masks.
    """
    size, classes = table.shape
    bag = Input((terms,), dtype="int32", name="bag")
    strength = Embedding(size, classes, mask_zero=True, trainable=False, name="evidence")
    weight = Embedding(size, classes, "ones", mask_zero=True, name="weight")
    weighed = Dropout(design.dropout)(Multiply()([strength(bag), weight(bag)]))
    scores = GlobalAveragePooling1D(name="scores")(weighed)
    model = Model(bag, Activation("softmax")(scores), name=name, seed=seed)
    compile_text(model, design.bag_rate)
    strength.set_weights([table])
    return model


def build_reader(
    steps: int, size: int, classes: int, design: Design, name: str, seed: int
) -> Model:
    """Return one network that reads words in order.

    Args:
        steps: Words of a text.
        size: Number of known words.
        classes: Number of classes.
        design: What was chosen of it.
        name: Name in summaries.
        seed: Seed of weights, shuffling and masks.
    """
    order = Input((steps,), dtype="int32", name="order")
    vectors = Embedding(size, design.vector, mask_zero=True, name="vectors")(order)
    read = _in_order(Dropout(design.dropout / 2)(vectors), steps, design)
    answer = Dense(classes, "softmax")(Dropout(design.dropout)(read))
    model = Model(order, answer, name=name, seed=seed)
    compile_text(model, design.learning_rate)
    return model


def compile_text(model: Model, rate: float) -> None:
    """Say what the network learns, and by which steps."""
    model.compile(Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])


def _in_order(vectors: Any, steps: int, design: Design) -> Any:
    """Return one vector for each text, read in order."""
    units = design.units
    if design.network == GRU_:
        return Bidirectional(GRU(units))(vectors)
    if design.network == ATTENTION:
        placed = Add()([vectors, PositionEmbedding(steps)(vectors)])
        seen = MultiHeadAttention(num_heads=4, key_dim=design.vector // 4)(placed, placed)
        return GlobalAveragePooling1D()(LayerNormalization()(Add()([placed, seen])))
    return GlobalMaxPooling1D()(Conv1D(units, 3, padding="same", activation="relu")(vectors))


def join_members(
    readers: Readers, bags: Sequence[Model], others: Sequence[Model], design: Design
) -> Model:
    """Return one model that takes texts and answers with the mean of the members.

    Args:
        readers: The layers that turn texts into what members take.
        bags: Trained networks that weigh words.
        others: Trained networks that read them in order.
        design: What was chosen of them.
    """
    text = Input((), dtype="string", name="text")
    terms = readers.bag(text)
    answers = [member(terms) for member in bags]
    if readers.order is not None:
        words = readers.order(text)
        answers += [member(words) for member in others]
    mean = Average(name="mean")(answers) if len(answers) > 1 else answers[0]
    model = Model(text, mean, name="text", seed=bags[0].seed)
    compile_text(model, design.learning_rate)
    return model
