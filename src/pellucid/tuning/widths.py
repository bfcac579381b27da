"""Widths of a search that are trained by one program, the narrow ones within the widest of them."""

import bisect
import warnings
from collections.abc import Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from pellucid.description import structure
from pellucid.errors import PellucidWarning
from pellucid.graph.widening import places_within
from pellucid.models.last_run import compile_settings
from pellucid.models.preparing import ensure_built
from pellucid.processor import on_cpu
from pellucid.training.work import forward_work
from pellucid.tuning.blueprint import WIDTH, Blueprint
from pellucid.tuning.space import Choice, Parameter, Space
from pellucid.types import NumpyArray

MOST_ADDED = 1.25
"""How many times as long a step may take, at most, in the program of a wider model."""

STEP_WORK, GPU_STEP_WORK = 1e5, 1e7
"""Numbers that a core, and a GPU, compute in the time that a step of the smallest network takes."""

POINTS = 1024
"""Values of a range that are looked at, at most: one of seeds may hold billions."""

MOST_KEPT = 32
"""Wider models that are kept for later trials, at most: a range of widths needs one for each."""


class Widths:
    """Which parameters of a space are widths, and the widths for which programs are compiled.

    A program serves all widths from its own down to that whose steps would take `MOST_ADDED` times
    less. This follows from the space and the model alone, and not from what is tried at the same
    time, so that a trial comes out the same whatever it is trained beside.

    Args:
        blueprint: What is built.
        space: From which values.
        x: Inputs as `fit` takes them.
        rows: Rows in a batch.
        seed: Seed of the models that are looked at.
    """

    def __init__(self, blueprint: Blueprint, space: Space, x: Any, rows: int, seed: int) -> None:
        self._blueprint, self._space, self._x = blueprint, space, x
        self._rows, self._seed = rows, seed
        self._wider: dict[Hashable, Any] = {}

    def wider(self, model: Any, values: Mapping[str, Any]) -> Any:
        """Return the model in whose program one may be trained; None for none.

        It gives its program and no numbers, so that models that differ in nothing but numbers have
        the same one as long as it is kept.

        Args:
            model: The compiled model of `values`.
            values: Its parameters.
        """
        changed = {
            name: compiled[bisect.bisect_left(compiled, values[name])]
            for name, compiled in self.compiled.items()
            if name in values
        }
        if all(values[name] == value for name, value in changed.items()):
            return None
        ensure_built(model, self._x)
        settings = structure(compile_settings(model.compiled))
        key = model.network.structure, settings, tuple(changed.items())
        kept = self._wider.get(key)
        if kept is not None:
            return kept
        made = self._made({**values, **changed})
        # A function that refuses the width beside these values may take it beside others.
        if made is not None:
            if len(self._wider) == MOST_KEPT:
                del self._wider[next(iter(self._wider))]
            self._wider[key] = made
        return made

    @cached_property
    def compiled(self) -> dict[str, list[Any]]:
        """For each width of the space the values for which programs are compiled, ascending."""
        found = {
            name: own
            for name, parameter in self._space.parameters.items()
            if (own := _sorted_points(name, parameter)) and self._is_width(name, own)
        }
        added = MOST_ADDED ** (1 / max(1, len(found)))
        return {name: _steps_of(own, self._costs(name, own), added) for name, own in found.items()}

    def _is_width(self, name: str, points: Sequence[Any]) -> bool:
        """Say whether the least value makes a model that is within that of the greatest."""
        least, greatest = (self._network({name: one}) for one in (points[0], points[-1]))
        if least is None or greatest is None or least.structure == greatest.structure:
            return False
        return places_within(least, greatest) is not None

    def _costs(self, name: str, points: Sequence[Any]) -> NumpyArray:
        """Return the numbers that a step computes at each point.

        A product of matrices of which a width is one side, or two, costs a polynomial of degree 1
        or 2, which three points tell.
        """
        known = sorted({points[0], points[len(points) // 2], points[-1]})
        costs = [self._work({name: one}) for one in known]
        polynomial = np.polynomial.Polynomial.fit(known, costs, len(known) - 1)
        least = STEP_WORK if on_cpu() else GPU_STEP_WORK
        return least + polynomial(np.asarray(points, float))

    def _work(self, values: Mapping[str, Any]) -> float:
        network = self._network(values)
        return 0.0 if network is None else forward_work(network, self._rows).numbers

    def _network(self, values: Mapping[str, Any]) -> Any:
        """Return the network of these values beside middle ones; None where it has none."""
        model = self._made({**self._space.middle, **values})
        return None if model is None else model.network

    def _made(self, values: Mapping[str, Any]) -> Any:
        """Return the model of values that nobody asked for; None where there is none.

        A function of the user's builds it, and may refuse a width beside others in its own way.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", PellucidWarning)
                model, _ = self._blueprint.make(values, self._seed)
                ensure_built(model, self._x)
        except Exception:
            return None
        return model


def _sorted_points(name: str, parameter: Parameter) -> list[Any]:
    """Return the values that a width may have; none of what cannot be one."""
    if isinstance(parameter, Choice):
        points = list(parameter.options)
    else:
        points = [parameter.at(float(share)) for share in np.linspace(0, 1, POINTS)]
    kinds = (int, np.integer, float, np.floating) if name == WIDTH else (int, np.integer)
    numbers = all(isinstance(one, kinds) and not isinstance(one, bool) for one in points)
    return sorted(set(points)) if numbers and len(points) > 1 else []


def _steps_of(points: Sequence[Any], costs: NumpyArray, most: float) -> list[Any]:
    """Return the greatest point, then each greatest one that costs `most` times less than the one
    before, ascending.
    """
    found = [len(points) - 1]
    for place in reversed(range(len(points))):
        if costs[place] * most < costs[found[-1]]:
            found.append(place)
    return [points[place] for place in reversed(found)]
