"""Depthwise convolution as a sum over the taps of the kernel, element by element.

Where every channel is convolved by itself, a matrix product has nothing to work on, and XLA's
convolution by groups is slow on a CPU. A weighted sum of shifted inputs is one pass over memory.
"""

from functools import partial

import jax
import jax.numpy as jnp
from jax import lax

from pellucid.ops.window import Axes, padded, seen, with_margins
from pellucid.processor import apart
from pellucid.types import Array

FOLDS = 8
"""In so many parts products are laid upon each other first: sums into few places are slow."""


@partial(jax.custom_vjp, nondiff_argnums=(2,))
def convolve(inputs: Array, kernel: Array, axes: Axes) -> Array:
    """Return every channel convolved by its own kernels; differentiable in reverse mode only.

    Args:
        inputs: Shape (batch, *space, channels).
        kernel: Shape (*size, channels, multiplier).
        axes: How the kernel slides.

    Returns:
        Shape (batch, *outputs, channels, multiplier).
    """
    return apart(_weighted_sum, padded(inputs, axes)[..., None], kernel, axes=axes)


def _forward(inputs: Array, kernel: Array, axes: Axes) -> tuple[Array, tuple[Array, Array]]:
    return convolve(inputs, kernel, axes), (inputs, kernel)


def _backward(axes: Axes, kept: tuple[Array, Array], gradient: Array) -> tuple[Array, Array]:
    inputs, kernel = kept
    return _inputs_of(gradient, kernel, axes), _kernel_of(inputs, gradient, axes)


convolve.defvjp(_forward, _backward)


def _weighted_sum(inputs: Array, kernel: Array, axes: Axes) -> Array:
    weights = kernel.reshape(-1, *kernel.shape[-2:])
    terms = [view * weight for view, weight in zip(seen(inputs, axes), weights, strict=True)]
    return sum(terms[1:], terms[0])


def _inputs_of(gradient: Array, kernel: Array, axes: Axes) -> Array:
    """Return the gradient by the inputs: the outputs' spread out, by the mirrored kernel."""
    margins = [(a.reach - 1 - a.before, a.reach - 1 - a.after) for a in axes]
    spread = with_margins(gradient, margins, between=[axis.stride - 1 for axis in axes])
    back = tuple(axis._replace(outputs=axis.size, stride=1) for axis in axes)
    mirrored = jnp.flip(kernel, tuple(range(len(axes))))
    return jnp.sum(apart(_weighted_sum, spread, mirrored, axes=back), axis=-1)


def _kernel_of(inputs: Array, gradient: Array, axes: Axes) -> Array:
    """Return the gradient by the kernel: inputs seen at each tap times the outputs' gradient."""
    first, *others = axes
    folds = min(FOLDS, first.outputs)
    missing = -first.outputs % folds
    gradient = with_margins(gradient, [(0, missing), *[(0, 0)] * len(others)])
    axes = (first._replace(outputs=first.outputs + missing), *others)
    sums = [
        _sum_to_channels(apart(_folded_product, view, gradient, folds=folds))
        for view in seen(padded(inputs, axes)[..., None], axes)
    ]
    return jnp.stack(sums).reshape(*(axis.taps for axis in axes), *gradient.shape[-2:])


def _folded_product(view: Array, gradient: Array, folds: int) -> Array:
    parts = zip(jnp.split(view, folds, axis=1), jnp.split(gradient, folds, axis=1), strict=True)
    terms = [part * factor for part, factor in parts]
    return sum(terms[1:], terms[0])


def _sum_to_channels(array: Array) -> Array:
    rows = array.reshape(-1, array.shape[-2] * array.shape[-1])
    return lax.dot_general(jnp.ones(len(rows), rows.dtype), rows, (((0,), (0,)), ((), ())))
