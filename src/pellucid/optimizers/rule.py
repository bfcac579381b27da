"""The pure half of an optimiser: numbers, and an update that is a function of its arguments."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from pellucid.description import Description, Refusal, count, flag, number, option, text
from pellucid.errors import Problem
from pellucid.optimizers.clipping import clip_global_norm, clip_norms, clip_values
from pellucid.optimizers.schedules.base import rate_at, to_rate
from pellucid.tree import Layout
from pellucid.types import Array, NumpyArray

Slots = dict[str, Any]
"""What an optimiser remembers of one array, such as its momentum, by name."""

Scalars = dict[str, Any]
"""Numbers that an optimiser carries for all arrays together, by name."""


@dataclass(frozen=True)
class Role:
    """How one array is treated, where its path decides that.

    Args:
        decays: Whether weight decay applies to it.
        exceptional: Whether it is updated by the optimiser's rule for exceptions (`Muon`).
    """

    decays: bool = True
    exceptional: bool = False


ORDINARY = Role()


_REPEATS = re.compile(r"[*+?][+?]?|\{")
_IDLE = re.compile(r"^\.\*(?![?+])|(?<!\\)\.\*$")
"""`.*` at an end: it changes nothing in what a search finds."""

LONGEST_PATTERN = 2000
MOST_REPEATING = 10
"""How many of an optimizer's patterns may repeat something, as in `first.*bias`."""


def to_patterns(value: Any) -> tuple[str, ...]:
    """Return a tuple of regular expressions; a single string stands for one.

    Patterns come from files too, and one such as `(a+)+$` can keep Python's matcher busy for
    ever. Without groups, and with at most one repetition, matching is quick.
    """
    patterns = (value,) if isinstance(value, str) else value
    if not isinstance(patterns, (tuple, list)) or not all(isinstance(p, str) for p in patterns):
        raise Refusal("parts of weight paths, such as ('bias', 'normalization')")
    if any(len(pattern) > LONGEST_PATTERN for pattern in patterns):
        raise Refusal(f"patterns of at most {LONGEST_PATTERN} characters", given="a longer one")
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            expected = f"regular expressions, and {pattern!r} is none ({error})"
            raise Refusal(expected, "Escape it with re.escape.") from None
    repeating = [pattern for pattern in patterns if _repetitions(pattern)]
    slow = [pattern for pattern in patterns if _repetitions(pattern) > 1 or "(" in _bare(pattern)]
    if slow or len(repeating) > MOST_REPEATING:
        expected = f"no groups, one repetition a pattern, and {MOST_REPEATING} repetitions in all"
        raise Refusal(expected, "Write several plain patterns.", given=repr(patterns)[:200])
    return tuple(patterns)


def _bare(pattern: str) -> str:
    """Return `pattern` without escaped characters and idle ends."""
    return re.sub(r"\\.", "", _IDLE.sub("", pattern))


def _repetitions(pattern: str) -> int:
    return len(_REPEATS.findall(_bare(pattern)))


def found_in(patterns: Sequence[str], path: str) -> bool:
    """Say whether one of the regular expressions occurs in `path`."""
    return any(re.search(_IDLE.sub("", pattern), path) for pattern in patterns)


def _instead_of_decay(given: Mapping[str, Any]) -> str:
    rate = given.get("learning_rate", given.get("lr", 0.01))
    return (
        "'decay' was removed; a schedule does the same: "
        "learning_rate=pellucid.optimizers.schedules.InverseTimeDecay("
        f"{rate!r}, decay_steps=1, decay_rate={given['decay']!r})."
    )


class UpdateRule(Description):
    """Base of the pure half of optimisers; see `Optimizer` for the arguments.

    The compiled program (`engine`) packs all parameters into one vector. An optimiser that
    is `elementwise` is called once a step with that vector, any other once for each array.
    """

    kind: ClassVar[str] = "optimizer"
    removed: ClassVar[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
        "decay": _instead_of_decay
    }
    elementwise: ClassVar[bool] = False
    """True when the update of a value depends on that value alone."""
    starts_as_parameters: ClassVar[tuple[str, ...]] = ()
    """Slots that begin as copies of the parameters."""

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    weight_decay: float | None = number(default=None, low=0, optional=True, kw_only=True)
    clipnorm: float | None = number(default=None, above=0, optional=True, kw_only=True)
    clipvalue: float | None = number(default=None, above=0, optional=True, kw_only=True)
    global_clipnorm: float | None = number(default=None, above=0, optional=True, kw_only=True)
    use_ema: bool = flag(default=False, kw_only=True)
    ema_momentum: float = number(default=0.99, low=0, high=1, kw_only=True)
    ema_overwrite_frequency: int | None = count(default=None, optional=True, kw_only=True)
    loss_scale_factor: float | None = number(default=None, above=0, optional=True, kw_only=True)
    gradient_accumulation_steps: int | None = count(
        default=None, low=2, optional=True, kw_only=True
    )
    exclude_from_decay: tuple[str, ...] = option(default=(), convert=to_patterns, kw_only=True)
    name: str | None = text(default=None, kw_only=True, identity=True)

    def problems(self) -> Iterator[Problem]:
        names = ("clipnorm", "clipvalue", "global_clipnorm")
        given = [f"{name}={held}" for name in names if (held := getattr(self, name)) is not None]
        if len(given) > 1:
            expected = "at most one of clipnorm, clipvalue and global_clipnorm"
            yield Problem(
                type(self).__name__, " and ".join(given), expected, "Keep the one you mean."
            )

    # -- what an optimiser defines ----------------------------------------------------

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        """Return the first slots for an array of `shape`, as float32 NumPy arrays by name."""
        return {}

    def scalars(self) -> dict[str, float]:
        """Return the first values of the numbers carried for all arrays together."""
        return {}

    def advance(self, scalars: Scalars, step: Array) -> Scalars:
        """Return the scalars of this step, called once before the arrays are updated."""
        return scalars

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        """Return the parameter and its slots after one step; pure, for JAX to trace.

        Args:
            parameter: The values, shape as given to `slots`.
            gradient: Gradient of the loss by the parameter, of the same shape.
            slots: The slots, by name.
            scalars: The numbers that `advance` returned.
            step: Number of updates so far, int32, 0 at the first.
            learning_rate: The rate of this step.
        """
        raise NotImplementedError(f"{type(self).__name__} must define update().")

    # -- what it may redefine ---------------------------------------------------------

    def role(self, path: str) -> Role:
        """Return how the array at `path`, such as "dense/kernel", is treated."""
        return Role(decays=not found_in(self.exclude_from_decay, path))

    def slots_in_role(self, shape: tuple[int, ...], role: Role) -> dict[str, NumpyArray]:
        """Return the first slots for an array of `shape` in `role`."""
        return self.slots(shape)

    def decay_strength(self, shape: tuple[int, ...], role: Role) -> Array | None:
        """Return the weight decay of an array; None for none."""
        return self.weight_decay if role.decays else None

    # -- what follows -----------------------------------------------------------------

    def roles(self, paths: Sequence[str]) -> tuple[Role, ...]:
        """Return how the arrays at `paths` are treated, empty if all in the ordinary way.

        Paths decide nothing but this, so it belongs into the key of a compiled program and
        the paths do not.
        """
        found = tuple(self.role(path) for path in paths)
        return () if all(role == ORDINARY for role in found) else found

    def current_rate(self, step: Array) -> Array:
        """Return the learning rate at `step`: the number, or what the schedule gives."""
        return rate_at(self.learning_rate, step)

    def transform(self, gradients: Array, layout: Layout) -> Array:
        """Return the packed gradients, clipped as this optimiser says; shape unchanged."""
        if self.clipnorm is not None:
            return clip_norms(gradients, layout, self.clipnorm)
        if self.global_clipnorm is not None:
            return clip_global_norm(gradients, self.global_clipnorm)
        if self.clipvalue is not None:
            return clip_values(gradients, self.clipvalue)
        return gradients

    def scale_loss(self, loss: Array) -> Array:
        """Return the loss times `loss_scale_factor`, by which the engine divides gradients."""
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    # -- the whole network at once ----------------------------------------------------

    def first_slots(self, layout: Layout, roles: Sequence[Role]) -> Any:
        """Return the first slots of all arrays.

        Vectors as long as the packed parameters by name for an elementwise optimiser, for
        any other a tuple with the slots of each array.
        """
        if self.elementwise:
            return self.slots((layout.size,))
        pairs = zip(layout.shapes, roles, strict=True)
        return tuple(self.slots_in_role(shape, role) for shape, role in pairs)

    def update_all(
        self,
        layout: Layout,
        parameters: Array,
        gradients: Array,
        slots: Any,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Any]:
        """Return the packed parameters and all slots after one step."""
        if self.elementwise:
            return self.update(parameters, gradients, slots, scalars, step, learning_rate)
        arrays = zip(layout.unpack(parameters), layout.unpack(gradients), slots, strict=True)
        moved = [self.update(*array, scalars, step, learning_rate) for array in arrays]
        return layout.pack([array for array, _ in moved]), tuple(held for _, held in moved)
