"""Whether the values of a space can be tried at all, before anything is trained."""

from collections.abc import Mapping
from typing import Any

from pellucid.errors import ArgumentError, PellucidError, Together, sentences_of
from pellucid.models.request import Request
from pellucid.tuning.blueprint import Blueprint
from pellucid.tuning.space import Space, plain


def check_space(blueprint: Blueprint, space: Space, fit: Mapping[str, Any], seed: int) -> None:
    """Refuse a space of which an end of a range, or an option, makes no model or no `fit`.

    Args:
        blueprint: What is built.
        space: From which values.
        fit: Arguments of `fit`.
        seed: Seed of the models.

    Raises:
        ArgumentError: Names each value that is wrong beside good ones, or where there are none
            says what is wrong.
    """

    def told(values: Mapping[str, Any]) -> tuple[str, ...]:
        try:
            _, own = blueprint.make(values, seed)
            Request(None, None, **{**fit, **own}).check()
        except PellucidError as error:
            return sentences_of(error)
        return ()

    where = f"{blueprint.where}(space=...)"
    bases = [space.at([share] * len(space)) for share in (0.5, 0.0, 1.0)]
    base = next((one for one in bases if not told(one)), None)
    together = Together()
    if base is None:
        wrong = [told(one) for one in bases]
        everywhere = [one for one in wrong[0] if all(one in others for others in wrong)]
        place = f"{where}: {plain(bases[0])}"
        for sentence in everywhere or [f"{place}: {one}" for one in wrong[0]]:
            together.attempt(_raising(sentence))
        together.tell()
    assert base is not None
    for name, parameter in space.parameters.items():
        for value in parameter.ends:
            for sentence in told({**base, name: value}):
                together.attempt(_raising(f"{where}: '{name}' {plain(value)!r}: {sentence}"))
    together.tell()


def _raising(sentence: str) -> Any:
    def fail() -> None:
        raise ArgumentError(sentence)

    return fail
