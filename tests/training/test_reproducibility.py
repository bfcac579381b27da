"""Chunks, logging, callbacks and interruptions change nothing."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

import pellucid
from pellucid import callbacks, layers, optimizers
from pellucid.training import trainer as trainers
from pellucid.training.presets import Economy, Full


def rows(count=203):
    generator = np.random.default_rng(0)
    x = generator.normal(size=(count, 5)).astype("float32")
    return x, (x[:, :1] * x[:, 1:2] > 0).astype("float32")


def make(seed=0):
    model = pellucid.Sequential(
        [
            pellucid.Input((5,)),
            layers.Dense(16, activation="relu"),
            layers.Dropout(0.2),
            layers.BatchNormalization(),
            layers.Dense(1, activation="sigmoid"),
        ],
        seed=seed,
    )
    model.compile(optimizer=optimizers.Adam(0.01), loss="binary_crossentropy")
    return model


def same(one, other):
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


@pytest.fixture(scope="module")
def reference():
    model = make()
    model.fit(*rows(), epochs=10, verbose=0)
    return model


def test_ten_epochs_equal_four_and_six(reference):
    model = make()
    model.fit(*rows(), epochs=4, verbose=0)
    model.fit(*rows(), epochs=6, verbose=0)
    assert same(model, reference)


def test_initial_epoch_only_counts_differently(reference):
    model = make()
    model.fit(*rows(), epochs=4, verbose=0)
    history = model.fit(*rows(), epochs=10, initial_epoch=4, verbose=0)
    assert history.epoch == list(range(4, 10))
    assert same(model, reference)


@pytest.mark.parametrize("steps", [1, 5, 7, 1000])
def test_the_size_of_chunks_changes_nothing(reference, monkeypatch, steps):
    monkeypatch.setattr(trainers.Pace, "steps", lambda self: steps)
    model = make()
    model.fit(*rows(), epochs=10, verbose=0)
    assert same(model, reference)


def test_callbacks_and_logging_change_nothing(reference, capsys):
    class Batches(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            pass

    for options in ({"verbose": 2}, {"verbose": 0, "callbacks": [Batches()]}):
        model = make()
        model.fit(*rows(), epochs=10, **options)
        assert same(model, reference)
    assert "epoch" in capsys.readouterr().out


@pytest.mark.parametrize("probe", [Economy(every=9), Full(every=9)])
def test_a_probe_changes_nothing(reference, probe):
    model = make()
    history = model.fit(*rows(), epochs=10, verbose=0, probe=probe)
    assert same(model, reference)
    assert history.probes.steps == [0, 9, 18, 27, 36, 45, 54, 63]
    assert history.probes.epochs == [step // 7 for step in history.probes.steps]


def test_the_size_of_chunks_changes_no_reading(monkeypatch):
    tables = []
    for steps in (4, 1000):
        monkeypatch.setattr(trainers.Pace, "steps", lambda self, steps=steps: steps)
        tables.append(make().fit(*rows(), epochs=3, verbose=0, probe="economy").probes)
    assert tables[0].steps == tables[1].steps == [*range(16), 16, 18, 20]
    np.testing.assert_array_equal(tables[0].values, tables[1].values)


def test_another_seed_is_another_run(reference):
    model = make(seed=1)
    model.fit(*rows(), epochs=10, verbose=0)
    assert not same(model, reference)


def test_batches_from_a_generator_equal_unshuffled_rows():
    x, y = rows()

    class Batches:
        def __len__(self):
            return 7

        def __getitem__(self, index):
            return x[index * 32 : index * 32 + 32], y[index * 32 : index * 32 + 32]

    streamed, whole = make(), make()
    told = streamed.fit(Batches(), epochs=3, verbose=0).history
    expected = whole.fit(x, y, epochs=3, shuffle=False, verbose=0).history
    # Two programs of the same arithmetic, compiled separately: equal up to the last bits.
    np.testing.assert_allclose(told["loss"], expected["loss"], rtol=1e-5)
    for one, other in zip(streamed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_saved_and_loaded_goes_on_as_if_never_stopped(reference, tmp_path):
    model = make()
    model.fit(*rows(), epochs=4, verbose=0)
    model.save(tmp_path / "model.pellucid")
    loaded = pellucid.load_model(tmp_path / "model.pellucid")
    loaded.fit(*rows(), epochs=6, verbose=0)
    assert same(loaded, reference)


SCRIPT = """
import sys, time
import numpy as np
sys.path.insert(0, {tests!r})
from test_reproducibility import make, rows
from pellucid import callbacks
model = make()
class Slow(callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        print("epoch", epoch, flush=True)
        time.sleep({pause})
backup = callbacks.BackupAndRestore({folder!r}, save_freq={frequency!r})
model.fit(*rows(), epochs=10, verbose=0, callbacks=[backup, Slow()])
np.savez({result!r}, *model.get_weights())
print("done", flush=True)
"""


def start(tmp_path, frequency, pause, stderr=None):
    script = SCRIPT.format(
        tests=os.path.dirname(os.path.abspath(__file__)),
        folder=str(tmp_path / "backup"),
        frequency=frequency,
        result=str(tmp_path / "weights.npz"),
        pause=pause,
    )
    return subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=stderr, text=True
    )


@pytest.mark.parametrize(("frequency", "epochs"), [("epoch", 3), (3, 5)])
def test_a_killed_run_resumes_bit_for_bit(reference, tmp_path, frequency, epochs):
    process = start(tmp_path, frequency, 0.05)
    seen = 0
    for line in process.stdout:
        seen += line.startswith("epoch")
        if seen == epochs:
            process.kill()
            break
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert (tmp_path / "backup" / "checkpoint.pellucid").exists()
    process = start(tmp_path, frequency, 0.0)
    told = process.communicate()[0]
    # It did not begin anew.
    assert "epoch 0" not in told.split("\n")
    assert "done" in told
    with np.load(tmp_path / "weights.npz") as found:
        arrays = [found[name] for name in found.files]
    expected = reference.get_weights()
    assert all(np.array_equal(a, b) for a, b in zip(arrays, expected, strict=True))
    assert not (tmp_path / "backup" / "checkpoint.pellucid").exists()


def test_a_checkpoint_of_another_run_is_refused(tmp_path):
    model = make()

    class Stop(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise RuntimeError("killed")

    backup = callbacks.BackupAndRestore(tmp_path)
    with pytest.raises(RuntimeError, match="killed"):
        model.fit(*rows(), epochs=4, verbose=0, callbacks=[backup, Stop()])
    with pytest.raises(
        pellucid.PellucidError,
        match=r"got the checkpoint of another run \(rows 203 there, 150 here\), expected one of",
    ):
        make().fit(*rows(150), epochs=4, verbose=0, callbacks=[backup])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 128 + 15)])
def test_a_signal_ends_the_run_at_the_end_of_a_chunk(tmp_path, number, code):
    process = start(tmp_path, "epoch", 0.2, subprocess.PIPE)
    for line in process.stdout:
        if line.startswith("epoch 2"):
            time.sleep(0.02)
            process.send_signal(number)
            break
    told, warned = process.communicate(timeout=60)
    assert process.returncode == code
    assert "interrupted; everything so far is kept" in warned
    assert ("done" in told) == (number == signal.SIGINT)
    assert (tmp_path / "backup" / "checkpoint.pellucid").exists()
