"""Backpropagation walked: the six stages of learning with their numbers."""

from pellucid.insight.walkthrough.exercise import Exercise as Exercise
from pellucid.insight.walkthrough.value import Step as Step
from pellucid.insight.walkthrough.value import Walkthrough as Walkthrough
from pellucid.insight.walkthrough.walk import walk as walk

__all__ = ["Exercise", "Step", "Walkthrough", "walk"]
