"""Texts that a language network writes on, several side by side."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from pellucid.data.subwords import SubwordVocabulary
from pellucid.layers.context import Context
from pellucid.models import Model
from pellucid.ops import random
from pellucid.ops.sampling import Narrowing, draw, narrowed
from pellucid.tasks.language_network import no_memory
from pellucid.tasks.progress import one_by_one
from pellucid.training import cache
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray

ROWS = 16
"""Texts that are written at once. Always as many, so that what is written to one does not depend
on how many others there are."""

STEPS = 64
"""Symbols that are read or written in one call."""

DRAWN = -1
"""Stands where a symbol is not given, but drawn."""


@dataclass(frozen=True)
class Writing:
    """How texts are written on.

    Args:
        reader: The network with what it remembers as inputs and outputs.
        vocabulary: Its symbols; special ones are never written.
        narrowing: From which symbols to draw.
        length: Characters that are written behind each text.
    """

    reader: Model
    vocabulary: SubwordVocabulary
    narrowing: Narrowing
    length: int

    def written(self, prompts: Sequence[str], keys: NumpyArray, verbose: Any) -> list[str]:
        """Return what follows each text.

        Args:
            prompts: The texts so far; where there is none, a line begins.
            keys: For each the key of its draws.
            verbose: "auto" for a bar on a terminal where it takes long, 0 for none.
        """
        begun = [self.vocabulary.encode(one or "\n") for one in prompts]
        # Those of similar length are read to their ends together.
        order = sorted(range(len(begun)), key=lambda row: len(begun[row]))
        groups = [order[first : first + ROWS] for first in range(0, len(order), ROWS)]
        texts = [""] * len(begun)
        for rows in one_by_one(groups, verbose):
            found = self._group([begun[row] for row in rows], keys[rows])
            for row, text in zip(rows, found, strict=True):
                texts[row] = text
        return texts

    def _group(self, begun: Sequence[list[int]], keys: NumpyArray) -> list[str]:
        """Return what follows at most `ROWS` texts."""
        texts = [""] * len(begun)
        for first, symbols in self._symbols(begun, keys):
            for row, prompt in enumerate(begun):
                own = symbols[row, max(len(prompt) - first, 0) :]
                texts[row] += "".join(self.vocabulary.tokens[symbol] for symbol in own)
            if min(map(len, texts)) >= self.length:
                break
        return [text[: self.length] for text in texts]

    def _symbols(
        self, begun: Sequence[list[int]], keys: NumpyArray
    ) -> Iterator[tuple[int, NumpyArray]]:
        """Yield the symbols of texts without end, the given ones first, with their place."""
        recipe = Recipe(self.reader.network, Objective(()), None)
        program = cache.program(("writing", recipe.structure), lambda: _program(recipe))
        weights = (*self.reader.packed(recipe), recipe.hyper())
        symbols = len(self.vocabulary)
        forbidden = np.where(np.arange(symbols) < len(self.vocabulary.special), -np.inf, 0.0)
        missing = ROWS - len(begun)
        own = np.pad(keys, (0, missing))
        ends = np.array([*map(len, begun), *[0] * missing], np.int32)
        memory: Any = no_memory(self.reader, ROWS)
        chances: Any = np.full((ROWS, symbols), 1 / symbols, np.float32)
        for first in itertools.count(0, STEPS):
            given = np.full((ROWS, STEPS), DRAWN, np.int32)
            for row, prompt in enumerate(begun):
                part = prompt[first : first + STEPS]
                given[row, : len(part)] = part
            drawing = forbidden.astype(np.float32), self.narrowing, own, np.int32(first) - ends
            memory, chances, found = program(weights, memory, chances, given, *drawing)
            yield first, np.asarray(found)


def _program(recipe: Recipe) -> Any:
    """Return the compiled reading and writing of `STEPS` symbols."""
    bare = recipe.bound(recipe.hyper())

    def run(
        weights: Any,
        memory: list[Array],
        chances: Array,
        given: Array,
        forbidden: Array,
        narrowing: Narrowing,
        keys: Array,
        places: Array,
    ) -> Any:
        trained, carried, hyper = weights
        bound = bare.bound(hyper)
        values = bound.values(trained, carried)

        def step(state: Any, now: Any) -> Any:
            (memory, chances), (symbols, number) = state, now
            own = jax.vmap(random.fold)(keys, places + number)
            drawn = jax.vmap(draw)(own, narrowed(jnp.log(chances) + forbidden, narrowing))
            symbols = jnp.where(symbols == DRAWN, drawn, symbols)
            feeds = [symbols[:, None], *memory]
            after, *memory = bound.network.apply(values, feeds, Context()).outputs
            return (memory, after[:, -1]), symbols

        steps = given.T, jnp.arange(STEPS, dtype=jnp.int32)
        (memory, chances), symbols = lax.scan(step, (memory, chances), steps)
        return memory, chances, symbols.T

    return jax.jit(run)
