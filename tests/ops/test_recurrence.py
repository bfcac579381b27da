"""Recurrent cells and loops: against Keras, NumPy, finite differences and their own laws."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import keras
import numpy as np
import pytest

from pellucid.ops import recurrence
from pellucid.ops.recurrence import gru, lstm, simple_rnn

BATCH, STEPS, INPUTS, UNITS = 5, 6, 3, 4

MASKS = {
    "none": None,
    "right": [[1, 1, 1, 1, 0, 0], [1, 1, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]] * 2,
    "left": [[0, 0, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1], [0, 0, 0, 0, 0, 1]] * 2,
    "interior": [[0, 1, 0, 0, 1, 0], [1, 0, 1, 0, 1, 1], [0, 0, 1, 1, 0, 0]] * 2,
    "a row of padding": [[0, 0, 0, 0, 0, 0], [0, 1, 1, 0, 1, 0], [0, 0, 1, 1, 0, 0]] * 2,
    "all padding": [[0] * STEPS] * 6,
}


def mask_of(name):
    rows = MASKS[name]
    return None if rows is None else np.array(rows[:BATCH], bool)


@dataclass(frozen=True)
class Cell:
    """A cell of both libraries with the same options."""

    run: Any
    keras: str
    gates: int
    options: dict[str, Any]
    states: int = 1

    @property
    def name(self):
        return " ".join([self.keras, *(f"{key}={value}" for key, value in self.options.items())])

    @property
    def bias_shape(self):
        if not self.options.get("use_bias", True):
            return None
        width = self.gates * UNITS
        return (2, width) if self.keras == "GRU" and self.reset_after else (width,)

    @property
    def reset_after(self):
        return self.options.get("reset_after", True)

    def weights(self, dtype="float32"):
        draw = np.random.default_rng(7).normal
        width = self.gates * UNITS
        shapes = [(INPUTS, width), (UNITS, width), self.bias_shape]
        return [draw(0, 0.5, shape).astype(dtype) for shape in shapes if shape is not None]

    def initial(self, batch=BATCH, dtype="float32"):
        draw = np.random.default_rng(8).normal
        states = tuple(draw(0, 0.5, (batch, UNITS)).astype(dtype) for _ in range(self.states))
        return states if self.states > 1 else states[0]

    def ours(self, weights, x, states, **options):
        own = {
            name: getattr(jax.nn, value)
            for name, value in self.options.items()
            if name.endswith("activation")
        }
        if self.keras == "GRU":
            own["reset_after"] = self.reset_after
        return self.run(x, states, *weights, **own, **options)


CELLS = [
    Cell(recurrence.run_simple_rnn, "SimpleRNN", 1, {}),
    Cell(recurrence.run_simple_rnn, "SimpleRNN", 1, {"activation": "relu", "use_bias": False}),
    Cell(recurrence.run_lstm, "LSTM", 4, {}, states=2),
    Cell(recurrence.run_lstm, "LSTM", 4, {"use_bias": False}, states=2),
    Cell(
        recurrence.run_lstm,
        "LSTM",
        4,
        {"activation": "softplus", "recurrent_activation": "tanh"},
        states=2,
    ),
    Cell(recurrence.run_gru, "GRU", 3, {}),
    Cell(recurrence.run_gru, "GRU", 3, {"use_bias": False}),
    Cell(recurrence.run_gru, "GRU", 3, {"reset_after": False}),
    Cell(recurrence.run_gru, "GRU", 3, {"reset_after": False, "use_bias": False}),
    Cell(recurrence.run_gru, "GRU", 3, {"activation": "softplus"}),
]
cells = pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
PLAIN_CELLS = [cell for cell in CELLS if not cell.options]
plain_cells = pytest.mark.parametrize("cell", PLAIN_CELLS, ids=lambda cell: cell.name)


def inputs(batch=BATCH, steps=STEPS, dtype="float32"):
    return np.random.default_rng(9).normal(size=(batch, steps, INPUTS)).astype(dtype)


def flat(outputs, states):
    return [outputs, *jax.tree.leaves(states)]


def weighed(results):
    """Return a number that depends on every element of `results`, each in its own way."""
    return sum(jnp.sum(jnp.sin(one + jnp.arange(one.size).reshape(one.shape))) for one in results)


def by_keras(cell, **options):
    layer = getattr(keras.layers, cell.keras)(UNITS, **cell.options, **options, return_state=True)
    layer.build((None, STEPS, INPUTS))

    def results(weights, x, states, mask=None):
        states = list(states) if isinstance(states, tuple) else [states]
        given, _ = layer.stateless_call(
            weights,
            [variable.value for variable in layer.non_trainable_variables],
            x,
            initial_state=states,
            mask=mask,
        )
        return given

    return results


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])
@cells
def test_outputs_states_and_gradients_are_those_of_keras(cell, reverse):
    keras_results = by_keras(cell, go_backwards=reverse, return_sequences=True)

    def ours(weights, x, states, mask):
        return flat(*cell.ours(weights, x, states, mask=mask, reverse=reverse))

    def both(given, mask):
        gradients = [
            jax.grad(lambda given, results=results: weighed(results(*given, mask)))(given)
            for results in (ours, keras_results)
        ]
        return [[ours(*given, mask), gradients[0]], [keras_results(*given, mask), gradients[1]]]

    both = jax.jit(both)
    given = (cell.weights(), inputs(), cell.initial())
    for name in MASKS:
        own, other = map(jax.tree.leaves, both(given, mask_of(name)))
        for one, expected in zip(own, other, strict=True):
            np.testing.assert_allclose(one, expected, rtol=1e-4, atol=2e-5, err_msg=name)


@pytest.mark.parametrize("zero", [False, True], ids=["repeated", "zero"])
@pytest.mark.parametrize("sequences", [False, True], ids=["last", "all"])
@plain_cells
def test_choices_of_outputs_are_those_of_keras(cell, sequences, zero):
    options = {"return_sequences": sequences, "zero_output_for_mask": zero}
    theirs = by_keras(cell, **options)
    for name in ("right", "interior", "a row of padding"):
        given = (cell.weights(), inputs(), cell.initial())
        own = flat(*cell.ours(*given, mask=mask_of(name), **options))
        for one, other in zip(own, theirs(*given, mask_of(name)), strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


SPANS = {"right": 4, "left": 5, "interior": 6, "a row of padding": 4, "all padding": 0}
"""Steps of each mask from the first to the last at which any row is real."""


@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])
@plain_cells
def test_steps_are_made_only_where_a_row_is_real(cell, reverse, monkeypatch):
    made = {"forward": 0, "backward": 0}

    def count(name):
        made[name] += 1

    for kind in (simple_rnn.SimpleRNN, lstm.LSTM, gru.GRU):
        for name in made:
            monkeypatch.setattr(kind, name, counting(getattr(kind, name), partial(count, name)))

    @jax.jit
    @jax.grad
    def slopes(given, mask):
        return weighed(flat(*cell.ours(*given, mask=mask, reverse=reverse)))

    for name, steps in SPANS.items():
        made.update(forward=0, backward=0)
        slopes((cell.weights(), inputs(), cell.initial()), mask_of(name))
        jax.effects_barrier()
        assert made == {"forward": steps, "backward": steps}, name


def counting(method, count):
    """Return a method that also calls `count` each time that its program runs."""

    def counted(*given):
        jax.debug.callback(count)
        return method(*given)

    return counted


# -- a mask on the state, which is what recurrent dropout is --------------------------------------

TEXTBOOK = {
    "SimpleRNN": recurrence.simple_rnn_step,
    "LSTM": recurrence.lstm_step,
    "GRU": recurrence.gru_step,
}
BIASED_CELLS = [cell for cell in CELLS if "use_bias" not in cell.options]
biased_cells = pytest.mark.parametrize("cell", BIASED_CELLS, ids=lambda cell: cell.name)


def step_by_step(cell, weights, x, states, mask, recurrent_mask, reverse):
    """Return the outputs of all steps and the last states, a textbook's step after another."""
    own = {
        name: getattr(jax.nn, value) if name.endswith("activation") else value
        for name, value in cell.options.items()
    }
    states, outputs = jax.tree.leaves(states), []
    for t in reversed(range(x.shape[1])) if reverse else range(x.shape[1]):
        step = TEXTBOOK[cell.keras]
        following = step(x[:, t], *states, *weights, **own, recurrent_mask=recurrent_mask)
        real = True if mask is None else mask[:, t, None]
        pairs = zip(jax.tree.leaves(following), states, strict=True)
        states = [jnp.where(real, new, old) for new, old in pairs]
        outputs.append(states[0])
    return [jnp.stack(outputs, axis=1), *states]


@pytest.mark.parametrize("padded", [False, True], ids=["whole", "padded"])
@pytest.mark.parametrize("reverse", [False, True], ids=["forward", "backward"])
@biased_cells
def test_a_mask_on_the_state_is_that_of_the_textbooks_steps(cell, reverse, padded):
    kept = np.random.default_rng(10).random((BATCH, UNITS)) > 0.4
    dropped = np.where(kept, 1 / 0.6, 0).astype("float32")
    mask = mask_of("a row of padding") if padded else None

    def ours(weights, x, states):
        options = {"mask": mask, "reverse": reverse, "recurrent_mask": dropped}
        return flat(*cell.ours(weights, x, states, **options))

    def theirs(weights, x, states):
        return step_by_step(cell, weights, x, states, mask, dropped, reverse)

    def with_slopes(run):
        def weighing(given):
            results = run(*given)
            return weighed(results), results

        return jax.grad(weighing, has_aux=True)

    given = (cell.weights(), inputs(), cell.initial())
    # The textbook's steps are not compiled: so many of them in a row take long.
    results = jax.jit(with_slopes(ours))(given), with_slopes(theirs)(given)
    for one, expected in zip(*map(jax.tree.leaves, results), strict=True):
        np.testing.assert_allclose(one, expected, rtol=1e-4, atol=2e-5)
