"""Sound: layers that turn samples into spectra."""

from pellucid.layers.audio.mel_spectrogram import MelSpectrogram
from pellucid.layers.audio.mfcc import MFCC
from pellucid.layers.audio.stft_spectrogram import STFTSpectrogram
from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = (MFCC, MelSpectrogram, STFTSpectrogram)
"""What the catalogue of layers takes from here."""
