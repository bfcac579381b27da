"""Parts of a series, and windows over it."""

import itertools

import numpy as np

from pellucid.data.series import Parts, future, origins_between, past, seasonal


def test_no_forecast_of_one_part_sees_or_tells_a_step_of_a_later_one():
    parts, window, horizon = Parts.of(50, 0.25, 0.2), 4, 3
    steps = np.arange(parts.steps)
    ends = (0, parts.training, parts.known, parts.steps)
    told = []
    for begin, end in itertools.pairwise(ends):
        origins = origins_between(window - 1, begin, end, horizon)
        seen, then = past(steps, origins, window), future(steps, origins, horizon)
        assert seen.min() >= 0
        assert seen.max() < then.max() < end
        assert (then.min() >= begin).all()
        told.append({*then.ravel().tolist()})
    assert (parts.training, parts.validation, parts.test) == (30, 10, 10)
    assert told[0].isdisjoint(told[1])
    assert told[1] == {*range(30, 40)}
    assert told[2] == {*range(40, 50)}


def test_the_last_season_is_repeated_as_often_as_needed():
    values = np.arange(20.0)
    found = seasonal(values, np.array([11, 12]), steps=5, season=2)
    assert found.tolist() == [[10, 11, 10, 11, 10], [11, 12, 11, 12, 11]]
    assert seasonal(values, np.array([11]), steps=3, season=1).tolist() == [[11, 11, 11]]
