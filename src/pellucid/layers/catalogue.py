"""The closed vocabulary of layers: every class that a name in a file may stand for."""

from typing import Any

from pellucid.layers.base import Layer
from pellucid.layers.dense import Dense
from pellucid.layers.input import InputLayer
from pellucid.vocabulary import Vocabulary

CLASSES: tuple[type[Layer], ...] = (Dense, InputLayer)

LAYERS = Vocabulary("layer", {cls.__name__: cls for cls in CLASSES})


def get(identifier: Any) -> Any:
    """Return the layer meant by a name, class, configuration or object."""
    return LAYERS.get(identifier)
