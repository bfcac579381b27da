"""A network as a classifier of scikit-learn."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.class_weight import compute_sample_weight
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import check_is_fitted, column_or_1d

from pellucid.errors import DataError, Problem, report
from pellucid.estimators.base import PellucidEstimator
from pellucid.estimators.networks import classification_network
from pellucid.types import NumpyArray
from pellucid.wording import count_text


class PellucidClassifier(ClassifierMixin, PellucidEstimator):
    """A network that tells classes, as an estimator of scikit-learn.

    Without `build` it is a multilayer perceptron with sigmoid or softmax outputs, trained on
    the cross-entropy. Scale the columns first: `make_pipeline(StandardScaler(), ...)`.

    Args:
        build: A function that returns a compiled model; None for a multilayer perceptron. Its
            keywords are parameters of the estimator, to be given here and searched. Those named
            `n_features` and `n_outputs` (1 for two classes, else their number) are filled in.
        hidden_layer_sizes: Units of each hidden layer, (100,) when None.
        activation: Of the hidden layers, "relu" when None.
        dropout: Share of each hidden layer's outputs that is dropped in training, from 0 to
            below 1; no such layers when None.
        l2: Strength of the penalty `l2 * sum(kernel ** 2)` of each layer, at least 0; none when
            None.
        optimizer: A name or an object of `pellucid.optimizers`, "adam" when None.
        learning_rate: A number or a schedule; the optimiser's own when None. These six go to
            `build` if it is given, where they are not None; it must have a keyword for them.
        epochs: Times that training goes over the rows, at least 1.
        batch_size: Rows in a step, at least 1.
        early_stopping: Whether to hold rows out, of each class as many as its share, to stop
            when their loss falls no more, and to keep the weights of the best epoch.
        validation_fraction: Share of the rows to hold out, between 0 and 1.
        n_iter_no_change: Epochs without a lower loss after which to stop.
        class_weight: Weights by class, "balanced" for weights by which all classes count alike,
            or None.
        random_state: A seed, 0 to 4294967295, or a `RandomState` that gives one at each fit; None
            for the next of the series that follows `pellucid.utils.set_random_seed`.
        verbose: What a fit prints, as in `Model.fit`: 0 nothing, 1 a live line, 2 a line an epoch.
        **parameters: Further keywords of `build`.

    Attributes:
        model_: The trained `pellucid.Model`.
        classes_: The classes in the order of `predict_proba`, (classes,).
        n_features_in_: Columns of the rows.
        feature_names_in_: Their names, where the rows were a frame.

    Example:
        >>> from sklearn.datasets import load_iris
        >>> from sklearn.preprocessing import scale
        >>> import pellucid
        >>> x, y = load_iris(return_X_y=True)
        >>> model = pellucid.PellucidClassifier(epochs=40, learning_rate=0.01, random_state=0)
        >>> model.fit(scale(x), y).score(scale(x), y) > 0.9
        True
    """

    _network = staticmethod(classification_network)

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
        class_weight: Mapping[Any, float] | str | None = None,
        random_state: Any = None,
        verbose: Any = 0,
        **parameters: Any,
    ) -> None:
        super().__init__(
            build,
            hidden_layer_sizes=hidden_layer_sizes,
            activation=activation,
            dropout=dropout,
            l2=l2,
            optimizer=optimizer,
            learning_rate=learning_rate,
            epochs=epochs,
            batch_size=batch_size,
            early_stopping=early_stopping,
            validation_fraction=validation_fraction,
            n_iter_no_change=n_iter_no_change,
            random_state=random_state,
            verbose=verbose,
            **parameters,
        )
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train a new network.

        Args:
            X: Finite numbers, (rows, features).
            y: A class of each row, (rows,): numbers, text or truth values.
            sample_weight: Weight of each row, at least 0; only their proportions count.

        Returns:
            The estimator itself.

        Raises:
            ArgumentError: A parameter is out of range, or `build` has no keyword for it.
            DataError: NaN, infinity, one class only, or labels that are no classes.
            NonFiniteError: The loss or a gradient was NaN or infinite.
        """
        x, labels = self._read_both(X, y, True, multi_output=True)
        classes = self._read_classes("fit", labels)
        found, numbers = np.unique(classes, return_inverse=True)
        weights = self._weights_of(sample_weight, x, classes)
        seen = found if weights is None else np.unique(classes[weights > 0])
        self._check_several(seen, len(x))
        self.classes_ = found
        self._train(x, numbers.astype(np.int32), weights, self._units)
        return self

    def partial_fit(self, X: Any, y: Any, classes: Any = None, sample_weight: Any = None) -> Self:
        """Go over rows once, from where training stands.

        Args:
            X: Finite numbers, (rows, features).
            y: A class of each row, (rows,).
            classes: All classes that will ever come; needed in the first call.
            sample_weight: Weight of each row, at least 0; only their proportions count.

        Returns:
            The estimator itself.

        Raises:
            DataError: NaN, infinity, or a class that is not among `classes`.
        """
        first = not hasattr(self, "model_")
        x, labels = self._read_both(X, y, first, multi_output=True)
        read = self._read_classes("partial_fit", labels)
        if first:
            known = np.unique(read if classes is None else classes)
            self._check_several(known, len(x), "partial_fit(classes=...)")
            self.classes_ = known
        numbers = self._numbers_of(read)
        self._train_on(x, numbers, self._weights_of(sample_weight, x, read), self._units)
        return self

    def predict_proba(self, X: Any) -> NumpyArray:
        """Return the probability of each class, float32 (rows, classes), in order of `classes_`.

        Args:
            X: Finite numbers, (rows, features).

        Raises:
            DataError: NaN or infinity.
        """
        outputs = self._outputs("predict_proba", X)
        if getattr(self.model_.compiled.losses[0], "from_logits", False):
            outputs = _probabilities(outputs)
        return np.hstack([1 - outputs, outputs]) if outputs.shape[1] == 1 else outputs

    def predict(self, X: Any) -> NumpyArray:
        """Return the likeliest class of each row, (rows,).

        Args:
            X: Finite numbers, (rows, features).

        Raises:
            DataError: NaN or infinity.
        """
        check_is_fitted(self)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]

    # -- outputs -----------------------------------------------------------------------------

    def _check_outputs(self, model: Any) -> None:
        """Refuse a network whose outputs are no probabilities of these classes."""
        classes = len(self.classes_)
        shape = model.network.shapes[model.network.outputs[0]]
        if shape in ((classes,), (self._units,)):
            return
        given = f"a model with outputs of shape {(None, *shape)} for {classes} classes"
        expected = "(None, 1) or (None, 2)" if classes == 2 else f"(None, {classes})"
        fix = "Give it the keyword n_outputs, which is filled in: Dense(n_outputs, ...)."
        report([Problem(f"{type(self).__name__}(build=...)", given, expected, fix)])

    # -- labels ------------------------------------------------------------------------------

    @property
    def _units(self) -> int:
        return 1 if len(self.classes_) == 2 else len(self.classes_)

    def _read_classes(self, method: str, y: Any) -> NumpyArray:
        """Return the labels as an array, (rows,)."""
        kind = type_of_target(y, input_name="y")
        where = f"{type(self).__name__}.{method}(y)"
        if kind.startswith("continuous"):
            fix = "For numbers take PellucidRegressor."
            given = f"continuous numbers such as {np.ravel(y)[0]!s}"
            report([Problem(where, given, "a class of each row", fix)], DataError)
        if kind.startswith("multilabel") or kind.endswith("multioutput"):
            fix = (
                "Put it into sklearn.multioutput.MultiOutputClassifier, or take argmax(axis=1) of "
                "one-hot labels."
            )
            given = f"shape {np.shape(y)}"
            report([Problem(where, given, f"one class of each row, ({len(y)},)", fix)], DataError)
        return column_or_1d(y, warn=True)

    def _check_several(self, classes: NumpyArray, rows: int, where: str = "fit(y)") -> None:
        if len(classes) > 1:
            return
        given = f"one class ({classes[0]!s}) in {count_text(rows, 'row')}"
        expected = "two classes or more"
        place = f"{type(self).__name__}.{where}"
        report([Problem(place, given, expected, "Check how the rows were chosen.")], DataError)

    def _numbers_of(self, classes: NumpyArray) -> NumpyArray:
        unknown = np.setdiff1d(classes, self.classes_)
        if len(unknown):
            known = ", ".join(str(one) for one in self.classes_)
            fix = "Name every class in the first call: partial_fit(X, y, classes=...)."
            place = f"{type(self).__name__}.partial_fit(y)"
            problem = Problem(place, f"the class {unknown[0]!s}", f"one of {known}", fix)
            report([problem], DataError)
        return np.searchsorted(self.classes_, classes).astype(np.int32)

    def _weights_of(
        self, sample_weight: Any, x: NumpyArray, classes: NumpyArray
    ) -> NumpyArray | None:
        weights = self._weights(sample_weight, x)
        if self.class_weight is None:
            return weights
        by_class = compute_sample_weight(self.class_weight, classes)
        return self._weights(by_class if weights is None else by_class * weights, x)


def _probabilities(logits: NumpyArray) -> NumpyArray:
    """Return the sigmoid of one logit a row, or the softmax of several."""
    if logits.shape[1] == 1:
        return np.exp(-np.logaddexp(0, -logits))
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)
