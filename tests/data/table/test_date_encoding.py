"""Dates to features."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import as_table
from pellucid.data.table.date_encoding import DateEncoding
from pellucid.data.table.dates import DAY_FIRST
from pellucid.data.table.kinds import ColumnKind
from pellucid.data.table.strays import StrayValues
from pellucid.errors import ArgumentError

KIND = ColumnKind("d", "date", "")
START = datetime.datetime(2020, 1, 1)
HOURS = [START + datetime.timedelta(hours=7 * place) for place in range(2000)]


def fit(values, kind=KIND):
    table = as_table({"d": values})
    return DateEncoding.fit(table, table["d"], kind)


def encode(encoding, values):
    table = as_table({"d": values}, source="new.csv")
    return encoding.encode(table, table["d"])[0]


def test_time_passed_and_the_place_on_each_circle():
    encoding = fit(HOURS)
    assert encoding.features == (
        "d time",
        "d month sin", "d month cos",
        "d weekday sin", "d weekday cos",
        "d hour sin", "d hour cos",
    )  # fmt: skip
    features = encode(encoding, HOURS)
    np.testing.assert_allclose(features[:, 0].mean(), 0, atol=1e-9)
    np.testing.assert_allclose(features[:, 0].std(), 1)
    for time, row in zip(HOURS, features, strict=True):
        parts = (
            (time.month - 1) / 12,
            time.weekday() / 7,
            time.hour / 24,
        )
        angles = [2 * np.pi * part for part in parts]
        np.testing.assert_allclose(row[1::2], np.sin(angles), atol=1e-12)
        np.testing.assert_allclose(row[2::2], np.cos(angles), atol=1e-12)


def test_parts_that_do_not_vary_are_left_out():
    months = [datetime.datetime(2020 + place // 12, 1 + place % 12, 1) for place in range(48)]
    assert fit(months).parts == ("month", "weekday")
    assert fit([START, START]) is None


def test_text_and_times_are_the_same():
    encoding = fit(HOURS)
    texts = [time.isoformat() for time in HOURS[:9]]
    np.testing.assert_array_equal(encode(encoding, texts), encode(encoding, HOURS[:9]))


def test_the_order_of_day_and_month_is_that_of_training():
    texts = ["25/12/2020", "24/12/2020", "03/01/2021"]
    encoding = fit(texts, ColumnKind("d", "date", "", order=DAY_FIRST))
    np.testing.assert_array_equal(
        encode(encoding, ["03/04/2020"]), encode(encoding, [datetime.datetime(2020, 4, 3)])
    )


def test_missing_dates():
    encoding = fit([*HOURS[:50], None])
    features = encode(encoding, [None, HOURS[0]])
    assert encoding.features[-1] == "d is missing"
    assert features[0].tolist() == [0] * (len(encoding.features) - 1) + [1]
    assert features[1, -1] == 0
    assert not encode(fit(HOURS), [None]).any()


def test_what_is_no_date():
    encoding = fit(HOURS)
    with pytest.raises(StrayValues, match=r"new.csv, column 'd': got 'soon' \(row 1\)"):
        encode(encoding, ["soon"])
    with pytest.raises(StrayValues, match="got numbers, expected dates, as in training"):
        encode(encoding, [3.5])


def test_only_known_parts():
    with pytest.raises(ArgumentError) as caught:
        DateEncoding("d", 0.0, 1.0, ("mnth",), False)
    assert str(caught.value) == (
        "DateEncoding(parts=...): got 'mnth', expected a part of a date. Did you mean 'month'?"
    )


@given(st.lists(st.datetimes(), min_size=2, max_size=20))
def test_features_are_finite(times):
    encoding = fit(times)
    assert encoding is None or np.isfinite(encode(encoding, times)).all()
