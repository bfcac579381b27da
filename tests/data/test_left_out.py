"""What is broken is told, and fatal when it is much."""

import pytest

from pellucid.data.left_out import left_out, read_each
from pellucid.errors import DataError, FileError


def halved(number):
    if number % 2:
        raise DataError(f"{number}: got an odd number.")
    return number // 2


def test_reading_goes_past_what_is_broken():
    assert read_each([4, 5, 6], halved) == ([0, 2], [2, 3], ["5: got an odd number."])


def test_other_errors_are_not_swallowed():
    with pytest.raises(TypeError):
        read_each(["a"], halved)


def test_a_few_are_listed():
    assert left_out([], 9, "sound", "here") == ()
    assert left_out(["a.wav: no."], 20, "sound", "here") == (
        "1 of 20 sounds left out:\n  a.wav: no.",
    )


def test_more_than_a_twentieth_is_fatal():
    broken = [f"{number}.wav: no." for number in range(12)]
    with pytest.raises(FileError) as error:
        left_out(broken, 230, "sound", "here")
    listed = "".join(f"\n  {one}" for one in broken[:10])
    assert str(error.value) == (
        "here: got 12 of 230 sounds that cannot be read, expected at most 5%. Mend or remove "
        f"them:{listed}\n  and 2 more"
    )
