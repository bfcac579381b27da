"""The classic network, two inputs and two hidden units, walked through one step of learning."""

from pathlib import Path

import pellucid
from pellucid import layers, losses, optimizers


def main(folder: Path = Path(".")) -> pellucid.insight.Walkthrough:
    """Print the six stages of learning, and write them as a page and as LaTeX."""
    model = pellucid.Sequential(
        [
            layers.Input((2,)),
            layers.Dense(2, activation="sigmoid", name="hidden"),
            layers.Dense(1, name="output"),
        ]
    )
    model.set_weights([[[0.15, 0.25], [0.2, 0.3]], [0.35, 0.35], [[0.4], [-0.45]], [0.6]])
    # Huber's loss is the e^2 / 2 of textbooks while |e| is at most delta; Keras's "mse" is e^2.
    model.compile(optimizers.SGD(0.5), loss=losses.Huber(delta=10.0))
    walk = model.walkthrough(x=[0.05, 0.1], y=[0.9])
    print(walk)
    walk.save(folder / "walkthrough.html")
    walk.save(folder / "walkthrough.tex")
    return walk


if __name__ == "__main__":
    main()
