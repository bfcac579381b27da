"""How much of what enters a network still differs between rows at each of its layers."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.layers import Layer
from pellucid.layers.context import Context
from pellucid.training import cache
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray

ROWS = 256


def read_variation(
    recipe: Recipe, weights: tuple[Any, Any], feeds: Sequence[NumpyArray]
) -> dict[str, float]:
    """Return for each layer by path the differences between rows as a share of the size.

    That is the root mean square, over places, of the standard deviation over rows, divided by
    the root mean square of all values: 0 where every row gives the same, up to 1.

    Args:
        recipe: The network.
        weights: Its trained and its other weights, packed.
        feeds: The rows as it takes them; the first 256 are looked at.
    """
    rows = [np.asarray(feed[:ROWS]) for feed in feeds]
    run = cache.program(("variation", recipe.structure), lambda: _compiled(recipe))
    found = jax.device_get(run(*weights, recipe.hyper(), rows))
    return {recipe.network.nodes[number].path: float(one) for number, one in sorted(found.items())}


def _compiled(recipe: Recipe) -> Any:
    detached = recipe.bound(recipe.hyper())

    def run(trained: Array, carried: Array, hyper: Sequence[Array], feeds: Sequence[Array]) -> Any:
        own, found = detached.bound(hyper), dict[int, Array]()

        def observe(number: int, layer: Layer, result: Array) -> None:
            if jnp.issubdtype(result.dtype, jnp.floating):
                found[number] = _share(result.astype(jnp.float32))

        own.network.apply(own.values(trained, carried), feeds, Context(), observe=observe)
        return found

    return jax.jit(run)


def _share(values: Array) -> Array:
    size = jnp.sqrt(jnp.mean(jnp.square(values)))
    differs = jnp.sqrt(jnp.mean(jnp.var(values, axis=0)))
    return jnp.where(size > 0, differs / jnp.where(size > 0, size, 1.0), 0.0)
