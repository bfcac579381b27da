"""The network that a series gets: a line, and hidden layers that begin silent and add to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.callbacks import EarlyStopping
from pellucid.data.series import Line
from pellucid.layers import Add, Dense, Dropout, Input, Normalization, Reshape
from pellucid.models import Model
from pellucid.models.cohort import Candidate, Data
from pellucid.models.ensemble import joined
from pellucid.models.ensembling import mean_history, train_side_by_side
from pellucid.optimizers import Adam
from pellucid.regularizers import L2
from pellucid.tasks.forecast_choice import Scaler
from pellucid.training.history import History
from pellucid.types import NumpyArray

UNITS = 64
DROPOUT = 0.2
PENALTY = 1e-4
LEARNING_RATE = 1e-3
MEMBERS = 3
EPOCHS = 100
PATIENCE = 10


@dataclass(frozen=True)
class Examples:
    """What networks learn from.

    Args:
        x: Features, float32, shape (examples, features).
        y: Differences from the base, divided by their deviation, shape (examples, horizon, 1).
        weight: 1 where a value came, 0 where it is missing, shape (examples, horizon); None
            where all came.
    """

    x: NumpyArray
    y: NumpyArray
    weight: NumpyArray | None


def build_forecaster(
    horizon: int, scaler: Scaler, line: Line | None, scale: float, name: str, seed: int
) -> Model:
    """Return one untrained network, which tells what its line tells.

    The line is kept as it is; the hidden layers learn what it lacks.

    Args:
        horizon: Steps of a forecast.
        scaler: Means and variances of the features.
        line: What is added to the hidden layers' answer; None for nothing.
        scale: What its outputs are multiplied by later.
        name: Name of the network.
        seed: Seed of weights, order and masks.
    """
    seen = Input((len(scaler.mean),), name="seen")
    even = Normalization(mean=scaler.mean, variance=scaler.variance)(seen)
    drawn = {"kernel_initializer": "he_normal", "kernel_regularizer": L2(PENALTY)}
    hidden = Dropout(DROPOUT)(Dense(UNITS, "relu", name="hidden", **drawn)(even))
    change = Dense(horizon, kernel_initializer="zeros", name="change")(hidden)
    straight = Dense(horizon, name="line", trainable=False)(even)
    model = Model(seen, Reshape((horizon, 1))(Add()([straight, change])), name=name, seed=seed)
    features = len(scaler.mean)
    kernel, bias = np.zeros((features, horizon)), np.zeros(horizon)
    if line is not None:
        kernel, bias = line.kernel / scale, line.bias / scale
    model.get_layer("line").set_weights([kernel, bias])
    model.compile(Adam(LEARNING_RATE), "mae", metrics=[])
    return model


@dataclass(frozen=True, eq=False)
class Trial:
    """Networks of one kind that were stopped by the validation part.

    Args:
        members: They.
        histories: What each reported.
        looked_into: What the first network of all reported, which a probe may have looked into.
    """

    members: Sequence[Any]
    histories: Sequence[History]
    looked_into: History

    @property
    def epochs(self) -> int:
        """After how many epochs they were best, in the middle."""
        best = [one.best("val_loss").epoch for one in self.histories]
        return max(1, round(float(np.median(best))))

    @property
    def history(self) -> History:
        """The members' mean history, with what was read inside the first network of all."""
        history = mean_history(self.histories, "val_loss")
        history.probes = self.looked_into.probes
        return history

    def tell(self, x: NumpyArray) -> NumpyArray:
        """Return the mean of the members' outputs, shape (examples, horizon)."""
        told = [np.asarray(one.predict(x, verbose=0), np.float64) for one in self.members]
        return np.mean(told, axis=0)[..., 0]


def try_networks(
    examples: Examples,
    training: NumpyArray,
    held: NumpyArray,
    lines: Mapping[str, Line | None],
    scaler: Scaler,
    scale: float,
    *,
    epochs: int,
    batch_size: int,
    seed: int,
    probe: str | None,
    verbose: Any,
) -> dict[str, Trial]:
    """Return networks for each line, all trained side by side in one program.

    Args:
        examples: All examples.
        training: Numbers of those to learn from.
        held: Numbers of those that say when to stop.
        lines: What is added to the hidden layers of each kind of network, by name.
        scaler: Means and variances of the features.
        scale: What outputs are multiplied by.
        epochs: Most epochs.
        batch_size: Examples in a step.
        seed: Seed of the first of each kind; the others count on.
        probe: As in `fit`; it looks into the first network of the first kind.
        verbose: As in `fit`.
    """
    horizon = examples.y.shape[1]
    stop = EarlyStopping(patience=PATIENCE, restore_best_weights=True)
    fit = {"batch_size": batch_size, "epochs": epochs, "callbacks": [stop]}
    models = [
        build_forecaster(horizon, scaler, line, scale, f"{name}_{number + 1}", seed + number)
        for name, line in lines.items()
        for number in range(MEMBERS)
    ]
    data = Data(examples.x, examples.y, examples.weight)
    candidates = [Candidate(one, data, fit, training, held) for one in models]
    histories = train_side_by_side(candidates, verbose, probe)
    return {
        name: Trial(
            models[place * MEMBERS : (place + 1) * MEMBERS],
            histories[place * MEMBERS : (place + 1) * MEMBERS],
            histories[0],
        )
        for place, name in enumerate(lines)
    }


def final_networks(
    examples: Examples,
    rows: Sequence[NumpyArray],
    lines: Sequence[Line | None],
    scaler: Scaler,
    scale: float,
    loudness: float,
    *,
    epochs: int,
    batch_size: int,
    seed: int,
    verbose: Any,
) -> list[Model]:
    """Return a committee for each choice of examples, all trained side by side.

    Args:
        examples: All examples.
        rows: Numbers of those that each committee learns from.
        lines: The line of each.
        scaler: Means and variances of the features.
        scale: What outputs are multiplied by.
        loudness: What the hidden layers' answer is multiplied by; at 0 nothing is trained.
        epochs: Epochs of each.
        batch_size: Examples in a step.
        seed: Seed of the first member; the others count on.
        verbose: As in `fit`.
    """
    horizon, members = examples.y.shape[1], MEMBERS if loudness else 1
    committees = [
        [
            build_forecaster(horizon, scaler, line, scale, f"member_{number + 1}", seed + number)
            for number in range(members)
        ]
        for line in lines
    ]
    if loudness:
        data = Data(examples.x, examples.y, examples.weight)
        fit = {"batch_size": batch_size, "epochs": epochs}
        candidates = [
            Candidate(one, data, fit, chosen)
            for committee, chosen in zip(committees, rows, strict=True)
            for one in committee
        ]
        train_side_by_side(candidates, verbose)
    for committee in committees:
        for one in committee:
            change = one.get_layer("change")
            change.set_weights([loudness * weight for weight in change.get_weights()])
    return [joined(committee, "forecaster") for committee in committees]
