"""Named arrays in the safetensors format, whose header is checked before the library sees it.

The library refuses overlaps, holes and wrong sizes itself. It lets through names that look
like paths, any number of axes and of arrays, and booleans that are neither 0 nor 1.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np

from pellucid.errors import NotSaveableError
from pellucid.saving.json_text import decode as decode_document
from pellucid.saving.limits import LIMITS, Limits, refuse, shown
from pellucid.types import NumpyArray

DTYPES: dict[str, np.dtype[Any]] = {
    "BOOL": np.dtype(np.bool_),
    "U8": np.dtype(np.uint8),
    "I8": np.dtype(np.int8),
    "U16": np.dtype(np.uint16),
    "I16": np.dtype(np.int16),
    "F16": np.dtype(np.float16),
    "BF16": np.dtype(jnp.bfloat16),
    "U32": np.dtype(np.uint32),
    "I32": np.dtype(np.int32),
    "F32": np.dtype(np.float32),
    "U64": np.dtype(np.uint64),
    "I64": np.dtype(np.int64),
    "F64": np.dtype(np.float64),
}
"""The types that a file may hold, by their names in safetensors."""

LONGEST_NAME = 1024
MOST_VALUES = 2**48
LENGTH_BYTES = 8
"""The header's length stands before it, in this many bytes."""

_NAME = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")


@dataclass(frozen=True)
class Spec:
    """Type, shape and place of one array, as a header declares them."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int
    end: int

    def __str__(self) -> str:
        return f"{self.dtype.name} {self.shape}"


def is_name(name: str) -> bool:
    """Return whether an array may be called `name`: letters, digits, `_.-`, parts joined by `/`."""
    parts = name.split("/")
    whole = _NAME.fullmatch(name) is not None and "." not in parts and ".." not in parts
    return whole and len(name) <= LONGEST_NAME


def encode(arrays: Mapping[str, Any], where: str, limits: Limits = LIMITS) -> bytes:
    """Return `arrays` as the bytes of a safetensors file.

    Args:
        arrays: NumPy or JAX arrays by name.
        where: How messages call the whole.
        limits: What `read_header` will accept.

    Raises:
        NotSaveableError: A name or a type cannot be written.
        FileError: There is more than `limits` allow.
    """
    import safetensors.numpy

    prepared = {name: _prepare(f"{where}: {name}", name, array) for name, array in arrays.items()}
    data = safetensors.numpy.save(prepared)
    # What is written must be readable: there are limits on the number of arrays and of axes.
    length = header_length(data[:LENGTH_BYTES], len(data), where, limits)
    start = LENGTH_BYTES + length
    read_header(data[LENGTH_BYTES:start], len(data) - start, where, limits)
    return data


def _prepare(where: str, name: str, array: Any) -> NumpyArray:
    if not is_name(name):
        raise NotSaveableError(
            f"{where}: got the array name {name!r}, expected letters, digits, '_', '-' and '.', "
            "in parts that are joined by '/'. Rename the array."
        )
    host = np.asarray(array, order="C")
    if host.dtype.newbyteorder("=") not in DTYPES.values():
        raise NotSaveableError(
            f"{where}: got an array of {host.dtype.name}, expected one of "
            + ", ".join(dtype.name for dtype in DTYPES.values())
            + "."
        )
    return host.astype(host.dtype.newbyteorder("="), copy=False)


def header_length(start: bytes, size: int, where: str, limits: Limits = LIMITS) -> int:
    """Return the length of the header of a member of `size` bytes that begins with `start`."""
    length = int.from_bytes(start[:LENGTH_BYTES], "little")
    longest = min(limits.header_bytes, size - LENGTH_BYTES)
    if size < LENGTH_BYTES or length > longest:
        refuse(where, f"a header of {length:,} bytes", f"one of at most {max(longest, 0):,}")
    return length


def read_header(
    header: bytes, data_bytes: int, where: str, limits: Limits = LIMITS
) -> dict[str, Spec]:
    """Return what `header` says of the arrays in the `data_bytes` after it.

    Raises:
        FileError: A name, type, shape or place is not allowed, or arrays overlap or leave holes.
    """
    table = decode_document(header, where, limits)
    if not isinstance(table, dict):
        refuse(where, shown(table), "a header that lists arrays")
    if len(table) > limits.arrays:
        refuse(where, f"{len(table):,} arrays", f"at most {limits.arrays:,}")
    specs = {name: _read_spec(name, entry, where, limits) for name, entry in table.items()}
    reached = 0
    for name, spec in sorted(specs.items(), key=lambda item: (item[1].begin, item[1].end)):
        if spec.begin != reached:
            given = f"an array at byte {spec.begin:,}"
            refuse(f"{where}: {name}", given, f"one at byte {reached:,}, after the one before it")
        reached = spec.end
    if reached != data_bytes:
        refuse(where, f"{data_bytes:,} bytes of data", f"the {reached:,} that its header lists")
    return specs


def _read_spec(name: str, entry: Any, where: str, limits: Limits) -> Spec:
    if not is_name(name):
        refuse(where, f"the array name {shown(name)}", "letters, digits, '_', '-', '.' and '/'")
    place = f"{where}: {name}"
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        refuse(place, shown(entry), "an object of dtype, shape and data_offsets")
    dtype = DTYPES.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
    if dtype is None:
        refuse(place, f"the type {shown(entry['dtype'])}", f"one of {', '.join(DTYPES)}")
    shape = _whole_numbers(entry["shape"])
    # Sizes beside a 0 take no room in the file, but must not overflow NumPy's arithmetic.
    if (
        shape is None
        or len(shape) > limits.rank
        or math.prod(max(size, 1) for size in shape) > MOST_VALUES
    ):
        given = f"the shape {shown(entry['shape'])}"
        refuse(place, given, f"at most {limits.rank} sizes from 0 on, of real arrays")
    offsets = _whole_numbers(entry["data_offsets"])
    if offsets is None or len(offsets) != 2:
        refuse(place, f"the offsets {shown(entry['data_offsets'])}", "two byte numbers")
    begin, end = offsets
    needed = math.prod(shape) * dtype.itemsize
    if end - begin != needed:
        given = f"{end - begin:,} bytes for {dtype.name} {tuple(shape)}"
        refuse(place, given, f"{needed:,}")
    return Spec(dtype, tuple(shape), begin, end)


def _whole_numbers(value: Any) -> list[int] | None:
    """Return `value` if it is a list of integers that are at least 0."""
    if not isinstance(value, list):
        return None
    whole = all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in value)
    return value if whole else None


def decode(data: bytes, where: str, limits: Limits = LIMITS) -> dict[str, NumpyArray]:
    """Return the arrays in `data`, the bytes of a safetensors file.

    Raises:
        FileError: `data` is no such file.
    """
    from safetensors import SafetensorError, deserialize

    length = header_length(data[:LENGTH_BYTES], len(data), where, limits)
    start = LENGTH_BYTES + length
    specs = read_header(data[LENGTH_BYTES:start], len(data) - start, where, limits)
    try:
        found = dict(deserialize(data))
    except SafetensorError as error:
        refuse(where, f"what safetensors refuses ({shown(str(error))})", "arrays")
    return {name: _array(found[name]["data"], spec, name, where) for name, spec in specs.items()}


def _array(data: Any, spec: Spec, name: str, where: str) -> NumpyArray:
    if spec.dtype == np.bool_ and np.frombuffer(data, np.uint8).max(initial=0) > 1:
        refuse(f"{where}: {name}", "booleans that are neither 0 nor 1", "0 or 1")
    return np.frombuffer(data, spec.dtype).reshape(spec.shape)
