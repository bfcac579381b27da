"""The layer that turns integers of any size into small ones."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.description import Refusal, choice, option
from pellucid.errors import DataError
from pellucid.layers.lookup import Lookup
from pellucid.types import Array, NumpyArray

LARGEST = 2**31 - 1
"""Greatest integer that compiled programs hold."""


def _to_integer(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise Refusal("a whole number")
    return int(value)


def _to_vocabulary(value: Any) -> tuple[int, ...] | None:
    if value is None:
        return None
    terms = [] if isinstance(value, (str, bytes)) else list(value)
    whole = all(isinstance(one, (int, np.integer)) and one is not True for one in terms)
    if not terms or not whole:
        raise Refusal("a list of at least one whole number")
    return tuple(int(one) for one in terms)


class IntegerLookup(Lookup):
    """Turn integers into their places in a vocabulary.

    Known integers follow the places for unknown ones, of which there are `num_oov_indices`;
    with a mask term, that has place 0 in the output mode "int".

    Args:
        max_tokens: Greatest size of the vocabulary, special terms included; None for any.
        num_oov_indices: Number of places for unknown integers. With 0 they are errors; with
            several, an integer goes to the place `integer % num_oov_indices`.
        mask_token: Integer that stands for "nothing": place 0, or left out in other modes.
        oov_token: What `invert` gives for places of unknown integers.
        vocabulary: The known integers; learned by `adapt` when absent.
        idf_weights: For "tf_idf", a weight for each term of the vocabulary.
        invert: Whether to turn places into integers instead.
        output_mode: "int" for places; "one_hot"; "multi_hot", "count" and "tf_idf" take the last
            axis as the members of one sample.
        pad_to_max_tokens: Whether vectors have length `max_tokens` in any case.
        sparse: False.
        vocabulary_dtype: "int64".

    Input shape:
        (batch, ...), whole numbers.
    Output shape:
        The same for "int"; (batch, ..., size of the vocabulary) in the other modes.

    Raises:
        ArgumentError: The vocabulary has a term twice, or is absent when the layer is used.
        DataError: An integer is unknown and `num_oov_indices` is 0.

    Example:
        >>> import numpy as np, pellucid
        >>> layer = pellucid.layers.IntegerLookup(vocabulary=[12, 36, 1138])
        >>> layer(np.array([[12, 1138, 7]])).tolist()
        [[1, 3, 0]]

    Differs from Keras: places are int32; `oov_method` and `salt` are not offered; the vocabulary
    is never read from a path.
    """

    mask_token: Any = option(default=None, convert=_to_integer)
    oov_token: Any = option(default=-1, convert=_to_integer)
    vocabulary: Any = option(default=None, convert=_to_vocabulary)
    vocabulary_dtype: str = choice(("int64",), default="int64")

    @property
    def on_host(self) -> bool:  # type: ignore[override]
        """True where a compiled program could not do it: it holds no large integers, no errors."""
        return self._is_large() or self.num_oov_indices == 0

    def _is_large(self) -> bool:
        return any(abs(term) > LARGEST for term in self._terms())

    def output_dtype(self, dtype: str) -> str:
        return "int64" if self.invert and self._is_large() else super().output_dtype(dtype)

    def terms_of(self, values: Array) -> NumpyArray:
        return _whole(self, np.asarray(values))

    def numbers_of(self, terms: Array) -> Array:
        on_host = isinstance(terms, np.ndarray)
        numbers: Any = np if on_host else jnp
        x = _whole(self, terms) if on_host else terms.astype(jnp.int32)
        known = np.array(self._known_terms(), np.int64)
        order = np.argsort(known)
        ascending, places = numbers.asarray(known[order], x.dtype), numbers.asarray(order)
        nearest = numbers.minimum(numbers.searchsorted(ascending, x), len(known) - 1)
        found = ascending[nearest] == x
        result = numbers.where(found, places[nearest] + self._start(), self._unknown(x))
        if self.mask_token is not None:
            mask = 0 if self.output_mode == "int" else -1
            result = numbers.where(x == self.mask_token, mask, result)
        if on_host and self.num_oov_indices == 0:
            self._refuse_unknown(x, found | (x == self.mask_token))
        return result

    def _unknown(self, x: Array) -> Any:
        if self.num_oov_indices == 0:
            return -1
        return self._mask_places() + x % self.num_oov_indices

    def _refuse_unknown(self, x: NumpyArray, known: NumpyArray) -> None:
        if not known.all():
            raise DataError(
                f"{self.label}: got the unknown integer {x[~known][0]}, expected integers of the "
                "vocabulary. Set num_oov_indices=1 to give unknown ones a place."
            )

    def terms_at(self, numbers: Array) -> Array:
        module: Any = np if isinstance(numbers, np.ndarray) else jnp
        terms = module.asarray(self.get_vocabulary(), self.output_dtype("int32"))
        places = numbers.astype(module.int32)
        inside = (places >= 0) & (places < len(terms))
        found = terms[module.clip(places, 0, len(terms) - 1)]
        return module.where(inside, found, terms.dtype.type(self.oov_token))


def _whole(layer: IntegerLookup, values: NumpyArray) -> NumpyArray:
    if values.dtype.kind in "iub":
        return values.astype(np.int64)
    if values.dtype.kind == "f" and (np.isfinite(values) & (values == np.floor(values))).all():
        return values.astype(np.int64)
    raise DataError(
        f"{layer.label}: got values of type {values.dtype} that are not all whole numbers, "
        "expected whole numbers. For text use StringLookup, for other numbers Discretization."
    )
