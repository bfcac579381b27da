"""Muon: matrices moved by an orthogonal matrix, everything else by AdamW."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.description import count, flag, number, option
from pellucid.optimizers.adam import blend, unbias
from pellucid.optimizers.base import Optimizer
from pellucid.optimizers.rule import ORDINARY, Role, Scalars, Slots, found_in, to_patterns
from pellucid.optimizers.schedules.base import to_rate
from pellucid.types import Array, NumpyArray


def _to_exclusions(value: Any) -> tuple[str, ...]:
    return () if value is None else to_patterns(value)


class Muon(Optimizer):
    """Momentum made orthogonal for matrices, AdamW for all other arrays.

    For an array with two axes: `m = momentum * m + g`, `u = g + momentum * m` (`m` without
    `nesterov`), `u` divided by its norm and made nearly orthogonal by `ns_steps` times
    `a = u @ u.T; u = muon_a * u + (muon_b * a + muon_c * a @ a) @ u`, then
    `w = w - rate * sqrt(max(w.shape)) * rms_rate * u`.

    Args:
        learning_rate: Number at least 0, or a schedule.
        adam_beta_1: `beta_1` of AdamW.
        adam_beta_2: `beta_2` of AdamW.
        adam_weight_decay: Weight decay of what AdamW moves; None for none.
        epsilon: `epsilon` of AdamW.
        weight_decay: Weight decay of what Muon moves; None for none.
        exclude_layers: Regular expressions; arrays whose path contains one go to AdamW. Name
            the output layer here.
        exclude_embeddings: Whether arrays with "embedding" in their path go to AdamW.
        muon_a: First number of the iteration.
        muon_b: Second number of the iteration.
        muon_c: Third number of the iteration.
        adam_lr_ratio: AdamW's learning rate as a multiple of the learning rate.
        momentum: Share of the old momentum that is kept, from 0 to 1.
        ns_steps: Number of iterations, at least 1.
        nesterov: Whether the momentum is looked ahead of.
        rms_rate: Size of a step in units of the learning rate; None for no scaling.

    See `Optimizer` for the arguments that all optimisers share.

    Raises:
        ArgumentError: A number is out of range.

    Example:
        >>> import numpy as np, pellucid
        >>> muon = pellucid.optimizers.Muon(learning_rate=0.5, weight_decay=None)
        >>> w = muon.apply([np.eye(2)], [np.zeros((2, 2), "float32")])
        >>> w[0].round(2).tolist()
        [[-0.1599999964237213, 0.0], [0.0, -0.1599999964237213]]

    Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks" (2024);
    Liu et al., "Muon is scalable for LLM training" (2025) for `rms_rate`.
    """

    learning_rate: Any = option(default=0.001, convert=to_rate, tunable=True)
    adam_beta_1: float = number(default=0.9, low=0, below=1)
    adam_beta_2: float = number(default=0.999, low=0, below=1)
    adam_weight_decay: float | None = number(default=0.004, low=0, optional=True)
    epsilon: float = number(default=1e-7, low=0)
    weight_decay: float | None = number(default=0.004, low=0, optional=True, kw_only=True)
    exclude_layers: tuple[str, ...] = option(default=(), convert=_to_exclusions, kw_only=True)
    exclude_embeddings: bool = flag(default=True, kw_only=True)
    muon_a: float = number(default=3.4445, kw_only=True)
    muon_b: float = number(default=-4.7750, kw_only=True)
    muon_c: float = number(default=2.0315, kw_only=True)
    adam_lr_ratio: float = number(default=1.0, low=0, kw_only=True)
    momentum: float = number(default=0.95, low=0, high=1, kw_only=True)
    ns_steps: int = count(default=5, meaning="iterations of Newton and Schulz", kw_only=True)
    nesterov: bool = flag(default=True, kw_only=True)
    rms_rate: float | None = number(default=0.2, above=0, optional=True, kw_only=True)

    # -- who moves what -----------------------------------------------------------------

    def role(self, path: str) -> Role:
        embedding = self.exclude_embeddings and "embedding" in path.lower()
        exceptional = embedding or found_in(self.exclude_layers, path)
        return Role(decays=super().role(path).decays, exceptional=exceptional)

    def slots(self, shape: tuple[int, ...]) -> dict[str, NumpyArray]:
        return self.slots_in_role(shape, ORDINARY)

    def slots_in_role(self, shape: tuple[int, ...], role: Role) -> dict[str, NumpyArray]:
        names = ("momentum",) if _is_matrix(shape, role) else ("momentum", "velocity")
        return {name: np.zeros(shape, np.float32) for name in names}

    def decay_strength(self, shape: tuple[int, ...], role: Role) -> Array | None:
        if not role.decays:
            return None
        return self.weight_decay if _is_matrix(shape, role) else self.adam_weight_decay

    def update(
        self,
        parameter: Array,
        gradient: Array,
        slots: Slots,
        scalars: Scalars,
        step: Array,
        learning_rate: Array,
    ) -> tuple[Array, Slots]:
        if "velocity" in slots:
            rate = learning_rate * self.adam_lr_ratio
            return self._adam(parameter, gradient, slots, step, rate)
        return self._muon(parameter, gradient, slots, learning_rate)

    # -- the two rules --------------------------------------------------------------------

    def _adam(
        self, parameter: Array, gradient: Array, slots: Slots, step: Array, rate: Array
    ) -> tuple[Array, Slots]:
        momentum = blend(slots["momentum"], gradient, self.adam_beta_1)
        velocity = blend(slots["velocity"], jnp.square(gradient), self.adam_beta_2)
        rate = rate * jnp.sqrt(unbias(self.adam_beta_2, step)) / unbias(self.adam_beta_1, step)
        moved = parameter - momentum * rate / (jnp.sqrt(velocity) + self.epsilon)
        return moved, {"momentum": momentum, "velocity": velocity}

    def _muon(
        self, parameter: Array, gradient: Array, slots: Slots, rate: Array
    ) -> tuple[Array, Slots]:
        momentum = slots["momentum"] + (gradient + slots["momentum"] * (self.momentum - 1))
        ahead = gradient + self.momentum * momentum if self.nesterov else momentum
        step = rate * self._orthogonal(ahead)
        if self.rms_rate is not None:
            step = step * np.float32(np.sqrt(max(parameter.shape))) * self.rms_rate
        return parameter - step, {"momentum": momentum}

    def _orthogonal(self, matrix: Array) -> Array:
        """Return nearly U V of the singular value decomposition U S V of `matrix`."""
        tall = matrix.shape[0] > matrix.shape[1]
        u = matrix.T if tall else matrix
        u = u / (jnp.linalg.norm(u) + 1e-7)
        for _ in range(self.ns_steps):
            square = u @ u.T
            u = self.muon_a * u + (self.muon_b * square + (self.muon_c * square) @ square) @ u
        return u.T if tall else u


def _is_matrix(shape: tuple[int, ...], role: Role) -> bool:
    return len(shape) == 2 and not role.exceptional
