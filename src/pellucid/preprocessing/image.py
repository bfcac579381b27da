"""Pictures from files to arrays and back."""

from pellucid.utils.image_arrays import array_to_img as array_to_img
from pellucid.utils.image_arrays import img_to_array as img_to_array
from pellucid.utils.image_arrays import load_img as load_img

__all__ = ["array_to_img", "img_to_array", "load_img"]
