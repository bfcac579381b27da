"""The layer that turns texts into numbers."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from pellucid.description import Refusal, choice, count, flag, option
from pellucid.errors import Problem
from pellucid.layers.adapting import batches, refuse_fixed
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.encoding import to_dense, to_mode
from pellucid.layers.lookup import to_weights
from pellucid.layers.string_lookup import StringLookup, to_vocabulary
from pellucid.types import Array, NumpyArray, Shape

PUNCTUATION = re.compile(r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']""")

STANDARDS = ("lower_and_strip_punctuation", "lower", "strip_punctuation", None)

SPLITS = ("whitespace", "character", None)


def _to_standard(value: Any) -> str | None:
    if callable(value):
        fix = "Change the texts before the layer, and say standardize=None."
        raise Refusal("a name: a model file holds no code", fix, getattr(value, "__name__", None))
    return choice(STANDARDS).metadata["convert"](value)


def to_ngrams(value: Any) -> int | tuple[int, ...] | None:
    """Return how many neighbours are joined; a converter for fields."""
    if value is None:
        return None
    several = isinstance(value, (tuple, list))
    widths = tuple(value) if several else (value,)
    whole = all(isinstance(one, (int, np.integer)) and one is not True for one in widths)
    if not (widths and whole and min(widths) >= 1):
        raise Refusal("a whole number of at least 1, or a tuple of them, such as (2, 3)")
    return tuple(int(one) for one in widths) if several else int(value)


class _TokenLookup(StringLookup):
    """The vocabulary within a `TextVectorization`, in whose name it speaks."""

    @property
    def label(self) -> str:
        return str(self.name)

    @property
    def unknown(self) -> int:
        """The place of unknown tokens."""
        return self._mask_places()


class TextVectorization(Layer):
    """Turn each text into the numbers of its words, or into one vector that counts them.

    A text is standardised, split into tokens, its neighbouring tokens joined to n-grams if asked,
    and each token becomes its place in a vocabulary. The layer works before the compiled program,
    and must come first after its `Input(dtype="string")`.

    Args:
        max_tokens: Greatest size of the vocabulary, special terms included; None for any.
        standardize: "lower_and_strip_punctuation", "lower", "strip_punctuation", or None.
        split: "whitespace", "character", or None: each text is one token.
        ngrams: Greatest number of neighbours that are joined, shorter ones as well; a tuple for
            these numbers alone; None for single tokens.
        output_mode: "int" for places in order, padded with 0 at the end; "multi_hot", "count" and
            "tf_idf" for one vector a text.
        output_sequence_length: Tokens of each row for "int": longer texts are cut, shorter ones
            padded; None for as many as the longest text has.
        pad_to_max_tokens: Whether vectors have length `max_tokens` in any case.
        vocabulary: The known tokens; learned by `adapt` when absent.
        idf_weights: For "tf_idf", a weight for each token of the vocabulary.
        sparse: False.
        ragged: False.
        encoding: "utf-8", in which bytes are read.

    Input shape:
        (batch,) or (batch, 1), text.
    Output shape:
        (batch, tokens) for "int"; (batch, size of the vocabulary) in the other modes.

    Raises:
        ArgumentError: The vocabulary has a token twice, or is absent when the layer is used.
        DataError: A value is no text.

    Example:
        >>> import pellucid
        >>> layer = pellucid.layers.TextVectorization()
        >>> layer.adapt(["The cat sat.", "The dog!"])
        >>> layer.get_vocabulary()
        ['', '[UNK]', 'the', 'sat', 'dog', 'cat']
        >>> layer(["a dog sat", "the cat"]).tolist()
        [[1, 4, 3], [2, 5, 0]]

    Differs from Keras: letters of every language become small, not those of English alone;
    functions to standardise and split by are not taken, since a file holds no code.
    """

    mutable: ClassVar[frozenset[str]] = Layer.mutable | {"vocabulary", "idf_weights"}
    any_type: ClassVar[bool] = True
    on_host: ClassVar[bool] = True

    max_tokens: int | None = count(default=None, low=2, optional=True)
    standardize: Any = option(default=STANDARDS[0], convert=_to_standard)
    split: Any = choice(SPLITS, default="whitespace")
    ngrams: Any = option(default=None, convert=to_ngrams)
    output_mode: str = option(
        default="int", convert=to_mode(("int", "multi_hot", "count", "tf_idf"))
    )
    output_sequence_length: int | None = count(default=None, optional=True)
    pad_to_max_tokens: bool = flag(default=False)
    vocabulary: Any = option(default=None, convert=to_vocabulary)
    idf_weights: Any = option(default=None, convert=to_weights)
    sparse: bool = option(default=False, convert=to_dense)
    ragged: bool = option(default=False, convert=to_dense)
    encoding: str = choice(("utf-8",), default="utf-8")

    def problems(self) -> Iterator[Problem]:
        if self.output_sequence_length is not None and self.output_mode != "int":
            place = "TextVectorization(output_sequence_length=...)"
            yield Problem(place, f"output_mode={self.output_mode!r}", "output_mode='int'")
        yield from self._lookup.problems()

    @property
    def _lookup(self) -> _TokenLookup:
        """The layer that knows the vocabulary; made again when that was replaced."""
        held = self.__dict__.get("_held")
        if held is None or held[0] is not self.vocabulary or held[1] is not self.idf_weights:
            lookup = _TokenLookup(
                max_tokens=self.max_tokens,
                mask_token="" if self.output_mode == "int" else None,
                vocabulary=self.vocabulary,
                idf_weights=self.idf_weights,
                output_mode=self.output_mode,
                pad_to_max_tokens=self.pad_to_max_tokens and self.output_mode != "int",
                dtype=self.dtype,
                name=self.label,
            )
            held = (self.vocabulary, self.idf_weights, lookup)
            object.__setattr__(self, "_held", held)
        return held[2]

    # -- the vocabulary -------------------------------------------------------------------

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[str]:
        """Return the vocabulary; a token's place in it is the number it is turned into.

        Args:
            include_special_tokens: Whether padding and unknown tokens are in it.
        """
        return self._lookup.get_vocabulary(include_special_tokens)

    def vocabulary_size(self) -> int:
        """Return the number of tokens, padding and unknown ones among them."""
        return self._lookup.vocabulary_size()

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Replace the vocabulary.

        Args:
            vocabulary: Tokens, each once.
            idf_weights: A weight for each, where `output_mode="tf_idf"`.

        Raises:
            ArgumentError: A token occurs twice, or the weights do not fit.
        """
        checked = self.replace(vocabulary=vocabulary, idf_weights=idf_weights)
        self.vocabulary, self.idf_weights = checked.vocabulary, checked.idf_weights

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learn the vocabulary: the most frequent tokens first, equals in descending order.

        Args:
            data: Texts: an array, a list, a column, or an iterable of batches.
            steps: Greatest number of batches taken.

        Raises:
            ArgumentError: The layer was given its vocabulary.
        """
        lookup = self._lookup
        refuse_fixed(self, self.vocabulary is not None and "_learned" not in self.__dict__)
        fresh = lookup.replace(vocabulary=None, idf_weights=None)
        fresh.learn(row for batch in batches(self, data, steps) for row in self.tokens(batch))
        self.vocabulary, self.idf_weights = fresh.vocabulary, fresh.idf_weights
        object.__setattr__(self, "_learned", True)

    # -- tokens ---------------------------------------------------------------------------

    def tokens(self, texts: Any) -> list[list[str]]:
        """Return the tokens of each text.

        Args:
            texts: Texts, shape (batch,) or (batch, 1).

        Example:
            >>> import pellucid
            >>> pellucid.layers.TextVectorization(ngrams=2).tokens(["Yes, it is."])
            [['yes', 'it', 'is', 'yes it', 'it is']]
        """
        terms = self._lookup.terms_of(np.asarray(texts)).reshape(-1)
        return [self._joined(self._split(self._standard(str(one)))) for one in terms]

    def _standard(self, text: str) -> str:
        if self.standardize in ("lower", "lower_and_strip_punctuation"):
            text = text.lower()
        if self.standardize in ("strip_punctuation", "lower_and_strip_punctuation"):
            text = PUNCTUATION.sub("", text)
        return text

    def _split(self, text: str) -> list[str]:
        if self.split is None:
            return [text]
        return text.split() if self.split == "whitespace" else list(text)

    def _joined(self, tokens: list[str]) -> list[str]:
        widths = self.ngrams
        if widths is None:
            return tokens
        widths = range(1, widths + 1) if isinstance(widths, int) else widths
        return [
            " ".join(tokens[start : start + width])
            for width in widths
            for start in range(len(tokens) - width + 1)
        ]

    # -- as a layer -----------------------------------------------------------------------

    def output_shape(self, shape: Shape) -> Shape:
        if self.output_mode == "int":
            return (self.output_sequence_length,)
        return self._lookup.output_shape((None,))

    def output_dtype(self, dtype: str) -> str:
        return self._lookup.output_dtype(dtype)

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        rows = self.tokens(inputs)
        if self.output_mode == "int":
            return self._places(rows)
        empty = np.zeros((0, self._lookup.depth()), self.output_dtype("string"))
        counted = (self._lookup.apply({}, _row(one), context) for one in rows)
        return np.concatenate([empty, *counted])

    def _places(self, rows: Sequence[Sequence[str]]) -> NumpyArray:
        length = self.output_sequence_length or max(map(len, rows), default=0)
        kept = [row[:length] for row in rows]
        placed = np.zeros((len(rows), length), np.int32)
        real = np.arange(length) < np.array([len(row) for row in kept])[:, None]
        # One long word would widen an array of text for all the others.
        places, unknown = self._lookup.places(), self._lookup.unknown
        placed[real] = [places.get(one, unknown) for row in kept for one in row]
        return placed


def _row(tokens: Sequence[str]) -> NumpyArray:
    return np.array([tokens], np.str_).reshape(1, len(tokens))
