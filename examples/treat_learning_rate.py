"""A run that does not learn, treated: each remedy is trained beside it, and the cure is shown."""

import numpy as np

import pellucid
from pellucid import layers, optimizers
from pellucid.insight import remedies


def main(epochs: int = 30) -> pellucid.models.Treatment:
    """Train with a learning rate far too high, and let four remedies compete."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 4))
    y = (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype(int)
    model = pellucid.Sequential(
        [layers.Input((4,)), layers.Dense(16, activation="relu"), layers.Dense(1, "sigmoid")]
    )
    model.compile(optimizers.Adam(3.0), loss="binary_crossentropy")
    model.fit(x, y, epochs=epochs, validation_split=0.25, verbose=0)
    treatment = model.treat(
        remedies=[
            remedies.ScaleLearningRate(0.01),
            remedies.ScaleInputs(),
            remedies.AddDropout(0.3),
            remedies.Widen(4),
        ]
    )
    print(treatment)
    return treatment


if __name__ == "__main__":
    main()
