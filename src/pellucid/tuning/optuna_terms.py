"""Parameters and their values in the terms of Optuna, an optional dependency."""

import contextlib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from pellucid.errors import PellucidError
from pellucid.tuning.space import Choice, Range, Space
from pellucid.tuning.trial import Trial


class MissingExtraError(PellucidError, ImportError):
    """An optional dependency is needed and is not installed."""


def need_optuna(what: str, *modules: str) -> Any:
    """Return the module `optuna`.

    Args:
        what: What needs it, for the message.
        modules: Further modules that are needed.

    Raises:
        MissingExtraError: One of them is not installed.
    """
    missing = next((one for one in ("optuna", *modules) if find_spec(one) is None), None)
    if missing is not None:
        raise MissingExtraError(
            f"{what}: got no module '{missing}', expected it to be installed. "
            "Install it with: pip install 'pellucid[tune]'"
        )
    import optuna

    return optuna


@contextlib.contextmanager
def quiet(optuna: Any) -> Iterator[None]:
    """Keep Optuna from telling of each study and of what is new in it."""
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            yield
    finally:
        optuna.logging.set_verbosity(level)


def distributions(optuna: Any, space: Space) -> dict[str, Any]:
    """Return the parameters as Optuna's distributions; options go by their numbers."""
    return {name: _distribution(optuna, one) for name, one in space.parameters.items()}


def _distribution(optuna: Any, parameter: Range | Choice) -> Any:
    kinds = optuna.distributions
    if isinstance(parameter, Choice):
        return kinds.CategoricalDistribution(tuple(range(len(parameter.options))))
    low, high = parameter.low, parameter.high
    if parameter.whole:
        step = int(parameter.step or 1)
        return kinds.IntDistribution(int(low), int(high), log=parameter.log, step=step)
    return kinds.FloatDistribution(low, high, log=parameter.log, step=parameter.step)


def to_optuna(space: Space, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as Optuna keeps them."""
    return {
        name: one.place(values[name]) if isinstance(one, Choice) else values[name]
        for name, one in space.parameters.items()
    }


def from_optuna(space: Space, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that `to_optuna` described, in the order of the space."""
    return {
        name: one.options[values[name]] if isinstance(one, Choice) else values[name]
        for name, one in space.parameters.items()
    }


def study_of(
    optuna: Any, space: Space, trials: Sequence[Trial], higher: bool, sampler: Any = None
) -> Any:
    """Return a study in memory that knows these trials.

    Args:
        optuna: The module.
        space: The parameters.
        trials: What was tried; at least one has a score.
        higher: Whether higher scores are better.
        sampler: Who proposes further ones.
    """
    direction = "maximize" if higher else "minimize"
    study = optuna.create_study(sampler=sampler, direction=direction)
    scores = [one.score for one in trials if one.score is not None]
    # A failure says where not to look, which a sampler that ignores it would not learn.
    worst = min(scores) if higher else max(scores)
    kinds, states = distributions(optuna, space), optuna.trial.TrialState
    for one in trials:
        score, freed = worst if one.score is None else one.score, one.state == "freed"
        study.add_trial(
            optuna.trial.create_trial(
                state=states.PRUNED if freed else states.COMPLETE,
                value=None if freed else score,
                intermediate_values={one.epochs: score} if freed else {},
                params=to_optuna(space, one.parameters),
                distributions=kinds,
            )
        )
    return study
