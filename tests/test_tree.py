"""Arrays in one vector."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from pellucid.processor import on_cpu
from pellucid.tree import PIECE, Layout

RNG = np.random.default_rng(0)
SHAPES = {
    "none": (),
    "one number": ((),),
    "few": ((3, 2), (4,), (1,)),
    "one long": ((PIECE, 3),),
    "long ones between short ones": ((3, 5), (5,), (PIECE, 2), (7,), (2, PIECE), (2,), (2, 2)),
    "many of middle size": ((100, 100), (100,)) * 5,
    "none in one of them": ((0, 4), (PIECE, 2), (0,), (3,)),
}


@pytest.mark.parametrize("shapes", SHAPES.values(), ids=SHAPES)
def test_what_is_packed_lies_end_to_end_and_comes_out_again(shapes):
    layout = Layout(shapes)
    arrays = [RNG.normal(size=shape).astype(np.float32) for shape in shapes]
    expected = np.concatenate([np.zeros(0, np.float32), *[one.ravel() for one in arrays]])
    packed = jax.jit(layout.pack)([jnp.asarray(one) for one in arrays])
    assert packed.dtype == np.float32
    np.testing.assert_array_equal(packed, expected)
    np.testing.assert_array_equal(layout.pack_host(arrays), expected)
    for one, other in zip(layout.unpack(packed), arrays, strict=True):
        np.testing.assert_array_equal(one, other)


def test_it_can_be_differentiated_and_repeated_over_an_axis():
    layout = Layout(SHAPES["long ones between short ones"])
    vector = RNG.normal(size=layout.size).astype(np.float32)
    again = jax.grad(lambda given: jnp.vdot(layout.pack(layout.unpack(given)), vector))(vector)
    np.testing.assert_array_equal(again, vector)
    several = np.stack([vector, -vector])
    np.testing.assert_array_equal(
        jax.vmap(lambda one: layout.pack(layout.unpack(one)))(several), several
    )


@pytest.mark.skipif(not on_cpu(), reason="says how programs for CPUs are compiled")
def test_a_long_vector_is_not_one_concatenation():
    layout = Layout(SHAPES["long ones between short ones"])
    arrays = [jnp.zeros(shape) for shape in layout.shapes]
    text = jax.jit(layout.pack).lower(arrays).as_text()
    assert "concatenate" in text
    joined = [line for line in text.splitlines() if "concatenate" in line]
    assert not any(f"-> tensor<{layout.size}xf32>" in line for line in joined)
    assert text.count("dynamic_update_slice") == 5
