"""What the random layers for sounds and spectrograms draw."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.layers import Context, RandomNoise, SpecAugment

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
