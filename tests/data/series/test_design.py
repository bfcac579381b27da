"""What a forecast looks at and what it tells."""

from dataclasses import replace

import numpy as np
import pytest

from pellucid.data.series import Design, Track
from pellucid.errors import ArgumentError

STEPS = 40
VALUES = 50 + np.arange(STEPS) + 5.0 * (np.arange(STEPS) % 4)
COLUMNS = np.arange(2 * STEPS, dtype=np.float32).reshape(STEPS, 2)
TRACK = Track(VALUES, np.zeros(STEPS, bool), COLUMNS, (1,), np.ones((STEPS, 4)))
ORIGINS = np.array([11, 20, 30])
FIRST = Design(horizon=3, season=4, window=5, recent=2, base="last", offset=None)
DESIGNS = [
    replace(FIRST, base=base, offset=offset, center=2.0, unit=unit, gaps=unit > 1)
    for base in ("last", "season", "mean")
    for offset in (None, 0.0, 3.0)
    for unit in (1.0, 7.0)
]


@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_forecasts_undo_targets(design):
    told = design.targets(TRACK, ORIGINS)
    expected = VALUES[ORIGINS[:, None] + np.arange(1, 4)]
    np.testing.assert_allclose(design.forecasts(TRACK, ORIGINS, told), expected)


@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_features_have_the_width_that_is_told_and_look_at_the_past_alone(design):
    x = design.features(TRACK, ORIGINS)
    assert x.shape == (3, design.width(2, 1, 4))
    later = np.arange(STEPS) > 20
    other = replace(
        TRACK,
        values=np.where(later, 900.0, VALUES),
        missing=later,
        columns=np.where(later[:, None] & [True, False], -1, COLUMNS).astype(np.float32),
    )
    np.testing.assert_array_equal(design.features(other, ORIGINS)[:2], x[:2])
    assert design.first(TRACK) == max(design.window + (4 if design.base == "season" else 0), 4) - 1


def test_what_is_known_ahead_is_seen():
    x = FIRST.features(TRACK, ORIGINS)
    assert x[0, -3:].tolist() == [COLUMNS[12, 1], COLUMNS[13, 1], COLUMNS[14, 1]]


def test_differences_from_the_last_value_do_not_see_the_level():
    plain = replace(TRACK, columns=COLUMNS[:, :0], ahead=())
    design = replace(FIRST, recent=0)
    raised = replace(plain, values=VALUES + 1000)
    np.testing.assert_allclose(design.features(plain, ORIGINS), design.features(raised, ORIGINS))


def test_a_design_comes_back_from_its_numbers():
    for design in DESIGNS:
        assert Design.from_config(design.get_config()) == design


@pytest.mark.parametrize(
    "change",
    [
        {"horizon": 0},
        {"window": 10**9},
        {"base": "moon"},
        {"unit": 0.0},
        {"offset": "a"},
        {"gaps": 1},
    ],
)
def test_a_forged_design_is_refused(change):
    with pytest.raises(ArgumentError, match=next(iter(change))):
        Design.from_config({**FIRST.get_config(), **change})


def test_a_design_of_another_form_is_refused():
    with pytest.raises(ValueError, match="another form"):
        Design.from_config({"horizon": 1})
