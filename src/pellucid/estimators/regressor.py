"""A network as a regressor of scikit-learn."""

from typing import Any, Self

import numpy as np
from sklearn.base import RegressorMixin

from pellucid.errors import DataError, Problem, report
from pellucid.estimators.base import PellucidEstimator
from pellucid.estimators.networks import regression_network
from pellucid.types import NumpyArray


class PellucidRegressor(RegressorMixin, PellucidEstimator):
    """A network that tells numbers, as an estimator of scikit-learn.

    Without `build` it is a multilayer perceptron trained on the mean squared error. Scale the
    columns and the target first: `make_pipeline(StandardScaler(), ...)` and
    `TransformedTargetRegressor(..., transformer=StandardScaler())`.

    Args:
        build: A function that returns a compiled model; None for a multilayer perceptron. Its
            keywords are parameters of the estimator, to be given here and searched. Those named
            `n_features` and `n_outputs` (numbers for each row) are filled in.
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
        early_stopping: Whether to hold rows out, to stop when their loss falls no more, and to
            keep the weights of the best epoch.
        validation_fraction: Share of the rows to hold out, between 0 and 1.
        n_iter_no_change: Epochs without a lower loss after which to stop.
        random_state: A seed, 0 to 4294967295, or a `RandomState` that gives one at each fit; None
            for the next of the series that follows `pellucid.utils.set_random_seed`.
        verbose: What a fit prints, as in `Model.fit`: 0 nothing, 1 a live line, 2 a line an epoch.
        **parameters: Further keywords of `build`.

    Attributes:
        model_: The trained `pellucid.Model`.
        n_features_in_: Columns of the rows.
        feature_names_in_: Their names, where the rows were a frame.

    Example:
        >>> import numpy as np, pellucid
        >>> x = np.linspace(-1, 1, 64)[:, None]
        >>> model = pellucid.PellucidRegressor(epochs=40, learning_rate=0.02, random_state=0)
        >>> model.fit(x, 3 * x[:, 0]).score(x, 3 * x[:, 0]) > 0.9
        True
    """

    _network = staticmethod(regression_network)

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Train a new network.

        Args:
            X: Finite numbers, (rows, features).
            y: Finite numbers, (rows,) or (rows, outputs).
            sample_weight: Weight of each row, at least 0; only their proportions count.

        Returns:
            The estimator itself.

        Raises:
            ArgumentError: A parameter is out of range, or `build` has no keyword for it.
            DataError: NaN or infinity in X, or text in y.
            NonFiniteError: The loss or a gradient was NaN or infinite.
        """
        x, targets = self._read_targets(X, y, True)
        self._train(x, targets, self._weights(sample_weight, x), _width(targets))
        return self

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Go over rows once, from where training stands.

        Args:
            X: Finite numbers, (rows, features).
            y: Finite numbers, (rows,) or (rows, outputs).
            sample_weight: Weight of each row, at least 0; only their proportions count.

        Returns:
            The estimator itself.

        Raises:
            DataError: NaN or infinity in X.
        """
        x, targets = self._read_targets(X, y, not hasattr(self, "model_"))
        self._train_on(x, targets, self._weights(sample_weight, x), _width(targets))
        return self

    def predict(self, X: Any) -> NumpyArray:
        """Return the numbers of each row, float64 of the shape of the targets.

        Args:
            X: Finite numbers, (rows, features).

        Raises:
            DataError: NaN or infinity.
        """
        outputs = self._outputs("predict", X).astype(np.float64)
        return outputs[:, 0] if self._flat else outputs

    def _read_targets(self, x: Any, y: Any, reset: bool) -> tuple[NumpyArray, NumpyArray]:
        self._refuse_text("fit" if reset else "partial_fit", y)
        rows, targets = self._read_both(x, y, reset, multi_output=True, y_numeric=True)
        self._flat = targets.ndim == 1
        return rows, np.asarray(targets, np.float32)

    def _refuse_text(self, method: str, y: Any) -> None:
        labels = np.asarray(y)
        numbers = labels.dtype.kind in "biufc"
        text = () if numbers else [one for one in labels.ravel() if isinstance(one, (str, bytes))]
        if text:
            where, given = f"{type(self).__name__}.{method}(y)", f"text such as {str(text[0])!r}"
            fix = "For classes take PellucidClassifier; of numbers as text make numbers first."
            report([Problem(where, given, "a number of each row", fix)], DataError)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags


def _width(targets: NumpyArray) -> int:
    return 1 if targets.ndim == 1 else targets.shape[1]
