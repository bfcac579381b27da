"""A CNN reads handwritten digits (scikit-learn's, 8 x 8 pixels) and shows where it looks."""

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

import pellucid
from pellucid import layers, report


def main(epochs: int = 30, folder: str = ".") -> float:
    """Train, draw, and return the accuracy on images that were not trained on."""
    x, y = load_digits(return_X_y=True)
    x = x.reshape(-1, 8, 8, 1) / 16
    x_train, x_test, y_train, y_test = train_test_split(x, y, stratify=y, random_state=0)

    model = pellucid.Sequential(
        [
            layers.Input((8, 8, 1)),
            layers.RandomTranslation(0.1, 0.1, fill_mode="constant"),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, epochs=epochs, validation_split=0.1)

    seen = report.saliency(x_test[0], model.saliency(x_test[0]), f"a {y_test[0]}, as it is seen")
    report.save_figure(seen, f"{folder}/digit.png")
    return model.evaluate(x_test, y_test)[1]


if __name__ == "__main__":
    print(f"accuracy on the test images: {main():.3f}")
