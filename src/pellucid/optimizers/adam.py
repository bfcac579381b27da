"""Adam and AdamW: momentum divided by the recent size of the gradients."""

from typing import Any, ClassVar

import jax.numpy as jnp
import numpy as np

from pellucid.description import flag, number, option
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import Scalars, Slots
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


def blend(held: Array, new: Array, beta: Array) -> Array:
    """Return `beta * held + (1 - beta) * new`, computed as Keras does."""
    return held + (new - held) * (1 - beta)


def unbias(beta: Array, step: Array) -> Array:
    """Return `1 - beta ** (step + 1)`, which a mean that started at 0 must be divided by."""
    return 1 - jnp.power(beta, jnp.asarray(step + 1, jnp.result_type(float)))


class Adam(Optimizer):
    """Gradient descent along the mean gradient, divided by the root of its mean square.

    `m = beta_1 * m + (1 - beta_1) * g`, `v = beta_2 * v + (1 - beta_2) * g**2`,
    `w = w - rate * sqrt(1 - beta_2**t) / (1 - beta_1**t) * m / (sqrt(v) + epsilon)`, where t
    counts from 1.

    Args:
        learning_rate: Number at least 0, or a schedule.
        beta_1: Share of the old mean gradient that is kept, at least 0 and below 1.
        beta_2: Share of the old mean square that is kept, at least 0 and below 1.
        epsilon: Small number added to the divisor, at least 0.
        amsgrad: Whether to divide by the largest mean square so far.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> adam = pellucid.optimizers.Adam(learning_rate=0.1)
        >>> w = adam.apply([np.array([3.0, -0.01])], [np.zeros(2, "float32")])
        >>> w[0].round(3).tolist()
        [-0.10000000149011612, 0.10000000149011612]

    Source: Kingma and Ba, "Adam" (2015); Reddi et al., "On the convergence of Adam and
    beyond" (2018) for `amsgrad`. Epsilon stands where the remark before the paper's section
    2.1 puts it, as in Keras.
    """

    elementwise: ClassVar[bool] = True

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    beta_1: float = number(default=0.9, low=0, below=1)
    beta_2: float = number(default=0.999, low=0, below=1)
    epsilon: float = number(default=1e-7, low=0)
    amsgrad: bool = flag(default=False)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        names = ["momentum", "velocity", *(["velocity_hat"] if self.amsgrad else [])]
        return {name: np.zeros(shape, np.float32) for name in names}

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        rate = learning_rate * jnp.sqrt(unbias(self.beta_2, step)) / unbias(self.beta_1, step)
        momentum = blend(slots["momentum"], gradient, self.beta_1)
        velocity = blend(slots["velocity"], jnp.square(gradient), self.beta_2)
        kept = {"momentum": momentum, "velocity": velocity}
        if self.amsgrad:
            velocity = jnp.maximum(slots["velocity_hat"], velocity)
            kept["velocity_hat"] = velocity
        return parameter - momentum * rate / (jnp.sqrt(velocity) + self.epsilon), kept


class AdamW(Adam):
    """Adam with decoupled weight decay: each step parameters shrink a little, too.

    `w = w - rate * weight_decay * w` before the step of `Adam`.

    Args:
        learning_rate: Number at least 0, or a schedule.
        weight_decay: Share, in units of the learning rate, that parameters lose, at least 0.
        beta_1: Share of the old mean gradient that is kept, at least 0 and below 1.
        beta_2: Share of the old mean square that is kept, at least 0 and below 1.
        epsilon: Small number added to the divisor, at least 0.
        amsgrad: Whether to divide by the largest mean square so far.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> adamw = pellucid.optimizers.AdamW(0.1, weight_decay=0.5)
        >>> adamw.apply([np.zeros(1)], [np.ones(1, "float32")])[0].round(4).tolist()
        [0.949999988079071]

    Source: Loshchilov and Hutter, "Decoupled weight decay regularization" (2019).
    """

    weight_decay: float | None = number(default=0.004, low=0)
