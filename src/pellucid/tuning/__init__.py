"""Many models side by side: scores over folds, searches, ensembles."""

from pellucid.tuning.bootstrapping import Bootstrap as Bootstrap
from pellucid.tuning.calibration import Calibration as Calibration
from pellucid.tuning.comparison import Comparison as Comparison
from pellucid.tuning.cross_validation import CrossValidation as CrossValidation
from pellucid.tuning.halving import Halving as Halving
from pellucid.tuning.nested import NestedScore as NestedScore
from pellucid.tuning.permutation_importance import PermutationImportance as PermutationImportance
from pellucid.tuning.score_curve import ScoreCurve as ScoreCurve
from pellucid.tuning.search import Search as Search
from pellucid.tuning.space import Choice as Choice
from pellucid.tuning.space import Range as Range
from pellucid.tuning.threshold import Threshold as Threshold
from pellucid.tuning.trial import Trial as Trial
from pellucid.tuning.tune import tune as tune

__all__ = [
    "Bootstrap",
    "Calibration",
    "Choice",
    "Comparison",
    "CrossValidation",
    "Halving",
    "NestedScore",
    "PermutationImportance",
    "Range",
    "ScoreCurve",
    "Search",
    "Threshold",
    "Trial",
    "tune",
]
