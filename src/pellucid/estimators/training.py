"""One fit of an estimator: alone, or together with others that wait for theirs."""

from dataclasses import replace
from hashlib import blake2b
from typing import Any

from pellucid.estimators import turns
from pellucid.models.cohort import Candidate, Data, Trainee
from pellucid.models.fitting import fit


def train(candidate: Candidate, verbose: Any) -> Any:
    """Return the candidate's model, trained.

    Args:
        candidate: What to train; its rows are arrays.
        verbose: What a fit alone prints, as in `Model.fit`; one among others prints nothing.

    Raises:
        NonFiniteError: A loss or gradient was NaN or infinite.
    """
    turn = turns.current()
    if turn is not None:
        shared = _shared(candidate.data, turn.tables)
        trainee = Trainee(replace(candidate, data=shared))
        turn.wait_for(trainee)
        if not trainee.failed:
            return trainee.finished()
        # Alone it fails with an error that names step, layer and row.
    return _alone(candidate, verbose)


def _shared(data: Data, tables: dict[Any, Data]) -> Data:
    """Return the first of the tables that holds the same, so that it is stored once."""
    arrays = [one for one in (data.x, data.y, data.sample_weight) if one is not None]
    key = tuple((one.shape, one.dtype.str, blake2b(one).digest()) for one in arrays)
    return tables.setdefault(key, data)


def _alone(candidate: Candidate, verbose: Any) -> Any:
    asked = candidate.alone()
    fit(candidate.model, replace(asked(), verbose=verbose))
    return candidate.model
