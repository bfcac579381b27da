"""What a network and four other models make of four patterns and of two columns of a table."""

import sys

from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

from pellucid import Sequential, callbacks, layers, optimizers, report
from pellucid.data import patterns


def main(folder: str = ".", epochs: int = 150) -> dict[str, float]:
    """Draw each problem, and the epochs of one; return the network's accuracies on new rows."""
    wine, kind = load_wine(return_X_y=True, as_frame=True)
    problems = {"xor": patterns.make_xor(400), "circles": patterns.make_circles(400)}
    problems |= {"moons": patterns.make_moons(400), "spirals": patterns.make_spirals(400)}
    problems["wine"] = wine[["alcohol", "flavanoids"]], kind
    scores = {}
    for name, (x, y) in problems.items():
        x, x_new, y, y_new = train_test_split(x, y, stratify=y, random_state=0)
        (scale := layers.Normalization()).adapt(x)
        hidden = [layers.Dense(24, activation="tanh") for _ in range(2)]
        model = Sequential([scale, *hidden, layers.Dense(len(set(y)), activation="softmax")])
        loss, rule = "sparse_categorical_crossentropy", optimizers.Adam(0.01)
        model.compile(rule, loss, metrics=["accuracy"])
        kept = callbacks.Snapshots(epochs=[0, 5, 20, 50, 100, epochs])
        model.fit(x, y, epochs=epochs, verbose=0, callbacks=[kept])
        beside = report.compare_boundaries(model, x, y, validation_data=(x_new, y_new))
        beside.savefig(f"{folder}/boundaries_{name}.png", dpi=90)
        scores[name] = model.evaluate(x_new, y_new, verbose=0)[1]
        if name == "spirals":
            sheet = report.boundary_history(model, kept, x, y)
            sheet.savefig(f"{folder}/boundary_epochs.png", dpi=90)
            report.boundary_animation(model, kept, x, y).save(f"{folder}/boundary_film.gif")
    return scores


if __name__ == "__main__":
    print(main(*sys.argv[1:2]))
