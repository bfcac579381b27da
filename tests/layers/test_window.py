"""How windows are counted, and what settings of windows are answered with."""

import numpy as np
import pytest

from pellucid import layers
from pellucid.errors import ArgumentError
from pellucid.layers.window import Window


def brute_force(size, taps, stride, dilation, padding):
    """Count windows by laying them one after another."""
    reach = (taps - 1) * dilation + 1
    if padding == "valid":
        return sum(start + reach <= size for start in range(0, size, stride))
    return len(range(0, size, stride))


@pytest.mark.parametrize("padding", ["valid", "same", "causal"])
@pytest.mark.parametrize("dilation", [1, 2])
def test_windows_are_counted_as_if_laid_one_by_one(padding, dilation):
    for size in range(9):
        for taps in (1, 2, 3):
            for stride in (1, 2, 3, 5):
                window = Window("kernel_size", (taps,), (stride,), padding, (dilation,))
                counted = brute_force(size, taps, stride, dilation, padding)
                assert window.counts((size,)) == (counted,)


def test_an_open_size_stays_open():
    window = Window("pool_size", (2, 2), (2, 2), "valid", (1, 1))
    assert window.counts((None, 7)) == (None, 3)


def test_one_number_stands_for_all_axes():
    layer = layers.Conv3D(4, 3, strides=[1, np.int64(2), 1])
    assert layer.kernel_size == (3, 3, 3)
    assert layer.strides == (1, 2, 1)
    assert layer.dilation_rate == (1, 1, 1)
    assert layers.Conv1D(4, [3]).kernel_size == (3,)


def test_padding_may_be_written_in_capitals():
    assert layers.Conv2D(4, 3, padding="SAME").padding == "same"
    assert layers.MaxPooling2D(padding="Valid").padding == "valid"


ARGUMENTS = [
    (
        lambda: layers.Conv2D(4, (3, 3, 3), strides=0, padding="sme"),
        "3 problems:\n"
        "  1. Conv2D(kernel_size=...): got (3, 3, 3), "
        "expected a whole number at least 1, or 2 of them such as (3, 3).\n"
        "  2. Conv2D(strides=...): got 0, "
        "expected a whole number at least 1, or 2 of them such as (3, 3).\n"
        "  3. Conv2D(padding=...): got 'sme', expected one of 'valid', 'same'. "
        "Did you mean 'same'?",
    ),
    (
        lambda: layers.Conv1D(4, 2.5),
        "Conv1D(kernel_size=...): got 2.5, expected a whole number at least 1.",
    ),
    (
        lambda: layers.Conv1D(4, True),
        "Conv1D(kernel_size=...): got True, expected a whole number at least 1.",
    ),
    (
        lambda: layers.MaxPooling3D((2, 2)),
        "MaxPooling3D(pool_size=...): got (2, 2), "
        "expected a whole number at least 1, or 3 of them such as (3, 3, 3).",
    ),
    (
        lambda: layers.MaxPooling2D(2, strides=(1, None)),
        "MaxPooling2D(strides=...): got (1, None), "
        "expected a whole number at least 1, or 2 of them such as (3, 3).",
    ),
    (
        lambda: layers.Conv2D(4, 3, padding="causal"),
        "Conv2D(padding=...): got 'causal', expected one of 'valid', 'same'.",
    ),
    (
        lambda: layers.Conv1D(4, 3, padding=1),
        "Conv1D(padding=...): got 1, expected one of 'valid', 'same', 'causal'.",
    ),
    (
        lambda: layers.Conv2D(4, 3, data_format="channel_first"),
        "Conv2D(data_format=...): got 'channel_first', expected one of None, 'channels_last', "
        "'channels_first'. Did you mean 'channels_first'?",
    ),
]


@pytest.mark.parametrize(("make", "message"), ARGUMENTS)
def test_arguments(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message
