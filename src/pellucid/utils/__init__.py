"""Small helpers that Keras scripts import from `keras.utils`; they work on the host."""

from pellucid.utils.audio_dataset import (
    audio_dataset_from_directory as audio_dataset_from_directory,
)
from pellucid.utils.categorical import to_categorical as to_categorical
from pellucid.utils.chunk_dataset import dataset_from_chunks as dataset_from_chunks
from pellucid.utils.image_arrays import array_to_img as array_to_img
from pellucid.utils.image_arrays import img_to_array as img_to_array
from pellucid.utils.image_arrays import load_img as load_img
from pellucid.utils.image_dataset import (
    image_dataset_from_directory as image_dataset_from_directory,
)
from pellucid.utils.normalization import normalize as normalize
from pellucid.utils.parquet_dataset import dataset_from_parquet as dataset_from_parquet
from pellucid.utils.seeding import set_random_seed as set_random_seed
from pellucid.utils.sequences import pad_sequences as pad_sequences
from pellucid.utils.sessions import clear_session as clear_session
from pellucid.utils.text_dataset import (
    text_dataset_from_directory as text_dataset_from_directory,
)
from pellucid.utils.timeseries_dataset import (
    timeseries_dataset_from_array as timeseries_dataset_from_array,
)

__all__ = [
    "array_to_img",
    "audio_dataset_from_directory",
    "clear_session",
    "dataset_from_chunks",
    "dataset_from_parquet",
    "image_dataset_from_directory",
    "img_to_array",
    "load_img",
    "normalize",
    "pad_sequences",
    "set_random_seed",
    "text_dataset_from_directory",
    "timeseries_dataset_from_array",
    "to_categorical",
]
