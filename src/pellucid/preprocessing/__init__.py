"""Where older Keras scripts look for `pad_sequences`, `load_img` and `Tokenizer`."""

from pellucid.preprocessing import image as image
from pellucid.preprocessing import sequence as sequence
from pellucid.preprocessing import text as text

__all__ = ["image", "sequence", "text"]
