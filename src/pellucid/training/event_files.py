"""Event files, in which TensorBoard finds curves."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pellucid.errors import FileError, PellucidError


def write_events(
    folder: str | os.PathLike[str], points: Iterable[tuple[int, Mapping[str, float]]]
) -> Path:
    """Write curves as an event file in `folder`, which is made if need be; return the folder.

    Args:
        folder: Where TensorBoard is to look: `tensorboard --logdir folder`.
        points: For each step the values of the curves by name, such as "dense/activation/rms".

    Raises:
        PellucidError: The package tensorboardx is not installed.
        FileError: The file cannot be written.
    """
    try:
        from tensorboardX import FileWriter  # pyright: ignore[reportMissingImports]
        from tensorboardX.proto.summary_pb2 import (  # pyright: ignore[reportMissingImports]
            Summary,
        )
    except ImportError:
        raise PellucidError(
            "to_tensorboard: got no package tensorboardx, expected it to write event files. "
            "Install it with: pip install 'pellucid[tensorboard]'"
        ) from None
    try:
        writer = FileWriter(os.fspath(folder))
        for step, values in points:
            pairs = values.items()
            parts = [Summary.Value(tag=name, simple_value=value) for name, value in pairs]
            writer.add_summary(Summary(value=parts), step)
        writer.close()
    except OSError as error:
        raise FileError(f"{folder}: cannot be written: {error.strerror or error}.") from error
    return Path(folder)
