"""Small helpers that Keras scripts import from `keras.utils`; they work on the host."""

from pellucid.utils.categorical import to_categorical as to_categorical
from pellucid.utils.normalization import normalize as normalize
from pellucid.utils.seeding import set_random_seed as set_random_seed
from pellucid.utils.sequences import pad_sequences as pad_sequences
from pellucid.utils.sessions import clear_session as clear_session
from pellucid.utils.timeseries_dataset import (
    timeseries_dataset_from_array as timeseries_dataset_from_array,
)

__all__ = [
    "clear_session",
    "normalize",
    "pad_sequences",
    "set_random_seed",
    "timeseries_dataset_from_array",
    "to_categorical",
]
