"""A network in torch's modules: channels first, logits out."""

import torch
from torch import Tensor, nn

import networks
from networks import Network, Shape


class Recurrence(nn.Module):
    """The last layer's last state of nn.LSTM or nn.GRU, both directions side by side."""

    def __init__(self, part: networks.Recurrent, inputs: int) -> None:
        super().__init__()
        self.directions = part.directions
        self.layer = getattr(nn, part.cell)(
            inputs, part.units, part.layers, batch_first=True, bidirectional=part.both
        )

    def forward(self, x: Tensor) -> Tensor:
        _, state = self.layer(x)
        hidden = state[0] if isinstance(state, tuple) else state
        return torch.cat(tuple(hidden[-self.directions :]), dim=-1)


class Average(nn.Module):
    """The mean along one axis."""

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, x: Tensor) -> Tensor:
        return x.mean(self.axis)


def channels_first(network: Network) -> bool:
    return any(isinstance(part, networks.Conv) for part in network.parts)


def model(network: Network) -> nn.Module:
    """Return the network."""
    axis = -1 if channels_first(network) else 1
    return nn.Sequential(
        *(module for part, shape in network.walk() for module in _modules(part, shape, axis))
    )


def _modules(part: networks.Part, shape: Shape, axis: int) -> list[nn.Module]:
    """Return the modules of a part; `axis` is that of the steps."""
    inputs, dimensions = shape[-1], len(shape) - 1
    match part:
        case networks.Dense():
            relu = [nn.ReLU()] if part.activation == "relu" else []
            return [nn.Linear(inputs, part.units), *relu]
        case networks.Dropout():
            return [nn.Dropout(part.rate)]
        case networks.Conv():
            conv = getattr(nn, f"Conv{dimensions}d")
            return [conv(inputs, part.filters, part.kernel, padding=part.padding), nn.ReLU()]
        case networks.Pool():
            return [getattr(nn, f"MaxPool{dimensions}d")(2)]
        case networks.Average():
            return [Average(axis)]
        case networks.Flatten():
            return [nn.Flatten()]
        case networks.Recurrent():
            return [Recurrence(part, inputs)]
        case networks.EncoderBlock():
            return [
                nn.TransformerEncoderLayer(
                    inputs, part.heads, part.hidden, dropout=0.0, batch_first=True
                )
            ]
    raise ValueError(f"no way to build {part}")
