"""What a treatment costs: eight candidates, three seeds, beside single trainings of the same MLP.

Run in a fresh process, on a quiet machine: `PYTHONPATH=src python benchmarks/treatment.py`.
Every part runs in a process of its own with an empty folder of compiled programs, so that
compilation counts. Keras on TensorFlow takes part where it is installed: `--keras PYTHON`.
Beside the time on the clock stands that of all cores together, which other work disturbs less.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time

ROWS, COLUMNS, EPOCHS, BATCH = 10_000, 20, 20, 32


def data():
    """Return the table: two classes that an MLP can tell apart."""
    import numpy as np

    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, COLUMNS)).astype("float32")
    return x, (x[:, 0] + x[:, 1] * x[:, 2] > 0).astype("float32")


def layers_of(library):
    """Return the MLP's layers, by Keras's names."""
    layers = library.layers
    return [
        library.Input((COLUMNS,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(1, activation="sigmoid"),
    ]


def clocks():
    """Return the seconds on the clock, and those that all cores have worked for this process."""
    return time.perf_counter(), time.process_time()


def since(begun):
    """Return the seconds by both clocks."""
    return tuple(now - then for now, then in zip(clocks(), begun, strict=True))


def train(library):
    """Compile and fit the MLP once, and return it with the seconds that took."""
    x, y = data()
    begun = clocks()
    model = library.Sequential(layers_of(library))
    model.compile(library.optimizers.Adam(0.03), "binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=EPOCHS, batch_size=BATCH, validation_split=0.2, verbose=0)
    return model, since(begun)


def single():
    """Train once by Pellucid."""
    import pellucid

    print(*train(pellucid)[1])


def keras():
    """Train once by Keras on TensorFlow."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras as library

    print(*train(library)[1])


def treatment():
    """Treat the trained MLP: eight candidates, three seeds."""
    import pellucid
    from pellucid.insight import remedies

    model, _ = train(pellucid)
    begun = clocks()
    found = model.treat(
        remedies=[
            remedies.ScaleLearningRate(0.1),
            remedies.ScaleLearningRate(1 / 3),
            remedies.SetLearningRate(1e-3),
            remedies.ScaleInputs(),
            remedies.AddDropout(0.3),
            remedies.AddWeightDecay(1e-4),
            remedies.ClipGradients(1.0),
            remedies.DecayLearningRate(),
        ],
        seeds=3,
        pairs=False,
    )
    seconds = since(begun)
    print(found, file=sys.stderr)
    print(*seconds)


def seconds_of(part, python=sys.executable):
    """Return the seconds that a part takes in a fresh process that has compiled nothing."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PELLUCID_CACHE": folder}
        command = [python, __file__, "--part", part]
        ended = subprocess.run(
            command, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    clock, cores = map(float, ended.stdout.split()[-2:])
    return clock, cores


def main():
    """Print the seconds of each part, in turns."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--part", choices=("single", "treatment", "keras"))
    parser.add_argument("--keras", metavar="PYTHON")
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    if asked.part:
        return {"single": single, "treatment": treatment, "keras": keras}[asked.part]()
    for _ in range(asked.rounds):
        once, treated = seconds_of("single"), seconds_of("treatment")
        for name, one, whole in zip(("clock", "all cores"), once, treated, strict=True):
            told = f"single {one:.2f} s, treatment {whole:.2f} s"
            print(f"{name}: {told}: {whole / one:.2f} trainings", flush=True)
        if asked.keras:
            clock, cores = seconds_of("keras", asked.keras)
            print(f"Keras on TensorFlow {clock:.2f} s, all cores {cores:.2f} s", flush=True)


if __name__ == "__main__":
    main()
