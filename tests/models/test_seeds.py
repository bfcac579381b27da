"""The seeds of a script's models: one after the other, and the same in every run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

import pellucid
from pellucid import layers

SOURCE = Path(pellucid.__file__).parents[1]

SCRIPT = """
import json, sys, tempfile, pathlib
import numpy as np
import pellucid
from pellucid import layers

def tower(**options):
    return pellucid.Sequential([pellucid.Input((3,)), layers.Dense(2, "tanh")], **options)

def kernel(model):
    return np.asarray(model.get_weights()[0]).tolist()

left, right = tower(), tower()
x = pellucid.Input((3,))
joined = layers.Dense(1)(layers.Concatenate()([left(x), right(x)]))
model = pellucid.Model(x, joined)
drawn = [kernel(left), kernel(right)]
model.compile(optimizer="adam", loss="mse")
rows = np.linspace(-1, 1, 24, dtype="float32").reshape(8, 3)
history = model.fit(rows, rows[:, :1] ** 2, epochs=3, batch_size=3, verbose=0).history
trained = [kernel(left), kernel(right)]
path = pathlib.Path(tempfile.mkdtemp()) / "model.pellucid"
model.save(path)
members = [tower(), pellucid.models.clone_model(left)]
again = pellucid.load_model(path)
_ = [one.layers for one in again.layers if hasattr(one, "layers")]
members.append(tower())
pellucid.utils.set_random_seed(0)
anew = [tower(), tower()]
json.dump(
    {
        "drawn": drawn,
        "trained": trained,
        "loss": history["loss"],
        "members": [kernel(one) for one in members],
        "anew": [kernel(one) for one in anew],
        "given": [kernel(tower(seed=7)) for _ in range(2)],
        "seeds": [left.seed, right.seed, model.seed, again.seed, *(one.seed for one in members)],
    },
    sys.stdout,
)
"""


def run():
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "JAX_PLATFORMS": "cpu"}
    call = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(call, capture_output=True, text=True, env=environment)
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


def test_towers_differ_and_the_script_run_again_gives_the_same():
    found = run()
    assert found == run()
    for pair in (found["drawn"], found["trained"]):
        assert not np.isclose(*pair).any()
    left, right = found["drawn"]
    members = [left, right, *found["members"]]
    assert len({json.dumps(one) for one in members}) == len(members)
    assert found["anew"] == found["drawn"]
    assert found["given"][0] == found["given"][1]
    # Numbers by NumPy's own hash: the first model has the seed, a loaded one that of its file,
    # and what is only looked at again takes none.
    series = [int(np.random.SeedSequence([0, n]).generate_state(1)[0]) for n in range(1, 6)]
    assert found["seeds"] == [0, *series[:2], series[1], *series[2:]]


def test_models_with_the_same_seed_begin_alike():
    def weights(**options):
        entry = pellucid.Input((3,))
        return pellucid.Model(entry, layers.Dense(2)(entry), **options).get_weights()[0]

    np.testing.assert_array_equal(weights(seed=0), weights())
    np.testing.assert_array_equal(weights(seed=5), weights(seed=5))
    assert not np.isclose(weights(seed=5), weights(seed=6)).any()
