"""The networks that estimators have unless they are given another: multilayer perceptrons."""

from collections.abc import Sequence
from typing import Any

from pellucid import optimizers
from pellucid.layers import Dense, Dropout, Input
from pellucid.models import Sequential
from pellucid.regularizers import L2


def classification_network(
    n_features: int,
    n_outputs: int,
    hidden_layer_sizes: Sequence[int] = (100,),
    activation: Any = "relu",
    dropout: float | None = None,
    l2: float | None = None,
    optimizer: Any = "adam",
    learning_rate: Any = None,
) -> Sequential:
    """Return a compiled network that gives probabilities of classes.

    Args:
        n_features: Columns of the rows.
        n_outputs: 1 for two classes, else the number of classes.
        hidden_layer_sizes: Units of each hidden layer.
        activation: Of the hidden layers: a name or an object.
        dropout: Share of each hidden layer's outputs that is dropped in training, from 0 to
            below 1; None for no such layers.
        l2: Strength of the penalty `l2 * sum(kernel ** 2)` of each layer; None for none.
        optimizer: A name or an object.
        learning_rate: Its learning rate, a number or a schedule; None for its own.

    Example:
        >>> from pellucid.estimators.networks import classification_network
        >>> classification_network(4, 3, (8,)).count_params()
        67
    """
    last, loss = (
        ("sigmoid", "binary_crossentropy")
        if n_outputs == 1
        else ("softmax", "sparse_categorical_crossentropy")
    )
    model = _perceptron(n_features, n_outputs, hidden_layer_sizes, activation, dropout, l2, last)
    model.compile(_rated(optimizer, learning_rate), loss)
    return model


def regression_network(
    n_features: int,
    n_outputs: int,
    hidden_layer_sizes: Sequence[int] = (100,),
    activation: Any = "relu",
    dropout: float | None = None,
    l2: float | None = None,
    optimizer: Any = "adam",
    learning_rate: Any = None,
) -> Sequential:
    """Return a compiled network that gives numbers, trained on the mean squared error.

    Args:
        n_features: Columns of the rows.
        n_outputs: Numbers for each row.
        hidden_layer_sizes: Units of each hidden layer.
        activation: Of the hidden layers: a name or an object.
        dropout: Share of each hidden layer's outputs that is dropped in training, from 0 to
            below 1; None for no such layers.
        l2: Strength of the penalty `l2 * sum(kernel ** 2)` of each layer; None for none.
        optimizer: A name or an object.
        learning_rate: Its learning rate, a number or a schedule; None for its own.

    Example:
        >>> from pellucid.estimators.networks import regression_network
        >>> regression_network(4, 1, (8,)).count_params()
        49
    """
    model = _perceptron(n_features, n_outputs, hidden_layer_sizes, activation, dropout, l2, None)
    model.compile(_rated(optimizer, learning_rate), "mse")
    return model


def _perceptron(
    n_features: int,
    n_outputs: int,
    widths: Sequence[int] | int,
    activation: Any,
    dropout: float | None,
    l2: float | None,
    last: str | None,
) -> Sequential:
    penalty = None if l2 is None else L2(l2)
    layers: list[Any] = [Input((n_features,))]
    for width in widths if isinstance(widths, Sequence) else [widths]:
        layers.append(Dense(width, activation, kernel_regularizer=penalty))
        if dropout is not None:
            layers.append(Dropout(dropout))
    layers.append(Dense(n_outputs, last, kernel_regularizer=penalty))
    return Sequential(layers)


def _rated(optimizer: Any, learning_rate: Any) -> Any:
    chosen = optimizers.get(optimizer)
    return chosen if learning_rate is None else chosen.replace(learning_rate=learning_rate)
