"""Random numbers as a pure function of a key and a position.

The generator is the PCG output permutation used as a hash of a counter (O'Neill 2014,
"PCG: A family of simple fast space-efficient statistically good algorithms"; Jarzynski
and Olano 2020, "Hash functions for GPU rendering"). On a CPU it costs a fortieth of
`jax.random` for a dropout mask, and a key is a plain uint32.
"""

import math

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.types import Array

ROW = 2654435769
"""Distance of the counters of two rows: 2^32 by the golden ratio, whose multiples, of all numbers,
keep furthest apart, so that no counter comes twice (Knuth, "The Art of Computer Programming",
volume 3, section 6.4)."""


def scramble(bits: Array) -> Array:
    """Return `bits` (uint32) hashed: a bijection whose output looks random."""
    state = bits * jnp.uint32(747796405) + jnp.uint32(2891336453)
    word = ((state >> ((state >> 28) + 4)) ^ state) * jnp.uint32(277803737)
    return (word >> 22) ^ word


def fold(key: Array, place: Array | int) -> Array:
    """Return the key that belongs to `place` (a layer, step or epoch number) under `key`."""
    return scramble(jnp.asarray(key, jnp.uint32) ^ scramble(jnp.asarray(place).astype(jnp.uint32)))


def bits(key: Array, shape: tuple[int, ...]) -> Array:
    """Return an array of independent uint32 values.

    Each depends on its row and its column alone, not on how long rows are: two arrays whose last
    axes differ have the same values as far as both reach.
    """
    columns = shape[-1] if shape else 1
    table = (math.prod(shape[:-1]), columns)
    row, column = (lax.broadcasted_iota(jnp.uint32, table, axis) for axis in (0, 1))
    counter = row * jnp.uint32(ROW) + column + jnp.asarray(key, jnp.uint32)
    return scramble(scramble(counter) ^ jnp.asarray(key, jnp.uint32)).reshape(shape)


def uniform(key: Array, shape: tuple[int, ...], dtype: Array = jnp.float32) -> Array:
    """Return numbers uniform in the open interval (0, 1), with 23 random bits each."""
    fraction = (bits(key, shape) >> 9).astype(jnp.float32)
    return ((fraction + 0.5) * (1.0 / 8388608.0)).astype(dtype)


def normal(key: Array, shape: tuple[int, ...], dtype: Array = jnp.float32) -> Array:
    """Return standard normal numbers, by the inverse of the error function."""
    return (math.sqrt(2.0) * lax.erf_inv(2.0 * uniform(key, shape) - 1.0)).astype(dtype)


def log_gamma(key: Array, shape: Array) -> Array:
    """Return the logarithm of one number of the gamma distribution of this shape, above 0.

    Drawn for a shape greater by 1, and brought down by a uniform number (Marsaglia and Tsang
    2000, "A simple method for generating gamma variables"). Small shapes give numbers below
    every float, hence the logarithm.
    """
    center = shape + jnp.float32(2 / 3)

    def draw(carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        own = fold(key, carry[0])
        x = normal(fold(own, 0), ())
        cube = (1 + x / jnp.sqrt(9 * center)) ** 3
        height = 0.5 * x * x + center * (1 - cube + jnp.log(jnp.maximum(cube, 1e-30)))
        accepted = (cube > 0) & (jnp.log(uniform(fold(own, 1), ())) < height)
        return carry[0] + 1, cube, accepted

    begun = jnp.uint32(1), jnp.float32(1), jnp.asarray(False)
    _, cube, _ = lax.while_loop(lambda carry: ~carry[2], draw, begun)
    return jnp.log(center * cube) + jnp.log(uniform(fold(key, 0), ())) / shape


def symmetric_beta(key: Array, shape: Array) -> Array:
    """Return one number of the beta distribution both of whose shapes are `shape`, above 0."""
    return jax.nn.sigmoid(log_gamma(fold(key, 0), shape) - log_gamma(fold(key, 1), shape))


def keep(key: Array, shape: tuple[int, ...], rate: Array) -> Array:
    """Return a mask that is False with probability `rate`, which may be traced."""
    threshold = (jnp.asarray(rate, jnp.float32) * 4294967040.0).astype(jnp.uint32)
    return bits(key, shape) >= threshold


def permutation(key: Array, size: int, count: Array) -> Array:
    """Return a random order of the first `count` of `size` indices; the rest come last.

    Places are sorted by random numbers that bear the place in their low bits, since one array
    is sorted four times as fast as two. What bits are left for chance decides how often: until
    each place has had at least as many as it has itself.
    """
    width = max(1, (size - 1).bit_length())
    mask = jnp.uint32(2**width - 1)
    place = lax.iota(jnp.uint32, size)
    order = place.astype(jnp.int32)
    for turn in reversed(range(-(-width // (31 - width)))):
        own = fold(key, turn) if turn else key
        chance = jnp.where(place < count, bits(own, (size,)) >> 1, jnp.uint32(0xFFFFFFFF))
        order = order[lax.sort((chance & ~mask) | place) & mask]
    return order
