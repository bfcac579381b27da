"""Windows over a series."""

from typing import Any

import numpy as np

from pellucid.data.arrays import to_array
from pellucid.data.dataset import Dataset, check_dataset
from pellucid.errors import Problem, report
from pellucid.types import NumpyArray
from pellucid.wording import count_text

PLACE = "timeseries_dataset_from_array"


def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
) -> Dataset:
    """Return windows over a series, a batch at a time.

    Window i holds the steps `start + i·sequence_stride + k·sampling_rate`, k from 0 to
    `sequence_length - 1`; its label is `targets[i·sequence_stride]`, counted from the first
    window.

    Args:
        data: The series, shape (steps,) or (steps, columns).
        targets: `targets[i]` belongs to the window that begins at step i; None for windows
            without labels.
        sequence_length: Steps in a window.
        sequence_stride: Steps from the beginning of a window to that of the next.
        sampling_rate: Steps between neighbours in a window.
        batch_size: Windows in a batch; None for single windows.
        shuffle: Whether every epoch has its own order.
        seed: Seed of the orders; 0 when None.
        start_index: First step that is used.
        end_index: Step before which to end.

    Returns:
        A `Dataset`: `fit` takes it as it is, `dataset.arrays()` gives all windows at once.

    Raises:
        ArgumentError: A number out of range, or a series shorter than one window.

    Example:
        >>> import numpy as np, pellucid
        >>> series = np.arange(6)
        >>> windows = pellucid.utils.timeseries_dataset_from_array(series, series[2:], 2)
        >>> x, y = windows[0]
        >>> x.tolist(), y.tolist()
        ([[0, 1], [1, 2], [2, 3], [3, 4]], [2, 3, 4, 5])

    Differs from Keras: the result is a `Dataset`, not one of TensorFlow's; without a seed the
    order follows from seed 0; `start_index` does not move the targets, as in Keras.
    """
    series = to_array(data, f"{PLACE}(data=...)")
    labels = None if targets is None else to_array(targets, f"{PLACE}(targets=...)")
    first = 0 if start_index is None else start_index
    last = len(series) if end_index is None else end_index
    problems = check_dataset(PLACE, batch_size, seed)
    for name, value in (
        ("sequence_length", sequence_length),
        ("sequence_stride", sequence_stride),
        ("sampling_rate", sampling_rate),
    ):
        if not _whole(value) or value < 1:
            expected = "a whole number of at least 1"
            problems.append(Problem(f"{PLACE}({name}=...)", repr(value), expected))
    if not (_whole(first) and _whole(last) and 0 <= first < last <= len(series)):
        given = f"steps {start_index!r} to {end_index!r}"
        expected = f"a part of the {count_text(len(series), 'step')}"
        problems.append(Problem(f"{PLACE}(start_index=..., end_index=...)", given, expected))
    report(problems)
    starts = _starts(last - first, labels, sequence_length, sequence_stride, sampling_rate)
    steps = first + starts[:, None] + sampling_rate * np.arange(sequence_length)

    def load(numbers: NumpyArray) -> Any:
        windows = series[steps[numbers]]
        return windows if labels is None else (windows, labels[starts[numbers]])

    return Dataset(load, len(starts), batch_size, shuffle, seed or 0)


def _starts(
    steps: int, labels: NumpyArray | None, length: int, stride: int, rate: int
) -> NumpyArray:
    """Return where the windows begin, counted from the first step that is used."""
    room = steps - (length - 1) * rate
    if room < 1:
        covered = (length - 1) * rate + 1
        fix = "Choose a smaller sequence_length or sampling_rate."
        given = f"a series of {count_text(steps, 'step')}"
        report([Problem(PLACE, given, f"at least the {covered} that a window covers", fix)])
    return np.arange(0, room if labels is None else min(room, len(labels)), stride)


def _whole(value: Any) -> bool:
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
