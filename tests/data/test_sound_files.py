"""Sounds of all kinds as one array, and what is told of those that are none."""

import numpy as np
import pytest
import soundfile

from pellucid.data.sound_files import read_sound_files
from pellucid.data.sounds import middle_of, sound_form, trimmed
from pellucid.errors import FileError


def tone(seconds, rate, hertz=440.0):
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def written(folder, name, samples, rate=8000, **options):
    soundfile.write(folder / name, samples, rate, **options)
    return folder / name


# -- one sound --------------------------------------------------------------------------------


def test_silence_around_a_sound_is_trimmed():
    quiet = np.random.default_rng(0).normal(0, 1e-4, 800)
    sound = np.concatenate([quiet, tone(0.5, 8000), quiet, tone(0.1, 8000), quiet])
    found = trimmed(sound, 8000)
    assert 0.69 * 8000 <= len(found) <= 0.72 * 8000
    assert len(trimmed(sound, 8000, decibel=120.0)) == len(sound)


def test_silence_alone_stays():
    np.testing.assert_array_equal(trimmed(np.zeros(50), 8000), np.zeros(50))


@pytest.mark.parametrize(
    ("length", "expected"),
    [(3, [2, 3, 4]), (5, [1, 2, 3, 4, 5]), (8, [0, 1, 2, 3, 4, 5, 0, 0]), (1, [3])],
)
def test_the_middle_is_cut_out_or_put_between_silence(length, expected):
    assert middle_of(np.arange(1, 6), length).tolist() == expected


def test_the_form_of_a_sound_stands_in_its_head(tmp_path):
    path = written(tmp_path, "a.flac", np.zeros((10, 2)), 22050)
    assert sound_form(path) == (22050, 2, 10 / 22050)


# -- many -------------------------------------------------------------------------------------


def test_rates_channels_and_lengths_become_one(tmp_path):
    three = np.stack([tone(0.3, 8000), np.zeros(2400), np.zeros(2400)], axis=1)
    paths = [
        written(tmp_path, "a.wav", tone(0.4, 8000)),
        written(tmp_path, "b.wav", tone(0.3, 16000), 16000),
        written(tmp_path, "c.wav", three),
        written(tmp_path, "d.ogg", tone(0.2, 8000)),
    ]
    found = read_sound_files(paths, None, None, tmp_path)
    assert (found.rate, found.seconds, found.x.shape) == (8000, 0.4, (4, 3200))
    assert found.x.dtype == np.float32
    assert found.form == (
        "8,000 samples a second of each sound, trimmed of silence.",
        "0.4 seconds of each, silence around shorter ones.",
    )
    assert found.notes == (
        "Brought to 8,000 samples a second: 1 sound of 16,000.",
        "Channels averaged: 1 sound of 3.",
    )
    # The tone of the file with the other rate is the same tone.
    spectrum = np.abs(np.fft.rfft(found.x[1]))
    assert abs(spectrum.argmax() / 3200 * 8000 - 440) < 5
    assert np.abs(found.x[2]).max() == pytest.approx(np.abs(found.x[0]).max() / 3, rel=0.01)


def test_nearly_all_fit_in_and_the_longest_lose_their_ends(tmp_path):
    paths = [written(tmp_path, f"{n}.wav", tone(0.2, 2000), 2000) for n in range(60)]
    paths.append(written(tmp_path, "long.wav", tone(3, 2000), 2000))
    found = read_sound_files(paths, None, None, tmp_path)
    assert found.seconds == 0.2
    assert found.notes == ("Cut to the middle 0.2 seconds: 1 longer sound.",)


def test_what_was_asked_for_is_done(tmp_path):
    path = written(tmp_path, "a.wav", tone(0.5, 44100), 44100)
    assert read_sound_files([path], None, None, tmp_path).rate == 22050
    found = read_sound_files([path], 4000, 0.25, tmp_path)
    assert (found.rate, found.x.shape) == (4000, (1, 1000))


def test_what_is_no_sound_is_left_out_and_told(tmp_path):
    paths = [written(tmp_path, f"{n:02}.wav", tone(0.1, 2000), 2000) for n in range(60)]
    (tmp_path / "empty.wav").touch()
    (tmp_path / "text.wav").write_text("These are no samples.")
    holes = tone(0.1, 2000)
    holes[3:5] = np.nan
    written(tmp_path, "nan.wav", holes, 2000, subtype="FLOAT")
    paths += [tmp_path / name for name in ("empty.wav", "text.wav", "nan.wav")]
    found = read_sound_files(paths, None, None, tmp_path)
    assert found.numbers == [*range(60)]
    assert found.notes[0].split("\n") == [
        "3 of 63 sounds left out:",
        f"  {tmp_path / 'empty.wav'}: got an empty file, expected a sound.",
        f"  {tmp_path / 'text.wav'}: got what is no sound (Error opening "
        f"'{tmp_path / 'text.wav'}': Format not recognised.).",
        f"  {tmp_path / 'nan.wav'}: got 2 samples of 200 NaN or infinite, expected finite numbers.",
    ]


def test_a_folder_of_which_too_much_is_broken_is_refused(tmp_path):
    path = written(tmp_path, "a.wav", tone(0.1, 2000), 2000)
    (tmp_path / "b.wav").touch()
    with pytest.raises(FileError) as error:
        read_sound_files([path, tmp_path / "b.wav"], None, None, tmp_path)
    assert str(error.value) == (
        f"{tmp_path}: got 1 of 2 sounds that cannot be read, expected at most 5%. Mend or remove "
        f"them:\n  {tmp_path / 'b.wav'}: got an empty file, expected a sound."
    )
    with pytest.raises(FileError, match="got 1 of 1 sound that cannot be read"):
        read_sound_files([tmp_path / "b.wav"], None, None, tmp_path)
