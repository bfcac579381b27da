"""Examples of the layers of `pellucid.layers.image`."""

from layers.example import Example

EXAMPLES: tuple[Example, ...] = ()
