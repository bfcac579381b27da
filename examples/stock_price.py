"""A network tells tomorrow's price of a stock from the changes of 20 days, beside today's price."""

import sys

import numpy as np

import pellucid
from pellucid import layers
from pellucid.data.table import read_table

WINDOW = 20


def main(path: str, picture: str = "stock_price.png", epochs: int = 50) -> dict[str, float]:
    """Train, report, and return mean absolute errors on the newest fifth, in dollars."""
    prices = read_table(path)["Adj Close"].values
    changes = np.diff(np.log(prices))
    series = pellucid.utils.timeseries_dataset_from_array(changes, changes[WINDOW:], WINDOW)
    x, y = series.arrays()
    train, test = int(0.64 * len(y)), int(0.8 * len(y))

    scale = layers.Normalization(axis=None)
    scale.adapt(x[:train])
    hidden, tell = layers.Dense(16, "relu"), layers.Dense(1, kernel_initializer="zeros")
    model = pellucid.Sequential([layers.Input((WINDOW,)), scale, hidden, tell])
    model.compile("adam", "mae")
    stop = pellucid.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    held = x[train:test], y[train:test]
    history = model.fit(x[:train], y[:train], validation_data=held, epochs=epochs, callbacks=[stop])
    history.plot(picture)

    today, tomorrow = prices[WINDOW + test : -1], prices[WINDOW + test + 1 :]
    told = today * np.exp(model.predict(x[test:], verbose=0)[:, 0])
    return {"network": np.abs(told - tomorrow).mean(), "today": np.abs(today - tomorrow).mean()}


if __name__ == "__main__":
    print({name: round(float(error), 4) for name, error in main(*sys.argv[1:2]).items()})
