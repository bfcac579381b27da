"""A network in Keras's words, which Pellucid speaks too: only the library differs."""

from collections.abc import Sequence
from typing import Any

import networks
from networks import Network, Shape


def model(library: Any, network: Network, metrics: Sequence[str] = ()) -> Any:
    """Return the network, compiled with Adam."""
    inputs = x = library.Input(network.shape)
    penalty = {"kernel_regularizer": library.regularizers.L2(network.l2)} if network.l2 else {}
    for part, shape in network.walk():
        x = _add(library.layers, part, shape, x, penalty)
    built = library.Model(inputs, x)
    built.compile(
        optimizer=library.optimizers.Adam(network.learning_rate),
        loss=network.loss,
        metrics=list(metrics),
    )
    return built


def _add(layers: Any, part: networks.Part, shape: Shape, x: Any, penalty: dict[str, Any]) -> Any:
    """Return what a part makes of the tensor `x`; kernels bear the penalty."""
    dimensions = len(shape) - 1
    match part:
        case networks.Dense():
            return layers.Dense(part.units, activation=part.activation, **penalty)(x)
        case networks.Dropout():
            return layers.Dropout(part.rate)(x)
        case networks.Conv():
            conv = getattr(layers, f"Conv{dimensions}D")
            kept = {"padding": part.padding, "activation": "relu", **penalty}
            return conv(part.filters, part.kernel, **kept)(x)
        case networks.Pool():
            return getattr(layers, f"MaxPooling{dimensions}D")(2)(x)
        case networks.Average():
            return layers.GlobalAveragePooling1D()(x)
        case networks.Flatten():
            return layers.Flatten()(x)
        case networks.Recurrent():
            return _recurrent(layers, part, x, penalty)
        case networks.EncoderBlock():
            return _encoder_block(layers, part, shape[-1], x)
    raise ValueError(f"no way to build {part}")


def _recurrent(layers: Any, part: networks.Recurrent, x: Any, penalty: dict[str, Any]) -> Any:
    for place in range(part.layers):
        more = place < part.layers - 1
        layer = getattr(layers, part.cell)(part.units, return_sequences=more, **penalty)
        x = (layers.Bidirectional(layer) if part.both else layer)(x)
    return x


def _encoder_block(layers: Any, part: networks.EncoderBlock, width: int, x: Any) -> Any:
    seen = layers.MultiHeadAttention(part.heads, width // part.heads)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, seen]))
    thought = layers.Dense(width)(layers.Dense(part.hidden, activation="relu")(x))
    return layers.LayerNormalization()(layers.Add()([x, thought]))
