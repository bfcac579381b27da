"""The layer that turns text into integers."""

import zlib
from typing import Any, ClassVar

import numpy as np

from pellucid.description import Refusal, choice, option, text
from pellucid.errors import DataError
from pellucid.layers.lookup import Lookup
from pellucid.types import Array, NumpyArray


def to_vocabulary(value: Any) -> tuple[str, ...] | None:
    """Return terms as a tuple; a converter for fields."""
    if value is None:
        return None
    fix = "Read a file first, one term a line: open(path).read().splitlines()."
    if isinstance(value, (str, bytes)):
        raise Refusal("a list of strings", fix)
    terms = list(value)
    if not terms or not all(isinstance(one, str) for one in terms):
        raise Refusal("a list of at least one string")
    return tuple(str(one) for one in terms)


class StringLookup(Lookup):
    """Turn text into its place in a vocabulary.

    Known terms follow the places for unknown ones, of which there are `num_oov_indices`; with a
    mask term, that has place 0 in the output mode "int". The layer works before the compiled
    program, and must come first after its `Input(dtype="string")`.

    Args:
        max_tokens: Greatest size of the vocabulary, special terms included; None for any.
        num_oov_indices: Number of places for unknown terms. With 0 they are errors; with
            several, a checksum of the term chooses its place.
        mask_token: Term that stands for "nothing": place 0, or left out in other modes.
        oov_token: What `invert` gives for places of unknown terms.
        vocabulary: The known terms; learned by `adapt` when absent.
        idf_weights: For "tf_idf", a weight for each term of the vocabulary.
        invert: Whether to turn places into terms instead.
        output_mode: "int" for places; "one_hot"; "multi_hot", "count" and "tf_idf" take the last
            axis as the members of one sample.
        pad_to_max_tokens: Whether vectors have length `max_tokens` in any case.
        sparse: False.
        encoding: "utf-8", in which bytes are read.

    Input shape:
        (batch, ...), text.
    Output shape:
        The same for "int"; (batch, ..., size of the vocabulary) in the other modes.

    Raises:
        ArgumentError: The vocabulary has a term twice, or is absent when the layer is used.
        DataError: A value is no text, or unknown while `num_oov_indices` is 0.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.StringLookup()
        >>> layer.adapt(["cat", "dog", "cat"])
        >>> layer.get_vocabulary()
        ['[UNK]', 'cat', 'dog']
        >>> layer(np.array([["dog", "cow"]])).tolist()
        [[2, 0]]

    Differs from Keras: places are int32; several places for unknown terms are chosen by CRC-32,
    not FarmHash; `oov_method` and `salt` are not offered; the vocabulary is never read from a path.
    """

    on_host: ClassVar[bool] = True

    mask_token: Any = text(default=None)
    oov_token: Any = text(default="[UNK]")
    vocabulary: Any = option(default=None, convert=to_vocabulary)
    encoding: str = choice(("utf-8",), default="utf-8")

    def output_dtype(self, dtype: str) -> str:
        return "string" if self.invert else super().output_dtype(dtype)

    def terms_of(self, values: Array) -> NumpyArray:
        return texts_of(values, self.label)

    def places(self) -> dict[str, int]:
        """Return the place of each known term."""
        places = {term: self._start() + place for place, term in enumerate(self._known_terms())}
        if self.mask_token is not None:
            places[self.mask_token] = 0 if self.output_mode == "int" else -1
        return places

    def numbers_of(self, terms: Array) -> Array:
        places, array = self.places(), self.terms_of(terms)
        # Each different term is looked up once, however often it occurs.
        different, which = np.unique(array.astype(str), return_inverse=True)
        found = [self._place(term, places) for term in different.tolist()]
        return np.array(found, np.int32)[which].reshape(array.shape)

    def _place(self, term: str, places: dict[str, int]) -> int:
        if term in places:
            return places[term]
        if self.num_oov_indices == 0:
            raise DataError(
                f"{self.label}: got the unknown term {term!r}, expected terms of the vocabulary. "
                "Set num_oov_indices=1 to give unknown ones a place."
            )
        return self._mask_places() + zlib.crc32(term.encode()) % self.num_oov_indices

    def terms_at(self, numbers: Array) -> Array:
        terms = np.array([*self.get_vocabulary(), self.oov_token])
        places = np.asarray(numbers).astype(np.int64)
        inside = (places >= 0) & (places < len(terms) - 1)
        return terms[np.where(inside, places, len(terms) - 1)]


def texts_of(values: Any, where: str) -> NumpyArray:
    """Return what came as texts as an array of them.

    Args:
        values: Text, or bytes in UTF-8.
        where: What messages call the layer that they came to.

    Raises:
        DataError: A value is no text.
    """
    array = np.asarray(values)
    if array.dtype.kind == "S":
        return np.char.decode(array, "utf-8")
    if array.dtype.kind == "U":
        return array
    if array.dtype.kind in "OT":
        wrong = [one for one in array.reshape(-1) if not isinstance(one, (str, bytes))]
        if not wrong:
            return np.vectorize(_decoded, otypes=[object])(array) if array.size else array
        raise DataError(
            f"{where}: got {wrong[0]!r} among the terms, expected text. "
            "Fill missing values first, for example with ''."
        )
    raise DataError(
        f"{where}: got values of type {array.dtype}, expected text. "
        "For whole numbers use IntegerLookup."
    )


def _decoded(term: str | bytes) -> str:
    return term.decode("utf-8") if isinstance(term, bytes) else term
