"""What the attention layers share that have no heads."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import jax.numpy as jnp

from pellucid.description import count, number
from pellucid.errors import Problem, report
from pellucid.initializers import SEED
from pellucid.layers.attention.checks import (
    TOGETHER,
    fit,
    pair_problems,
    rank_problems,
)
from pellucid.layers.attention.dropping import dropped
from pellucid.layers.base import Given, Layer
from pellucid.layers.context import Context
from pellucid.layers.merge import check_rows, inputs_text
from pellucid.ops.attention import attend, causal_mask
from pellucid.types import Array, Shape

SHARE = "the share of attention weights that is dropped"


class ScoredAttention(Layer):
    """Base of the layers that take [query, value] or [query, value, key].

    Args:
        dropout: Share of the attention weights that is dropped while training, at least 0 and
            below 1.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
    """

    takes_list: ClassVar[bool] = True
    passes_mask: ClassVar[bool] = True
    mask_names: ClassVar[tuple[str, ...]] = ("query_mask", "value_mask", "key_mask")
    call_settings: ClassVar[tuple[str, ...]] = ("return_attention_scores", "use_causal_mask")

    removed: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
        "causal": lambda given: "Say it in the call: layer([query, value], use_causal_mask=True).",
    }

    dropout: float = number(default=0.0, low=0, below=1, off=0, meaning=SHARE, kw_only=True)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED, kw_only=True)

    def scores(self, weights: Mapping[str, Array], query: Array, key: Array) -> Array:
        """Return how well each query fits each key, shape (batch, queries, keys)."""
        raise NotImplementedError(f"{type(self).__name__} must define scores().")

    def arrange(self, *inputs: Any, mask: Any = None, **options: Any) -> Given:
        if mask is not None and not isinstance(mask, (list, tuple)):
            where = f"{self.label}(mask=...)"
            report([Problem(where, "one mask", "a list of two: [query_mask, value_mask]")])
        return super().arrange(*inputs, mask=mask, **options)

    def shape_problems(self, shape: Sequence[Shape]) -> Sequence[Problem]:
        if len(shape) not in (2, 3):
            expected = "a list of 2 or 3, [query, value] or [query, value, key]"
            fix = "For self-attention write layer([x, x])." if len(shape) == 1 else ""
            return [Problem(self.label, inputs_text(len(shape)), expected, fix)]
        parts = {"query": shape[0], "value": shape[1], "key": shape[-1]}
        wrong = [*rank_problems(self, parts)]
        return wrong or [*pair_problems(self, parts), *self._width_problems(parts)]

    def _width_problems(self, parts: Mapping[str, Shape]) -> Sequence[Problem]:
        query, key = parts["query"], parts["key"]
        given = f"a query of shape {(None, *query)} and a key of shape {(None, *key)}"
        if not fit(query[:-2], key[:-2]):
            return [Problem(self.label, given, "equal sizes but for steps and features")]
        if not fit(query[-1:], key[-1:]):
            return [Problem(self.label, given, "as many features in both", TOGETHER)]
        return []

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        return (*shape[0][:-1], shape[1][-1])

    def output_count(self, settings: tuple[str, ...] = ()) -> int:
        return 1 + ("return_attention_scores" in settings)

    def output_shapes(self, shape: Sequence[Shape], settings: tuple[str, ...] = ()) -> list[Shape]:
        scores = (*shape[0][:-1], shape[-1][-2])
        return [self.output_shape(shape), scores][: self.output_count(settings)]

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        check_rows(self, inputs)
        query, value, key = inputs[0], inputs[1], inputs[-1]
        real: Sequence[Any] = context.mask or [None, None]
        scores = self.scores(weights, query, key)
        mask = None if real[1] is None else real[1][..., None, :]
        if "use_causal_mask" in context.settings:
            causal = causal_mask(*scores.shape[-2:])
            mask = causal if mask is None else mask & causal
        drop = partial(dropped, rate=self.dropout, seed=self.seed, context=context)
        outputs, seen = attend(scores, value, mask, drop=drop)
        if real[0] is not None:
            outputs = jnp.where(real[0][..., None], outputs, 0)
        return [outputs, seen] if "return_attention_scores" in context.settings else outputs
