"""Optuna over torch: TPE, one trial after another; the median prunes where trials may end early."""

import copy
import time
from typing import Any

import numpy as np
import optuna
import torch

from peers import torch_eager
from searches import Choice, Found, Range, Rows, Search


class Objective:
    """Trains a trial's network and returns its lowest validation loss; keeps the best model."""

    def __init__(self, what: Search, train: Rows, held: Rows, deadline: float) -> None:
        self.what, self.train, self.held, self.deadline = what, train, held, deadline
        self.loss, self.best, self.weights = np.inf, None, None

    def __call__(self, trial: optuna.Trial) -> float:
        values = {name: suggested(trial, name, own) for name, own in self.what.space.items()}
        trainer = torch_eager.Trainer(self.what.made(values), *self.train)
        lowest, since = np.inf, 0
        for epoch in range(self.what.epochs):
            trainer.train(1)
            loss = trainer.score(*self.held)
            lowest, since = (loss, 0) if loss < lowest else (lowest, since + 1)
            self._keep(trainer, loss)
            if time.perf_counter() > self.deadline or since == self.what.patience:
                break
            if self.what.patience is not None:
                trial.report(loss, epoch)
                if trial.should_prune():
                    raise optuna.TrialPruned
        return lowest

    def _keep(self, trainer: torch_eager.Trainer, loss: float) -> None:
        if loss < self.loss:
            weights = copy.deepcopy(trainer.model.state_dict())
            self.loss, self.best, self.weights = loss, trainer, weights

    def predict(self, x: np.ndarray) -> np.ndarray:
        """Return the best model's outputs, as probabilities where there are two classes."""
        assert self.best is not None
        self.best.model.load_state_dict(self.weights)
        outputs = self.best.outputs(x)
        binary = self.best.network.loss == "binary_crossentropy"
        return (torch.sigmoid(outputs) if binary else outputs).numpy(force=True)


def suggested(trial: optuna.Trial, name: str, own: Range | Choice) -> Any:
    if isinstance(own, Choice):
        return trial.suggest_categorical(name, own.options)
    return trial.suggest_float(name, own.low, own.high, log=own.log)


def search(
    what: Search, train: Rows, held: Rows, seed: int, trials: int | None, deadline: float
) -> Found:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    torch.manual_seed(seed)
    objective, ends = Objective(what, train, held, deadline), []
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))

    def ended(study: optuna.Study, _: optuna.trial.FrozenTrial) -> None:
        ends.append(time.perf_counter())
        if ends[-1] > deadline:
            study.stop()

    study.optimize(objective, n_trials=trials, callbacks=[ended])
    return Found(ends, float(objective.loss), objective.predict)


def version() -> str:
    return f"optuna {optuna.__version__}, {torch_eager.version()}"
