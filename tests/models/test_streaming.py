"""Training, scoring and predicting on rows that are read a window at a time."""

import gc
import os
import signal
import subprocess
import sys
import threading
import time
import weakref

import numpy as np
import pytest

import pellucid
from pellucid import callbacks, layers
from pellucid.data import prefetch
from pellucid.data.dataset import Dataset
from pellucid.errors import ArgumentError, DataError, PellucidWarning, ShapeError
from pellucid.models import streaming
from pellucid.models.fitting import INTERRUPTED
from pellucid.utils import dataset_from_chunks

SIZES = [50, 33, 0, 70, 50]
STARTS = np.cumsum([0, *SIZES])
RNG = np.random.default_rng(0)
X = RNG.normal(size=(203, 5)).astype("float32")
Y = (X[:, :1] * X[:, 1:2] > 0).astype("float32")


def chunk(number):
    part = slice(STARTS[number], STARTS[number + 1])
    return X[part].copy(), Y[part].copy()


def chunks(load=chunk, **options):
    return dataset_from_chunks(load, SIZES, **{"buffer_size": 64, "shuffle": False, **options})


def by_number(**options):
    return Dataset(lambda numbers: (X[numbers], Y[numbers]), 203, **options)


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
    model.compile(pellucid.optimizers.Adam(0.01), "binary_crossentropy", metrics=["accuracy"])
    return model


def same(one, other):
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


@pytest.fixture(scope="module")
def reference():
    """Three epochs over the rows in memory, as they lie."""
    model = make()
    model.fit(X, Y, epochs=3, shuffle=False, verbose=0)
    return model


@pytest.fixture(params=["kept", "read"])
def kept_or_read(request, monkeypatch):
    """Rows that are kept in memory after they were read, and rows that are read in each epoch."""
    if request.param == "read":
        monkeypatch.setattr(streaming, "KEPT_BYTES", 0)


@pytest.mark.usefixtures("kept_or_read")
@pytest.mark.parametrize("parallel", [None, False, True])
def test_streamed_rows_train_bit_for_bit_as_those_in_memory(reference, monkeypatch, parallel):
    # Windows of two batches, which are read in parts that fit neither batches nor windows.
    monkeypatch.setattr(streaming, "WINDOW_BYTES", 64 * 24)
    monkeypatch.setattr(streaming, "READ_BYTES", 11 * 24)
    dataset = chunks() if parallel is None else by_number(parallel=parallel)
    model = make()
    history = model.fit(dataset, epochs=3, verbose=0)
    assert same(model, reference)
    assert history.history == reference.history.history
    assert history.params["steps"] == 7


@pytest.mark.usefixtures("kept_or_read")
@pytest.mark.parametrize("made", [chunks, by_number])
def test_each_epoch_has_the_order_that_the_dataset_says(made):
    dataset, streamed, whole = made(shuffle=True, seed=5), make(), make()
    streamed.fit(dataset, epochs=3, verbose=0)
    for epoch in range(3):
        order = dataset.order_of(epoch)
        whole.fit(X[order], Y[order], epochs=1, shuffle=False, verbose=0)
    assert same(streamed, whole)


def test_one_fit_after_the_other_is_one_fit():
    once, twice = make(), make()
    once.fit(chunks(shuffle=True), epochs=3, verbose=0)
    dataset = chunks(shuffle=True)
    twice.fit(dataset, epochs=1, verbose=0)
    # What one does by hand in between changes nothing.
    list(dataset)
    twice.evaluate(dataset, verbose=0)
    twice.fit(dataset, epochs=2, verbose=0)
    assert same(once, twice)


def test_other_epochs_than_those_of_the_dataset_go_through_it_again_and_again():
    ends = []
    for epochs, steps in ((2, None), (7, 2)):
        model = pellucid.Sequential([pellucid.Input((5,)), layers.Dense(1)], seed=0)
        model.compile(pellucid.optimizers.SGD(0.01), "mse")
        model.fit(chunks(shuffle=True), epochs=epochs, steps_per_epoch=steps, verbose=0)
        assert len(model.history.epoch) == epochs
        ends.append(model)
    assert same(*ends)


@pytest.mark.parametrize("held_out", ["array", "small", "streamed"])
def test_validation_rows_may_be_streamed_and_policies_see_their_score(monkeypatch, held_out):
    def fitted(**data):
        model = make()
        stop = callbacks.EarlyStopping(patience=2, restore_best_weights=True)
        model.fit(chunks(), epochs=30, verbose=0, callbacks=[stop], **data)
        return model

    expected = fitted(validation_data=(X[:90] + 1, Y[:90]))
    if held_out == "streamed":
        monkeypatch.setattr(streaming, "KEPT_BYTES", 0)
        monkeypatch.setattr(streaming, "WINDOW_BYTES", 64 * 24)
    rows = Dataset(lambda numbers: (X[numbers] + 1, Y[numbers]), 90, shuffle=True)
    given = (X[:90] + 1, Y[:90]) if held_out == "array" else rows
    model = fitted(validation_data=given, validation_batch_size=32)
    told, known = model.history.history, expected.history.history
    assert len(told["val_loss"]) == len(known["val_loss"]) < 30
    np.testing.assert_allclose(told["val_loss"], known["val_loss"], rtol=1e-5)
    np.testing.assert_allclose(told["val_accuracy"], known["val_accuracy"], rtol=1e-6)
    assert same(model, expected)


def test_evaluate_and_predict_take_the_rows_in_their_own_order(reference, monkeypatch):
    monkeypatch.setattr(streaming, "WINDOW_BYTES", 64 * 24)
    expected = reference.evaluate(X, Y, verbose=0)
    for dataset in (chunks(shuffle=True), by_number(shuffle=True, parallel=True)):
        np.testing.assert_allclose(reference.evaluate(dataset, verbose=0), expected, rtol=1e-5)
        np.testing.assert_allclose(reference.predict(dataset), reference.predict(X), rtol=1e-5)
        some = reference.evaluate(dataset, steps=2, verbose=0)
        np.testing.assert_allclose(some, reference.evaluate(X[:64], Y[:64], verbose=0), rtol=1e-5)
        np.testing.assert_allclose(
            reference.predict(dataset, steps=2), reference.predict(X[:64]), rtol=1e-5
        )


def test_rows_of_other_lengths_are_scored_batch_by_batch():
    rows = [RNG.normal(size=(3, length, 2)).astype("float32") for length in (4, 6)]
    labels = np.arange(6, dtype="float32")[:, None]

    def load(numbers):
        # As sounds in folders: as long as the longest of those that are read.
        steps = 6 if numbers.max() >= 3 else 4
        x = np.concatenate([np.pad(rows[0], ((0, 0), (0, 2), (0, 0))), rows[1]])
        return x[numbers, :steps], labels[numbers]

    model = pellucid.Sequential(
        [pellucid.Input((None, 2)), layers.GlobalAveragePooling1D(), layers.Dense(1)], seed=0
    )
    model.compile("sgd", "mse")
    dataset = Dataset(load, 6, batch_size=3)
    each = [
        model.evaluate(one, labels[at : at + 3], verbose=0)
        for one, at in zip(rows, (0, 3), strict=True)
    ]
    np.testing.assert_allclose(model.evaluate(dataset, verbose=0), np.mean(each), rtol=1e-5)
    said = np.concatenate([model.predict(one) for one in rows])
    np.testing.assert_allclose(model.predict(dataset), said, rtol=1e-5)
    with pytest.raises(ShapeError, match=r"as in the first rows\. Pad or cut them to one form"):
        model.fit(dataset, epochs=1, verbose=0)


def test_a_run_on_a_dataset_can_be_looked_into():
    history = make().fit(chunks(), epochs=2, verbose=0, diagnose=True)
    assert history.diagnosis is not None
    assert make().check(chunks()) is not None


def test_callbacks_of_batches_and_readings_are_those_of_rows_in_memory():
    class Batches(callbacks.Callback):
        def __init__(self):
            super().__init__()
            self.seen = []

        def on_train_batch_end(self, batch, logs=None):
            self.seen.append((batch, float(logs["loss"])))

    seen = []
    for data in ((chunks(),), (X, Y)):
        model, counted = make(), Batches()
        shuffle = {} if len(data) == 1 else {"shuffle": False}
        model.fit(*data, epochs=2, verbose=0, callbacks=[counted], probe="economy", **shuffle)
        seen.append((counted.seen, model.history.probes.steps))
    assert seen[0] == seen[1]
    assert [batch for batch, _ in seen[0][0]] == [*range(7), *range(7)]


class Batches:
    """A sequence of batches, as Keras scripts write them."""

    def __len__(self):
        return 7

    def __getitem__(self, index):
        return X[index * 32 : index * 32 + 32], Y[index * 32 : index * 32 + 32]


def shuffled():
    return chunks(shuffle=True)


@pytest.mark.parametrize("rows", [shuffled, by_number, Batches])
def test_a_run_that_broke_off_within_an_epoch_goes_on_there(tmp_path, rows):
    class Break(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 1:
                raise RuntimeError("broke off")

    whole = make()
    whole.fit(rows(), epochs=4, verbose=0)
    # Steps are kept at 5 and 10; the run breaks off at 14, and goes on from 10 of 28.
    backup = callbacks.BackupAndRestore(tmp_path, save_freq=5)
    with pytest.raises(RuntimeError, match="broke off"):
        make().fit(rows(), epochs=4, verbose=0, callbacks=[backup, Break()])
    model = make()
    model.fit(rows(), epochs=4, verbose=0, callbacks=[backup])
    assert same(model, whole)
    assert model.history.epoch == [0, 1, 2, 3]


def test_windows_and_chunks_that_exist_at_once_are_few(monkeypatch):
    monkeypatch.setattr(streaming, "KEPT_BYTES", 0)
    alive, most = set(), []

    def load(number):
        x, y = np.full((32, 5), number, "float64"), np.zeros((32, 1))
        alive.add(number)
        weakref.finalize(x, alive.discard, number)
        most.append(len(alive))
        return x, y

    windows = []
    own = streaming.Window

    def counted(*parts):
        made = own(*parts)
        windows.append(weakref.ref(made))
        most_windows.append(sum(one() is not None for one in windows))
        return made

    most_windows = []
    monkeypatch.setattr("pellucid.training.windows.Window", counted)
    dataset = dataset_from_chunks(load, [32] * 40, buffer_size=96, shuffle=True)
    gc.collect()
    make().fit(dataset, epochs=2, verbose=0)
    assert len(windows) == 2 * 14
    assert max(most_windows) <= 2
    assert max(most) <= 3


def broken(number):
    if number == 3:
        raise ValueError("no answer from the data base")
    return chunk(number)


def test_what_the_loader_raises_is_raised_by_fit_with_a_note():
    model, before = make(), make().get_weights()
    with pytest.raises(ValueError, match="no answer from the data base") as told:
        model.fit(chunks(broken), epochs=1, verbose=0)
    assert told.value.__notes__ == ["pellucid: this happened while reading chunk 3."]
    # The first window was trained on, and the model keeps it.
    assert not np.array_equal(model.get_weights()[0], before[0])
    assert not [one for one in threading.enumerate() if one.name.startswith("pellucid")]
    for use in (model.predict, lambda rows: model.evaluate(rows, verbose=0)):
        with pytest.raises(ValueError, match="no answer from the data base"):
            use(chunks(broken))


def changed(number, change):
    def load(asked):
        x, y = chunk(asked)
        return change(x, y) if asked == number else (x, y)

    return chunks(load)


def hole(x, y):
    x[1, 2] = np.nan
    return x, y


MESSAGES = {
    "a hole": (
        lambda: changed(3, hole),
        DataError,
        "chunk 3: x: got nan in row 1, column 2, expected finite numbers. Fill the holes (for "
        "example with the column's median) or drop those rows.",
    ),
    "fewer rows": (
        lambda: changed(3, lambda x, y: (x[1:], y[1:])),
        ShapeError,
        "chunk 3: got 69 rows, expected 70, as the dataset says.",
    ),
    "another form": (
        lambda: changed(3, lambda x, y: (x, y[:, 0])),
        ShapeError,
        "chunk 3: got inputs (5,) float32; labels () float32, expected inputs (5,) float32; labels "
        "(1,) float32, as in the first rows. Pad or cut them to one form.",
    ),
    "no labels": (
        lambda: chunks(lambda number: chunk(number)[0]),
        ArgumentError,
        "chunk 0: got no labels, expected (x, y) or (x, y, sample_weight).",
    ),
    "single rows": (
        lambda: chunks(batch_size=None),
        ArgumentError,
        "fit(x=dataset): got single rows (batch_size=None), expected batches of rows. Make it with "
        "batch_size=32.",
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages(name):
    rows, kind, message = MESSAGES[name]
    with pytest.raises(kind) as told:
        make().fit(rows(), epochs=2, verbose=0)
    assert str(told.value) == message


def test_labels_beside_a_dataset_are_refused():
    with pytest.raises(ArgumentError, match=r"fit\(x=dataset\): got y beside it"):
        make().fit(chunks(), Y, epochs=1)
    with pytest.raises(ArgumentError, match=r"evaluate\(x=dataset\): got y beside it"):
        make().evaluate(chunks(), Y)


def test_another_batch_size_than_that_of_the_dataset_is_told():
    told = "got 8 beside a dataset, expected None: it makes batches of 32 itself"
    with pytest.warns(PellucidWarning, match=told):
        make().fit(chunks(), batch_size=8, epochs=1, verbose=0)


def test_a_checkpoint_of_other_rows_is_refused(tmp_path):
    class Break(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise RuntimeError("broke off")

    backup = callbacks.BackupAndRestore(tmp_path, save_freq=2)
    with pytest.raises(RuntimeError, match="broke off"):
        make().fit(chunks(), epochs=2, verbose=0, callbacks=[backup, Break()])
    fewer = dataset_from_chunks(chunk, SIZES[:4], shuffle=False)
    with pytest.raises(pellucid.PellucidError, match="rows 203 there, 153 here"):
        make().fit(fewer, epochs=2, verbose=0, callbacks=[backup])


def test_ctrl_c_ends_a_run_whose_next_rows_do_not_come(monkeypatch):
    monkeypatch.setattr(prefetch, "CLOSE_SECONDS", 0.05)
    go_on = threading.Event()

    def stuck(number):
        if number == 3:
            time.sleep(0.2)
            os.kill(os.getpid(), signal.SIGINT)
            go_on.wait(30)
        return chunk(number)

    model = make()
    with pytest.warns(PellucidWarning, match=INTERRUPTED):
        history = model.fit(chunks(stuck), epochs=1, verbose=0)
    go_on.set()
    assert history.stopped == INTERRUPTED
    assert history.history == {}
    model.fit(chunks(), epochs=1, verbose=0)


def test_a_second_ctrl_c_ends_a_run_at_once():
    class Impatient(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            for _ in range(2):
                os.kill(os.getpid(), signal.SIGINT)
                time.sleep(0.05)

    with pytest.raises(KeyboardInterrupt):
        make().fit(chunks(), epochs=1, verbose=0, callbacks=[Impatient()])
    assert not [one for one in threading.enumerate() if one.name.startswith("pellucid")]


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
import numpy as np
from pellucid import callbacks
from test_streaming import chunk, chunks, make
pause = {pause!r}
def load(number):
    import time
    print("chunk", number, flush=True)
    time.sleep(pause)
    return chunk(number)
model = make()
backup = callbacks.BackupAndRestore({folder!r}, save_freq=2)
from pellucid.models import streaming
streaming.KEPT_BYTES = 0
model.fit(chunks(load, shuffle=True), epochs=4, verbose=0, callbacks=[backup])
np.savez({result!r}, *model.get_weights())
"""


def start(tmp_path, pause):
    script = SCRIPT.format(
        tests=os.path.dirname(os.path.abspath(__file__)),
        folder=str(tmp_path / "backup"),
        result=str(tmp_path / "weights.npz"),
        pause=pause,
    )
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_killed_run_goes_on_bit_for_bit(tmp_path):
    process = start(tmp_path, 0.2)
    # The reader is in the third epoch; the chunk of four that it reads is in the middle.
    for seen, _ in enumerate(process.stdout):
        if seen == 11:
            process.kill()
            break
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    assert (tmp_path / "backup" / "checkpoint.pellucid").exists()
    process = start(tmp_path, 0.0)
    told = process.communicate()[0].split("\n")
    assert process.returncode == 0
    # It did not begin anew: four epochs read seventeen chunks, the first of all to look at it.
    assert len(told) < 15
    whole = make()
    whole.fit(chunks(shuffle=True), epochs=4, verbose=0)
    with np.load(tmp_path / "weights.npz") as found:
        arrays = [found[name] for name in found.files]
    pairs = zip(arrays, whole.get_weights(), strict=True)
    assert all(np.array_equal(one, other) for one, other in pairs)


def test_what_is_not_finite_is_told_with_its_step():
    x = X.copy()
    x[140] = 3e38
    dataset = Dataset(lambda numbers: (x[numbers], Y[numbers]), 203)
    model = pellucid.Sequential([pellucid.Input((5,)), layers.Dense(1)], seed=0)
    model.compile(pellucid.optimizers.SGD(0.01), "mse")
    with pytest.raises(pellucid.PellucidError, match="epoch 1, step 4"):
        model.fit(dataset, epochs=1, verbose=0)
