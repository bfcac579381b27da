"""The layer that turns texts into the numbers of the different words in them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from pellucid.data.sequences import lay_out
from pellucid.description import choice, count, option
from pellucid.errors import ArgumentError, Problem, report
from pellucid.layers.adapting import batches, not_adapted, refuse_fixed
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.string_lookup import to_vocabulary
from pellucid.layers.text_vectorization import SPLITS, STANDARDS, TextVectorization, to_ngrams
from pellucid.types import Array, NumpyArray, Shape


class BagOfWords(Layer):
    """Turn each text into the numbers of the different words and n-grams in it, once each.

    Unknown ones are left out, and 0 stands behind the last, so that what follows, such as an
    `Embedding` with `mask_zero=True` and a mean, costs as much as there are known words and not
    as much as there are in the vocabulary. The layer works before the compiled program, and must
    come first after its `Input(dtype="string")`.

    Args:
        max_tokens: Greatest size of the vocabulary, padding among it; None for any.
        min_count: Texts that a term must be in to be learned.
        standardize: "lower_and_strip_punctuation", "lower", "strip_punctuation", or None.
        split: "whitespace", "character", or None: each text is one token.
        ngrams: Greatest number of neighbours that are joined, shorter ones as well; a tuple for
            these numbers alone; None for single tokens.
        output_sequence_length: Terms of each row: of longer texts the first are kept; None for as
            many as the richest text has.
        vocabulary: The known terms; learned by `adapt` when absent.

    Input shape:
        (batch,) or (batch, 1), text.
    Output shape:
        (batch, terms).

    Raises:
        ArgumentError: The vocabulary has a term twice, or is absent when the layer is used.
        DataError: A value is no text.

    Example:
        >>> import pellucid
        >>> layer = pellucid.layers.BagOfWords(ngrams=2, min_count=2)
        >>> layer.adapt(["so good", "so good, so long", "not long"])
        >>> layer.get_vocabulary()
        ['', 'good', 'long', 'so', 'so good']
        >>> layer(["So, so good!", "never"]).tolist()
        [[3, 1, 4], [0, 0, 0]]
    """

    mutable: ClassVar[frozenset[str]] = Layer.mutable | {"vocabulary"}
    any_type: ClassVar[bool] = True
    on_host: ClassVar[bool] = True

    max_tokens: int | None = count(default=None, low=2, optional=True)
    min_count: int = count(default=1, meaning="the texts that a term must be in")
    standardize: Any = choice(STANDARDS, default=STANDARDS[0])
    split: Any = choice(SPLITS, default="whitespace")
    ngrams: Any = option(default=None, convert=to_ngrams)
    output_sequence_length: int | None = count(default=None, optional=True)
    vocabulary: Any = option(default=None, convert=to_vocabulary)

    def problems(self) -> Iterator[Problem]:
        known = self._known()
        if len(set(known)) < len(known) or "" in known:
            twice = [term for term, times in Counter(["", *known]).items() if times > 1]
            where = f"{type(self).__name__}(vocabulary=...)"
            yield Problem(where, f"the repeated terms {twice[:5]}", "every term once")

    def _known(self) -> tuple[str, ...]:
        """Return the terms without padding."""
        terms = tuple(self.vocabulary or ())
        return terms[1:] if terms[:1] == ("",) else terms

    @property
    def _numbers(self) -> dict[str, int]:
        """The number of each term; made again when the vocabulary was replaced."""
        if self.vocabulary is None:
            raise ArgumentError(not_adapted(self, "vocabulary", "vocabulary=[...]"))
        held = self.__dict__.get("_held")
        if held is None or held[0] is not self.vocabulary:
            held = (self.vocabulary, {term: 1 + n for n, term in enumerate(self._known())})
            object.__setattr__(self, "_held", held)
        return held[1]

    # -- the vocabulary -------------------------------------------------------------------

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """Return the vocabulary; a term's place in it is the number it is turned into.

        Args:
            include_special_tokens: Whether padding is in it.
        """
        return [""] * include_special_tokens + [*self._numbers]

    def vocabulary_size(self) -> int:
        """Return the number of terms, padding among them."""
        return 1 + len(self._numbers)

    def set_vocabulary(self, vocabulary: Any) -> None:
        """Replace the vocabulary.

        Args:
            vocabulary: Terms, each once.

        Raises:
            ArgumentError: A term occurs twice.
        """
        self.vocabulary = self.replace(vocabulary=vocabulary).vocabulary

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learn the vocabulary: the terms that most texts hold first, equals by the alphabet.

        Args:
            data: Texts: an array, a list, a column, or an iterable of batches.
            steps: Greatest number of batches taken.

        Raises:
            ArgumentError: The layer was given its vocabulary, or no term is in enough texts.
        """
        refuse_fixed(self, self.vocabulary is not None and "_learned" not in self.__dict__)
        texts = Counter[str]()
        for batch in batches(self, data, steps):
            for row in self.tokens(batch):
                texts.update(set(row))
        texts.pop("", None)
        frequent = [term for term, times in texts.items() if times >= self.min_count]
        room = None if self.max_tokens is None else self.max_tokens - 1
        terms = sorted(frequent, key=lambda term: (-texts[term], term))[:room]
        if not terms:
            expected = f"at least one that {self.min_count} texts hold"
            report([Problem(f"{self.label}.adapt(data)", "no term", expected)])
        self.vocabulary = tuple(terms)
        object.__setattr__(self, "_learned", True)

    def tokens(self, texts: Any) -> list[list[str]]:
        """Return the words and n-grams of each text, known or not, as often as they are in it.

        Args:
            texts: Texts, shape (batch,) or (batch, 1).
        """
        words = TextVectorization(
            standardize=self.standardize, split=self.split, ngrams=self.ngrams, name=self.label
        )
        return words.tokens(texts)

    # -- as a layer -----------------------------------------------------------------------

    def output_shape(self, shape: Shape) -> Shape:
        return (self.output_sequence_length,)

    def output_dtype(self, dtype: str) -> str:
        return "int32"

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> NumpyArray:
        known = self._numbers
        rows = [
            np.array([known[one] for one in dict.fromkeys(row) if one in known], np.int32)
            for row in self.tokens(inputs)
        ]
        length = self.output_sequence_length or max(map(len, rows), default=0)
        return lay_out(rows, length, 0, np.int32)
