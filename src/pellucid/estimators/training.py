"""One fit of an estimator: alone, or together with others that wait for theirs."""

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np

from pellucid.estimators import turns
from pellucid.models.cohort import Candidate, Data, Trainee
from pellucid.types import NumpyArray


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
    data, held_out = candidate.data, candidate.validation
    x, y, weight = _rows(data, candidate.train)
    validation: Mapping[str, Any] = (
        {} if held_out is None else {"validation_data": _rows(data, held_out)}
    )
    candidate.model.fit(x, y, sample_weight=weight, verbose=verbose, **validation, **candidate.fit)
    return candidate.model


def _rows(data: Data, numbers: NumpyArray | None) -> tuple[Any, Any, Any]:
    """Return inputs, labels and weights of those rows."""
    if numbers is None:
        return data.x, data.y, data.sample_weight
    weight = data.sample_weight
    return data.x[numbers], data.y[numbers], None if weight is None else np.take(weight, numbers)
