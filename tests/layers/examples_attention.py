"""Examples of the layers of `pellucid.layers.attention`."""

from layers.example import Example

EXAMPLES: tuple[Example, ...] = ()
