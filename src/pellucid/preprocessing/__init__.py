"""Where older Keras scripts look for `pad_sequences`; see `pellucid.utils`."""

from pellucid.preprocessing import sequence as sequence

__all__ = ["sequence"]
