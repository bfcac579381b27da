"""Writes the golden file of the present format: `python tests/saving/make_golden.py`.

A golden file is made once, when its format version is new. After a release that can write
the version, the file stays as it is for ever, and every later release must read it.
"""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

import pellucid
from pellucid import layers, optimizers
from pellucid.saving import VERSION

FOLDER = Path(__file__).parent / "golden"


def make_model() -> tuple[Any, dict[str, Any]]:
    """Return a small trained model with something of every kind, and rows to predict."""
    numbers = pellucid.Input((3,), name="numbers")
    word = pellucid.Input((1,), dtype="string", name="word")
    lookup = layers.StringLookup(output_mode="one_hot", name="lookup")
    lookup.adapt(np.array([["red"], ["grün"], ["red"], ["blue"]]))
    scaled = layers.Normalization(name="scaled")
    rows = np.random.default_rng(7)
    x = rows.normal(3, 2, (24, 3)).astype("float32")
    scaled.adapt(x)
    joined = layers.Concatenate()([scaled(numbers), lookup(word)])
    hidden = layers.Dense(5, activation="relu", kernel_regularizer="l2", name="first layer")(joined)
    hidden = layers.Dropout(0.25)(layers.BatchNormalization()(hidden))
    inner = pellucid.Sequential(
        [pellucid.Input((5,)), layers.Dense(5, "tanh"), layers.LayerNormalization()], name="inner"
    )
    outputs = layers.Dense(3, activation="softmax", name="answer")(inner(inner(hidden)))
    model = pellucid.Model([numbers, word], outputs, name="golden", seed=1)
    schedule = optimizers.schedules.ExponentialDecay(1e-2, decay_steps=10, decay_rate=0.9)
    model.compile(
        optimizer=optimizers.Adam(schedule, clipnorm=1.0),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    words = np.array([["red"], ["grün"], ["blue"], ["pink"]] * 6)
    data = {"numbers": x, "word": words}
    model.fit(data, np.arange(24) % 3, epochs=3, batch_size=8, verbose=0)
    return model, {"numbers": x[:4], "word": words[:4]}


def main() -> None:
    """Write the model, and beside it what it must answer."""
    path = FOLDER / f"v{VERSION}.pellucid"
    if path.exists() and "--again" not in sys.argv:
        sys.exit(f"{path} exists and stays. Before its first release: --again.")
    model, rows = make_model()
    FOLDER.mkdir(exist_ok=True)
    model.save(path)
    answers = {
        "rows": {name: values.tolist() for name, values in rows.items()},
        "predictions": model.predict(rows, verbose=0).tolist(),
        "loss": model.history.history["loss"],
        "parameters": model.count_params(),
    }
    path.with_suffix(".json").write_text(
        json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
