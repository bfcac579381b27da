"""Beside Optax where the formulas coincide, and Optax's own transformations as optimisers."""

import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from jax import lax

from optimizers.cases import SHAPES, Stepper, sequences
from pellucid import optimizers
from pellucid.description import structure
from pellucid.errors import NotSaveableError
from pellucid.optimizers.engine import apply_gradients, begin
from pellucid.tree import Layout

# AMSGrad, Nadam and epsilon above 0 in Adam are computed otherwise in Optax than in Keras.
SAME = {
    "sgd": (optimizers.SGD(0.1), optax.sgd(0.1)),
    "momentum": (optimizers.SGD(0.1, momentum=0.9), optax.sgd(0.1, momentum=0.9)),
    "nesterov": (
        optimizers.SGD(0.1, momentum=0.9, nesterov=True),
        optax.sgd(0.1, momentum=0.9, nesterov=True),
    ),
    "adam": (optimizers.Adam(0.1, epsilon=0.0), optax.adam(0.1, eps=0.0)),
    "adamw": (
        optimizers.AdamW(0.1, weight_decay=0.3, epsilon=0.0),
        optax.adamw(0.1, eps=0.0, weight_decay=0.3),
    ),
    "adamax": (optimizers.Adamax(0.1, epsilon=0.0), optax.adamax(0.1, eps=0.0)),
    "lion": (
        optimizers.Lion(0.01, weight_decay=0.2),
        optax.lion(0.01, weight_decay=0.2),
    ),
    "adagrad": (
        optimizers.Adagrad(0.1, initial_accumulator_value=0.3, epsilon=1e-3),
        optax.adagrad(0.1, initial_accumulator_value=0.3, eps=1e-3),
    ),
    "adadelta": (
        optimizers.Adadelta(1.0, rho=0.8, epsilon=1e-3),
        optax.adadelta(1.0, rho=0.8, eps=1e-3),
    ),
    "rmsprop": (
        optimizers.RMSprop(0.1, epsilon=1e-3, momentum=0.5, centered=True),
        optax.rmsprop(0.1, decay=0.9, eps=1e-3, momentum=0.5, centered=True),
    ),
    "lamb": (
        optimizers.Lamb(0.1, epsilon=1e-3),
        optax.lamb(0.1, eps=1e-3, weight_decay=0.0),
    ),
    "clip": (
        optimizers.SGD(0.1, clipvalue=0.3),
        optax.chain(optax.clip(0.3), optax.sgd(0.1)),
    ),
    "global norm": (
        optimizers.SGD(0.1, global_clipnorm=0.3),
        optax.chain(optax.clip_by_global_norm(0.3), optax.sgd(0.1)),
    ),
}


def optax_moves(transformation, start, gradients):
    """Return the arrays that Optax's own functions lead to."""
    arrays = start
    state = transformation.init(arrays)
    for slopes in gradients:
        updates, state = transformation.update(slopes, state, arrays)
        arrays = optax.apply_updates(arrays, updates)
    return arrays


def assert_alike(ours, theirs, start):
    for path, expected in theirs.items():
        moved = np.max(np.abs(expected - start[path]))
        assert moved > 1e-4, f"{path} has not moved"
        np.testing.assert_allclose(ours[path], expected, rtol=1e-6, atol=1e-4 * moved, err_msg=path)


def our_moves(optimizer, start, gradients):
    stepper = Stepper(optimizer, start)
    for slopes in gradients:
        stepper.move(slopes)
    return stepper.values()


@pytest.mark.parametrize("name", SAME)
def test_formulas_that_coincide_agree(name):
    ours, theirs = SAME[name]
    start, gradients = sequences(7)
    assert_alike(our_moves(ours, start, gradients), optax_moves(theirs, start, gradients), start)


TAKEN = {
    "adam": optax.adam(0.1),
    "adamw": optax.adamw(optax.cosine_decay_schedule(0.1, 5)),
    "chain": optax.chain(optax.clip_by_global_norm(0.3), optax.sgd(0.1, momentum=0.9)),
    "adafactor": optax.adafactor(0.1),
    "starts as the parameters": optax.contrib.schedule_free_adamw(0.1),
    "masked": optax.masked(optax.sgd(0.1), lambda tree: jax.tree.map(lambda x: x.ndim > 1, tree)),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_transformation_moves_as_it_does_in_optax(name):
    start, gradients = sequences(7)
    ours = our_moves(optimizers.get(TAKEN[name]), start, gradients)
    theirs = optax_moves(TAKEN[name], list(start.values()), [list(g.values()) for g in gradients])
    for path, expected in zip(start, theirs, strict=True):
        np.testing.assert_allclose(ours[path], expected, rtol=1e-5, atol=1e-6, err_msg=path)


def test_the_learning_rate_multiplies_the_updates():
    start, gradients = sequences(1)
    optimizer = optimizers.get(optax.sgd(1.0))
    whole = our_moves(optimizer, start, gradients)
    optimizer.learning_rate = 0.25
    quarter = our_moves(optimizer, start, gradients)
    for path in start:
        expected = start[path] + 0.25 * (whole[path] - start[path])
        np.testing.assert_allclose(quarter[path], expected, rtol=1e-5, atol=1e-6)


def test_shared_settings_go_with_a_transformation():
    start, gradients = sequences(6)
    shared = {"clipnorm": 0.3, "gradient_accumulation_steps": 2, "use_ema": True}
    ours = optimizers.OptaxOptimizer(transformation=optax.sgd(0.1), **shared)
    plain = optimizers.SGD(0.1, **shared)
    assert_alike(our_moves(ours, start, gradients), our_moves(plain, start, gradients), start)


def test_a_loop_can_carry_the_state_of_a_transformation():
    layout = Layout(tuple(SHAPES.values()))
    optimizer = optimizers.get(optax.adamw(0.1))

    def one(carry, step):
        packed, state = carry
        return apply_gradients(optimizer, layout, packed, packed, state, step), None

    start = (jnp.ones(layout.size), begin(optimizer, layout))
    (packed, state), _ = jax.jit(lambda carry: lax.scan(one, carry, jnp.arange(20)))(start)
    assert np.all(np.asarray(packed) < 0.5)
    assert int(state.slots[0].count) == 20


def test_one_array_may_be_moved_alone():
    optimizer = optimizers.get(optax.sgd(0.5))
    moved, _ = optimizer.update(
        jnp.ones(2), jnp.ones(2), optimizer.slots((2,)), {}, jnp.int32(0), 1.0
    )
    assert moved.tolist() == [0.5, 0.5]


def test_one_transformation_is_one_structure():
    transformation = optax.adam(0.1)
    first, second = optimizers.get(transformation), optimizers.get(transformation)
    assert structure(first) == structure(second)
    assert structure(first) != structure(optimizers.get(optax.adam(0.1)))
    assert optimizers.get(first) is first


def test_a_transformation_cannot_be_saved():
    with pytest.raises(NotSaveableError) as caught:
        optimizers.get(optax.adam(0.1)).get_config()
    assert str(caught.value) == (
        "OptaxOptimizer: got an Optax transformation, which is made of Python functions, "
        "expected an optimizer that can be described: a model file holds no code. Compile with "
        "one of Pellucid's own before saving, such as pellucid.optimizers.AdamW(1e-3), or keep "
        "the weights alone with save_weights."
    )


def test_optax_is_imported_by_its_users_only():
    program = "import sys, pellucid.optimizers; sys.exit('optax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
