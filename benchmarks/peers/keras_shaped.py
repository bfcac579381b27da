"""A network in Keras's words, which Pellucid speaks too: only the library differs."""

from typing import Any

import networks
from networks import Network, Shape


def model(library: Any, network: Network) -> Any:
    """Return the network, compiled with Adam."""
    inputs = x = library.Input(network.shape)
    for part, shape in network.walk():
        x = _add(library.layers, part, shape, x)
    built = library.Model(inputs, x)
    kind = "binary" if network.outputs == 1 else "sparse_categorical"
    built.compile(optimizer="adam", loss=f"{kind}_crossentropy")
    return built


def _add(layers: Any, part: networks.Part, shape: Shape, x: Any) -> Any:
    """Return what a part makes of the tensor `x`."""
    dimensions = len(shape) - 1
    match part:
        case networks.Dense():
            return layers.Dense(part.units, activation=part.activation)(x)
        case networks.Dropout():
            return layers.Dropout(part.rate)(x)
        case networks.Conv():
            conv = getattr(layers, f"Conv{dimensions}D")
            return conv(part.filters, part.kernel, padding=part.padding, activation="relu")(x)
        case networks.Pool():
            return getattr(layers, f"MaxPooling{dimensions}D")(2)(x)
        case networks.Average():
            return layers.GlobalAveragePooling1D()(x)
        case networks.Flatten():
            return layers.Flatten()(x)
        case networks.Recurrent():
            return _recurrent(layers, part, x)
        case networks.EncoderBlock():
            return _encoder_block(layers, part, shape[-1], x)
    raise ValueError(f"no way to build {part}")


def _recurrent(layers: Any, part: networks.Recurrent, x: Any) -> Any:
    for place in range(part.layers):
        more = place < part.layers - 1
        layer = getattr(layers, part.cell)(part.units, return_sequences=more)
        x = (layers.Bidirectional(layer) if part.both else layer)(x)
    return x


def _encoder_block(layers: Any, part: networks.EncoderBlock, width: int, x: Any) -> Any:
    seen = layers.MultiHeadAttention(part.heads, width // part.heads)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, seen]))
    thought = layers.Dense(width)(layers.Dense(part.hidden, activation="relu")(x))
    return layers.LayerNormalization()(layers.Add()([x, thought]))
