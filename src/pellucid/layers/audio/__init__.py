"""Sound: layers that turn samples into spectra, and that vary both."""

from pellucid.layers.audio.filter_augment import FilterAugment
from pellucid.layers.audio.mel_spectrogram import MelSpectrogram
from pellucid.layers.audio.mfcc import MFCC
from pellucid.layers.audio.random_noise import RandomNoise
from pellucid.layers.audio.random_speed import RandomSpeed
from pellucid.layers.audio.spec_augment import SpecAugment
from pellucid.layers.audio.spectrogram_normalization import SpectrogramNormalization
from pellucid.layers.audio.stft_spectrogram import STFTSpectrogram
from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = (
    FilterAugment,
    MFCC,
    MelSpectrogram,
    RandomNoise,
    RandomSpeed,
    STFTSpectrogram,
    SpecAugment,
    SpectrogramNormalization,
)
"""What the catalogue of layers takes from here."""
