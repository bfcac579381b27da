"""The parts of a step, each beside a computation on the separate arrays in NumPy."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from optimizers.cases import SHAPES
from pellucid import optimizers
from pellucid.optimizers.engine import OptimizerState, apply_gradients, begin, finalize
from pellucid.optimizers.packed import spread
from pellucid.tree import Layout

LAYOUT = Layout(((2, 3), (4,), (), (3,)))
vectors = arrays(np.float32, LAYOUT.size, elements=st.floats(-8, 8, width=16))


@given(vector=vectors, bound=st.floats(0.125, 4))
@settings(max_examples=50, deadline=None)
def test_each_array_is_clipped_to_its_norm(vector, bound):
    clipped = optimizers.SGD(clipnorm=bound).transform(vector, LAYOUT)
    pairs = zip(LAYOUT.unpack_host(np.asarray(clipped)), LAYOUT.unpack_host(vector), strict=True)
    for new, old in pairs:
        norm = np.linalg.norm(old)
        np.testing.assert_allclose(new, old * min(1.0, bound / norm if norm else 1), rtol=1e-5)


@given(vector=vectors, bound=st.floats(0.125, 4))
@settings(max_examples=50, deadline=None)
def test_all_arrays_are_clipped_to_one_norm(vector, bound):
    clipped = optimizers.SGD(global_clipnorm=bound).transform(vector, LAYOUT)
    norm = np.linalg.norm(vector)
    np.testing.assert_allclose(clipped, vector * min(1.0, bound / norm if norm else 1), rtol=1e-5)


@given(vector=vectors, bound=st.floats(0.125, 4))
@settings(max_examples=50, deadline=None)
def test_values_are_clipped(vector, bound):
    clipped = optimizers.SGD(clipvalue=bound).transform(vector, LAYOUT)
    np.testing.assert_allclose(clipped, np.clip(vector, -bound, bound), rtol=1e-6)


def test_unclipped_gradients_pass_untouched():
    vector = np.ones(LAYOUT.size, np.float32)
    assert optimizers.SGD().transform(vector, LAYOUT) is vector


@pytest.mark.parametrize("option", ["clipnorm", "global_clipnorm", "clipvalue"])
def test_clipping_does_not_hide_what_is_not_finite(option):
    vector = np.ones(LAYOUT.size, np.float32)
    vector[0] = np.nan
    clipped = optimizers.SGD(**{option: 1.0}).transform(vector, LAYOUT)
    assert np.isnan(clipped[0])


def test_values_are_spread_over_their_arrays():
    found = spread([1.0, jnp.float32(2.0), 3.0, 4.0], LAYOUT)
    assert np.asarray(found).tolist() == [1.0] * 6 + [2.0] * 4 + [3.0] + [4.0] * 3


def test_nothing_is_moved_where_nothing_is_trained():
    layout, empty = Layout(()), np.zeros(0, np.float32)
    for name in ("AdamW", "Muon", "Nadam"):
        optimizer = optimizers.OPTIMIZERS.classes[name](clipnorm=1.0, weight_decay=0.1)
        moved, _ = apply_gradients(optimizer, layout, empty, empty, begin(optimizer, layout), 0)
        assert moved.shape == (0,)


def test_states_are_small():
    """A loop pays for each array that it carries."""
    sizes = {
        name: len(jax.tree.leaves(begin(optimizers.get(name), LAYOUT)))
        for name in ("SGD", "Lion", "Adam", "Nadam", "Lamb")
    }
    assert sizes == {"SGD": 1, "Lion": 1, "Adam": 2, "Nadam": 3, "Lamb": 8}
    full = optimizers.Adam(use_ema=True, gradient_accumulation_steps=2)
    assert len(jax.tree.leaves(begin(full, LAYOUT))) == 4


def test_averages_replace_parameters_at_the_end():
    packed = np.zeros(2, np.float32)
    state = OptimizerState({}, {}, np.ones(2, np.float32), None)
    assert finalize(optimizers.SGD(use_ema=True), packed, state) is state.average
    assert finalize(optimizers.SGD(), packed, state) is packed


def test_losses_are_scaled_as_gradients_are_unscaled():
    optimizer = optimizers.SGD(1.0, loss_scale_factor=4.0)
    assert optimizer.scale_loss(2.0) == 8.0
    assert optimizers.SGD().scale_loss(2.0) == 2.0
    packed = np.zeros(LAYOUT.size, np.float32)
    state = begin(optimizer, LAYOUT)
    moved, _ = apply_gradients(optimizer, LAYOUT, packed, packed + 8.0, state, 0)
    assert np.all(np.asarray(moved) == -2.0)


@pytest.mark.parametrize("name", ["Adam", "SGD", "Lamb"])
def test_paths_matter_to_no_program_that_does_not_ask(name):
    optimizer = optimizers.OPTIMIZERS.classes[name](weight_decay=0.1)
    assert optimizer.roles(list(SHAPES)) == ()


def test_roles_say_what_paths_decide():
    optimizer = optimizers.Muon(exclude_layers="head", exclude_from_decay=["bias"])
    roles = dict(zip(SHAPES, optimizer.roles(list(SHAPES)), strict=True))
    assert [path for path, role in roles.items() if not role.decays] == ["dense/bias"]
    exceptional = [path for path, role in roles.items() if role.exceptional]
    assert exceptional == ["head/kernel", "embedding/embeddings"]
    assert hash(tuple(roles.values())) == hash(optimizer.roles(list(SHAPES)))


def test_muon_makes_matrices_orthogonal():
    matrix = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    found = optimizers.Muon(ns_steps=12, muon_a=1.875, muon_b=-1.25, muon_c=0.375)._orthogonal(
        matrix
    )
    left, _, right = np.linalg.svd(matrix, full_matrices=False)
    np.testing.assert_allclose(found, left @ right, atol=1e-3)


def test_waiting_batches_change_nothing_but_the_sum():
    optimizer = optimizers.Nadam(0.1, gradient_accumulation_steps=3, weight_decay=0.5)
    packed = np.ones(LAYOUT.size, np.float32)
    state = begin(optimizer, LAYOUT)
    moved, after = apply_gradients(optimizer, LAYOUT, packed, packed, state, jnp.int32(0))
    np.testing.assert_array_equal(moved, packed)
    np.testing.assert_array_equal(after.accumulated, packed)
    unchanged = jax.tree.map(
        np.array_equal, after._replace(accumulated=None), state._replace(accumulated=None)
    )
    assert all(jax.tree.leaves(unchanged))
