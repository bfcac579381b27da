"""Numbers to features."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pellucid.data.table import as_table
from pellucid.data.table.kinds import ColumnKind
from pellucid.data.table.number_encoding import REACH, NumberEncoding

KIND = ColumnKind("x", "number", "")
NUMBERS = st.lists(
    st.one_of(st.none(), st.floats(-1e90, 1e90), st.integers(-5, 5)), min_size=2, max_size=30
)


def fit(values, kind=KIND):
    table = as_table({"x": values})
    return NumberEncoding.fit(table, table["x"], kind)


def encode(encoding, values):
    table = as_table({"x": values}, source="new.csv")
    return encoding.encode(table, table["x"])


def test_the_formula(rng):
    values = rng.lognormal(size=200)
    low, median, high = np.quantile(values, (0.25, 0.5, 0.75))
    scaled = (values - median) / (high - low)
    squashed = scaled / np.sqrt(1 + (scaled / REACH) ** 2)
    expected = (squashed - squashed.mean()) / squashed.std()
    features, notes = encode(fit(values), values)
    np.testing.assert_allclose(features[:, 0], expected, rtol=1e-12)
    assert notes == []


@given(NUMBERS)
def test_features_are_finite_bounded_and_ordered(values):
    encoding = fit(values)
    if encoding is None:
        assert len({value for value in values if value is not None}) < 2
        return
    features, _ = encode(encoding, [*values, 1e99, -1e99])
    assert np.isfinite(features).all()
    bound = (REACH + abs(encoding.mean)) / encoding.deviation
    assert (np.abs(features[:, 0]) <= bound * (1 + 1e-9)).all()
    present = [place for place, value in enumerate(values) if value is not None]
    order = sorted(present, key=lambda place: values[place])
    assert (np.diff(features[order, 0]) >= 0).all()


@pytest.mark.parametrize(("scale", "shift"), [(1e-6, 0.0), (8.7e6, 0.0), (1.0, 1e3), (-2.0, 5.0)])
def test_units_do_not_matter(rng, scale, shift):
    values = rng.normal(size=100)
    one, _ = encode(fit(values), values)
    other, _ = encode(fit(scale * values + shift), scale * values + shift)
    np.testing.assert_allclose(other, np.sign(scale) * one, rtol=1e-6, atol=1e-9)


def test_missing_values_are_the_median_and_marked():
    encoding = fit([1.0, 2.0, 3.0, None])
    assert encoding.features == ("x", "x is missing")
    features, notes = encode(encoding, [None, 2.0])
    assert features[0, 0] == features[1, 0]
    assert features[:, 1].tolist() == [1, 0]
    assert notes == []


def test_missing_values_unknown_in_training_are_noted():
    encoding = fit([1.0, 2.0, 3.0])
    features, notes = encode(encoding, [None, 2.0])
    assert encoding.features == ("x",)
    assert features[0] == features[1]
    assert notes == ["Column 'x': 1 missing value, none in training; the median 2 is used."]


def test_values_far_from_training_are_noted():
    _, notes = encode(fit([1.0, 2.0, 3.0]), [5.1, 5.0, -1.0, -1.1])
    assert notes == [
        "Column 'x': 2 values far outside what was seen in training, 1 to 3 (rows 1, 4)."
    ]


def test_a_spike_does_not_set_the_scale():
    values = np.array([0.0] * 90 + list(np.linspace(1000, 2000, 10)))
    features, _ = encode(fit(values), values)
    assert features[-1, 0] - features[-10, 0] > 0.5
    assert np.abs(features).max() <= 2 * REACH / 0.3


def test_numbers_that_do_not_vary_are_no_feature():
    assert fit([3.0, 3.0]) is None
    assert fit([None, None]) is None
    assert fit([3.0, None]).features == ("x", "x is missing")


def test_a_notation_is_kept():
    encoding = fit(["1,5", "2,5", "4"], ColumnKind("x", "number", "", notation="decimal comma"))
    assert encoding.center == 2.5
    features, _ = encode(encoding, ["2,5"])
    again, _ = encode(encoding, [2.5])
    assert features == again
    truths, _ = encode(fit([0.0, 1.0, 2.0]), [True, False])
    assert truths[0] > truths[1]
