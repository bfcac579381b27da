"""Gradient descent, with momentum."""

from typing import Any, ClassVar

import numpy as np

from pellucid.description import flag, number, option
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


class SGD(Optimizer):
    """Gradient descent: a step against the gradient, on top of a share of the last step.

    `m = momentum * m - rate * g`, then `w = w + m`; with `nesterov`,
    `w = w + momentum * m - rate * g`.

    Args:
        learning_rate: Number at least 0, or a schedule.
        momentum: Share of the last step that is made again, from 0 to 1.
        nesterov: Whether the gradient counts as taken after the momentum's step.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> sgd = pellucid.optimizers.SGD(0.5, momentum=0.5)
        >>> w = sgd.apply([np.ones(1)], [np.array([1.0], "float32")])
        >>> sgd.apply([np.ones(1)], w)[0].tolist()
        [-0.25]

    Source: Robbins and Monro, "A stochastic approximation method" (1951); Polyak, "Some
    methods of speeding up the convergence of iteration methods" (1964); Sutskever et al.,
    "On the importance of initialization and momentum in deep learning" (2013).
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.01, convert=to_rate, tunable=True)
    momentum: float = number(default=0.0, low=0, high=1)
    nesterov: bool = flag(default=False)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return {"momentum": np.zeros(shape, np.float32)}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        move = gradient * learning_rate
        momentum = slots["momentum"] * self.momentum - move
        moved = momentum * self.momentum - move if self.nesterov else momentum
        return parameter + moved, {"momentum": momentum}
