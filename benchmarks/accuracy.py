"""Convolutional and recurrent networks on real images, series and sentences.

`python benchmarks/accuracy.py DATA [NAME ...]` trains the network of each task with seeds 0 to
4, split as the data's README advises, and writes docs/accuracy.md and
benchmarks/results/accuracy.json. Nothing is chosen by the test rows: epochs are fixed, or a part
of the training rows decides. Translation is scored by sacrebleu, which has to be installed
beside Pellucid for it.
"""

import datetime
import gzip
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import pellucid
import translation
from machine import description
from pellucid import layers

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "benchmarks" / "results" / "accuracy.json"
SEEDS = range(5)
CROSSENTROPY = "sparse_categorical_crossentropy"


@dataclass(frozen=True)
class Task:
    """One data set, how it is split, and the network that learns it.

    Args:
        title: Name in the table.
        split: What is trained on and what is tested.
        goal: Score to reach, or None.
        run: Returns the score for (folder, seed).
        form: How a score is written.
    """

    title: str
    split: str
    goal: float | None
    run: Callable[[Path, int], float]
    form: str = "{:.2%}"


def fit(model: Any, train: Any, test: Any, epochs: int, rate: float = 1e-3) -> float:
    """Train with Adam, the rate falling to zero along a cosine; return the test accuracy."""
    rows = len(train[0])
    steps = epochs * -(-rows // 32)
    schedule = pellucid.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(pellucid.optimizers.Adam(schedule), CROSSENTROPY, metrics=["accuracy"])
    model.fit(*train, epochs=epochs, batch_size=32, verbose=0)
    return float(model.evaluate(*test, verbose=0)[1])


def mnist(data: Path, seed: int) -> float:
    """Return the accuracy of a CNN on 2,000 of the 10,000 digits, the rest trained on."""
    folder = data / "mnist_t10k"
    with gzip.open(folder / "t10k-images-idx3-ubyte.gz") as file:
        x = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28, 1)
    with gzip.open(folder / "t10k-labels-idx1-ubyte.gz") as file:
        y = np.frombuffer(file.read(), np.uint8, offset=8).astype("int32")
    order = np.random.default_rng(seed).permutation(len(x))
    train, test = order[:8000], order[8000:]
    model = pellucid.Sequential(
        [
            layers.Input((28, 28, 1)),
            layers.Rescaling(1 / 255),
            layers.RandomTranslation(0.08, 0.08, fill_mode="constant"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.3),
            layers.Dense(10, activation="softmax"),
        ],
        seed=seed,
    )
    return fit(model, (x[train], y[train]), (x[test], y[test]), epochs=25)


def read_ts(path: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """Return sequences (steps, channels) and labels from 0 of a `.ts` file."""
    rows = [line for line in path.read_text().splitlines() if line and line[0] not in "#@"]
    parts = [row.split(":") for row in rows]
    x = [np.array([one.split(",") for one in channels], "float32").T for *channels, _ in parts]
    return x, np.array([int(label) - 1 for *_, label in parts])


def standardised(train: Any, test: Any) -> list[Any]:
    """Return (sequences, labels) twice, each channel by the training steps' mean and deviation."""
    steps = np.concatenate(train[0])
    mean, deviation = steps.mean(axis=0), steps.std(axis=0)
    return [([(one - mean) / deviation for one in x], y) for x, y in (train, test)]


def japanese_vowels(data: Path, seed: int) -> float:
    """Return the accuracy of a bidirectional GRU, split as published."""
    folder = data / "japanese_vowels"
    train = read_ts(folder / "JapaneseVowels_TRAIN.ts")
    test = read_ts(folder / "JapaneseVowels_TEST.ts")
    model = pellucid.Sequential(
        [
            layers.Input((None, 12)),
            layers.Masking(mask_value=-9.0),
            layers.GaussianNoise(0.5),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.3),
            layers.Bidirectional(layers.GRU(64, return_sequences=True)),
            layers.Dropout(0.5),
            layers.GlobalAveragePooling1D(),
            layers.Dense(9, activation="softmax"),
        ],
        seed=seed,
    )
    return fit(model, *standardised(train, test), epochs=60, rate=3e-3)


def read_arff(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return series (rows, steps, 1) and labels 0 or 1 of an ARFF file of labels -1 and 1."""
    text = path.read_text().lower().partition("@data")[2].split()
    table = np.array([row.split(",") for row in text], "float32")
    return table[:, :-1, None], (table[:, -1] > 0).astype("int32")


def ecg200(data: Path, seed: int) -> float:
    """Return the accuracy of a convolutional network on heartbeats, split as published."""
    train = read_arff(data / "ecg200" / "ECG200_TRAIN.arff")
    test = read_arff(data / "ecg200" / "ECG200_TEST.arff")
    blocks: list[Any] = []
    for filters, size in ((64, 8), (128, 5), (64, 3)):
        blocks += [
            layers.Conv1D(filters, size, padding="same", use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
        ]
    model = pellucid.Sequential(
        [
            layers.Input((96, 1)),
            *blocks,
            layers.GlobalAveragePooling1D(),
            layers.Dense(2, activation="softmax"),
        ],
        seed=seed,
    )
    return fit(model, train, test, epochs=150)


def read_movement(folder: Path) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Return sequences (steps, 4), labels 0 or 1, and the environment of each."""

    def table(name: str) -> np.ndarray:
        return np.loadtxt(folder / name, delimiter=",", comments="#", dtype="float32")

    target = table("dataset/MovementAAL_target.csv")
    groups = dict(table("groups/MovementAAL_DatasetGroup.csv").astype(int).tolist())
    x = [table(f"dataset/MovementAAL_RSS_{int(number)}.csv") for number, _ in target]
    environment = np.array([groups[int(number)] for number, _ in target])
    return x, (target[:, 1] > 0).astype("int32"), environment


def movement_model(seed: int) -> Any:
    """Return a recurrent network for signals of four anchors."""
    return pellucid.Sequential(
        [
            layers.Input((None, 4)),
            layers.Masking(mask_value=-9.0),
            layers.GaussianNoise(0.2),
            layers.LSTM(48),
            layers.Dropout(0.3),
            layers.Dense(2, activation="softmax"),
        ],
        seed=seed,
    )


def indoor_movement(data: Path, seed: int) -> float:
    """Return the accuracy on a random fifth of the movements, drawn by class."""
    from sklearn.model_selection import train_test_split

    x, y, _ = read_movement(data / "indoor_movement")
    rows = np.arange(len(y))
    train, test = train_test_split(rows, test_size=0.2, stratify=y, random_state=seed)
    split = standardised(*parts(x, y, train, test))
    return fit(movement_model(seed), *split, epochs=60, rate=3e-3)


def indoor_movement_by_environment(data: Path, seed: int) -> float:
    """Return the mean accuracy on one environment when trained on the other two."""
    x, y, environment = read_movement(data / "indoor_movement")
    scores = []
    for held_out in np.unique(environment):
        train, test = (
            np.flatnonzero(one) for one in (environment != held_out, environment == held_out)
        )
        split = standardised(*parts(x, y, train, test))
        scores.append(fit(movement_model(seed), *split, epochs=60, rate=3e-3))
    return float(np.mean(scores))


def parts(x: list[np.ndarray], y: np.ndarray, *rows: np.ndarray) -> list[Any]:
    """Return the given rows of sequences and labels, for each set of rows."""
    return [([x[row] for row in own], y[own]) for own in rows]


TASKS = {
    "mnist_t10k": Task("mnist_t10k: CNN", "8,000 / 2,000 at random", 0.985, mnist),
    "japanese_vowels": Task(
        "japanese_vowels: bidirectional GRU", "270 / 370 as published", 0.97, japanese_vowels
    ),
    "ecg200": Task("ecg200: Conv1D", "100 / 100 as published", 0.86, ecg200),
    "indoor_movement": Task(
        "indoor_movement: LSTM", "251 / 63 at random, by class", 0.90, indoor_movement
    ),
    "indoor_movement_by_environment": Task(
        "indoor_movement, an unseen environment",
        "two environments / the third, mean of three",
        None,
        indoor_movement_by_environment,
    ),
    "eng_fra": Task(
        "eng_fra: LSTM encoder and decoder with attention",
        "about 34,800 pairs / 2,000 unseen English sentences",
        None,
        translation.with_attention,
        "BLEU {:.1f}",
    ),
    "eng_fra_without_attention": Task(
        "eng_fra: the same without attention",
        "about 34,800 pairs / 2,000 unseen English sentences",
        None,
        translation.without_attention,
        "BLEU {:.1f}",
    ),
}


def measure(data: Path, name: str, seed: int) -> dict[str, Any]:
    """Return the score of one seed, and the seconds that it took."""
    begun = time.perf_counter()
    score = TASKS[name].run(data, seed)
    seconds = time.perf_counter() - begun
    print(name, seed, f"{score:.4f}", f"{seconds:.1f} s", flush=True)
    return {"score": score, "seconds": seconds}


def keep(name: str, runs: list[dict[str, Any]]) -> None:
    """Write what was found for one task, and the page, which another process may have changed."""
    kept = json.loads(STORE.read_text()) if STORE.exists() else {}
    kept[name] = {
        "scores": [run["score"] for run in runs],
        "seconds": [run["seconds"] for run in runs],
        "date": datetime.date.today().isoformat(),
    }
    ordered = {one: kept[one] for one in TASKS if one in kept}
    STORE.parent.mkdir(exist_ok=True)
    STORE.write_text(json.dumps(ordered, indent=1) + "\n")
    (ROOT / "docs" / "accuracy.md").write_text(page(ordered))


def page(results: dict[str, Any]) -> str:
    """Return the results as a page."""
    lines = [
        "# Real images, series and sentences",
        "",
        "Scores on test rows, mean ± standard deviation over seeds from 0 on: the share of right",
        "answers, for translations BLEU. The networks and their splits are in",
        "`benchmarks/accuracy.py`; nothing was chosen by the test rows.",
        "",
        "| data, network | trained / tested on | goal | score | lowest | seeds | s a run | date |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, rows in results.items():
        task, scores = TASKS[name], np.array(rows["scores"])
        goal = "–" if task.goal is None else f"{task.goal:.1%}"
        mean, lowest = task.form.format(scores.mean()), task.form.format(scores.min())
        if len(scores) > 1:
            mean += f" ± {task.form.format(scores.std(ddof=1)).removeprefix('BLEU ')}"
        lines.append(
            f"| {task.title} | {task.split} | {goal} | {mean} | {lowest} | {len(scores)} | "
            f"{np.mean(rows['seconds']):.0f} | {rows['date']} |"
        )
    found = description()
    lines += [
        "",
        f"Made by `python benchmarks/accuracy.py DATA`, {found['processor']}, {found['cores']} "
        f"cores, Python {found['python']}.",
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure the tasks named on the command line, or all, and write the page after each run."""
    data, names = Path(sys.argv[1]), sys.argv[2:] or [*TASKS]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for seed in SEEDS:
        for name in names:
            runs[name].append(measure(data, name, seed))
            keep(name, runs[name])


if __name__ == "__main__":
    main()
