"""Whether the arrays of a file are those that are needed: all of them, and no others."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from pellucid.errors import FileError, Problem, near, report
from pellucid.saving.limits import refuse
from pellucid.saving.tensors import Spec
from pellucid.types import NumpyArray

SHOWN = 20
"""How many problems are told one by one."""


def match_arrays(
    found: Mapping[str, NumpyArray | Spec],
    expected: Mapping[str, tuple[int, ...]],
    where: str,
    fix: str = "The file belongs to another network.",
    dtype: Any = np.float32,
) -> None:
    """Refuse arrays that are missing, extra, or of another shape or type, and list their paths.

    Args:
        found: What the file holds, or says that it holds.
        expected: Shape of each array that is needed, by path.
        where: How messages call the file.
        fix: How to mend it.
        dtype: Type that all arrays must have; None for any.

    Raises:
        FileError: They differ.

    Example:
        >>> import numpy as np
        >>> from pellucid.saving.agreement import match_arrays
        >>> match_arrays({"bias": np.zeros(3, "float32")}, {"bias": (3,)}, "model.pellucid")
    """
    wanted = None if dtype is None else np.dtype(dtype)
    problems = list(_differences(found, expected, where, wanted))
    hidden = len(problems) - SHOWN
    if hidden > 0:
        problems[SHOWN:] = [Problem(where, f"{hidden:,} more such arrays", "none")]
    if problems and fix:
        last = problems[-1]
        problems[-1] = Problem(last.where, last.given, last.expected, f"{last.fix} {fix}".strip())
    report(problems, FileError)


def _differences(
    found: Mapping[str, NumpyArray | Spec],
    expected: Mapping[str, tuple[int, ...]],
    where: str,
    dtype: np.dtype[Any] | None,
) -> Iterator[Problem]:
    missing = [path for path in expected if path not in found]
    extra = [path for path in found if path not in expected]
    for path in missing:
        # Looking for near names costs the product of both lists, so only for short ones.
        close = near(path, extra) if max(len(missing), len(extra)) <= SHOWN else None
        hint = f"The file has '{close}'." if close else ""
        yield Problem(f"{where}: {path}", "no such array", f"one of shape {expected[path]}", hint)
    for path in extra:
        given = f"an array of shape {found[path].shape}"
        yield Problem(f"{where}: {path}", given, "no array of this name")
    for path, shape in expected.items():
        one = found.get(path)
        if one is None:
            continue
        if one.shape != shape:
            yield Problem(f"{where}: {path}", f"shape {one.shape}", f"shape {shape}")
        elif dtype is not None and one.dtype != dtype:
            yield Problem(f"{where}: {path}", f"type {one.dtype.name}", f"type {dtype.name}")


def check_finite(arrays: Mapping[str, NumpyArray], where: str, fix: str) -> None:
    """Refuse arrays that hold NaN or infinity.

    Raises:
        FileError: One of them does; the message names it and counts them.
    """
    for path, array in arrays.items():
        if array.dtype.kind in "iub":
            continue
        finite = np.isfinite(array)
        if not finite.all():
            bad = array.size - int(np.count_nonzero(finite))
            given = f"{bad:,} of {array.size:,} values that are NaN or infinite"
            refuse(f"{where}: {path}", given, "finite numbers", fix)
