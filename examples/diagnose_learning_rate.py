"""A learning rate far too high, told before, while and after the network trains."""

from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

import pellucid
from pellucid import layers, optimizers
from pellucid.insight.findings import Diagnosis


def main(rate: float = 10.0, epochs: int = 30) -> Diagnosis:
    """Train at a rate, print what is wrong as soon as it is sure, and return all findings."""
    x, y = load_breast_cancer(return_X_y=True)
    x = StandardScaler().fit_transform(x).astype("float32")
    model = pellucid.Sequential(
        [
            pellucid.Input((30,)),
            layers.Dense(16, activation="relu"),
            layers.Dense(16, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ],
        seed=0,
    )
    model.compile(optimizers.Adam(rate), loss="binary_crossentropy")
    history = model.fit(x, y, epochs=epochs, verbose=0, diagnose=True)
    return history.diagnosis


if __name__ == "__main__":
    main()
