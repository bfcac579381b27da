"""Where older Keras scripts look for `pad_sequences` and `load_img`; see `pellucid.utils`."""

from pellucid.preprocessing import image as image
from pellucid.preprocessing import sequence as sequence

__all__ = ["image", "sequence"]
