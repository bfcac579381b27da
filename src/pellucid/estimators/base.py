"""What the estimators have in common: parameters, network, training and copies."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, is_classifier
from sklearn.model_selection import train_test_split
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from pellucid.callbacks import EarlyStopping
from pellucid.data.arrays import check_finite, to_dtype
from pellucid.errors import DataError, Problem, did_you_mean, report
from pellucid.estimators.kept import KeptModel
from pellucid.estimators.training import train
from pellucid.models import Model
from pellucid.models.cohort import Candidate, Data
from pellucid.models.preparing import ensure_built
from pellucid.seed import LARGEST_SEED, checked_seed, next_seed
from pellucid.tuning.blueprint import Blueprint
from pellucid.types import NumpyArray
from pellucid.wording import count_text

NETWORK = ("hidden_layer_sizes", "activation", "dropout", "l2", "optimizer", "learning_rate")
"""Parameters that go to the function which builds the network, where they are not None."""

FACTS = ("n_features", "n_outputs")
"""Keywords of that function which the data tell."""

CALLED_OTHERWISE = {
    "solver": "'solver' is called 'optimizer' here.",
    "learning_rate_init": "'learning_rate_init' is called 'learning_rate' here.",
    "max_iter": "'max_iter' is called 'epochs' here.",
    "alpha": "Give l2 = alpha / (2 * batch_size), the strength of the penalty in the mean loss.",
    "tol": "Training stops early by n_iter_no_change alone.",
    "model": "'model' is called 'build' here.",
    "seed": "'seed' is called 'random_state' here.",
    "patience": "'patience' is called 'n_iter_no_change' here.",
    "validation_split": "'validation_split' is called 'validation_fraction' here.",
}
"""How parameters of MLPClassifier, of other wrappers and of Keras are called here."""

IMPUTE = (
    "Put sklearn.impute.SimpleImputer() before it in a pipeline, which fills NaN, "
    "or drop those rows."
)


class PellucidEstimator(BaseEstimator):
    """Base of the estimators: a function that builds a network, and how it is trained.

    Args:
        build: A function that returns a compiled model; None for a multilayer perceptron.
        hidden_layer_sizes: Units of each hidden layer.
        activation: Of the hidden layers.
        dropout: Share of their outputs that is dropped in training.
        l2: Strength of the penalty on squares of the kernels.
        optimizer: A name or an object.
        learning_rate: A number or a schedule.
        epochs: Times that training goes over the rows.
        batch_size: Rows in a step.
        early_stopping: Whether to hold rows out and stop when they are predicted no better.
        validation_fraction: Share of the rows to hold out.
        n_iter_no_change: Epochs without a better score after which to stop.
        random_state: Seed, generator or None.
        verbose: What a fit prints.
        **parameters: Keywords of `build`.
    """

    _network: ClassVar[Callable[..., Any]]
    model_: Any
    history_: dict[str, list[Any]]
    n_iter_: int
    n_features_in_: int

    def __init__(
        self,
        build: Callable[..., Any] | None = None,
        *,
        hidden_layer_sizes: Sequence[int] | None = None,
        activation: Any = None,
        dropout: float | None = None,
        l2: float | None = None,
        optimizer: Any = None,
        learning_rate: Any = None,
        epochs: int = 100,
        batch_size: int = 32,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        n_iter_no_change: int = 10,
        random_state: Any = None,
        verbose: Any = 0,
        **parameters: Any,
    ) -> None:
        self.build = build
        self.hidden_layer_sizes = hidden_layer_sizes
        self.activation = activation
        self.dropout = dropout
        self.l2 = l2
        self.optimizer = optimizer
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.batch_size = batch_size
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.random_state = random_state
        self.verbose = verbose
        self._set(parameters)

    # -- parameters --------------------------------------------------------------------------

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters by name, those of `build` that were given among them."""
        own = super().get_params(deep)
        return {**own, **{name: getattr(self, name) for name in self._further()}}

    def set_params(self, **params: Any) -> Self:
        """Change parameters.

        Raises:
            ArgumentError: A parameter is unknown; a near one is suggested.
        """
        if "build" in params:
            self.build = params["build"]
        self._set(params)
        return self

    def _set(self, params: Mapping[str, Any]) -> None:
        own, further = self._get_param_names(), self._keywords()
        known = [*own, *(further or ())]
        report(
            Problem(
                type(self).__name__,
                f"the unknown parameter {name!r}",
                "one of its own or of build's" if self.build else "one of its own",
                CALLED_OTHERWISE.get(name) or did_you_mean(name, known),
            )
            for name in params
            if name not in known and further is not None
        )
        for name, value in params.items():
            setattr(self, name, value)

    def _further(self) -> list[str]:
        """Return the names of the parameters that are keywords of `build` alone."""
        own = {*self._get_param_names(), *FACTS}
        return [one for one in vars(self) if one not in own and one[0] != "_" and one[-1] != "_"]

    def _keywords(self) -> list[str] | None:
        """Return the keywords of `build`; None where it takes any, or is no function."""
        if self.build is None:
            return []
        if not callable(self.build):
            return None
        parameters = inspect.signature(self.build).parameters.values()
        if any(one.kind is one.VAR_KEYWORD for one in parameters):
            return None
        return [one.name for one in parameters]

    # -- the network -------------------------------------------------------------------------

    def _new_model(self, n_outputs: int) -> Any:
        """Return a compiled model for the rows that were read, with a seed of its own."""
        where = type(self).__name__
        if isinstance(self.build, Model):
            fix = "Give a function that builds one, for each fit needs a new one."
            report([Problem(f"{where}(build=...)", "a model", "a function", fix)])
        if self.build is not None and not callable(self.build):
            expected = "a function that returns a compiled model, or None"
            report([Problem(f"{where}(build=...)", repr(self.build), expected)])
        build: Any = type(self)._network if self.build is None else self.build
        self._check_taken(build)
        names = [*inspect.signature(build).parameters]
        facts = {"n_features": self.n_features_in_, "n_outputs": n_outputs}
        values = {name: value for name, value in facts.items() if name in names}
        values |= {name: getattr(self, name) for name in self._further()}
        values |= {name: getattr(self, name) for name in self._given()}
        schedule = {name: getattr(self, name) for name in ("epochs", "batch_size")}
        model, _ = Blueprint(build, where).make({**values, **schedule}, self._seed())
        return model

    def _given(self) -> list[str]:
        return [name for name in NETWORK if getattr(self, name) is not None]

    def _check_taken(self, build: Any) -> None:
        """Refuse parameters of the network that `build` has no keyword for."""
        keywords = self._keywords()
        if self.build is None or keywords is None:
            return
        name_of = getattr(build, "__name__", "build")
        report(
            Problem(
                f"{type(self).__name__}({name}=...)",
                f"{getattr(self, name)!r} beside build={name_of}",
                f"a keyword of {name_of}",
                f"Give {name_of} the keyword '{name}', or leave it out.",
            )
            for name in self._given()
            if name not in keywords
        )

    def _seed(self) -> int:
        state = self.random_state
        if state is None:
            return next_seed()
        if isinstance(state, np.random.RandomState):
            return int(state.randint(0, LARGEST_SEED, dtype=np.uint32))
        return checked_seed(state, f"{type(self).__name__}(random_state=...)")

    # -- rows --------------------------------------------------------------------------------

    def _read(self, method: str, x: Any, reset: bool = False) -> NumpyArray:
        """Return rows as the network takes them, those of a method that takes no labels."""
        array: Any = validate_data(self, x, reset=reset, ensure_all_finite=False)
        return self._to_float(method, array)

    def _read_both(self, x: Any, y: Any, reset: bool, **checks: Any) -> tuple[NumpyArray, Any]:
        """Return rows as the network takes them, and labels as they are."""
        method = "fit" if reset else "partial_fit"
        read: Any = validate_data(self, x, y, reset=reset, ensure_all_finite=False, **checks)
        return self._to_float(method, read[0]), read[1]

    def _to_float(self, method: str, array: NumpyArray) -> NumpyArray:
        names = getattr(self, "feature_names_in_", None)
        columns = None if names is None else list(names)
        where = f"{type(self).__name__}.{method}(X)"
        check_finite(array, where, columns, IMPUTE)
        return to_dtype(array, np.float32, where, columns)

    def _weights(self, sample_weight: Any, x: NumpyArray) -> NumpyArray | None:
        """Return weights of the rows whose mean is 1, so that their scale changes no rate."""
        if sample_weight is None:
            return None
        weights = _check_sample_weight(sample_weight, x, dtype=np.float64, ensure_non_negative=True)
        return (weights / weights.mean()).astype(np.float32)

    # -- training ----------------------------------------------------------------------------

    def _train(self, x: NumpyArray, y: NumpyArray, weights: NumpyArray | None, units: int) -> None:
        """Train a new model for so many outputs, and keep it."""
        model = self._new_model(units)
        fit: dict[str, Any] = {"epochs": self.epochs, "batch_size": self.batch_size}
        rows: Sequence[Any] = (None, None)
        if self.early_stopping:
            self._check_stopping()
            patience = self.n_iter_no_change
            stop = EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
            fit["callbacks"] = [stop]
            rows = self._kept_and_held_out(y, model.seed)
        self._run(model, x, y, weights, fit, rows)

    def _train_on(
        self, x: NumpyArray, y: NumpyArray, weights: NumpyArray | None, units: int
    ) -> None:
        """Go over the rows once more, with a new model if there is none."""
        model = self.model_ if hasattr(self, "model_") else self._new_model(units)
        self._run(model, x, y, weights, {"epochs": 1, "batch_size": self.batch_size})

    def _run(
        self,
        model: Any,
        x: NumpyArray,
        y: NumpyArray,
        weights: NumpyArray | None,
        fit: Mapping[str, Any],
        rows: Sequence[Any] = (None, None),
    ) -> None:
        ensure_built(model, x)
        self._check_outputs(model)
        self.model_ = train(Candidate(model, Data(x, y, weights), fit, *rows), self.verbose)
        self.history_ = dict(self.model_.history.history)
        self.n_iter_ = len(self.history_["loss"])

    def _check_outputs(self, model: Any) -> None:
        """Refuse a network whose outputs do not suit the labels, where training would not."""

    def _kept_and_held_out(self, y: NumpyArray, seed: int) -> Any:
        """Return numbers of the rows to train on, and of those that say when to stop."""
        strata = y if is_classifier(self) else None
        share = self.validation_fraction
        rows = np.arange(len(y))
        try:
            return train_test_split(rows, test_size=share, random_state=seed, stratify=strata)
        except ValueError as error:
            given = f"{count_text(len(y), 'row')} to hold {share:g} of them out"
            expected = "rows that can be divided, of each class on both sides"
            fix = f"scikit-learn says: {' '.join(str(error).split()).rstrip('.')}."
            where = f"{type(self).__name__}(early_stopping=...)"
            report([Problem(where, given, expected, fix)], DataError)
            raise

    def _check_stopping(self) -> None:
        where, share = type(self).__name__, self.validation_fraction
        patience, problems = self.n_iter_no_change, []
        if not isinstance(share, (float, np.floating)) or not 0 < share < 1:
            expected = "a number above 0 and below 1 (the share of the rows that says when to stop)"
            problems.append(Problem(f"{where}(validation_fraction=...)", repr(share), expected))
        whole = isinstance(patience, (int, np.integer)) and not isinstance(patience, bool)
        if not whole or patience < 1:
            expected = "a whole number of at least 1 (epochs without a lower loss)"
            problems.append(Problem(f"{where}(n_iter_no_change=...)", repr(patience), expected))
        report(problems)

    def _outputs(self, method: str, x: Any) -> NumpyArray:
        check_is_fitted(self)
        return np.asarray(self.model_.predict(self._read(method, x), verbose=0))

    # -- copies ------------------------------------------------------------------------------

    def __getstate__(self) -> dict[str, Any]:
        state: Any = super().__getstate__()
        return {
            name: KeptModel.of(one) if isinstance(one, Model) else one
            for name, one in state.items()
        }

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        super().__setstate__(
            {
                name: one.model() if isinstance(one, KeptModel) else one
                for name, one in state.items()
            }
        )
