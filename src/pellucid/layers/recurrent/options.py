"""What recurrent cells, and the layers that run them, are configured by."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

import jax.numpy as jnp

from pellucid import activations, constraints, initializers, regularizers
from pellucid.activations import Activation
from pellucid.description import count, flag, number, part
from pellucid.initializers import SEED
from pellucid.layers.base import Layer
from pellucid.layers.context import Context
from pellucid.layers.noise import key_for
from pellucid.layers.weight import Weight
from pellucid.ops import random
from pellucid.types import Array

INPUTS, STATE = 1, 2
"""Places, under a call's key, of the two dropout masks."""

Made = TypeVar("Made", bound=Layer)


class RecurrentOptions(Layer):
    """Weights and dropout, as all recurrent cells have them.

    Args:
        use_bias: Whether a bias is added.
        kernel_initializer: First values of the kernel, which multiplies the inputs.
        recurrent_initializer: First values of the recurrent kernel, which multiplies the state.
        bias_initializer: First values of the bias.
        kernel_regularizer: Penalty on the kernel.
        recurrent_regularizer: Penalty on the recurrent kernel.
        bias_regularizer: Penalty on the bias.
        kernel_constraint: Bound on the kernel after each update.
        recurrent_constraint: Bound on the recurrent kernel after each update.
        bias_constraint: Bound on the bias after each update.
        dropout: Share of the inputs' features that is dropped while training, at least 0 and
            below 1; the same features in all steps of a sequence.
        recurrent_dropout: Share of the state that is dropped before its product, in the same way.
        seed: Sets this layer's draws apart; they follow the model's seed in any case.
    """

    use_bias: bool = flag(default=True, kw_only=True)
    kernel_initializer: Any = part(initializers.get, default="glorot_uniform", kw_only=True)
    recurrent_initializer: Any = part(initializers.get, default="orthogonal", kw_only=True)
    bias_initializer: Any = part(initializers.get, default="zeros", kw_only=True)
    kernel_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    recurrent_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    bias_regularizer: Any = part(regularizers.get, default=None, kw_only=True)
    kernel_constraint: Any = part(constraints.get, default=None, kw_only=True)
    recurrent_constraint: Any = part(constraints.get, default=None, kw_only=True)
    bias_constraint: Any = part(constraints.get, default=None, kw_only=True)
    dropout: float = number(
        default=0.0, low=0, below=1, off=0, meaning="a share of the inputs", kw_only=True
    )
    recurrent_dropout: float = number(
        default=0.0, low=0, below=1, off=0, meaning="a share of the state", kw_only=True
    )
    seed: int | None = count(default=None, low=0, optional=True, meaning=SEED, kw_only=True)

    def declared_weights(
        self,
        kernel: tuple[int, ...],
        recurrent_kernel: tuple[int, ...],
        bias: tuple[int, ...],
        bias_initializer: Any = None,
    ) -> Mapping[str, Weight]:
        """Return the weights' declarations, for weights of these shapes."""
        declared = {
            "kernel": Weight(
                kernel, self.kernel_initializer, self.kernel_regularizer, self.kernel_constraint
            ),
            "recurrent_kernel": Weight(
                recurrent_kernel,
                self.recurrent_initializer,
                self.recurrent_regularizer,
                self.recurrent_constraint,
            ),
        }
        if self.use_bias:
            first = bias_initializer or self.bias_initializer
            declared["bias"] = Weight(bias, first, self.bias_regularizer, self.bias_constraint)
        return declared

    def drop_inputs(self, inputs: Array, context: Context, steps: bool = False) -> Array:
        """Return inputs of a step, or of all `steps`, with the same features dropped in each."""
        shape = (inputs.shape[0], *inputs.shape[2:]) if steps else inputs.shape
        mask = self._drawn(self.dropout, INPUTS, shape, inputs.dtype, context)
        if mask is None:
            return inputs
        return inputs * (mask[:, None] if steps else mask)

    def state_mask(self, state: Array, context: Context) -> Array | None:
        """Return by what the state is multiplied before its product; None for nothing."""
        return self._drawn(self.recurrent_dropout, STATE, state.shape, state.dtype, context)

    def _drawn(
        self, rate: Any, place: int, shape: tuple[int, ...], dtype: Any, context: Context
    ) -> Array | None:
        key = key_for(context, self.seed)
        # A rate that programs take as data is traced; one that is not there at all is 0.
        absent = isinstance(rate, (int, float)) and rate == 0
        if key is None or absent:
            return None
        kept = random.keep(random.fold(key, place), shape, rate)
        return jnp.where(kept, 1 / (1 - rate), 0).astype(dtype)


class UnitOptions(RecurrentOptions):
    """What cells have that consist of units.

    Args:
        units: Number of units, at least 1.
        activation: Name or function that makes the new state; None for none.
    """

    units: int = count(meaning="the number of units")
    activation: Activation = part(activations.get, default="tanh")


class GatedOptions(UnitOptions):
    """What cells with gates have.

    Args:
        recurrent_activation: Name or function that opens and closes the gates; None for none.
    """

    recurrent_activation: Activation = part(activations.get, default="sigmoid")


def cell_of(cls: type[Made], layer: Layer) -> Made:
    """Return the cell of class `cls` that has the options of `layer`."""
    return cls(
        **{
            field.name: getattr(layer, field.name)
            for field in fields(cls)
            if not field.metadata["identity"]
        }
    )
