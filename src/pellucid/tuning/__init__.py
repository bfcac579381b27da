"""Many models side by side: scores over folds, searches, ensembles."""
