"""What depends on the kind of processor, and how its compiler is told what not to merge."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

import jax
from jax.experimental.xla_metadata import set_xla_metadata

from pellucid.types import Array


def on_cpu() -> bool:
    """Return whether JAX computes on a CPU, where formulations differ from a GPU's or TPU's."""
    return jax.default_backend() == "cpu"


@contextmanager
def full_products() -> Iterator[None]:
    """Let products of matrices, and convolutions, keep all digits of float32.

    For a GPU XLA rounds their factors to ten binary digits (TensorFloat-32) unless it is told
    otherwise, and not the same way in each program: a model trained beside others would not end as
    it does alone. Who has told JAX another precision is obeyed.

    Example:
        >>> from pellucid.processor import full_products
        >>> with full_products():
        ...     pass

    Source: "Matmul precision" in JAX's documentation.
    """
    if on_cpu() or jax.default_matmul_precision.value is not None:
        yield
    else:
        with jax.default_matmul_precision("float32"):
            yield


def apart(function: Callable[..., Array], *arrays: Array, **settings: Hashable) -> Array:
    """Return `function(*arrays, **settings)`, on a CPU compiled apart from all around it.

    XLA merges elementwise work into whatever reads it, and computes it anew for every element
    that is read. That is ruinous where each is read several times, as in two passes of sums
    over neighbours, or where the reader goes element by element, as when a long sum is
    written to its place among other arrays. On a CPU the compiler drops
    `jax.lax.optimization_barrier` before it merges; a call that must not be inlined is kept.

    Where cores share a batch, `function` must need no values of another core's rows: XLA puts
    such a call in no order with other places where cores meet, and they may wait for ever.

    Args:
        function: A pure function of arrays.
        arrays: Its arguments.
        settings: What else it takes: another program is compiled for each.

    Example:
        >>> import jax.numpy as jnp
        >>> from pellucid.processor import apart
        >>> float(apart(jnp.sum, jnp.ones(3)))
        3.0
    """
    if not on_cpu():
        return function(*arrays, **settings)
    with set_xla_metadata(inlineable="false"):
        return jax.jit(function, static_argnames=tuple(settings))(*arrays, **settings)
