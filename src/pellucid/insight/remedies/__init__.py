"""Changes to a run that may cure what a diagnosis found."""

from pellucid.insight.remedies.remedy import Remedy as Remedy
from pellucid.insight.remedies.setup import Rows as Rows
from pellucid.insight.remedies.setup import Setup as Setup

__all__ = ["Remedy", "Rows", "Setup"]
