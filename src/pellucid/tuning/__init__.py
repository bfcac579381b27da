"""Many models side by side: scores over folds, searches, ensembles."""

from pellucid.tuning.halving import Halving as Halving
from pellucid.tuning.nested import NestedScore as NestedScore
from pellucid.tuning.search import Search as Search
from pellucid.tuning.space import Choice as Choice
from pellucid.tuning.space import Range as Range
from pellucid.tuning.trial import Trial as Trial
from pellucid.tuning.tune import tune as tune

__all__ = ["Choice", "Halving", "NestedScore", "Range", "Search", "Trial", "tune"]
