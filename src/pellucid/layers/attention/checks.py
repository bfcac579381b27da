"""What layers of attention say about queries, values, keys and masks that do not fit."""

from collections.abc import Iterator, Mapping, Sequence

from pellucid.errors import Problem
from pellucid.layers.base import Layer
from pellucid.types import Shape

TOGETHER = "Bring them to one width first, for example with Dense."


def fit(one: Sequence[int | None], other: Sequence[int | None]) -> bool:
    """Return whether two shapes are equal, as far as their sizes are known."""
    return len(one) == len(other) and all(
        None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True)
    )


def rank_problems(layer: Layer, parts: Mapping[str, Shape]) -> Iterator[Problem]:
    """Yield what is wrong with the numbers of axes of a query, value and key.

    Args:
        layer: Whose inputs they are; it says how many axes it takes, where that is fixed.
        parts: Their shapes by name, no batch axis.
    """
    rank = layer.input_rank or max(3, len(parts["query"]) + 1)
    for name, shape in parts.items():
        if len(shape) + 1 != rank:
            given = f"a {name} of shape {(None, *shape)}"
            expected = f"{rank} axes, (batch, {'..., ' * (rank > 3)}steps, features)"
            fix = "Add an axis of steps, such as x[:, None]." if len(shape) == 1 else ""
            yield Problem(layer.label, given, expected, fix)


def pair_problems(layer: Layer, parts: Mapping[str, Shape]) -> Iterator[Problem]:
    """Yield what is wrong with the steps of a value and a key, which they share."""
    value, key = parts["value"], parts["key"]
    if not fit(value[:-1], key[:-1]):
        given = f"a value of shape {(None, *value)} and a key of shape {(None, *key)}"
        yield Problem(layer.label, given, "as many steps in both", "Each value has one key.")
    if 0 in key[:-1]:
        given = f"keys and values of no steps, shape {(None, *key)}"
        yield Problem(layer.label, given, "at least one step")
