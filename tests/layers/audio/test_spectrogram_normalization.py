"""What a spectrogram keeps when voice, microphone and level are taken out of it."""

import numpy as np
import pytest

from pellucid.layers import SpectrogramNormalization

RNG = np.random.default_rng(8)
HEARD = RNG.uniform(-25, 0, (1, 6, 30)).astype("float32")
BANDS = RNG.uniform(-9, 9, (1, 6, 1)).astype("float32")


def normalised(spectrogram, **options):
    return np.asarray(SpectrogramNormalization(**options)(spectrogram))


def test_each_band_has_mean_0_and_all_of_them_variance_1():
    found = normalised(HEARD)
    np.testing.assert_allclose(found.mean(axis=2), 0, atol=1e-4)
    assert found.var() == pytest.approx(1, abs=1e-4)


def test_colour_and_level_are_gone():
    np.testing.assert_allclose(normalised(HEARD + BANDS + 12), normalised(HEARD), atol=1e-4)


def test_with_one_mean_for_all_bands_the_colour_stays():
    coloured = HEARD + BANDS
    found = normalised(coloured + 12, by_band=False)
    expected = (coloured - coloured.mean()) / coloured.std()
    np.testing.assert_allclose(found, expected, atol=1e-3)


def test_silence_around_a_sound_does_not_count():
    silent = np.full((1, 6, 9), -80, "float32")
    filled = normalised(np.concatenate([silent, HEARD, silent], axis=2))
    np.testing.assert_allclose(filled[..., 9:-9], normalised(HEARD), atol=1e-4)
    assert filled[..., :9].max() < filled[..., 9:-9].min()


def test_what_is_faint_counts_if_it_is_to():
    quiet = np.concatenate([HEARD, np.full((1, 6, 5), -50, "float32")], axis=2)
    found = normalised(quiet, top_db=60.0)
    np.testing.assert_allclose(found.mean(axis=2), 0, atol=1e-4)


def test_a_sound_that_never_changes_becomes_0():
    assert not normalised(np.full((2, 3, 4), -80, "float32")).any()
