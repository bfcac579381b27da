"""What the random layers for sounds and spectrograms draw."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.layers import Context, FilterAugment, RandomNoise, RandomSpeed, SpecAugment

ROWS = 2000
TRAINING = Context(training=True, key=np.uint32(5))


def hidden(bands=20, frames=10, **options):
    spectrograms = np.ones((ROWS, bands, frames, 1), "float32")
    return np.asarray(SpecAugment(**options).run({}, spectrograms, TRAINING))[..., 0] == 0


def widths(lines):
    """Return how many places of each row are hidden, once they are seen to be neighbours."""
    begun = np.diff(lines.astype(int), axis=1, prepend=0) == 1
    assert begun.sum(axis=1).max() <= 1
    return lines.sum(axis=1)


def test_stripes_are_whole_and_up_to_their_share_wide():
    found = hidden(frequency=0.5, time=0.4)
    bands, frames = found.all(axis=2), found.all(axis=1)
    np.testing.assert_array_equal(found, bands[:, :, None] | frames[:, None, :])
    for width, most in ((widths(bands), 10), (widths(frames), 4)):
        assert width.max() == most
        assert width.min() == 0
        assert width.mean() == pytest.approx(most / 2, rel=0.1)


def test_every_place_is_hidden_now_and_then():
    shares = hidden(frequency=0.3, time=0.0).all(axis=2).mean(axis=0)
    assert shares.min() > 0
    # The middle lies under more of the possible stripes than the ends.
    assert shares[10] > 2 * shares[0]


def test_bands_and_frames_are_drawn_apart():
    found = hidden(frequency=0.5, time=0.5)
    pair = widths(found.all(axis=2)), widths(found.all(axis=1))
    assert abs(np.corrcoef(*pair)[0, 1]) < 5 / np.sqrt(ROWS)


def test_several_stripes_hide_more():
    one, three = (hidden(frequency=0.2, time=0.0, stripes=n).mean() for n in (1, 3))
    assert 2 * one < three < 3 * one


@pytest.mark.parametrize("loudness", [1.0, 300.0])
def test_noise_has_the_strength_that_was_asked_for(loudness):
    sounds = loudness * np.sin(np.arange(4000, dtype="float32"))[None].repeat(20, axis=0)
    noise = np.asarray(RandomNoise(10.0, 10.0).run({}, sounds, TRAINING)) - sounds
    ratios = 10 * np.log10((sounds**2).mean(axis=1) / (noise**2).mean(axis=1))
    np.testing.assert_allclose(ratios, 10, atol=0.5)
    assert abs(noise.mean()) < 5 * noise.std() / np.sqrt(noise.size)


def test_ratios_are_drawn_evenly_between_their_ends():
    sounds = np.ones((ROWS, 500), "float32")
    noise = np.asarray(RandomNoise(5.0, 25.0).run({}, sounds, TRAINING)) - sounds
    ratios = -10 * np.log10((noise**2).mean(axis=1))
    quarters = np.histogram(ratios, [5, 10, 15, 20, 25])[0] / ROWS
    np.testing.assert_allclose(quarters, 0.25, atol=0.05)


def test_silence_stays_silent():
    assert not np.asarray(RandomNoise().run({}, np.zeros((2, 9), "float32"), TRAINING)).any()


def test_what_is_told():
    with pytest.raises(ArgumentError) as error:
        RandomNoise(30.0, 20.0)
    assert str(error.value) == "RandomNoise(lowest=...): got 30, expected at most highest=20."


def exponents_of(noise):
    """Return by which power of the frequency the power of each noise falls: a line in logs."""
    power = np.abs(np.fft.rfft(noise)) ** 2
    places = np.arange(power.shape[1])
    seen = places >= 40
    x = np.log(places[seen])
    # The logarithm of a noise's power has the same deviation at each frequency.
    return -np.polyfit(x, np.log(power[:, seen]).T, 1)[0]


def test_the_color_of_noise_is_drawn_evenly_and_its_strength_is_kept():
    sounds = np.ones((500, 4000), "float32")
    noise = np.asarray(RandomNoise(10.0, 10.0, color=2.0).run({}, sounds, TRAINING)) - 1
    np.testing.assert_allclose(-10 * np.log10((noise**2).mean(axis=1)), 10, atol=0.01)
    quarters = np.histogram(exponents_of(noise), [-0.3, 0.5, 1, 1.5, 2.3])[0] / 500
    np.testing.assert_allclose(quarters, 0.25, atol=0.08)
    white = np.asarray(RandomNoise(10.0, 10.0).run({}, sounds, TRAINING)) - 1
    np.testing.assert_allclose(exponents_of(white), 0, atol=0.3)


# -- speed -------------------------------------------------------------------------------------


def test_speeds_are_drawn_evenly_by_ratio_and_move_pitches():
    times = np.arange(4000) / 4000
    sounds = np.sin(2 * np.pi * 200 * times)[None].repeat(400, axis=0).astype("float32")
    played = np.asarray(RandomSpeed(0.5).run({}, sounds, TRAINING))
    # At the lowest speed of 2/3 all of the window is filled; 200 waves become 133 to 300.
    middle = played[:, 1000:3000]
    waves = (np.diff(np.signbit(middle), axis=1) != 0).sum(axis=1)
    ratios = np.log(waves / 200) / np.log(1.5)
    assert ratios.min() == pytest.approx(-1, abs=0.03)
    assert ratios.max() == pytest.approx(1, abs=0.03)
    quarters = np.histogram(ratios, [-1.1, -0.5, 0, 0.5, 1.1])[0] / 400
    np.testing.assert_allclose(quarters, 0.25, atol=0.08)


def test_what_is_played_is_the_line_between_samples_about_the_middle():
    rows = np.arange(1, 8, dtype="float32")[None].repeat(50, axis=0)
    played = np.asarray(RandomSpeed(1.0).run({}, rows, TRAINING))
    assert played[:, 3].tolist() == [4.0] * 50
    speeds = played[:, 4] - 4
    for row, speed in zip(played, speeds, strict=True):
        places = 3 + speed * (np.arange(7) - 3)
        inside = (places >= 0) & (places <= 6)
        np.testing.assert_allclose(row[inside], 1 + places[inside], rtol=1e-5)
        beyond = (places < -1) | (places > 7)
        assert not row[beyond].any()


# -- colour ------------------------------------------------------------------------------------


def test_gains_are_polygons_over_the_bands_alike_in_all_frames():
    given = np.random.default_rng(3).normal(size=(ROWS, 9, 4)).astype("float32")
    gains = np.asarray(FilterAugment(6.0, corners=3).run({}, given, TRAINING)) - given
    np.testing.assert_allclose(gains, gains[:, :, :1].repeat(4, axis=2), atol=1e-5)
    heights = gains[:, [0, 4, 8], 0]
    expected = [np.interp(np.arange(9), [0, 4, 8], row) for row in heights]
    np.testing.assert_allclose(gains[:, :, 0], expected, atol=1e-5)
    np.testing.assert_allclose(heights.std(axis=0), 6, rtol=0.1)
    np.testing.assert_allclose(np.corrcoef(heights.T), np.eye(3), atol=0.1)
