import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pellucid.wording import count_text, duration_text, number_text

NUMBERS = {
    0.0: "0.0000",
    1.0: "1.0000",
    -0.5: "-0.5000",
    0.001: "0.001",
    0.03125: "0.03125",
    -0.0123456: "-0.01235",
    0.099999: "0.1",
    0.1: "0.1000",
    0.00012345: "0.0001234",
    9.99994: "9.9999",
    12.3456: "12.346",
    123.456: "123.46",
    1234.56: "1,234.6",
    1234567.8: "1,234,568",
    3e12: "3e+12",
    math.inf: "inf",
    -math.inf: "-inf",
}


@pytest.mark.parametrize(("number", "text"), NUMBERS.items())
def test_a_number_is_shown_with_about_four_digits(number, text):
    assert number_text(number) == text


def test_nan_is_called_nan():
    assert number_text(math.nan) == "nan"


@settings(deadline=None)
@given(st.floats(min_value=-1e15, max_value=1e15))
def test_a_shown_number_is_the_number(number):
    shown = float(number_text(number).replace(",", ""))
    assert shown == pytest.approx(number, rel=6e-4, abs=1e-300)


DURATIONS = {
    0.0: "0.00 s",
    0.123: "0.12 s",
    9.99: "9.99 s",
    9.999: "10.0 s",
    59.9: "59.9 s",
    59.99: "1 min 00 s",
    125: "2 min 05 s",
    3599.7: "1 h 00 min",
    7384: "2 h 03 min",
}


@pytest.mark.parametrize(("seconds", "text"), DURATIONS.items())
def test_a_time_is_told_as_people_do(seconds, text):
    assert duration_text(seconds) == text


def test_counts_have_plurals_and_thousands():
    assert [count_text(n, "row") for n in (0, 1, 2, 12000)] == [
        "0 rows",
        "1 row",
        "2 rows",
        "12,000 rows",
    ]


def test_zero_has_no_sign():
    assert number_text(-0.0) == "0.0000"
