"""What the attention layers share that project queries, keys and values to several heads."""

import functools
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from pellucid import constraints, initializers, regularizers
from pellucid.description import choice, count, flag, number, part
from pellucid.errors import Problem, report
from pellucid.initializers import SEED
from pellucid.keywords import refuse_unknown
from pellucid.layers.attention.checks import fit, pair_problems, rank_problems
from pellucid.layers.attention.dropping import dropped, drops
from pellucid.layers.attention.folding import Folding
from pellucid.layers.attention.scored import SHARE
from pellucid.layers.base import Given, Layer
from pellucid.layers.common import activity_penalty, known_size
from pellucid.layers.context import Context, Result
from pellucid.layers.masks import as_mask
from pellucid.layers.merge import check_rows, inputs_text
from pellucid.layers.symbolic import SymbolicTensor
from pellucid.layers.weight import Weight
from pellucid.ops.attention import attend, causal_mask, scaled_dot_scores, window_mask
from pellucid.ops.linear import project
from pellucid.types import Array, Shape

INPUTS: tuple[str, ...] = ("query", "value", "key", "attention_mask")
"""The inputs in their order; a call that has the last has all."""


class HeadedAttention(Layer):
    """Base of the layers that attend with several heads at once.

    Args:
        dropout: Share of the attention weights that is dropped while training, at least 0 and
            below 1.
        use_bias: Whether biases are added to the projections.
        sliding_window: A query sees keys fewer than so many steps away; None for all.
        flash_attention: Accepted and of no effect: results are the same either way.
        kernel_initializer: First values of the kernels.
        bias_initializer: First values of the biases.
        kernel_regularizer: Penalty on each kernel.
        bias_regularizer: Penalty on each bias.
        activity_regularizer: Penalty on the outputs of each projection, summed over a row,
            averaged over rows.
        kernel_constraint: Bound on each kernel after each update.
        bias_constraint: Bound on each bias after each update.
        use_gate: Whether what is seen is multiplied by `sigmoid(query @ kernel + bias)`.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
    """

    takes_list: ClassVar[bool] = True
    passes_mask: ClassVar[bool] = True
    mask_names: ClassVar[tuple[str, ...]] = ("query_mask", "value_mask", "key_mask")
    call_settings: ClassVar[tuple[str, ...]] = ("return_attention_scores", "use_causal_mask")

    dropout: float = number(default=0.0, low=0, below=1, off=0, meaning=SHARE, kw_only=True)
    use_bias: bool = flag(default=True, kw_only=True)
    sliding_window: int | None = count(
        default=None, optional=True, meaning="how many steps away keys may be", kw_only=True
    )
    flash_attention: bool | None = choice((None, True, False), default=None, kw_only=True)
    kernel_initializer: Any = part(initializers.get, default="glorot_uniform", kw_only=True)
    bias_initializer: Any = part(initializers.get, default="zeros", kw_only=True)
    kernel_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    bias_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    activity_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    kernel_constraint: Any = part(constraints.get, default=None, kw_only=True)
    bias_constraint: Any = part(constraints.get, default=None, kw_only=True)
    use_gate: bool = flag(default=False, kw_only=True)
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED, kw_only=True)

    # -- what a layer defines ---------------------------------------------------------

    @property
    def query_heads(self) -> tuple[int, int]:
        """Number of heads of the query, and width of each."""
        raise NotImplementedError(f"{type(self).__name__} must define query_heads.")

    @property
    def key_heads(self) -> tuple[int, int]:
        """Number of heads of the key, and width of each."""
        return self.query_heads

    @property
    def value_heads(self) -> tuple[int, int]:
        """Number of heads of the value, and width of each."""
        return self.key_heads

    def attended(self, rank: int) -> tuple[int, ...]:
        """Return the axes, the batch axis counted, over which inputs with `rank` attend."""
        return (1,)

    def ends(self, query: Shape) -> tuple[int, ...]:
        """Return the shape of the outputs of a step, for a query of this shape."""
        return (known_size(self, query),)

    # -- calls ------------------------------------------------------------------------

    def arrange(self, *inputs: Any, **options: Any) -> Given:
        if len(inputs) == 1 and isinstance(inputs[0], (list, tuple)):
            inputs = tuple(inputs[0])
        given = dict(zip(INPUTS, inputs, strict=False))
        twice = [name for name in given if name in options]
        if len(inputs) > len(INPUTS) or twice:
            more = f"'{twice[0]}' twice" if twice else f"{len(inputs)} inputs one by one"
            report([Problem(self.label, more, "layer(query, value, key, attention_mask=...)")])
        known = (*INPUTS, *self.mask_names, *self.call_settings)
        refuse_unknown(self.label, [name for name in options if name not in known], known)
        given |= {name: options[name] for name in INPUTS if options.get(name) is not None}
        self._check_complete(given)
        given.setdefault("key", given["value"])
        masks = [options.get(name) for name in self.mask_names]
        order = [given[name] for name in INPUTS if name in given]
        return Given(order, masks, self.settings_on(options))

    def _check_complete(self, given: dict[str, Any]) -> None:
        """Refuse a call without query or value, or with a mask that is no part of the model."""
        missing = [name for name in INPUTS[:2] if name not in given]
        if missing:
            fix = "For self-attention write layer(x, x)."
            report([Problem(self.label, f"no {missing[0]}", "layer(query, value)", fix)])
        mask = given.get("attention_mask")
        if mask is None or isinstance(mask, SymbolicTensor):
            return
        where = f"{self.label}(attention_mask=...)"
        if isinstance(given["query"], SymbolicTensor):
            fix = (
                "Make it an Input; for a fixed order there are use_causal_mask and sliding_window."
            )
            report([Problem(where, "an array beside symbolic inputs", "a symbolic tensor", fix)])
        mask = as_mask(mask, where, symbolic=False)
        given["attention_mask"] = mask[None] if mask.ndim == 2 else mask

    # -- shapes -----------------------------------------------------------------------

    def shape_problems(self, shape: Sequence[Shape]) -> Sequence[Problem]:
        if not 2 <= len(shape) <= len(INPUTS):
            expected = "2 to 4: query, value, key, attention_mask"
            return [Problem(self.label, inputs_text(len(shape)), expected)]
        parts = self._parts(shape)
        mask = parts.pop("attention_mask", None)
        query = parts["query"]
        wrong = [*rank_problems(self, parts), *self.axis_problems(query)]
        wrong = wrong or [*pair_problems(self, parts), *self._other_problems(parts)]
        return wrong if wrong or mask is None else [*self._mask_problems(shape, mask)]

    def _parts(self, given: Sequence[Any]) -> dict[str, Any]:
        """Return query, value, key and, where there is one, mask by name; or their shapes."""
        whole = [*given, given[1]] if len(given) == 2 else given
        return dict(zip(INPUTS, whole, strict=False))

    def axis_problems(self, query: Shape) -> Sequence[Problem]:
        """Return what is wrong with the axes to attend over, for a query of this shape."""
        return []

    def _other_problems(self, parts: Mapping[str, Shape]) -> Iterator[Problem]:
        """Yield what is wrong with axes over which is not attended."""
        query, key = parts["query"], parts["key"]
        attended = self.attended(len(query) + 1)
        sizes = [
            [None if axis in attended else size for axis, size in enumerate(one[:-1], 1)]
            for one in (query, key)
        ]
        if not fit(*sizes):
            given = f"a query of shape {(None, *query)} and a key of shape {(None, *key)}"
            expected = f"equal sizes but for features and the attended axes {attended}"
            yield Problem(self.label, given, expected)

    def _mask_problems(self, shape: Sequence[Shape], mask: Shape) -> Iterator[Problem]:
        """Yield what is wrong with a mask for pairs of steps."""
        whole = self.output_shapes(shape, ("return_attention_scores",))[1]
        ends = 2 * len(self.attended(len(shape[0]) + 1))
        own = max(0, len(mask) - ends)
        wanted = (*whole[:own], *whole[-ends:])
        free = [None if size == 1 else size for size in mask]
        if not fit(free, wanted):
            where = f"{self.label}(attention_mask=...)"
            expected = f"shape {(None, *whole[-ends:])}, a value for each query and key"
            yield Problem(where, f"shape {(None, *mask)}", expected)

    def output_shape(self, shape: Sequence[Shape]) -> Shape:
        return self.output_shapes(shape)[0]

    def output_count(self, settings: tuple[str, ...] = ()) -> int:
        return 1 + ("return_attention_scores" in settings)

    def output_shapes(self, shape: Sequence[Shape], settings: tuple[str, ...] = ()) -> list[Shape]:
        parts = self._parts(shape)
        query, key = parts["query"], parts["key"]
        outputs = (*query[:-1], *self.ends(query))
        axes = [axis - 1 for axis in self.attended(len(query) + 1)]
        others = [size for axis, size in enumerate(query[:-1]) if axis not in axes]
        pairs = [one[axis] for one in (query, key) for axis in axes]
        scores = (*others, self.query_heads[0], *pairs)
        return [outputs, scores][: self.output_count(settings)]

    # -- weights ----------------------------------------------------------------------

    def build(self, shape: Sequence[Shape]) -> Mapping[str, Weight]:
        parts = self._parts(shape)
        into = {name: (known_size(self, parts[name]),) for name in ("query", "key", "value")}
        query = into["query"]
        projections = [
            ("query", query, self.query_heads),
            ("key", into["key"], self.key_heads),
            *([("gate", query, self._seen_heads)] if self.use_gate else []),
            ("value", into["value"], self.value_heads),
            ("attention_output", self._seen_heads, self.ends(parts["query"])),
        ]
        declared: dict[str, Weight] = {}
        for name, inputs, outputs in projections:
            declared[f"{name}/kernel"] = self._kernel(inputs, outputs)
            if self.use_bias:
                declared[f"{name}/bias"] = Weight(
                    outputs, self.bias_initializer, self.bias_regularizer, self.bias_constraint
                )
        return declared

    @property
    def _seen_heads(self) -> tuple[int, int]:
        """Number of heads of what is seen, and width of each."""
        return self.query_heads[0], self.value_heads[1]

    def _kernel(self, inputs: tuple[int, ...], outputs: tuple[int, ...]) -> Weight:
        """Return the declaration of a kernel, drawn as that of one product of matrices."""
        shape = (*inputs, *outputs)
        first = self.kernel_initializer
        if getattr(first, "input_axes", ()) is None:
            axes = tuple(range(len(shape)))
            summed = len(inputs)
            first = first.replace(input_axes=axes[:summed], output_axes=axes[summed:])
        return Weight(shape, first, self.kernel_regularizer, self.kernel_constraint)

    # -- computation ------------------------------------------------------------------

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        parts = self._parts(inputs)
        pairs = parts.pop("attention_mask", None)
        check_rows(self, [*parts.values()])
        made = {name: self._project(weights, name, one) for name, one in parts.items()}
        folding = Folding(self.attended(parts["query"].ndim))
        mask = self._mask(parts, made, pairs, folding, context)
        seen, scores = self._attend(made, mask, folding, context)
        if self.use_gate:
            made["gate"] = jax.nn.sigmoid(self._project(weights, "gate", parts["query"]))
            seen = seen * made["gate"]
        outputs = self._project(weights, "attention_output", seen, axes=2)
        found = [outputs, scores] if "return_attention_scores" in context.settings else outputs
        if self.activity_regularizer is None:
            return found
        whole = [*made.values(), outputs]
        return Result(found, penalty=activity_penalty(whole, self.activity_regularizer, context))

    def _project(
        self, weights: Mapping[str, Array], name: str, inputs: Array, axes: int = 1
    ) -> Array:
        outputs = project(inputs, weights[f"{name}/kernel"], axes)
        return outputs + weights[f"{name}/bias"] if self.use_bias else outputs

    def _attend(
        self, made: Mapping[str, Array], mask: Array | None, folding: Folding, context: Context
    ) -> tuple[Array, Array]:
        """Return what the heads see, shaped like the query, and the weights by which they do."""
        query, value, key = (folding.fold(made[name]) for name in ("query", "value", "key"))
        # Keras computes the two cases in different ways, which differ where a query may see
        # nothing.
        exact = "return_attention_scores" in context.settings or drops(self.dropout)
        drop = partial(dropped, rate=self.dropout, seed=self.seed, context=context)
        scores = scaled_dot_scores(query, key)
        seen, used = attend(scores, value, mask, "zero" if exact else "even", drop)
        queries, keys = folding.sizes(made["query"]), folding.sizes(made["key"])
        return folding.unfold(seen, queries), used.reshape(*used.shape[:-2], *queries, *keys)

    def _mask(
        self,
        parts: Mapping[str, Array],
        made: Mapping[str, Array],
        pairs: Array | None,
        folding: Folding,
        context: Context,
    ) -> Array | None:
        """Return which keys each query may see, to be broadcast with the scores."""
        found = []
        for name, real in zip(INPUTS, context.mask or (), strict=False):
            if real is not None and name in parts:
                steps = folding.fold_steps(real, parts[name].shape)
                found.append(steps[..., :, None] if name == "query" else steps[..., None, :])
        queries, keys = (math.prod(folding.sizes(made[name])) for name in ("query", "key"))
        if "use_causal_mask" in context.settings:
            found.append(causal_mask(queries, keys))
        if self.sliding_window is not None:
            found.append(window_mask(queries, keys, self.sliding_window))
        if pairs is not None:
            found.append(folding.fold_pairs(pairs != 0, made["query"], made["key"]))
        return functools.reduce(jnp.logical_and, found) if found else None
