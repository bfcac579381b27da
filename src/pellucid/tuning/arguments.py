"""Arguments that a search or folds do not have, answered with what they are called here."""

from collections.abc import Iterable, Sequence

from pellucid.description import unknown_argument
from pellucid.errors import report

ELSEWHERE = {
    "hyperparameters": ("space",),
    "max_trials": ("trials",),
    "n_iter": ("trials",),
    "n_repeats": ("repeats",),
    "n_splits": ("cv",),
    "n_trials": ("trials",),
    "objective": ("metric",),
    "param_distributions": ("space",),
    "param_grid": ("space",),
    "param_name": ("parameter",),
    "param_range": ("values",),
    "random_state": ("seed",),
    "scoring": ("metrics", "metric"),
    "timeout": ("seconds",),
    "train_sizes": ("sizes",),
}
"""Arguments of scikit-learn, KerasTuner and Optuna, and what they are called here."""


def refuse_arguments(where: str, unknown: Iterable[str], known: Sequence[str]) -> None:
    """Answer arguments that a function does not have.

    Args:
        where: What messages call the function.
        unknown: The arguments that were given.
        known: The function's own.

    Raises:
        ArgumentError: Names each, and what it is called here or the near one.
    """
    report(unknown_argument(where, name, known, _called(name, known)) for name in unknown)


def _called(name: str, known: Sequence[str]) -> str:
    here = [one for one in ELSEWHERE.get(name, ()) if one in known]
    return f"It is called '{here[0]}' here." if here else ""
