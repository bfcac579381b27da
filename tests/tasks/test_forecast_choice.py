"""Which design suits a series."""

import numpy as np
import pytest

from pellucid.data.series import Design, Parts, Track
from pellucid.tasks.forecast_choice import Scaler, choose_design, possible_windows, training_origins

STEPS = 300
GENERATOR = np.random.default_rng(3)
NOISE = GENERATOR.normal(size=STEPS)
HELP = GENERATOR.normal(size=STEPS)


def chosen(values, columns=None, season=1, **options):
    columns = np.zeros((STEPS, 0)) if columns is None else columns.astype(np.float32)[:, None]
    track = Track(values, np.zeros(STEPS, bool), columns, (), np.zeros((STEPS, 0)))
    recent = 100 if columns.shape[1] else 0
    first = Design(horizon=1, season=season, window=1, recent=recent, base="last", **options)
    return choose_design(track, Parts.of(STEPS, 0.2, 0.2), first, [4, 8])


def test_a_column_that_tells_the_next_step_is_looked_at_and_noise_is_not():
    values = 3 * np.append(0, HELP[:-1]) + 0.1 * NOISE
    assert chosen(values, HELP).design.recent > 0
    walk = NOISE.cumsum()
    assert chosen(walk, HELP).design.recent == 0


def test_growth_by_shares_asks_for_logarithms():
    values = np.exp(0.02 * np.arange(STEPS) + np.sin(np.arange(STEPS)) / 2 + 0.05 * NOISE)
    found = chosen(values, offset=0.0)
    assert found.design.offset == 0.0
    assert found.error == pytest.approx(0, abs=0.2 * values[192:240].std())


def test_a_far_season_asks_for_differences_from_it():
    values = np.tile(GENERATOR.normal(0, 10, 24), 13)[:STEPS] + 0.1 * NOISE.cumsum()
    assert chosen(values, season=24).design.base == "season"


def test_of_a_long_series_not_every_example_is_taken(monkeypatch):
    track = Track(NOISE, np.zeros(STEPS, bool), np.zeros((STEPS, 0)), (), np.zeros((STEPS, 0)))
    design = Design(horizon=2, season=1, window=5, recent=0, base="mean")
    assert len(training_origins(design, track, 200)) == 194
    monkeypatch.setattr("pellucid.tasks.forecast_choice.MOST_EXAMPLES", 300)
    assert training_origins(design, track, 200).tolist() == [*range(4, 198, 3)]


def test_windows_fit_into_the_training_part():
    assert possible_windows(12, 92, None) == [8, 13, 16, 26, 30]
    assert possible_windows(1, 30, None) == [8]
    assert possible_windows(1, 12, None) == [3]
    assert possible_windows(12, 92, 5) == [5]


def test_a_feature_that_does_not_vary_says_nothing_later():
    x = np.array([[1.0, 5.0], [3.0, 5.0]], np.float32)
    scaler = Scaler.of(x)
    assert scaler(x).tolist() == [[-1.0, 0.0], [1.0, 0.0]]
    assert abs(scaler(np.array([[2.0, 900.0]]))[0, 1]) < 1e-2
