"""Spectrograms and cepstra against Keras, SciPy and sounds of one pitch."""

import keras
import numpy as np
import pytest
from scipy import fft, signal

import pellucid
from pellucid.errors import ArgumentError, ShapeError
from pellucid.layers import MFCC, MelSpectrogram, STFTSpectrogram
from pellucid.ops import spectrum

RNG = np.random.default_rng(4)
SOUNDS = RNG.normal(size=(3, 400)).astype("float32")
OPTIONS = {"fft_length": 64, "sequence_stride": 30, "sampling_rate": 8000, "num_mel_bins": 12}


@pytest.mark.parametrize(
    "options", [{}, {"ref_power": 0.1}, {"top_db": 8.0}, {"min_power": 3.0}, {"mag_exp": 1.0}]
)
def test_decibels_are_those_of_keras(options):
    ours, theirs = (one.layers.MelSpectrogram(**OPTIONS, **options) for one in (pellucid, keras))
    for sound in SOUNDS:
        # Keras cuts at the loudest of a batch, so each is given alone; its triangles are float32.
        np.testing.assert_allclose(ours(sound[None]), theirs(sound[None]), atol=2e-4)


def test_a_sound_is_cut_at_its_own_loudest_value():
    layer = MelSpectrogram(**OPTIONS, top_db=6.0)
    both = np.stack([SOUNDS[0], 100 * SOUNDS[1]])
    np.testing.assert_allclose(layer(both)[0], layer(both[:1])[0], rtol=1e-5)


def test_magnitudes_are_those_of_scipy():
    taper = spectrum.window("hann", 64)
    mirrored = np.pad(SOUNDS, ((0, 0), (32, 32)), mode="reflect")
    expected = signal.stft(
        mirrored, window=taper, nperseg=64, noverlap=34, boundary=None, padded=False
    )[2]
    expected = np.abs(np.swapaxes(expected, 1, 2)) * taper.sum()
    np.testing.assert_allclose(
        spectrum.magnitudes(SOUNDS, 64, 30, 64, taper), expected, rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("name", ["hann", "hamming"])
@pytest.mark.parametrize("periodic", [True, False])
def test_windows_are_those_of_scipy(name, periodic):
    expected = signal.get_window(name, 9, fftbins=periodic)
    np.testing.assert_allclose(spectrum.window(name, 9, periodic), expected, atol=1e-12)


def test_cepstra_are_the_cosine_transform_of_the_bands():
    bands = np.asarray(MelSpectrogram(**OPTIONS)(SOUNDS))
    expected = fft.dct(bands, axis=1, norm="ortho")[:, :5]
    found = MFCC(num_coefficients=5, **OPTIONS)(SOUNDS)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("hertz", [500.0, 1500.0, 3000.0])
def test_a_pure_tone_is_loudest_in_its_own_band(hertz):
    tone = np.sin(2 * np.pi * hertz * np.arange(2000) / 8000).astype("float32")[None]
    layer = MelSpectrogram(512, 128, sampling_rate=8000, num_mel_bins=20, min_freq=0)
    loudest = int(np.asarray(layer(tone))[0].mean(axis=1).argmax())
    mel = 1127 * np.log1p(np.array([hertz, 4000.0]) / 700)
    assert loudest == round(mel[0] / mel[1] * 21 - 1)


def test_spectrograms_begin_a_network_that_trains():
    model = pellucid.Sequential(
        [
            pellucid.Input((400,)),
            MelSpectrogram(**OPTIONS),
            pellucid.layers.Flatten(),
            pellucid.layers.Dense(2, "softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy")
    history = model.fit(SOUNDS, np.array([0, 1, 0]), epochs=20, verbose=0).history
    assert history["loss"][-1] < history["loss"][0]


MESSAGES = [
    (
        lambda: MelSpectrogram(64, 30)(SOUNDS[:, :20]),
        ShapeError,
        "MelSpectrogram: got sounds of 20 samples, expected more than 32, half of fft_length. "
        "Pad the sounds, or choose a smaller fft_length.",
    ),
    (
        lambda: MelSpectrogram(64, 30)(SOUNDS[..., None]),
        ShapeError,
        "MelSpectrogram: got inputs of shape (None, 400, 1), expected (batch, samples). Give "
        "sounds of one channel: x.mean(axis=-1).",
    ),
    (
        lambda: MelSpectrogram(64, max_freq=9000),
        ArgumentError,
        "MelSpectrogram(max_freq=...): got 9000 with min_freq=20, expected above min_freq and at "
        "most 8000, half of the sampling rate.",
    ),
    (
        lambda: MelSpectrogram(64, sequence_length=65),
        ArgumentError,
        "MelSpectrogram(sequence_length=...): got 65, expected at most fft_length=64.",
    ),
    (
        lambda: MFCC(num_coefficients=30, num_mel_bins=20),
        ArgumentError,
        "MFCC(num_coefficients=...): got 30, expected at most num_mel_bins=20.",
    ),
    (
        lambda: STFTSpectrogram(frame_length=64)(SOUNDS),
        ShapeError,
        "STFTSpectrogram: got inputs of shape (None, 400), expected (batch, samples, channels). "
        "Give the channels an axis: x[..., None].",
    ),
    (
        lambda: STFTSpectrogram(frame_length=64)(SOUNDS[:, :20, None]),
        ShapeError,
        "STFTSpectrogram: got sounds of 20 samples, expected at least frame_length=64. Write "
        "padding='same'.",
    ),
    (
        lambda: STFTSpectrogram(frame_length=64, frame_step=65),
        ArgumentError,
        "STFTSpectrogram(frame_step=...): got 65, expected at most frame_length=64.",
    ),
]


@pytest.mark.parametrize(("call", "kind", "told"), MESSAGES)
def test_what_is_told(call, kind, told):
    with pytest.raises(kind) as error:
        call()
    assert str(error.value) == told
