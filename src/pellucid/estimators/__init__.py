"""Networks as estimators of scikit-learn, and their fits side by side in its searches."""

from pellucid.estimators.classifier import PellucidClassifier
from pellucid.estimators.regressor import PellucidRegressor
from pellucid.estimators.side_by_side import SideBySide

__all__ = ["PellucidClassifier", "PellucidRegressor", "SideBySide"]
