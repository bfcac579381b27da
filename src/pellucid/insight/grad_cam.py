"""Where the last convolution saw what speaks for an output."""

import warnings
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from pellucid.errors import PellucidWarning, Problem, did_you_mean, report
from pellucid.insight.subject import Subject, raw_scores
from pellucid.layers import convolution
from pellucid.types import Array, NumpyArray


def grad_cam(subject: Subject, layer: str | None = None) -> NumpyArray:
    """Return where a convolution's maps speak for the output, 0 to 1, as large as the example.

    `relu(sum over k of w_k A_k)`, where A_k are the layer's maps and w_k the mean over space of
    d score / d A_k.

    Args:
        subject: Network, example and output value.
        layer: Name of the layer; the last convolution when absent.

    Returns:
        Shape of the example without its channels; 0 everywhere, with a warning, where nothing
        speaks for the output.

    Raises:
        ArgumentError: The model has no such layer.

    Source: Selvaraju et al., "Grad-CAM" (2017).
    """
    place = _place_of(subject, layer)
    chosen = subject.chosen

    def make(network: Any, values: Any, feeds: Any, target: Array) -> Array:
        shape = (1, *network.shapes[place])

        def score(delta: Array) -> tuple[Array, Array]:
            seen: dict[str, Array] = {}

            def change(node: int, result: Array) -> Array:
                if node != place:
                    return result
                seen["maps"] = result
                return result + delta

            found = raw_scores(network, values, feeds, change)
            return jnp.take(found[0], target), seen["maps"]

        slopes, maps = jax.grad(score, has_aux=True)(jnp.zeros(shape, jnp.float32))
        weight = jnp.mean(slopes, axis=tuple(range(1, slopes.ndim - 1)), keepdims=True)
        return jnp.maximum(jnp.sum(maps * weight, axis=-1)[0], 0)

    coarse = subject.program(("grad_cam", place), make)(list(subject.feeds), np.int32(chosen))
    size = subject.rows_of_input.shape[1:-1]
    fine = np.asarray(jax.image.resize(coarse, size, "linear"))
    if not fine.any():
        path = subject.recipe.network.nodes[place].path
        given = f"a map that is 0 everywhere: nothing in '{path}' speaks for output {chosen}"
        fix = "Give another target=, another layer=, or take method='occlusion'."
        problem = Problem("saliency(method='grad_cam')", given, "a place that does", fix)
        warnings.warn(str(problem), PellucidWarning, stacklevel=5)
    return fine / max(float(fine.max()), 1e-12)


def _place_of(subject: Subject, layer: str | None) -> int:
    network = subject.recipe.network
    axes = subject.rows_of_input.ndim
    spatial = {
        node.path: number
        for number, node in enumerate(network.nodes)
        if node.inputs and len(network.shapes[number]) + 1 == axes and axes > 2
    }
    if layer is not None:
        if layer not in spatial:
            fix = did_you_mean(str(layer), list(spatial))
            expected = f"one of {', '.join(spatial) or 'none'}: layers that keep the axes of space"
            report([Problem("saliency(method='grad_cam', layer=...)", repr(layer), expected, fix)])
        return spatial[layer]
    kinds = convolution.CLASSES
    found = [
        number
        for number in spatial.values()
        if isinstance(network.layers[network.nodes[number].layer], kinds)
    ]
    if not found:
        given = "a model without a convolution"
        expected = "one whose maps can be looked at"
        fix = "Use method='integrated_gradients' or 'occlusion'."
        report([Problem("saliency(method='grad_cam')", given, expected, fix)])
    return found[-1]
