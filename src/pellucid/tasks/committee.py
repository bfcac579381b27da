"""The network that a table gets by default: a committee of small networks.

Each member is trained on most of the rows and stopped early by the rest, which are others
for each member; the committee's answer is the mean of theirs. No row is lost to validation,
and the spread of a single early stop is averaged out (Breiman, "Bagging Predictors", 1996;
Krogh and Vedelsby, "Neural network ensembles, cross validation, and active learning", 1995).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.callbacks import EarlyStopping
from pellucid.layers import Dense, Dropout, Input
from pellucid.models import Model, Sequential
from pellucid.models.cohort import Candidate, Data
from pellucid.models.ensemble import joined
from pellucid.models.ensembling import mean_history, train_side_by_side
from pellucid.optimizers import Adam
from pellucid.regularizers import L2
from pellucid.training.history import History
from pellucid.types import NumpyArray

MEMBERS = 5
EPOCHS = 300
PATIENCE = 30

ACTIVATIONS = {"binary": "sigmoid", "classes": "softmax", "number": None}
LOSSES = {
    "binary": "binary_crossentropy",
    "classes": "sparse_categorical_crossentropy",
    "number": "mse",
}
METRICS = {"binary": ["accuracy"], "classes": ["accuracy"], "number": ["mae"]}


@dataclass(frozen=True)
class Design:
    """What may be chosen of a member.

    Args:
        widths: Units of the hidden layers.
        dropout: Rate behind each hidden layer.
        l2: Strength of the penalty on the hidden layers' weights; 0 for none.
        learning_rate: Of Adam.
        batch_size: Rows in a step; by the number of rows when None.
    """

    widths: tuple[int, ...] = (128, 64)
    dropout: float = 0.2
    l2: float = 0.0
    learning_rate: float = 1e-3
    batch_size: int | None = None


@dataclass(frozen=True)
class Member:
    """The rows by which one member learns and is stopped.

    Args:
        training: Numbers of the rows to learn from.
        validation: Numbers of the rows that say when to stop.
    """

    training: NumpyArray
    validation: NumpyArray


def default_batch_size(rows: int) -> int:
    """Return a power of two from 16 to 256 that makes about fifty steps an epoch."""
    return int(np.clip(1 << int(np.log2(max(rows / 50, 1))), 16, 256))


def build_member(
    features: int, outputs: int, task: str, name: str, seed: int, design: Design
) -> Sequential:
    """Return one untrained member: hidden layers of ReLUs with dropout.

    Args:
        features: Width of the rows.
        outputs: Number of outputs.
        task: "binary", "classes" or "number".
        name: Name in summaries.
        seed: Seed of weights, shuffling and masks.
        design: What was chosen of it.
    """
    members: list[Any] = [Input((features,), name="features")]
    for width in design.widths:
        penalty = L2(design.l2) if design.l2 else None
        drawn = {"kernel_initializer": "he_normal", "kernel_regularizer": penalty}
        members += [Dense(width, "relu", **drawn), Dropout(design.dropout)]
    members.append(Dense(outputs, ACTIVATIONS[task]))
    model = Sequential(members, name=name, seed=seed)
    model.compile(Adam(design.learning_rate), LOSSES[task], metrics=METRICS[task])
    return model


def train_committee(
    x: NumpyArray,
    y: NumpyArray,
    parts: Sequence[Member],
    task: str,
    outputs: int,
    *,
    epochs: int,
    design: Design,
    seed: int,
    verbose: Any,
    probe: str | None,
    tell: Callable[[str], None],
) -> Model:
    """Return a trained committee as one model, with the members' mean history.

    Args:
        x: Features of all rows, float32 (rows, features).
        y: Targets of all rows.
        parts: Rows of each member.
        task: "binary", "classes" or "number".
        outputs: Number of outputs.
        epochs: Most epochs of a member.
        design: What was chosen of the members.
        seed: Seed of the first member; the others count on.
        verbose: As in `fit`.
        probe: As in `fit`; the history has the readings of the first member.
        tell: Called with a sentence about each member.
    """
    members = [
        build_member(x.shape[1], outputs, task, f"member_{number + 1}", seed + number, design)
        for number in range(len(parts))
    ]
    fit = {
        "batch_size": design.batch_size or default_batch_size(len(parts[0].training)),
        "epochs": epochs,
        "callbacks": [EarlyStopping(patience=PATIENCE, restore_best_weights=True)],
    }
    history = train_members(
        members, [x] * len(members), y, parts, fit, verbose=verbose, probe=probe, tell=tell
    )
    model = joined(members, "committee")
    model.history = history
    return model


def train_members(
    members: Sequence[Model],
    x: Sequence[NumpyArray],
    y: NumpyArray,
    parts: Sequence[Member],
    fit: Mapping[str, Any],
    *,
    verbose: Any,
    probe: str | None,
    tell: Callable[[str], None],
) -> History:
    """Train the members of a committee side by side, and return their mean history.

    Args:
        members: Compiled networks.
        x: What each of them takes, for all rows.
        y: Targets of all rows.
        parts: Rows of each member.
        fit: Further arguments of `fit`, among them an `EarlyStopping` by the validation loss.
        verbose: As in `fit`.
        probe: As in `fit`; the history has the readings of the first member.
        tell: Called with a sentence about each member.
    """
    # Members that take the same rows share them.
    data = {id(one): Data(one, y) for one in x}
    candidates = [
        Candidate(member, data[id(one)], fit, part.training, part.validation)
        for member, one, part in zip(members, x, parts, strict=True)
    ]
    histories = train_side_by_side(candidates, verbose, probe)
    for number, history in enumerate(histories):
        best = history.best("val_loss")
        tell(
            f"member {number + 1} of {len(parts)}: {len(history)} epochs, "
            f"best val_loss {best.value:.4g} in epoch {best.epoch}"
        )
    mean = mean_history(histories, "val_loss")
    mean.probes = histories[0].probes
    return mean
