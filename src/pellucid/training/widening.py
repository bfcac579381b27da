"""Training within the program of a recipe with wider layers; see `graph/widening.py` for why."""

from dataclasses import dataclass

import jax
import numpy as np

from pellucid.graph.widening import places_within
from pellucid.optimizers.catalogue import OPTIMIZERS
from pellucid.training.recipe import Recipe
from pellucid.training.state import TrainState, begin_optimizer
from pellucid.types import Array, NumpyArray


@dataclass(frozen=True, eq=False)
class Widening:
    """Where a recipe's arrays lie among those of one with wider layers.

    Args:
        recipe: The wider one.
        trained: Places of the trained weights in the wider packed vector.
        carried: Those of the other weights.
    """

    recipe: Recipe
    trained: NumpyArray
    carried: NumpyArray

    def padded(self, state: TrainState) -> TrainState:
        """Return a state of the own recipe as one of the wider recipe.

        In the gaps weights are 0, and the optimiser's slots what they begin with.
        """
        sizes = self.recipe.trained.size, self.recipe.carried.size
        first, own = begin_optimizer(self.recipe), state.optimizer
        slots, average, accumulated = jax.tree.map(
            lambda gaps, vector: _laid(gaps, self.trained, vector),
            (first.slots, first.average, first.accumulated),
            (own.slots, own.average, own.accumulated),
        )
        return state._replace(
            trained=_laid(np.zeros(sizes[0], np.float32), self.trained, state.trained),
            carried=_laid(np.zeros(sizes[1], np.float32), self.carried, state.carried),
            optimizer=own._replace(slots=slots, average=average, accumulated=accumulated),
            best=tuple(
                _laid(np.zeros(sum(sizes), np.float32), self._both, one) for one in state.best
            ),
        )

    def cropped(self, state: TrainState) -> TrainState:
        """Return a state of the wider recipe, in NumPy arrays, as one of the own recipe."""
        held = state.optimizer
        slots, average, accumulated = jax.tree.map(
            lambda vector: vector[self.trained], (held.slots, held.average, held.accumulated)
        )
        return state._replace(
            trained=state.trained[self.trained],
            carried=state.carried[self.carried],
            optimizer=held._replace(slots=slots, average=average, accumulated=accumulated),
            best=tuple(one[self._both] for one in state.best),
        )

    @property
    def _both(self) -> NumpyArray:
        """Places in a vector of all weights, the trained ones first."""
        return np.concatenate([self.trained, self.recipe.trained.size + self.carried])


def _laid(gaps: NumpyArray, places: NumpyArray, vector: Array) -> NumpyArray:
    """Return a copy of `gaps` that has a vector's numbers at these places."""
    found = np.array(gaps)
    found[places] = vector
    return found


def widening(own: Recipe, wider: Recipe) -> Widening | None:
    """Return how a recipe is trained by the program of one with wider layers.

    Args:
        own: What is trained.
        wider: The other recipe.

    Returns:
        None where that would not train the same.
    """
    optimizer = own.optimizer
    known = type(optimizer) in OPTIMIZERS.classes.values() and optimizer.elementwise
    # An update of 0 by the root of 0 has to be 0.
    if not known or getattr(optimizer, "epsilon", 1) == 0:
        return None
    if own.training != wider.training or len(own.numbers()) != len(wider.numbers()):
        return None
    places = places_within(own.network, wider.network)
    if places is None:
        return None
    return Widening(
        wider,
        _packed(places, own.network.trained, wider.trained.offsets),
        _packed(places, own.network.carried, wider.carried.offsets),
    )


def _packed(places: list[NumpyArray], numbers: list[int], offsets: list[int]) -> NumpyArray:
    """Return the places of these weights in the packed vector in which they begin at `offsets`."""
    found = [places[number] + offset for number, offset in zip(numbers, offsets, strict=True)]
    return np.concatenate(found) if found else np.zeros(0, int)
