"""The contract of a layer."""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import Description, Refusal, choice, flag, option, text
from pellucid.errors import ArgumentError, Problem, ShapeError, report
from pellucid.keywords import refuse_unknown
from pellucid.layers.context import INFERENCE, TRAINING, Context, Result
from pellucid.layers.masks import as_mask, listed_masks, mask_problems
from pellucid.layers.symbolic import Call, SymbolicTensor, latest_output, mask_attachers
from pellucid.layers.variables import Variables, set_variables, variables_of
from pellucid.layers.weight import Weight
from pellucid.processor import full_products
from pellucid.types import Array, NumpyArray, Shape, Shapes
from pellucid.wording import count_text

FLOAT_TYPES = ("float16", "bfloat16", "float32", "float64")


def _are_texts(inputs: Any) -> bool:
    """Say whether a list is one input, the texts of a batch, instead of several inputs."""
    return bool(inputs) and all(isinstance(one, str) for one in inputs)


def to_shape(value: Any) -> Shape | None:
    """Return a size or sizes, without the batch axis, as a tuple; a converter for fields."""
    if value is None:
        return None
    sizes = (value,) if isinstance(value, (int, np.integer)) else value
    return checked_sizes(sizes, "a tuple of sizes without the batch axis, such as (28, 28)")


def checked_sizes(sizes: Any, expected: str) -> Shape:
    """Return `sizes`, positive or None for a free one, as a tuple; refuse others."""
    if not isinstance(sizes, (tuple, list)):
        raise Refusal(expected)
    for size in sizes:
        whole = isinstance(size, (int, np.integer)) and not isinstance(size, bool)
        if size is not None and not (whole and size > 0):
            raise Refusal(expected)
    return tuple(None if size is None else int(size) for size in sizes)


@dataclass(frozen=True)
class Given:
    """What a call of a layer is given.

    Args:
        inputs: The arrays or symbolic tensors, in the order in which `apply` takes them.
        masks: For each input its mask, or None; empty when none is given.
        settings: Names of the layer's `call_settings` that are on.
    """

    inputs: list[Any]
    masks: list[Any] = field(default_factory=list)
    settings: tuple[str, ...] = ()


class Layer(Description):
    """A frozen description of one layer: configuration, no arrays.

    A layer of one's own declares fields, says in `build` which weights it has and in
    `apply` what it computes:

        >>> import pellucid
        >>> class Scale(pellucid.layers.Layer):
        ...     start: float = 1.0
        ...     def build(self, shape):
        ...         start = pellucid.initializers.Constant(self.start)
        ...         return {"scale": pellucid.layers.Weight(shape[-1:], start)}
        ...     def apply(self, weights, inputs, context):
        ...         return inputs * weights["scale"]
        >>> Scale(start=2.0)(np.ones((1, 3), "float32")).tolist()
        [[2.0, 2.0, 2.0]]

    Args:
        name: Name in summaries, files and messages; made from the class when absent.
        trainable: Whether training changes the layer's weights; may be set later.
        dtype: Type in which the layer computes; its weights stay float32.
        input_shape: Shape of the model's input, when the layer comes first in `Sequential`.
        input_dim: The same for inputs with one axis: `input_dim=8` is `input_shape=(8,)`.
        batch_input_shape: The same with the batch size first, which stateful layers need.

    Differs from Keras: `build` returns declarations instead of making variables, and
    `apply` is a pure function of weights, inputs and context.
    """

    kind: ClassVar[str] = "layer"
    mutable: ClassVar[frozenset[str]] = frozenset({"trainable", "name"})
    input_rank: ClassVar[int | None] = None
    """Number of axes, the batch axis among them, that inputs must have; None for any."""
    minimum_rank: ClassVar[int] = 1
    takes_list: ClassVar[bool] = False
    """True for layers that merge several inputs."""
    takes_more: ClassVar[bool] = False
    """True for layers that take further arrays, such as states, behind their input."""
    passes_mask: ClassVar[bool] = False
    """True for layers whose outputs have the steps of their inputs, and so their mask."""
    mask_names: ClassVar[tuple[str, ...]] = ()
    """What calls name the masks of the inputs, in order, where that is not `mask`."""
    call_settings: ClassVar[tuple[str, ...]] = ()
    """Names of what single calls may switch on, such as `use_causal_mask=True`."""
    ends_in_activation: ClassVar[bool] = False
    """True when the field `activation` is the last thing that the layer computes."""
    on_host: ClassVar[bool] = False
    """True for layers that work on text, in NumPy, before the compiled program."""
    any_type: ClassVar[bool] = False
    """True for layers that take whole numbers or text as they are, such as `Flatten`."""
    full_precision: ClassVar[bool] = False
    """True for layers whose weights stay float32 even where the layer computes in less."""

    name: str | None = text(default=None, kw_only=True, identity=True)
    trainable: bool = flag(default=True, kw_only=True)
    dtype: str | None = choice((None, *FLOAT_TYPES), default=None, kw_only=True)
    input_shape: Shape | None = option(default=None, convert=to_shape, kw_only=True, identity=True)
    input_dim: int | None = option(default=None, kw_only=True, identity=True)
    batch_input_shape: Shape | None = option(
        default=None, convert=to_shape, kw_only=True, identity=True
    )

    # -- what a layer defines ---------------------------------------------------------

    def build(self, shape: Any) -> Mapping[str, Weight]:
        """Return the weights that the layer needs for inputs of `shape` (no batch axis)."""
        return {}

    def output_shape(self, shape: Any) -> Shape:
        """Return the shape of the outputs, without the batch axis, for inputs of `shape`."""
        return shape

    def output_count(self, settings: tuple[str, ...] = ()) -> int:
        """Return how many arrays a call with these settings gives."""
        return 1

    def output_shapes(self, shape: Any, settings: tuple[str, ...] = ()) -> list[Shape]:
        """Return the shapes of all arrays that a call with these settings gives."""
        return [self.output_shape(shape)]

    def carried(self, shape: Any, batch_size: int | None) -> Mapping[str, Weight]:
        """Return the state that the layer carries from batch to batch for every row."""
        return {}

    @property
    def row_state(self) -> tuple[str, ...]:
        """Names of what `carried` declares."""
        return ()

    @property
    def carries_rows(self) -> bool:
        """True when rows of a batch go on where the same rows of the batch before ended."""
        return bool(self.row_state)

    def trains(self, name: str) -> bool:
        """Return whether training may change the weight called `name`."""
        return self.trainable

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        """Return the mask of the outputs, (batch, steps), for inputs with `mask`; None for none.

        Args:
            inputs: What `apply` takes.
            mask: As in `Context`.
        """
        if not self.passes_mask:
            return None
        return mask[0] if isinstance(mask, list) else mask

    def mask_axes(self, rank: int) -> range:
        """Return the numbers of axes that a mask may have for an input of `rank` axes."""
        return range(2, max(rank, 3))

    @property
    def entry(self) -> tuple[Shape | None, str]:
        """Shape and type of a model's input, as far as the layer knows them when it comes first."""
        own = (self.input_dim,) if self.input_dim is not None else None
        return self.given_shape or own, "float32"

    @property
    def given_shape(self) -> Shape | None:
        """Shape of the model's input, no batch axis, as the layer was told it."""
        if self.input_shape is None and self.batch_input_shape is not None:
            return self.batch_input_shape[1:]
        return self.input_shape

    @property
    def padding_value(self) -> float | None:
        """The value that stands for padding in the layer's inputs; None where none does."""
        return None

    def data_problems(self, data: NumpyArray) -> Sequence[Problem]:
        """Return what is wrong with a model's data that go straight into the layer."""
        return []

    def doubts(self, shape: Any) -> Sequence[Problem]:
        """Return what is legal in a model's inputs of `shape`, but probably not meant."""
        return []

    @property
    def advice_for_several(self) -> str:
        """What to do with the arrays that the layer gives where one is needed."""
        return "Merge them first, for example with Concatenate()."

    def output_dtype(self, dtype: str) -> str:
        """Return the type of the outputs for inputs of type `dtype`."""
        if self.any_type and dtype not in FLOAT_TYPES:
            return dtype
        return self.dtype or (dtype if dtype in FLOAT_TYPES else "float32")

    def apply(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        """Return the outputs, or a `Result`; a pure function that JAX can trace.

        Args:
            weights: The arrays declared by `build`, by name.
            inputs: Array with the batch axis first; a list of arrays if `takes_list`.
            context: Whether this is training, a random key, which rows are real.
        """
        raise NotImplementedError(f"{type(self).__name__} must define apply().")

    def shape_problems(self, shape: Any) -> Sequence[Problem]:
        """Return what is wrong with inputs of `shape`."""
        if self.takes_list:
            return []
        where, rank = self.label, len(shape) + 1
        given = f"inputs of shape {(None, *shape)}"
        if self.input_rank is not None and rank != self.input_rank:
            fix = "Add Flatten() before it." if rank > self.input_rank else ""
            expected = f"{self.input_rank} axes, the batch axis first"
            return [Problem(where, given, expected, fix)]
        if rank < self.minimum_rank:
            expected = f"at least {self.minimum_rank} axes, the batch axis first"
            return [Problem(where, given, expected, "Add an axis, such as x[:, None].")]
        return []

    # -- what follows from it ---------------------------------------------------------

    @property
    def weightless(self) -> bool:
        """True if the layer never has arrays, so that it can serve as an activation function."""
        return type(self).build is Layer.build

    @property
    def label(self) -> str:
        """How messages call the layer: `dense_1 (Dense)`."""
        own = type(self).__name__
        return f"{self.name} ({own})" if self.name else own

    def declared(self, shape: Any, batch_size: int | None = None) -> Mapping[str, Weight]:
        """Return `build(shape)`, and what is carried for each row, after checking `shape`.

        Raises:
            ShapeError: The layer cannot take inputs of this shape.
        """
        report(self.shape_problems(shape), ShapeError)
        return {**self.build(shape), **self.carried(shape, batch_size)}

    def init(
        self, seed: int | Sequence[int], shape: Any, batch_size: int | None = None
    ) -> dict[str, NumpyArray]:
        """Return first values of the weights, a function of `seed`, place and shape alone."""
        start = [seed] if isinstance(seed, (int, np.integer)) else list(seed)
        return {
            name: weight.initializer.sample(
                weight.shape, np.random.default_rng([*start, zlib.crc32(name.encode())])
            )
            for name, weight in self.declared(shape, batch_size).items()
        }

    @full_products()
    def run(self, weights: Mapping[str, Array], inputs: Any, context: Context) -> Any:
        """Return `apply` of inputs and weights that are brought to the layer's type first."""
        several = isinstance(inputs, (list, tuple))
        given = [self._typed(one) for one in (inputs if several else [inputs])]
        # Sizes that were left open while the model was drawn are known here.
        shapes = [tuple(one.shape[1:]) for one in given]
        report(self.shape_problems(shapes if several else shapes[0]), ShapeError)
        dtype = self.dtype or str(given[0].dtype)
        if weights and not self.full_precision and dtype in FLOAT_TYPES:
            weights = {name: _cast(weights[name], dtype) for name in weights}
        return self.apply(weights, given if several else given[0], context)

    def _typed(self, array: Array) -> Array:
        if str(array.dtype) in FLOAT_TYPES:
            return array if self.dtype is None else _cast(array, self.dtype)
        return array if self.any_type else _cast(array, self.dtype or "float32")

    def arrange(self, inputs: Any, *more: Any, mask: Any = None, **options: Any) -> Given:
        """Return what a call is given, in the order in which `apply` takes it.

        Layers that are called in ways of their own, as `MultiHeadAttention` is with
        `(query, value, key)`, override this.

        Raises:
            ArgumentError: The layer takes no such arguments.
        """
        known = (*self.call_settings, "training", "mask")
        refuse_unknown(self.label, [name for name in options if name not in known], known)
        several = isinstance(inputs, (list, tuple)) and not _are_texts(inputs)
        given = [*inputs] if several else [inputs]
        if more or (len(given) != 1 and not (self.takes_list or self.takes_more)):
            number = len(given) + len(more)
            raise ArgumentError(
                f"{self.label}: got a list of {number} inputs, expected one input. "
                f"{maker_of(given, self).advice_for_several}"
                if not self.takes_list
                else f"{self.label}: got {number} inputs one by one, expected a list of them."
            )
        masks = [] if mask is None else listed_masks(mask)
        lone = self.takes_list and len(masks) == 1 < len(given)
        if lone or len(masks) > len(given):
            expected = f"a list of {len(given)}, None for an input without one"
            shown = count_text(len(masks), "mask")
            report([Problem(f"{self.label}(mask=...)", shown, expected)])
        return Given(given, masks, self.settings_on(options))

    def settings_on(self, options: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the names of the call settings that `options` switch on."""
        return tuple(name for name in self.call_settings if options.get(name))

    def __call__(self, *inputs: Any, training: bool | None = None, **options: Any) -> Any:
        """Draw the layer onto symbolic inputs, or compute it for arrays.

        Args:
            inputs: An array, a symbolic tensor, or a list of them; several where the layer
                takes them one by one.
            training: True or False for a call that is always, or never, one of training; None
                for what the model does.
            options: `mask`, and what the layer's `call_settings` name.

        Returns:
            A `SymbolicTensor` for symbolic inputs; an array for arrays, made with the
            layer's present weights (drawn from seed 0 if it has none yet). A list where the
            layer gives several.
        """
        given = self.arrange(*inputs, **options)
        symbolic = {isinstance(one, SymbolicTensor) for one in given.inputs}
        if len(symbolic) > 1:
            raise ArgumentError(
                f"{self.label}: got symbolic tensors and arrays in one call, expected one of the "
                "two. Let the arrays enter the model by an Input."
            )
        given = replace(given, masks=self._checked_masks(given, symbolic == {True}))
        if symbolic == {True}:
            return self._draw(given, training)
        return self._compute(given, bool(training))

    def _mask_place(self, number: int) -> str:
        """Return how messages call the mask of an input."""
        named = number < len(self.mask_names)
        return f"{self.label}({self.mask_names[number] if named else 'mask'}=...)"

    def _checked_masks(self, given: Given, symbolic: bool) -> list[Any]:
        """Return the masks of a call, arrays of True and False or symbolic; none if all are None.

        Raises:
            ShapeError: A mask does not have one value for each step of its input.
        """
        if all(one is None for one in given.masks):
            return []
        places = [self._mask_place(number) for number in range(len(given.masks))]
        masks = [as_mask(*pair, symbolic) for pair in zip(given.masks, places, strict=True)]
        problems: list[Problem] = []
        for where, mask, one in zip(places, masks, given.inputs, strict=False):
            if mask is not None:
                axes = self.mask_axes(len(np.shape(one)))
                problems += mask_problems(where, tuple(mask.shape), tuple(np.shape(one)), axes)
        report(problems, ShapeError)
        return masks

    def _draw(self, given: Given, training: bool | None) -> Any:
        tensors = [*given.inputs]
        for place, mask in enumerate(given.masks):
            if mask is not None:
                tensors[place] = mask_attachers[-1](tensors[place], mask, self._mask_place(place))
        settings = given.settings
        if training is not None:
            settings = (*settings, TRAINING if training else INFERENCE)
        shapes = [one.inner_shape for one in tensors]
        several = self.takes_list or len(tensors) > 1
        shape: Shapes = shapes if several else shapes[0]
        call = Call(self, tuple(tensors), several, settings)
        self.declared(shape, call.batch_size)
        dtype = self.output_dtype(tensors[0].dtype)
        drawn = [
            SymbolicTensor(one, dtype, call, index)
            for index, one in enumerate(self.output_shapes(shape, settings))
        ]
        return drawn[0] if len(drawn) == 1 else drawn

    def _compute(self, given: Given, training: bool) -> Any:
        arrays = [_storable(one) for one in given.inputs]
        several = self.takes_list or len(arrays) > 1
        shapes = [tuple(one.shape[1:]) for one in arrays]
        shape: Shapes = shapes if several else shapes[0]
        rows = arrays[0].shape[0] if arrays and arrays[0].ndim else None
        held = variables_of(self)
        if held is None:
            first = self.init(0, shape, rows)
            held = set_variables(self, first) if first else Variables({})
        elif held:
            self._check_held(held, shape, rows)
        masks = [*given.masks, *[None] * (len(arrays) - len(given.masks))]
        mask: Any = None
        if given.masks:
            mask = masks if several else masks[0]
        key = np.uint32(0) if training else None
        context = Context(training, key, mask=mask, settings=given.settings)
        result = self.run(held, arrays if several else arrays[0], context)
        if not isinstance(result, Result):
            return result
        if self.carries_rows:
            for name, value in result.state.items():
                held.set(name, value)
        return result.outputs

    def _check_held(self, held: Variables, shape: Any, rows: int | None) -> None:
        for name, weight in self.declared(shape, rows).items():
            differs = held[name].shape != weight.shape
            if differs and name in self.row_state:
                expected = (
                    f"{held[name].shape[0]} as in the batch before: stateful layers hold a state "
                    "for each row of a batch"
                )
                report([Problem(self.label, f"{rows} rows", expected)], ShapeError)
            if differs:
                given = f"inputs for which '{name}' would have shape {weight.shape}"
                expected = f"inputs that fit its shape {held[name].shape}"
                fix = "A layer serves inputs of one width; make a second layer for the other."
                report([Problem(self.label, given, expected, fix)], ShapeError)

    # -- Keras's view of a layer's arrays ----------------------------------------------

    def _held(self) -> Variables:
        held = variables_of(self)
        return Variables({}) if held is None else held

    def _lasting(self) -> dict[str, NumpyArray]:
        """Return the layer's arrays by name, but for what it carries from batch to batch."""
        return {name: one for name, one in self._held().items() if name not in self.row_state}

    @property
    def built(self) -> bool:
        """True once the layer has its arrays."""
        return variables_of(self) is not None

    def get_weights(self) -> list[NumpyArray]:
        """Return copies of the layer's arrays, in the order of `build`."""
        return [np.array(array) for array in self._lasting().values()]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace the layer's arrays.

        Raises:
            ShapeError: The number of arrays or a shape differs from the layer's own.
        """
        held = self._lasting()
        if len(weights) != len(held):
            names = ", ".join(held) or "none"
            raise ShapeError(
                f"{self.label}: got {len(weights)} arrays, expected {len(held)} ({names})"
                + ("." if held else ": the layer gets its arrays when its model is built.")
            )
        arrays = [np.asarray(array) for array in weights]
        pairs = list(zip(held.items(), arrays, strict=True))
        report(
            (
                Problem(f"{self.label}.{name}", f"shape {new.shape}", f"shape {old.shape}")
                for (name, old), new in pairs
                if old.shape != new.shape
            ),
            ShapeError,
        )
        for (name, _), new in pairs:
            self._held().set(name, new)

    @property
    def weights(self) -> list[NumpyArray]:
        """The layer's arrays, read-only."""
        return list(self._lasting().values())

    @property
    def output(self) -> SymbolicTensor:
        """What the layer gave when it was last drawn onto symbolic inputs.

        Raises:
            ArgumentError: The layer is in no model yet.
        """
        found = latest_output(self)
        if found is None:
            raise ArgumentError(
                f"{self.label}.output: the layer is in no model yet, expected it to have been "
                "called on an Input or added to a built model."
            )
        return found

    @property
    def input(self) -> Any:
        """What the layer was last called on: a symbolic tensor, or a list of them."""
        call = self.output.call
        given = list(call.inputs) or [self.output]
        return given if len(given) > 1 else given[0]

    def count_params(self) -> int:
        """Return the number of values in the layer's arrays."""
        return sum(array.size for array in self._lasting().values())


def maker_of(given: Sequence[Any], taker: Layer) -> Layer:
    """Return the layer that gave all of this in one call; `taker` where there is none."""
    calls = {one.call for one in given if isinstance(one, SymbolicTensor)}
    makers = [call.layer for call in calls if isinstance(call.layer, Layer)]
    return makers[0] if len(makers) == len(calls) == 1 else taker


def _storable(value: Any) -> Array:
    """Return an array, float64 as the type in which JAX computes it: float32, unless x64 is on."""
    array = value if hasattr(value, "ndim") else np.asarray(value)
    kind = jnp.result_type(float)
    return array.astype(kind) if array.dtype == np.float64 != kind else array


def _cast(array: Array, dtype: Any) -> Array:
    wanted = jnp.dtype(dtype)
    return array if array.dtype == wanted else array.astype(wanted)


def automatic_name(layer: Layer) -> str:
    """Return the stem of a layer's automatic name: `BatchNormalization` → `batch_normalization`."""
    spaced = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", type(layer).__name__)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", spaced).lower()
