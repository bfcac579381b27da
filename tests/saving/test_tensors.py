import hypothesis.extra.numpy as npst
import jax.numpy as jnp
import numpy as np
import pytest
import safetensors.numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.errors import FileError, NotSaveableError
from pellucid.saving import tensors
from pellucid.saving.limits import Limits
from pellucid.saving.names import escape, unescape
from saving import forge

DAMAGED = "The file is damaged or was not written by pellucid: copy or save it again."

NAMES = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*", fullmatch=True)
ARRAYS = st.sampled_from(
    [dtype for dtype in tensors.DTYPES.values() if dtype != jnp.bfloat16]
).flatmap(
    lambda dtype: npst.arrays(
        dtype, npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
    )
)


@settings(deadline=None)
@given(st.dictionaries(NAMES, ARRAYS, max_size=5))
def test_arrays_of_every_type_and_shape_read_back_the_same(arrays):
    found = tensors.decode(tensors.encode(arrays, "w"), "w")
    assert set(found) == set(arrays)
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert found[name].tobytes() == array.tobytes()


def test_bfloat16_and_jax_arrays_read_back_the_same():
    arrays = {"a": jnp.arange(4, dtype=jnp.bfloat16), "b": jnp.ones((2, 3))}
    found = tensors.decode(tensors.encode(arrays, "w"), "w")
    assert found["a"].dtype == jnp.bfloat16
    assert found["a"].tolist() == [0, 1, 2, 3]
    assert found["b"].tolist() == [[1, 1, 1], [1, 1, 1]]


def test_layout_and_byte_order_in_memory_do_not_matter():
    strided = np.arange(12, dtype="float32").reshape(3, 4).T[::2]
    arrays = {"strided": strided, "big": np.arange(3, dtype=">f4")}
    found = tensors.decode(tensors.encode(arrays, "w"), "w")
    assert found["strided"].tolist() == strided.tolist()
    assert found["big"].tolist() == [0, 1, 2]


def test_the_library_reads_what_is_written():
    arrays = {"dense/kernel": np.ones((2, 3), "float32"), "step": np.array(7)}
    found = safetensors.numpy.load(tensors.encode(arrays, "w"))
    assert {name: array.tolist() for name, array in found.items()} == {
        "dense/kernel": [[1, 1, 1], [1, 1, 1]],
        "step": 7,
    }


def test_arrays_that_were_read_can_be_changed():
    found = tensors.decode(tensors.encode({"a": np.zeros(2)}, "w"), "w")
    found["a"][0] = 1
    assert found["a"].tolist() == [1, 0]


@pytest.mark.parametrize(
    ("name", "array", "message"),
    [
        (
            "a b",
            np.zeros(1),
            "w: a b: got the array name 'a b', expected letters, digits, '_', '-' and '.', "
            "in parts that are joined by '/'. Rename the array.",
        ),
        (
            "a",
            np.array(["text"]),
            "w: a: got an array of str128, expected one of bool, uint8, int8, uint16, int16, "
            "float16, bfloat16, uint32, int32, float32, uint64, int64, float64.",
        ),
        (
            "a",
            np.zeros(1, complex),
            "w: a: got an array of complex128, expected one of bool, uint8, int8, uint16, int16, "
            "float16, bfloat16, uint32, int32, float32, uint64, int64, float64.",
        ),
    ],
)
def test_what_a_file_cannot_hold_is_refused(name, array, message):
    with pytest.raises(NotSaveableError) as caught:
        tensors.encode({name: array}, "w")
    assert str(caught.value) == message


def test_what_could_not_be_read_again_is_not_written():
    with pytest.raises(FileError) as caught:
        tensors.encode({"a": np.zeros((1,) * 9)}, "w")
    assert str(caught.value).startswith("w: a: got the shape [1, 1, 1, 1, 1, 1, 1, 1, 1], expected")


def entry(dtype="F32", shape=(2,), offsets=(0, 8)):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": list(offsets)}


EIGHT = bytes(8)
HUGE = 2**63 - 1
HOSTILE = [
    (b"", "a header of 0 bytes, expected one of at most 0."),
    (b"\x00" * 7, "a header of 0 bytes, expected one of at most 0."),
    (
        b"\xff" * 8,
        "a header of 18,446,744,073,709,551,615 bytes, expected one of at most 0.",
    ),
    (
        (2**62).to_bytes(8, "little") + b"{}",
        "a header of 4,611,686,018,427,387,904 bytes, expected one of at most 2.",
    ),
    (forge.tensors([]), "[], expected a header that lists arrays."),
    (forge.tensors(b"null"), "None, expected a header that lists arrays."),
    (
        forge.tensors(b'{"a": 1, "a": 2}'),
        "the key 'a' twice, expected each key once.",
    ),
    (
        forge.tensors({"../../etc/x": entry()}, EIGHT),
        "the array name '../../etc/x', expected letters, digits, '_', '-', '.' and '/'.",
    ),
    (
        forge.tensors({"/etc/x": entry()}, EIGHT),
        "the array name '/etc/x', expected letters, digits, '_', '-', '.' and '/'.",
    ),
    (
        forge.tensors({"a\n\x1b[31m": entry()}, EIGHT),
        "the array name 'a\\n\\x1b[31m', expected letters, digits, '_', '-', '.' and '/'.",
    ),
    (
        forge.tensors({"a" * 2000: entry()}, EIGHT),
        f"the array name '{'a' * 65}', expected letters, digits, '_', '-', '.' and '/'.",
    ),
    (
        forge.tensors({"__metadata__": {"format": "pt"}}),
        "__metadata__: an object of 1, expected an object of dtype, shape and data_offsets.",
    ),
    (
        forge.tensors({"a": entry(dtype="C64")}, EIGHT),
        "a: the type 'C64', expected one of BOOL, U8, I8, U16, I16, F16, BF16, U32, I32, F32, "
        "U64, I64, F64.",
    ),
    (
        forge.tensors({"a": entry(dtype=["F32"])}, EIGHT),
        "a: the type a list of 1, expected one of BOOL, U8, I8, U16, I16, F16, BF16, U32, I32, "
        "F32, U64, I64, F64.",
    ),
    (
        forge.tensors({"a": entry(shape=(-2,))}, EIGHT),
        "a: the shape [-2], expected at most 8 sizes from 0 on, of real arrays.",
    ),
    (
        forge.tensors({"a": entry(shape=(2.0,))}, EIGHT),
        "a: the shape [2.0], expected at most 8 sizes from 0 on, of real arrays.",
    ),
    (
        forge.tensors({"a": entry(shape=(True, 2))}, EIGHT),
        "a: the shape [True, 2], expected at most 8 sizes from 0 on, of real arrays.",
    ),
    (
        forge.tensors({"a": entry(shape=(2,) + (1,) * 8)}, EIGHT),
        "a: the shape [2, 1, 1, 1, 1, 1, 1, 1, 1], "
        "expected at most 8 sizes from 0 on, of real arrays.",
    ),
    (
        forge.tensors({"a": entry(shape=(0, HUGE), offsets=(0, 0))}),
        "a: the shape [0, 9223372036854775807], "
        "expected at most 8 sizes from 0 on, of real arrays.",
    ),
    (
        forge.tensors({"a": entry(shape=(0, 2**40, 2**40), offsets=(0, 0))}),
        "a: the shape [0, 1099511627776, 1099511627776], "
        "expected at most 8 sizes from 0 on, of real arrays.",
    ),
    (
        forge.tensors({"a": entry(shape=(2**40,), offsets=(0, 2**42))}, EIGHT),
        "8 bytes of data, expected the 4,398,046,511,104 that its header lists.",
    ),
    (
        forge.tensors({"a": entry(offsets=(8, 0))}, EIGHT),
        "a: -8 bytes for float32 (2,), expected 8.",
    ),
    (
        forge.tensors({"a": entry(offsets=(-8, 0))}, EIGHT),
        "a: the offsets [-8, 0], expected two byte numbers.",
    ),
    (
        forge.tensors({"a": entry(offsets=(0, 8, 16))}, EIGHT),
        "a: the offsets [0, 8, 16], expected two byte numbers.",
    ),
    (
        forge.tensors({"a": entry(offsets=(0, 4))}, EIGHT),
        "a: 4 bytes for float32 (2,), expected 8.",
    ),
    (
        forge.tensors({"a": entry(), "b": entry()}, EIGHT),
        "b: an array at byte 0, expected one at byte 8, after the one before it.",
    ),
    (
        forge.tensors({"a": entry(), "b": entry(offsets=(4, 12))}, bytes(12)),
        "b: an array at byte 4, expected one at byte 8, after the one before it.",
    ),
    (
        forge.tensors({"a": entry(offsets=(4, 12))}, bytes(12)),
        "a: an array at byte 4, expected one at byte 0, after the one before it.",
    ),
    (
        forge.tensors({"a": entry()}, bytes(9)),
        "9 bytes of data, expected the 8 that its header lists.",
    ),
    (
        forge.tensors({"a": entry()}, bytes(7)),
        "7 bytes of data, expected the 8 that its header lists.",
    ),
    (
        forge.tensors({"a": entry("BOOL", (2,), (0, 2))}, b"\x01\x02"),
        "a: booleans that are neither 0 nor 1, expected 0 or 1.",
    ),
]


@pytest.mark.parametrize(("data", "problem"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_arrays_are_refused(data, problem):
    with pytest.raises(FileError) as caught:
        tensors.decode(data, "w")
    # Some problems name the array, "a: ...", before what was given.
    place, _, rest = problem.rpartition(": ") if ": " in problem else ("", "", problem)
    where = f"w: {place}" if place else "w"
    assert str(caught.value) == f"{where}: got {rest} {DAMAGED}"


def test_the_number_of_arrays_is_limited():
    header = {f"a{number}": entry(shape=(0,), offsets=(0, 0)) for number in range(4)}
    with pytest.raises(FileError) as caught:
        tensors.decode(forge.tensors(header), "w", Limits(arrays=3))
    assert str(caught.value) == f"w: got 4 arrays, expected at most 3. {DAMAGED}"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100))
def test_a_path_of_any_characters_has_a_name(path):
    name = escape(path)
    if path.isprintable() and "" not in path.split("/"):
        assert tensors.is_name(name)
        assert unescape(name, "w") == path


@given(st.text("abx.0/-_\u00e4 "), st.text("abx.0/-_\u00e4 "))
def test_different_paths_have_different_names(one, other):
    assert (escape(one) == escape(other)) == (one == other)


@pytest.mark.parametrize(
    "name", ["a.x61.", "a.xffffff.", "a.x0.", "a.xd800.", "a.x20", "a.x0020.", ".x1b.c"]
)
def test_a_name_that_stands_for_no_path_is_refused(name):
    with pytest.raises(FileError) as caught:
        unescape(name, "w")
    assert str(caught.value) == (
        f"w: got the array name '{name}', expected a name as pellucid writes it. {DAMAGED}"
    )
