"""What the inside of a network looks like at given weights."""

from pellucid.insight.readings.examine import examine as examine

__all__ = ["examine"]
