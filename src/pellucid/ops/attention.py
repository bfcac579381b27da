"""Attention: values looked up by the likeness of queries and keys.

    scores  = how well each query fits each key
    weights = softmax(scores) over the keys that a query may see
    outputs = weights @ values

Queries have the shape (..., queries, width), keys (..., keys, width), values
(..., keys, length); scores and weights (..., queries, keys). A mask is True where a query may
see a key. Where keys and values have fewer heads (the axis before these two) than queries, each
of theirs serves as many neighbouring heads of the queries.

Source: Bahdanau, Cho, Bengio, "Neural Machine Translation by Jointly Learning to Align and
Translate" (2015); Luong, Pham, Manning, "Effective Approaches to Attention-based Neural
Machine Translation" (2015); Vaswani et al., "Attention Is All You Need" (2017).
"""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.types import Array


def dot_scores(query: Array, key: Array) -> Array:
    """Return `query @ key.T`."""
    return _matmul(query, jnp.swapaxes(key, -1, -2))


def scaled_dot_scores(query: Array, key: Array) -> Array:
    """Return `query @ key.T / sqrt(width)`."""
    return dot_scores(query * (1 / math.sqrt(query.shape[-1])), key)


def additive_scores(query: Array, key: Array, inner: Array | float, outer: Array | float) -> Array:
    """Return `sum(outer * tanh(inner * (query + key)))` over the width, for each pair."""
    pairs = query[..., :, None, :] + key[..., None, :, :]
    return jnp.sum(outer * jnp.tanh(inner * pairs), axis=-1)


def attention_weights(scores: Array, mask: Array | None = None, blind: str = "even") -> Array:
    """Return the softmax of `scores` over the keys that a query may see, in float32 at least.

    Args:
        scores: Shape (..., queries, keys).
        mask: What `scores` can be broadcast with; None where all may be seen.
        blind: What a query gets that may see nothing: "even" weights, or "zero".
    """
    exact = scores.astype(jnp.promote_types(scores.dtype, jnp.float32))
    if mask is None:
        return jax.nn.softmax(exact)
    lowest = 0.5 * jnp.finfo(exact.dtype).min
    weights = jax.nn.softmax(jnp.where(mask, exact, lowest))
    return jnp.where(mask, weights, 0) if blind == "zero" else weights


def attend(
    scores: Array,
    value: Array,
    mask: Array | None = None,
    blind: str = "even",
    drop: Callable[[Array], Array] | None = None,
) -> tuple[Array, Array]:
    """Return the outputs and the weights by which they are made of the values.

    Args:
        scores: Shape (..., queries, keys).
        value: Shape (..., keys, length).
        mask: As in `attention_weights`.
        blind: As in `attention_weights`.
        drop: What is done to the weights before they are used, such as dropout.
    """
    weights = attention_weights(scores, mask, blind).astype(value.dtype)
    used = weights if drop is None else drop(weights)
    return _matmul(used, value), weights


def causal_mask(queries: int, keys: int) -> Array:
    """Return (queries, keys): True where the key does not come after the query."""
    ahead = lax.broadcasted_iota(jnp.int32, (queries, keys), 1)
    return lax.broadcasted_iota(jnp.int32, (queries, keys), 0) >= ahead


def window_mask(queries: int, keys: int, window: int) -> Array:
    """Return (queries, keys): True where the two are fewer than `window` steps apart."""
    key = lax.broadcasted_iota(jnp.int32, (queries, keys), 1)
    return abs(lax.broadcasted_iota(jnp.int32, (queries, keys), 0) - key) < window


def _matmul(left: Array, right: Array) -> Array:
    """Return `left @ right`, where heads of `right` may serve several heads of `left`."""
    *own, queries, width = left.shape
    *others, _, _ = right.shape
    served = 1 if own == others else own[-1] // others[-1]
    rows = left.reshape(*others, served * queries, width)
    return jnp.matmul(rows, right).reshape(*left.shape[:-1], right.shape[-1])
