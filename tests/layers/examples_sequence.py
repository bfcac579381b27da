"""Examples of the layers of `pellucid.layers.sequence`."""

from layers.example import Example

EXAMPLES: tuple[Example, ...] = ()
