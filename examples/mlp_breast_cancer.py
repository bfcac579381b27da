"""An MLP tells benign from malignant tumours by 30 measurements (scikit-learn's breast cancer)."""

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split

import pellucid
from pellucid import layers


def main(epochs: int = 100) -> float:
    """Train, report, and return the accuracy on rows that were not trained on."""
    x, y = load_breast_cancer(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x, y, stratify=y, random_state=0)

    scale = layers.Normalization()
    scale.adapt(x_train)
    model = pellucid.Sequential(
        [
            layers.Input((30,)),
            scale,
            layers.Dense(32, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    stop = pellucid.callbacks.EarlyStopping(patience=20, restore_best_weights=True)
    model.fit(x_train, y_train, epochs=epochs, validation_split=0.2, callbacks=[stop])
    return model.evaluate(x_test, y_test)[1]


if __name__ == "__main__":
    print(f"accuracy on the test rows: {main():.3f}")
