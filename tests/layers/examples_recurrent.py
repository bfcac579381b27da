"""Examples of the layers of `pellucid.layers.recurrent`."""

from layers.example import Example

EXAMPLES: tuple[Example, ...] = ()
