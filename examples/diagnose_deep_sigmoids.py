"""A deep network of sigmoids that does not learn, and what the diagnosis says of it."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

import pellucid
from pellucid import layers, optimizers
from pellucid.insight.findings import Diagnosis


def main(folder: Path = Path("."), epochs: int = 30) -> Diagnosis:
    """Train eight layers of sigmoids, print what went wrong, and leave model and rows."""
    x, y = load_breast_cancer(return_X_y=True)
    x = StandardScaler().fit_transform(x).astype("float32")
    hidden = [layers.Dense(16, activation="sigmoid") for _ in range(8)]
    model = pellucid.Sequential(
        [pellucid.Input((30,)), *hidden, layers.Dense(1, activation="sigmoid")], seed=0
    )
    model.compile(optimizers.SGD(0.1), loss="binary_crossentropy")
    model.fit(x, y, epochs=epochs, verbose=0)
    diagnosis = model.diagnose()
    print(diagnosis)
    model.save(folder / "sigmoids.pellucid")
    np.savez(folder / "sigmoids.npz", x=x, y=y)
    return diagnosis


if __name__ == "__main__":
    main()
