"""The layer that turns texts into the numbers of pieces of words."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np

from pellucid.data.sequences import lay_out
from pellucid.data.subwords import PADDING, UNKNOWN, SubwordVocabulary, learn_subwords
from pellucid.description import choice, count, option
from pellucid.errors import ArgumentError, DataError, Problem
from pellucid.layers.adapting import batches, not_adapted, refuse_fixed
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.string_lookup import texts_of, to_vocabulary
from pellucid.types import Array, NumpyArray, Shape

SPECIAL = (PADDING, UNKNOWN)


class SubwordVectorization(Layer):
    """Turn each text into the numbers of pieces of words, which are learned by byte-pair encoding.

    Frequent words are one piece, rare and new ones several, so that no word is unknown; texts come
    back by `decode`. Padding is 0 and stands at the end. The layer works before the compiled
    program, and must come first after its `Input(dtype="string")`.

    Args:
        max_tokens: Greatest size of the vocabulary, padding and unknown among it.
        standardize: "lower" for small letters alone, or None.
        output_sequence_length: Pieces of each row: longer texts are cut, shorter ones padded;
            None for as many as the longest text has.
        vocabulary: The known pieces in the order in which they were learned; learned by `adapt`
            when absent.

    Input shape:
        (batch,) or (batch, 1), text.
    Output shape:
        (batch, pieces).

    Raises:
        ArgumentError: The vocabulary has a piece twice, or is absent when the layer is used.
        DataError: A value is no text.

    Example:
        >>> import pellucid
        >>> layer = pellucid.layers.SubwordVectorization(24)
        >>> layer.adapt(["low low lower lowest", "new newest newest"])
        >>> numbers = layer(["new", "low newest"])
        >>> numbers.shape, layer.decode(numbers)
        ((2, 2), ['new', 'low newest'])

    Source: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword
        Units" (2016).
    """

    mutable: ClassVar[frozenset[str]] = Layer.mutable | {"vocabulary"}
    any_type: ClassVar[bool] = True
    on_host: ClassVar[bool] = True

    max_tokens: int = count(default=8000, low=len(SPECIAL) + 2)
    standardize: Any = choice(("lower", None), default=None)
    output_sequence_length: int | None = count(default=None, optional=True)
    vocabulary: Any = option(default=None, convert=to_vocabulary)

    def problems(self) -> Iterator[Problem]:
        if self.vocabulary is None:
            return
        try:
            SubwordVocabulary(self._known())
        except DataError as error:
            where = f"{type(self).__name__}(vocabulary=...)"
            yield Problem(where, str(error).rstrip("."), "different pieces")

    def _known(self) -> tuple[str, ...]:
        """Return the pieces without special ones."""
        pieces = tuple(self.vocabulary)
        return pieces[len(SPECIAL) :] if pieces[: len(SPECIAL)] == SPECIAL else pieces

    @property
    def subwords(self) -> SubwordVocabulary:
        """The vocabulary as what encodes and decodes."""
        if self.vocabulary is None:
            raise ArgumentError(not_adapted(self, "vocabulary", "vocabulary=[...]"))
        held = self.__dict__.get("_held")
        if held is None or held[0] is not self.vocabulary:
            held = (self.vocabulary, SubwordVocabulary(self._known()))
            object.__setattr__(self, "_held", held)
        return held[1]

    # -- the vocabulary -------------------------------------------------------------------

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """Return the vocabulary; a piece's place in it is the number it is turned into.

        Args:
            include_special_tokens: Whether padding and unknown ones are in it.
        """
        return [*self.subwords.tokens] if include_special_tokens else [*self.subwords.pieces]

    def vocabulary_size(self) -> int:
        """Return the number of pieces, padding and unknown ones among them."""
        return len(self.subwords)

    def set_vocabulary(self, vocabulary: Any) -> None:
        """Replace the vocabulary.

        Args:
            vocabulary: Pieces in the order in which they were learned, each once.

        Raises:
            ArgumentError: A piece occurs twice.
        """
        self.vocabulary = self.replace(vocabulary=vocabulary).vocabulary

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learn the vocabulary.

        Args:
            data: Texts: an array, a list, a column, or an iterable of batches.
            steps: Greatest number of batches taken.

        Raises:
            ArgumentError: The layer was given its vocabulary.
            DataError: The texts hold nothing.
        """
        refuse_fixed(self, self.vocabulary is not None and "_learned" not in self.__dict__)
        texts = (self._texts(batch) for batch in batches(self, data, steps))
        learned = learn_subwords(itertools.chain.from_iterable(texts), self.max_tokens)
        self.vocabulary = learned.tokens
        object.__setattr__(self, "_learned", True)

    def decode(self, numbers: Any) -> list[str]:
        """Return the texts that rows of numbers stand for.

        Args:
            numbers: Shape (batch, pieces); padding is left out.

        Raises:
            DataError: A number is that of no piece.
        """
        return [self.subwords.decode(row) for row in np.asarray(numbers)]

    def tokens(self, texts: Any) -> list[list[str]]:
        """Return the pieces of each text.

        Args:
            texts: Texts, shape (batch,) or (batch, 1).
        """
        known = self.subwords
        return [[known.tokens[n] for n in known.encode(one)] for one in self._texts(texts)]

    # -- as a layer -----------------------------------------------------------------------

    def _texts(self, values: Any) -> list[str]:
        texts = [str(one) for one in texts_of(values, self.label).reshape(-1)]
        return [one.lower() for one in texts] if self.standardize == "lower" else texts

    def output_shape(self, shape: Shape) -> Shape:
        return (self.output_sequence_length,)

    def output_dtype(self, dtype: str) -> str:
        return "int32"

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> NumpyArray:
        encode = self.subwords.encode
        rows = [np.array(encode(one), np.int32) for one in self._texts(inputs)]
        length = self.output_sequence_length or max(map(len, rows), default=0)
        return lay_out(rows, length, 0, np.int32)
