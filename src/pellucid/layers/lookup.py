"""What `StringLookup` and `IntegerLookup` share: a vocabulary, learned or given."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from pellucid.description import Refusal, count, flag, option
from pellucid.errors import ArgumentError, Problem, report
from pellucid.layers.adapting import batches, not_adapted, refuse_fixed
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.encoding import encode, encoded_shape, to_dense, to_mode
from pellucid.types import Array, NumpyArray, Shape


def to_weights(value: Any) -> tuple[float, ...] | None:
    """Return weights of terms as a tuple; a converter for fields."""
    if value is None:
        return None
    try:
        return tuple(float(one) for one in value)
    except (TypeError, ValueError):
        raise Refusal("a list of numbers, one for each term of the vocabulary") from None


class Lookup(Layer):
    """Base of the layers that turn the terms of a vocabulary into their numbers.

    The vocabulary is laid out as mask term (only for `output_mode="int"`), places for unknown
    terms, known terms.
    """

    mutable: ClassVar[frozenset[str]] = Layer.mutable | {"vocabulary", "idf_weights"}
    any_type: ClassVar[bool] = True

    max_tokens: int | None = count(default=None, low=2, optional=True)
    num_oov_indices: int = count(default=1, low=0, meaning="the number of places for unknown terms")
    mask_token: Any = option(default=None)
    oov_token: Any = option(default=None)
    vocabulary: Any = option(default=None)
    idf_weights: Any = option(default=None, convert=to_weights)
    invert: bool = flag(default=False)
    output_mode: str = option(
        default="int", convert=to_mode(("int", "one_hot", "multi_hot", "count", "tf_idf"))
    )
    pad_to_max_tokens: bool = flag(default=False)
    sparse: bool = option(default=False, convert=to_dense)

    # -- what a kind of term defines ----------------------------------------------------

    def terms_of(self, values: Array) -> NumpyArray:
        """Return `values`, which came as data to learn from, as an array of terms."""
        raise NotImplementedError

    def numbers_of(self, terms: Array) -> Array:
        """Return the places of `terms` in the vocabulary; -1 for terms that are left out."""
        raise NotImplementedError

    def terms_at(self, numbers: Array) -> Array:
        """Return the terms at `numbers`, for `invert=True`."""
        raise NotImplementedError

    # -- checks ---------------------------------------------------------------------------

    def problems(self) -> Iterator[Problem]:
        own = type(self).__name__
        if self.pad_to_max_tokens and self.max_tokens is None:
            yield Problem(f"{own}(pad_to_max_tokens=True)", "no max_tokens", "max_tokens=...")
        if self.invert and self.output_mode != "int":
            yield Problem(f"{own}(invert=True)", repr(self.output_mode), "output_mode='int'")
        if self.idf_weights is not None and self.output_mode != "tf_idf":
            yield Problem(f"{own}(idf_weights=...)", repr(self.output_mode), "'tf_idf'")
        if self.vocabulary is not None:
            yield from self._vocabulary_problems(f"{own}(vocabulary=...)")

    def _vocabulary_problems(self, where: str) -> Iterator[Problem]:
        known = self._terms()
        repeated = [term for term, times in Counter(known).items() if times > 1]
        if repeated:
            yield Problem(where, f"the repeated terms {repeated[:5]}", "every term once")
        reserved = {"mask_token": self.mask_token}
        if self.invert:
            reserved["oov_token"] = self.oov_token
        for name, term in reserved.items():
            if term is not None and term in known:
                given = f"{name}={term!r} among the terms"
                yield Problem(where, given, f"it left out, or {self._special()} at the start")
        size = self._start() + len(known)
        if self.max_tokens is not None and size > self.max_tokens:
            yield Problem(where, f"{size} terms", f"at most max_tokens={self.max_tokens}")
        weights = self.idf_weights
        if self.output_mode == "tf_idf" and weights is None:
            yield Problem(where, "no idf_weights", "idf_weights=... for output_mode='tf_idf'")
        elif weights is not None and len(weights) != len(self.vocabulary):
            given = f"{len(weights)} idf_weights for {len(self.vocabulary)} terms"
            yield Problem(where, given, "one for each term")

    # -- the vocabulary -------------------------------------------------------------------

    def _mask_places(self) -> int:
        return 1 if self.mask_token is not None and self.output_mode == "int" else 0

    def _start(self) -> int:
        """Return the place of the first known term."""
        return self._mask_places() + self.num_oov_indices

    def _special(self) -> list[Any]:
        mask = [self.mask_token] * self._mask_places()
        return mask + [self.oov_token] * self.num_oov_indices

    def _has_special(self) -> bool:
        special = self._special()
        return bool(special) and list(self.vocabulary[: len(special)]) == special

    def _terms(self) -> Sequence[Any]:
        """Return the known terms, without special ones."""
        if self.vocabulary is None:
            return ()
        return self.vocabulary[self._start() :] if self._has_special() else self.vocabulary

    def _known_terms(self) -> Sequence[Any]:
        if self.vocabulary is None:
            raise ArgumentError(not_adapted(self, "vocabulary", "vocabulary=[...]"))
        return self._terms()

    def get_vocabulary(self, include_special_tokens: bool = True) -> list[Any]:
        """Return the vocabulary; a term's place in it is the number it is turned into.

        Args:
            include_special_tokens: Whether mask and unknown terms are in it.
        """
        special = self._special() if include_special_tokens else []
        return [*special, *self._terms()]

    def vocabulary_size(self) -> int:
        """Return the number of terms, mask and unknown ones among them."""
        return self._start() + len(self._terms())

    def set_vocabulary(self, vocabulary: Any, idf_weights: Any = None) -> None:
        """Replace the vocabulary.

        Args:
            vocabulary: Terms, each once.
            idf_weights: A weight for each, where `output_mode="tf_idf"`.

        Raises:
            ArgumentError: A term occurs twice, or the weights do not fit.
        """
        checked = self.replace(vocabulary=vocabulary, idf_weights=idf_weights)
        self.vocabulary, self.idf_weights = checked.vocabulary, checked.idf_weights

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learn the vocabulary: the most frequent terms first, equals in descending order.

        Args:
            data: Array, lists, column, or iterable of batches; a row is a document, where
                `output_mode="tf_idf"` counts documents.
            steps: Greatest number of batches taken.

        Raises:
            ArgumentError: The layer was given its vocabulary.
        """
        refuse_fixed(self, self.vocabulary is not None and not self.__dict__.get("_learned"))
        self.learn(
            row
            for batch in batches(self, data, steps)
            for row in _rows(self.terms_of(batch), batch is data or _is_table(data))
        )

    def learn(self, rows: Iterable[Sequence[Any]]) -> None:
        """Learn the vocabulary of documents, each a list of terms."""
        terms: Counter[Any] = Counter()
        documents: Counter[Any] = Counter()
        number = 0
        for row in rows:
            terms.update(row)
            documents.update(set(row))
            number += 1
        self._learn(terms, documents, number)

    def _learn(self, terms: Counter[Any], documents: Counter[Any], rows: int) -> None:
        for special in (self.mask_token, self.oov_token):
            terms.pop(special, None)
        room = None if self.max_tokens is None else self.max_tokens - self._start()
        # Most frequent first; among equals the greatest first, as in Keras.
        ordered = sorted(terms, key=lambda term: (terms[term], term), reverse=True)[:room]
        weights = None
        if self.output_mode == "tf_idf":
            weights = [float(np.log1p(rows / (1 + documents[term]))) for term in ordered]
        report(
            [Problem(f"{self.label}.adapt(data)", "no terms", "at least one term to learn")]
            if not ordered
            else []
        )
        self.set_vocabulary(ordered, weights)
        object.__setattr__(self, "_learned", True)

    # -- as a layer -----------------------------------------------------------------------

    def depth(self) -> int:
        """Return the length of the vectors that all modes but "int" give."""
        self._known_terms()
        if self.pad_to_max_tokens and self.max_tokens is not None:
            return self.max_tokens
        return self.vocabulary_size()

    def output_shape(self, shape: Shape) -> Shape:
        if self.output_mode == "int":
            return shape
        return encoded_shape(shape, self.output_mode, self.depth())

    def output_dtype(self, dtype: str) -> str:
        return "int32" if self.output_mode == "int" else self.dtype or "float32"

    def apply(self, weights: Mapping[str, Array], inputs: Array, context: Context) -> Array:
        self._known_terms()
        if self.invert:
            return self.terms_at(inputs)
        numbers = self.numbers_of(inputs)
        if self.output_mode == "int":
            return encode(numbers, "int", 0, "int32")
        mode = "count" if self.output_mode == "tf_idf" else self.output_mode
        encoded = encode(numbers, mode, self.depth(), self.dtype or "float32")
        if self.output_mode != "tf_idf":
            return encoded
        return encoded * self._document_weights().astype(encoded.dtype)

    def _document_weights(self) -> NumpyArray:
        """Return a weight for each place; unknown terms weigh as much as the average term."""
        weights = np.array(self.idf_weights, np.float32)
        if not self._has_special():
            weights = np.pad(weights, (self._start(), 0), constant_values=weights.mean())
        return np.pad(weights, (0, self.depth() - len(weights)))


def _is_table(data: Any) -> bool:
    return hasattr(data, "to_numpy") or hasattr(data, "__array__")


def _rows(terms: NumpyArray, is_whole: bool) -> Iterator[list[Any]]:
    """Yield documents; one axis holds documents in data, but the terms of one in a batch."""
    if terms.ndim < 2:
        terms = terms.reshape((-1, 1) if is_whole else (1, -1))
    for row in terms.reshape((terms.shape[0], -1)):
        yield row.tolist()
