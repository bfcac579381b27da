"""Pictures from files to arrays and back, and varied at random."""

from pellucid.preprocessing.image_data_generator import ImageDataGenerator as ImageDataGenerator
from pellucid.utils.image_arrays import array_to_img as array_to_img
from pellucid.utils.image_arrays import img_to_array as img_to_array
from pellucid.utils.image_arrays import load_img as load_img

__all__ = ["ImageDataGenerator", "array_to_img", "img_to_array", "load_img"]
