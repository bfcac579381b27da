"""Prices of houses in Boston from thirteen columns, beside linear regression."""

import sys
from pathlib import Path

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

import pellucid
from pellucid import callbacks, layers
from pellucid.data.table import read_table


def rmse(actual: np.ndarray, predicted: np.ndarray) -> float:
    """Return the root of the mean squared error."""
    return float(np.sqrt(np.mean((actual - predicted.reshape(-1)) ** 2)))


def main(
    path: str | Path, picture: str | Path = "house_price.png", epochs: int = 300
) -> dict[str, float]:
    """Train, look for faults, draw, and return the errors in thousands of dollars on new houses.

    Args:
        path: CSV without a header, the price in the last column.
        picture: File for the curves.
        epochs: Most epochs.
    """
    table = read_table(path, header=False)
    rows = np.stack([column.values for column in table], axis=1).astype("float32")
    x, x_new, y, y_new = train_test_split(rows[:, :-1], rows[:, -1], random_state=0)

    scale = layers.Normalization()
    scale.adapt(x)
    hidden = [layers.Dense(units, "relu", kernel_regularizer="l2") for units in (64, 32)]
    model = pellucid.Sequential([layers.Input((13,)), scale, *hidden, layers.Dense(1)], seed=0)
    model.compile(pellucid.optimizers.Adam(3e-3), "mse")
    stop = callbacks.EarlyStopping(patience=40, restore_best_weights=True)
    history = model.fit(x, y, epochs=epochs, validation_split=0.15, verbose=0, callbacks=[stop])
    print(model.diagnose())
    history.plot(picture)

    line = LinearRegression().fit(x, y)
    return {
        "network": rmse(y_new, model.predict(x_new, verbose=0)),
        "linear regression": rmse(y_new, line.predict(x_new)),
        "mean": rmse(y_new, np.full(len(y_new), y.mean())),
    }


if __name__ == "__main__":
    print(main(*sys.argv[1:2]))
