"""Frozen descriptions: configuration that checks itself, and numbers that may be traced.

A description is a small class with annotated fields. Layers, losses, metrics, optimisers,
schedules, initialisers, regularisers, constraints and training policies are descriptions.
From the fields alone follow the constructor with its checks and messages, the
configuration written to a file, the `structure` by which compiled programs are cached,
and the `tunables`: the numbers (rates, strengths) that enter a compiled program as data,
so that changing one recompiles nothing.
"""

import copy
import dataclasses
import functools
import inspect
import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Self, TypeGuard, dataclass_transform

import numpy as np

from pellucid.errors import ArgumentError, NotSaveableError, Problem, did_you_mean, near, report
from pellucid.tunable import Tunable

Converter = Callable[[Any], Any]

RENAMED = {
    "lr": "learning_rate",
    "nb_epoch": "epochs",
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "output_dim": "units",
    "p": "rate",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "alpha": "negative_slope",
    "sigma": "stddev",
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "subsample": "strides",
    "subsample_length": "strides",
    "border_mode": "padding",
    "atrous_rate": "dilation_rate",
    "dim_ordering": "data_format",
    "pool_length": "pool_size",
    "stride": "strides",
    "bias": "use_bias",
}
"""Keyword names of old Keras scripts, and what Keras 3 and Pellucid call them now."""


class Refusal(Exception):
    """Raised by a field's converter: what was expected, and how to mend it."""

    def __init__(self, expected: str, fix: str = "", given: str | None = None) -> None:
        super().__init__(expected)
        self.expected, self.fix, self.given = expected, fix, given


def option(
    default: Any = dataclasses.MISSING,
    *,
    convert: Converter | None = None,
    tunable: bool = False,
    kw_only: bool = False,
    identity: bool = False,
    off: float | None = None,
) -> Any:
    """Declare a field.

    Args:
        default: Value when none is given; required when absent.
        convert: Returns the value to keep, or raises `Refusal`.
        tunable: The field is a number that compiled programs take as data.
        kw_only: The field must be given by name.
        identity: The field names the object and is no part of its structure.
        off: Value of a tunable field that is a choice: programs leave out what it belongs to.
    """
    metadata = {"convert": convert, "tunable": tunable, "identity": identity, "off": off}
    return dataclasses.field(default=default, kw_only=kw_only, metadata=metadata)


_NUMBERS = (int, float, np.integer, np.floating)


def _is_traced(value: Any) -> bool:
    return hasattr(value, "aval")


def _is_finite_number(value: Any) -> TypeGuard[float]:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, _NUMBERS):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False


def _bounds(low: float | None, high: float | None, below: float | None, above: float | None) -> str:
    parts = []
    if low is not None:
        parts.append(f"at least {low:g}")
    if above is not None:
        parts.append(f"above {above:g}")
    if high is not None:
        parts.append(f"at most {high:g}")
    if below is not None:
        parts.append(f"below {below:g}")
    return " and ".join(parts)


def number(
    default: Any = dataclasses.MISSING,
    *,
    low: float | None = None,
    high: float | None = None,
    below: float | None = None,
    above: float | None = None,
    meaning: str = "",
    optional: bool = False,
    tunable: bool = True,
    kw_only: bool = False,
    off: float | None = None,
) -> Any:
    """Declare a finite real number: `low <= value <= high`, `above < value < below`."""

    def convert(value: Any) -> Any:
        if (optional and value is None) or _is_traced(value):
            return value
        bounds = _bounds(low, high, below, above)
        expected = " ".join(part for part in ("a number", bounds) if part)
        expected += f" ({meaning})" if meaning else ""
        if not _is_finite_number(value):
            raise Refusal(expected)
        result = float(value)
        outside = (
            (low is not None and result < low)
            or (high is not None and result > high)
            or (below is not None and result >= below)
            or (above is not None and result <= above)
        )
        if outside:
            raise Refusal(expected)
        return int(value) if isinstance(value, (int, np.integer)) else result

    return option(default, convert=convert, tunable=tunable, kw_only=kw_only, off=off)


def count(
    default: Any = dataclasses.MISSING,
    *,
    low: int = 1,
    high: int | None = None,
    meaning: str = "",
    optional: bool = False,
    kw_only: bool = False,
) -> Any:
    """Declare a whole number that shapes the program, such as a number of units."""

    def convert(value: Any) -> Any:
        if optional and value is None:
            return None
        bounds = _bounds(low, high, None, None)
        expected = f"a whole number {bounds}" + (f" ({meaning})" if meaning else "")
        if not _is_finite_number(value):
            raise Refusal(expected)
        if value != int(value) or value < low or (high is not None and value > high):
            raise Refusal(expected)
        return int(value)

    return option(default, convert=convert, kw_only=kw_only)


def flag(default: Any = dataclasses.MISSING, *, kw_only: bool = False) -> Any:
    """Declare True or False."""

    def convert(value: Any) -> bool:
        if not isinstance(value, (bool, np.bool_)):
            raise Refusal("True or False")
        return bool(value)

    return option(default, convert=convert, kw_only=kw_only)


def choice(
    options: Sequence[Any], default: Any = dataclasses.MISSING, *, kw_only: bool = False
) -> Any:
    """Declare one of a few fixed values."""

    def convert(value: Any) -> Any:
        if isinstance(value, Hashable) and value in options:
            return value
        known = ", ".join(repr(one) for one in options)
        strings = [one for one in options if isinstance(one, str)]
        suggestion = near(value, strings) if isinstance(value, str) else None
        raise Refusal(f"one of {known}", f"Did you mean '{suggestion}'?" if suggestion else "")

    return option(default, convert=convert, kw_only=kw_only)


def text(
    default: Any = dataclasses.MISSING, *, kw_only: bool = False, identity: bool = False
) -> Any:
    """Declare a string, or None where that is the default."""

    def convert(value: Any) -> str | None:
        if value is None and default is None:
            return None
        if not isinstance(value, str):
            raise Refusal("a string")
        return value

    return option(default, convert=convert, kw_only=kw_only, identity=identity)


def axis_number(
    default: Any = dataclasses.MISSING,
    *,
    several: bool = False,
    optional: bool = False,
    kw_only: bool = False,
) -> Any:
    """Declare the number of an array's axis, or a tuple of them where `several` is set."""

    def convert(value: Any) -> int | tuple[int, ...] | None:
        if optional and value is None:
            return None
        together = isinstance(value, (tuple, list))
        numbers: list[Any] = [*value] if several and together else [value]
        for number in numbers:
            if isinstance(number, bool) or not isinstance(number, (int, np.integer)):
                raise Refusal("an axis number" + (", or several such as (1, 2)" * several))
        whole = tuple(int(number) for number in numbers)
        return whole if together else whole[0]

    return option(default, convert=convert, kw_only=kw_only)


def part(get: Converter, default: Any = dataclasses.MISSING, *, kw_only: bool = False) -> Any:
    """Declare a nested description or function, found by `get` from a name, class or object.

    None is one only where it is the default, or where `get` knows what it stands for.
    """

    def convert(value: Any) -> Any:
        try:
            found = get(value)
        except ArgumentError as error:
            raise _Nested(error) from None
        if found is None and default is not None:
            fix = "" if default is dataclasses.MISSING else f"Leave it out for {default!r}."
            raise Refusal("a name, a class or an object", fix)
        return found

    return option(default, convert=convert, kw_only=kw_only)


class _Nested(Exception):
    """An error of an inner description, passed on with its own words."""

    def __init__(self, error: ArgumentError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass_transform(
    frozen_default=False,  # some fields may be set, and checkers know only all or none
    eq_default=False,
    field_specifiers=(option, number, count, flag, choice, text, axis_number, part),
)
class Description:
    """Base of every description; subclasses only annotate fields and add behaviour.

    Objects are compared by identity: two `Dense(8)` are two layers. A subclass may name
    fields in `mutable` that can be set afterwards, and override `problems` to check
    fields against each other.
    """

    kind: ClassVar[str] = "description"
    mutable: ClassVar[frozenset[str]] = frozenset()
    removed: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {}
    """Keywords that Keras once had: what to write instead, made from the call's keywords."""
    _marks: ClassVar[Mapping[str, Tunable]] = {}
    compiled: ClassVar[bool] = True
    """False for what no compiled program sees, such as how a weight's first values are drawn."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Only the fields are dataclasses': the methods that it would write for each of some two
        # hundred classes cost a quarter of a second of every start.
        dataclasses.dataclass(init=False, eq=False, repr=False)(cls)
        cls.__setattr__ = _set_attribute  # type: ignore[method-assign]
        own = cls.__dict__.get("__init__") or _constructor(cls)
        cls.__init__ = _explain_arguments(cls, own)  # type: ignore[method-assign]

    def __post_init__(self) -> None:
        found: list[Problem] = []
        marked: dict[str, Tunable] = {}
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            convert = field.metadata.get("convert")
            given = getattr(self, field.name)
            if isinstance(given, Tunable):
                marked[field.name] = given
                object.__setattr__(self, field.name, given.default)
            if convert is None:
                continue
            where = f"{type(self).__name__}({field.name}=...)"
            values = given.values if isinstance(given, Tunable) else (given,)
            try:
                for given in reversed(values):  # the default is kept, which comes first
                    object.__setattr__(self, field.name, convert(given))
            except Refusal as refusal:
                shown = refusal.given or repr(given)
                found.append(Problem(where, shown, refusal.expected, refusal.fix))
            except _Nested as nested:
                raise type(nested.error)(f"{where}: {nested.error}") from None
        report(found)
        report(self.problems())
        if marked:
            object.__setattr__(self, "_marks", marked)

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong between fields; each field alone is already checked."""
        return iter(())

    def __repr__(self) -> str:
        shown = []
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = _shown(getattr(self, field.name))
            if value != _shown_default(field):
                shown.append(f"{field.name}={value}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def get_config(self) -> dict[str, Any]:
        """Return the fields as plain JSON values.

        Raises:
            NotSaveableError: A field holds a function or object that a file must not hold.
        """
        return {
            field.name: _plain(getattr(self, field.name), f"{type(self).__name__}.{field.name}")
            for field in dataclasses.fields(self)  # type: ignore[arg-type]
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Return the description that `get_config` described."""
        return cls(**config)

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed, checked like a new one."""
        return dataclasses.replace(self, **changes)  # type: ignore[type-var]


def _shown(value: Any) -> str:
    return str(getattr(value, "__name__", repr(value)))


def _shown_default(field: Any) -> str | None:
    """Return how a field's default is shown once converted; None if it has none."""
    if field.default is dataclasses.MISSING:
        return None
    convert = field.metadata.get("convert")
    return _shown(convert(field.default) if convert else field.default)


def _set_attribute(self: Description, name: str, value: Any) -> None:
    if name not in self.mutable:
        kind = type(self).__name__
        now = RENAMED.get(name)
        if now in self.mutable:
            raise AttributeError(f"{kind}.{name}: '{name}' is now called '{now}'.")
        raise AttributeError(
            f"{kind}.{name}: cannot be set, a {kind} is a fixed description. "
            f"Make a changed copy instead: .replace({name}={value!r})."
        )
    fields = {field.name: field for field in dataclasses.fields(self)}  # type: ignore[arg-type]
    convert = fields[name].metadata["convert"] if name in fields else None
    try:
        object.__setattr__(self, name, convert(value) if convert else value)
    except Refusal as refusal:
        where = f"{type(self).__name__}.{name}"
        report([Problem(where, repr(value), refusal.expected, refusal.fix)])


def _constructor(cls: type) -> Callable[..., None]:
    """Return the constructor that follows from the fields."""
    fields = dataclasses.fields(cls)
    names = [field.name for field in fields]
    positional = [field.name for field in fields if not field.kw_only]
    defaults = {
        field.name: field.default for field in fields if field.default is not dataclasses.MISSING
    }

    def construct(self: Any, *args: Any, **kwargs: Any) -> None:
        given = defaults | dict(zip(positional, args, strict=False)) | kwargs
        for name in names:
            object.__setattr__(self, name, given[name])
        self.__post_init__()

    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    for field in sorted(fields, key=lambda field: bool(field.kw_only)):
        by_name = inspect.Parameter.KEYWORD_ONLY
        parameters.append(
            inspect.Parameter(
                field.name,
                by_name if field.kw_only else inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=defaults.get(field.name, inspect.Parameter.empty),
                annotation=field.type,
            )
        )
    construct.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return construct


def _explain_arguments(cls: type, init: Callable[..., None]) -> Callable[..., None]:
    """Wrap a constructor so that wrong keywords are answered with what they are called."""
    signature = inspect.signature(init)
    known = [name for name in signature.parameters if name != "self"]
    takes_any = any(one.kind is one.VAR_KEYWORD for one in signature.parameters.values())

    @functools.wraps(init)
    def checked(self: Any, *args: Any, **kwargs: Any) -> None:
        unknown = [] if takes_any else [name for name in kwargs if name not in known]
        if unknown:
            report(_unknown_keyword(cls, name, kwargs, known) for name in unknown)
        try:
            bound = signature.bind(self, *args, **kwargs)
        except TypeError as error:
            given = str(error).replace("missing a required argument: ", "got no ")
            shown = _shown_call(cls.__name__, list(signature.parameters.values())[1:])
            raise ArgumentError(f"{cls.__name__}: {given}, expected {shown}.") from None
        init(*bound.args, **bound.kwargs)

    checked.__signature__ = signature  # type: ignore[attr-defined]
    return checked


def _shown_call(name: str, parameters: Sequence[inspect.Parameter]) -> str:
    """Return `Dense(units, activation=..., ...)`: what is needed, and that there is more."""
    needed = [one for one in parameters if one.default is one.empty]
    more = [f"{one.name}=..." for one in parameters if one not in needed][:1]
    return f"{name}({', '.join([*(one.name for one in needed), *more, '...'])})"


def _unknown_keyword(
    cls: type, name: str, given: Mapping[str, Any], known: Sequence[str]
) -> Problem:
    removed = cls.removed.get(name)  # type: ignore[attr-defined]
    fix = removed(given) if removed is not None else ""
    return unknown_argument(cls.__name__, name, known, fix)


def unknown_argument(where: str, name: str, known: Sequence[str], fix: str = "") -> Problem:
    """Return the problem of a keyword that is none: what it is called now, or a near one."""
    now = RENAMED.get(name)
    renamed = f"'{name}' is now called '{now}'." if now in known else did_you_mean(name, known)
    expected = "one of its own arguments"
    return Problem(where, f"the unknown argument '{name}'", expected, fix or renamed)


def described(value: Description) -> dict[str, Any]:
    """Return a description's class and fields as plain JSON values, as files hold them."""
    return {"class": f"{value.kind}.{type(value).__name__}", "config": value.get_config()}


def _plain(value: Any, where: str) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Description):
        return described(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item, where) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item, where) for key, item in value.items()}
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    name = getattr(value, "registered_name", None)
    if name is not None:
        return name
    raise NotSaveableError(
        f"{where}: got {getattr(value, '__name__', value)!r}, a Python function, expected a name "
        "or a description: a model file holds no code. Use a named function, or write a small "
        "layer or loss class and pass it to load_model(custom_objects={...})."
    )


def structure(value: Any) -> Hashable:
    """Return what determines the program that `value` compiles to, without its tunable numbers."""
    if isinstance(value, Description):
        if not value.compiled:
            return value.kind
        rows = []
        for field in dataclasses.fields(value):  # type: ignore[arg-type]
            held = getattr(value, field.name)
            if field.metadata.get("identity"):
                continue
            if _is_tunable(field, held):
                rows.append((field.name, "tunable", len(held) if isinstance(held, tuple) else 1))
            else:
                rows.append((field.name, structure(held)))
        return (type(value), tuple(rows))
    if isinstance(value, (tuple, list)):
        return tuple(structure(item) for item in value)
    if isinstance(value, dict):
        return tuple((key, structure(item)) for key, item in sorted(value.items()))
    if isinstance(value, np.ndarray):
        return ("array", value.shape, value.dtype.str, value.tobytes())
    return value


def _nests(value: Any) -> bool:
    return isinstance(value, (Description, tuple, list, dict))


def _is_tunable(field: dataclasses.Field[Any], held: Any) -> bool:
    """Say whether a field holds a number, or a tuple of numbers, that programs take as data."""
    if not field.metadata.get("tunable") or held is None or isinstance(held, Description):
        return False
    off = field.metadata.get("off")
    return off is None or _is_traced(held) or held != off


def tunables(value: Any, path: str = "") -> list[tuple[str, float]]:
    """Return the tunable numbers in `value` with their paths, in the order `bind` takes them."""
    found: list[tuple[str, float]] = []
    if isinstance(value, Description):
        if not value.compiled:
            return found
        for field in dataclasses.fields(value):  # type: ignore[arg-type]
            held = getattr(value, field.name)
            inner = f"{path}.{field.name}" if path else field.name
            if _is_tunable(field, held) and isinstance(held, tuple):
                found += [(f"{inner}.{index}", item) for index, item in enumerate(held)]
            elif _is_tunable(field, held):
                found.append((inner, held))
            elif _nests(held):
                found += tunables(held, inner)
    elif isinstance(value, (tuple, list)):
        for index, item in enumerate(value):
            found += tunables(item, f"{path}.{index}" if path else str(index))
    elif isinstance(value, dict):
        for key in sorted(value):
            found += tunables(value[key], f"{path}.{key}" if path else str(key))
    return found


def marks(value: Description, path: str) -> Iterator[tuple[str, Tunable]]:
    """Yield the marks in a description, and in those within it, with their paths.

    Args:
        value: The description.
        path: What its fields' names begin with.
    """
    for field in dataclasses.fields(value):  # type: ignore[arg-type]
        name = f"{path}.{field.name}"
        if field.name in value._marks:
            yield name, value._marks[field.name]
        held = getattr(value, field.name)
        if isinstance(held, Description):
            yield from marks(held, name)


def put_mark(value: Description, path: str, mark: Tunable) -> None:
    """Put a mark at a field of a description, or of one within it; what stands there stays.

    Args:
        value: The description.
        path: The field, such as "units" or "kernel_regularizer.l2".
        mark: What a search may try.

    Raises:
        ArgumentError: There is no such field, or a value does not suit it.
    """
    own, _, inner = path.partition(".")
    known = [field.name for field in dataclasses.fields(value)]  # type: ignore[arg-type]
    within = getattr(value, own) if own in known else None
    if inner and isinstance(within, Description):
        put_mark(within, inner, mark)
        return
    if inner or own not in known:
        fix = did_you_mean(own, known)
        report([Problem(type(value).__name__, f"the field {path!r}", "one of its own", fix)])
    value.replace(**{own: mark})  # which checks every value
    object.__setattr__(value, "_marks", {**value._marks, own: mark})


def altered(value: Any, **fields: Any) -> Any:
    """Return a copy of a description with other values in some fields, which are not checked.

    Args:
        value: The description; what it was built with stays with the copy.
        **fields: The values by name, such as arrays that a program takes as data.

    Example:
        >>> from pellucid.description import altered
        >>> from pellucid.layers import Dense
        >>> layer = Dense(3, activation="relu")
        >>> altered(layer, activation=None).activation is None, layer.activation is None
        (True, False)
    """
    found = copy.copy(value)
    for name, held in fields.items():
        object.__setattr__(found, name, held)
    return found


def bind(value: Any, numbers: Iterator[Any]) -> Any:
    """Return a copy of `value` whose tunable numbers are taken, in order, from `numbers`."""
    if isinstance(value, Description):
        if not value.compiled:
            return value
        bound = copy.copy(value)
        for field in dataclasses.fields(value):  # type: ignore[arg-type]
            held = getattr(value, field.name)
            if _is_tunable(field, held) and isinstance(held, tuple):
                object.__setattr__(bound, field.name, tuple(next(numbers) for _ in held))
            elif _is_tunable(field, held):
                object.__setattr__(bound, field.name, next(numbers))
            elif _nests(held):
                object.__setattr__(bound, field.name, bind(held, numbers))
        return bound
    if isinstance(value, (tuple, list)):
        return type(value)(bind(item, numbers) for item in value)
    if isinstance(value, dict):
        return {key: bind(value[key], numbers) for key in sorted(value)}
    return value
