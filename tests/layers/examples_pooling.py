"""Examples of the layers of `pellucid.layers.pooling`."""

from layers.example import Example

EXAMPLES: tuple[Example, ...] = ()
