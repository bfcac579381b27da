"""Examples of the layers of `pellucid.layers.convolution`."""

from layers.example import Example

EXAMPLES: tuple[Example, ...] = ()
