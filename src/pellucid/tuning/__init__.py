"""Many models side by side: scores over folds, searches, ensembles."""

from pellucid.tuning.regularisation_path import RegularisationPath as RegularisationPath
from pellucid.tuning.regularisation_path import regularisation_path as regularisation_path
