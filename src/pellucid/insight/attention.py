"""Which keys each query of a network's attention looked at."""

from dataclasses import replace
from typing import Any

import jax
import numpy as np

from pellucid.errors import Problem, report
from pellucid.insight.subject import Subject
from pellucid.layers.context import Context
from pellucid.training.objective import Objective
from pellucid.training.recipe import Recipe
from pellucid.types import Array, NumpyArray
from pellucid.wording import free_name

SCORES = "return_attention_scores"


def attention_maps(subject: Subject) -> dict[str, NumpyArray]:
    """Return the weights of every call of an attention layer, for one example.

    Args:
        subject: Network and example.

    Returns:
        By the layer's path (queries, keys), or (heads, queries, keys) where there are heads;
        the weights of a query add up to 1.

    Raises:
        ArgumentError: The network has no attention.
    """
    network = subject.recipe.network.switched_on(SCORES)
    places = {
        number: node.path
        for number, node in enumerate(network.nodes)
        if SCORES in node.settings and node.part
    }
    if not places:
        expected = "one with Attention, AdditiveAttention or MultiHeadAttention"
        report([Problem("attention_maps", "a model without attention", expected)])
    looked = replace(network, outputs=tuple(places))

    def make(network: Any, values: Any, feeds: Any) -> list[Array]:
        return network.apply(values, feeds, Context()).outputs

    whole = replace(subject, recipe=Recipe(looked, Objective(()), None))
    weights = jax.device_get(whole.program("attention_maps", make)(list(subject.feeds)))
    found: dict[str, NumpyArray] = {}
    for path, one in zip(places.values(), weights, strict=True):
        found[free_name(path, found)] = np.asarray(one[0], np.float32)
    return found
