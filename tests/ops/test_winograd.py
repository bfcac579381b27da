"""Winograd's method: which tiles are chosen, and what they save."""

import numpy as np
import pytest

from pellucid.ops import winograd
from pellucid.ops.window import axes_of


def tiles(space: tuple[int, ...], size: tuple[int, ...], padding: str = "same") -> list[int] | None:
    """Return the chosen outputs of a tile along each axis."""
    tiling = winograd.tiling(axes_of(space, size, (1,) * len(space), padding))
    return None if tiling is None else [axis.step for axis in tiling]


@pytest.mark.parametrize(
    ("space", "size", "expected"),
    [
        ((32, 32), (3, 3), [4, 4]),
        ((6, 9), (3, 3), [3, 3]),
        ((3, 4), (3, 3), [3, 4]),
        ((12, 12), (5, 5), [2, 2]),
        ((500,), (5,), [4]),
        ((500,), (3,), [4]),
    ],
)
def test_tiles_are_those_with_the_fewest_multiplications(
    space: tuple[int, ...], size: tuple[int, ...], expected: list[int]
) -> None:
    assert tiles(space, size) == expected


@pytest.mark.parametrize(
    ("space", "size"),
    [((32, 32), (1, 3)), ((32, 32), (7, 7)), ((32,), (8,)), ((8, 8, 8), (3, 3, 3))],
)
def test_other_kernels_and_volumes_have_no_tiles(
    space: tuple[int, ...], size: tuple[int, ...]
) -> None:
    assert tiles(space, size) is None


def test_strides_and_dilation_have_no_tiles() -> None:
    assert winograd.tiling(axes_of((9, 9), (3, 3), (2, 2), "same")) is None
    assert winograd.tiling(axes_of((9, 9), (3, 3), (1, 1), "same", (2, 2))) is None


def test_four_by_four_outputs_of_three_by_three_taps_save_three_quarters() -> None:
    tiling = winograd.tiling(axes_of((32, 32), (3, 3), (1, 1), "same"))
    assert tiling is not None
    assert winograd.saving(tiling) == 4 * 4 * 3 * 3 / (6 * 6)


def test_a_tile_worked_by_hand() -> None:
    tiling = winograd.tiling(axes_of((4,), (3,), (1,), "valid"))
    assert tiling is not None
    inputs = np.array([1.0, 2.0, 3.0, 4.0], "float32").reshape(1, 4, 1)
    kernel = np.array([1.0, 10.0, 100.0], "float32").reshape(3, 1, 1)
    outputs = winograd.convolve(inputs, kernel, tiling)
    np.testing.assert_allclose(np.ravel(outputs), [321.0, 432.0], rtol=1e-6)
