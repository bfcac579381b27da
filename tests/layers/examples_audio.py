"""Examples of the layers of `pellucid.layers.audio`."""

from layers.example import Example

SMALL = {"fft_length": 8, "sequence_stride": 3, "sampling_rate": 100, "num_mel_bins": 3}
FIRST = {"data_format": "channels_first"}
SHORT = {"frame_length": 4, "frame_step": 3}

EXAMPLES: tuple[Example, ...] = (
    # In decibel, rounding counts for more: tests/layers/audio compares them.
    Example("MelSpectrogram", SMALL, (20,), smooth=False, keras=None),
    Example("MelSpectrogram", {**SMALL, "power_to_db": False}, (20,), smooth=False),
    Example(
        "MelSpectrogram",
        {**SMALL, "sequence_length": 6, "window": "hamming", "power_to_db": False, "mag_exp": 1.0},
        (20,),
        smooth=False,
    ),
    Example(
        "MelSpectrogram",
        {**SMALL, "min_freq": 5.0, "max_freq": 40, "power_to_db": False, "window": None},
        (20,),
        smooth=False,
    ),
    Example("FilterAugment", {}, (3, 2), random=True, keras=None),
    Example(
        "FilterAugment",
        {"deviation": 2.0, "corners": 2, "seed": 3},
        (3, 2),
        random=True,
        keras=None,
    ),
    Example("MFCC", {**SMALL, "num_coefficients": 2}, (20,), smooth=False, keras=None),
    Example("RandomNoise", {"lowest": -3.0, "highest": 5.0}, (7,), random=True, keras=None),
    Example("RandomNoise", {"color": 2.0, "seed": 3}, (7,), random=True, keras=None),
    Example("RandomSpeed", {"factor": 0.5}, (7,), random=True, keras=None),
    Example("RandomSpeed", {"factor": 2.0, "seed": 3}, (7,), random=True, keras=None),
    Example("SpecAugment", {"frequency": 0.8, "time": 0.8}, (4, 5, 1), random=True, keras=None),
    Example(
        "SpecAugment",
        {"frequency": 0.5, "time": 0.6, "stripes": 2, "fill_value": 9.0, "seed": 3, **FIRST},
        (2, 4, 5),
        random=True,
        keras=None,
    ),
    Example("SpectrogramNormalization", {}, (3, 4), keras=None),
    Example("SpectrogramNormalization", {"by_band": False}, (3, 4), keras=None),
    Example("SpectrogramNormalization", {"top_db": 0.9}, (3, 4), smooth=False, keras=None),
    *(
        Example("STFTSpectrogram", {**SHORT, "mode": mode}, (10, 2), smooth=False)
        for mode in ("log", "magnitude", "psd", "real", "imag", "angle", "stft")
    ),
    Example(
        "STFTSpectrogram",
        {"frame_length": 4, "padding": "same", "expand_dims": True, "fft_length": 8},
        (10, 2),
        smooth=False,
    ),
    Example(
        "STFTSpectrogram",
        {**SHORT, "data_format": "channels_first", "window": "hamming", "periodic": True},
        (2, 10),
        smooth=False,
    ),
    Example(
        "STFTSpectrogram",
        {**SHORT, "data_format": "channels_first", "expand_dims": True, "scaling": "spectrum"},
        (2, 10),
        smooth=False,
    ),
)
