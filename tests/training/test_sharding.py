"""Several cores change nothing but the time: the numbers are those of one, up to rounding."""

import re
import threading

import jax
import numpy as np
import pytest

import pellucid
from pellucid import callbacks, layers, optimizers
from pellucid.backend import set_cores
from pellucid.layers import image
from pellucid.models import streaming
from pellucid.training import sharding
from pellucid.training import trainer as trainers
from pellucid.training.sharding import Sharding, room
from pellucid.utils import dataset_from_chunks

pytestmark = pytest.mark.skipif(
    jax.local_device_count() < 2, reason="needs two devices, as a CPU can be made to have"
)


@pytest.fixture(autouse=True)
def _small_work_is_split(monkeypatch):
    """Let the small networks of tests be worth two cores."""
    monkeypatch.setattr(sharding, "LEAST_WORK", 1.0)
    yield
    set_cores(None)


def rows(count=203, seed=0):
    generator = np.random.default_rng(seed)
    x = generator.normal(size=(count, 8, 8, 2)).astype("float32")
    return x, (x[:, 0, 0, :1] * x[:, 1, 1, 1:] > 0).astype("float32")


def make(cores, seed=0, **options):
    set_cores(cores)
    model = pellucid.Sequential(
        [
            pellucid.Input((8, 8, 2)),
            layers.Conv2D(4, 3, use_bias=False),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.MaxPooling2D(),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.GaussianNoise(0.1),
            layers.Dense(1, activation="sigmoid", kernel_regularizer="l2"),
        ],
        seed=seed,
    )
    chosen = {"loss": "binary_crossentropy", "metrics": ["accuracy", "auc"]} | options
    model.compile(optimizer=optimizers.Adam(0.01, global_clipnorm=1.0), **chosen)
    return model


def parts_of(model, *data, **options):
    """Return the number of cores over which `fit` lays the batches."""
    found = []

    class Watch(callbacks.Callback):
        pass

    original = trainers.Trainer.begin

    def begin(self, *arguments):
        found.append(self.options.parts)
        return original(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trainers.Trainer, "begin", begin)
        model.fit(*data, epochs=1, verbose=0, **options)
    return found[0]


def test_readings_are_those_of_one_core():
    tables, models = [], [make(cores) for cores in (1, 2, 2)]
    for cores, model, probe in zip((1, 2, 2), models, ("full", "full", None), strict=True):
        set_cores(cores)
        tables.append(model.fit(*rows(64), epochs=1, verbose=0, probe=probe).probes)
    assert tables[0].columns == tables[1].columns
    np.testing.assert_allclose(tables[1].values[0], tables[0].values[0], rtol=2e-3, atol=1e-5)
    assert same(models[1], models[2])


def same(one, other):
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def close(one, other):
    for a, b in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=2e-5)


@pytest.fixture(scope="module")
def reference():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharding, "LEAST_WORK", 1.0)
        model = make(2)
        model.fit(*rows(), epochs=5, verbose=0)
    return model


# -- the same numbers -----------------------------------------------------------------------


def test_two_cores_learn_what_one_learns():
    """Masks, noise, batch statistics, clipping, the padded last batch, metrics, validation."""
    x, y = rows()
    told, models = [], []
    for cores in (1, 2):
        model = make(cores)
        stop = callbacks.EarlyStopping(patience=1, restore_best_weights=True)
        history = model.fit(
            x, y, epochs=6, verbose=0, validation_split=0.2, callbacks=[stop],
            class_weight={0: 1.0, 1: 2.0},
        )  # fmt: skip
        told.append(history.history)
        models.append(model)
    assert told[0].keys() == told[1].keys()
    for name, values in told[0].items():
        np.testing.assert_allclose(values, told[1][name], rtol=1e-4, atol=1e-5, err_msg=name)
    close(*models)


def test_evaluation_and_prediction_agree():
    x, y = rows(96)
    model = make(1)
    expected = model.evaluate(x, y, verbose=0), model.predict(x, verbose=0)
    set_cores(2)
    found = model.evaluate(x, y, verbose=0), model.predict(x, verbose=0)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-5)
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(model.predict(x[:1], verbose=0), expected[1][:1], rtol=1e-5)


def test_batches_from_a_generator_are_split_too():
    x, y = rows(96)

    class Batches:
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return x[index * 32 : index * 32 + 32], y[index * 32 : index * 32 + 32]

    one, two = make(1), make(2)
    assert parts_of(two, Batches()) == 2
    set_cores(1)
    one.fit(Batches(), epochs=1, verbose=0)
    close(one, two)


def test_windows_of_a_dataset_are_split_too(monkeypatch):
    monkeypatch.setattr(streaming, "KEPT_BYTES", 0)
    x, y = rows(203)
    data = dataset_from_chunks(lambda number: (x[number::4], y[number::4]), [51, 51, 51, 50])
    models = []
    for cores in (1, 2):
        model = make(cores)
        assert parts_of(model, data, validation_data=data) == cores
        models.append(model)
    close(*models)
    assert models[0].history.history.keys() == models[1].history.history.keys()
    for name, values in models[0].history.history.items():
        np.testing.assert_allclose(values, models[1].history.history[name], rtol=1e-4, atol=1e-5)


def test_a_batch_at_a_time():
    x, y = rows(32)
    models = [make(1), make(2)]
    for cores, model in enumerate(models, 1):
        set_cores(cores)
        for _ in range(3):
            model.train_on_batch(x, y)
    close(*models)


# -- how a run is cut changes nothing -------------------------------------------------------


def test_five_epochs_equal_two_and_three(reference):
    model = make(2)
    assert parts_of(model, *rows()) == 2
    model.fit(*rows(), epochs=1, verbose=0)
    model.fit(*rows(), epochs=3, verbose=0)
    assert same(model, reference)


@pytest.mark.parametrize("steps", [1, 5])
def test_the_size_of_chunks_changes_nothing(reference, monkeypatch, steps):
    monkeypatch.setattr(trainers.Pace, "steps", lambda self: steps)
    model = make(2)
    model.fit(*rows(), epochs=5, verbose=0)
    assert same(model, reference)


def test_a_run_that_broke_off_is_resumed(reference, tmp_path):
    class Break(callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2:
                raise RuntimeError("killed")

    backup = callbacks.BackupAndRestore(tmp_path)
    with pytest.raises(RuntimeError, match="killed"):
        make(2).fit(*rows(), epochs=5, verbose=0, callbacks=[backup, Break()])
    model = make(2)
    model.fit(*rows(), epochs=5, verbose=0, callbacks=[backup])
    assert same(model, reference)


def test_a_run_goes_on_with_another_number_of_cores(reference, tmp_path):
    model = make(2)
    for cores, epochs in ((2, 2), (1, 1), (2, 2)):
        set_cores(cores)
        model.fit(*rows(), epochs=epochs, verbose=0)
        model.predict(rows()[0][:1], verbose=0)
    close(model, reference)
    model.save(tmp_path / "model.pellucid")
    assert same(pellucid.load_model(tmp_path / "model.pellucid"), model)


def test_callbacks_may_look_and_change_weights():
    class Halve(callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                self.model.set_weights([0.5 * one for one in self.model.get_weights()])

    models = [make(1), make(2)]
    for cores, model in enumerate(models, 1):
        set_cores(cores)
        model.fit(*rows(96), epochs=1, verbose=0, callbacks=[Halve()])
    close(*models)


def test_a_loss_that_is_not_finite_is_explained():
    set_cores(2)
    model = pellucid.Sequential([pellucid.Input((4,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((64, 4), "float32")
    x[40] = 1e30
    with pytest.raises(pellucid.errors.NonFiniteError, match="loss, input row 40"):
        model.fit(x, x[:, :1], epochs=1, verbose=0)


def test_fits_in_several_threads_end_and_agree():
    models = [make(2) for _ in range(3)]
    threads = [
        threading.Thread(target=model.fit, args=rows(96), kwargs={"epochs": 3, "verbose": 0})
        for model in models
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive()
    assert same(models[0], models[1])
    assert same(models[0], models[2])


# -- when and how rows are laid over cores --------------------------------------------------


@pytest.mark.parametrize(
    ("batch", "work", "cores", "parts"),
    [
        (32, 1.0, 2, 2),
        (32, 1.0, 1, 1),
        (32, 1e9, 2, 1),  # too little to compute
        (12, 1.0, 2, 1),  # too few rows for each
        (33, 1.0, 2, 1),  # unequal parts
    ],
)
def test_what_is_laid_over_cores(monkeypatch, batch, work, cores, parts):
    monkeypatch.setattr(sharding, "LEAST_WORK", work)
    assert parts_of(make(cores), *rows(99), batch_size=batch) == parts


def test_the_largest_number_of_equal_parts_is_taken(monkeypatch):
    monkeypatch.setattr(sharding, "get_cores", lambda: 16)
    network = make(1).network
    found = [sharding.parts_for(network, "some", batch) for batch in (32, 50, 64, 96, 1000)]
    assert found == [4, 5, 8, 12, 10]


def test_loops_that_would_meet_at_each_step_stay_on_one_core():
    """Where JAX itself derives a loop's gradient, it adds up those of weights in the loop."""

    class Loop(layers.Layer):
        def build(self, shape):
            start = pellucid.initializers.Orthogonal()
            return {"kernel": layers.Weight((shape[-1], shape[-1]), start)}

        def output_shape(self, shape):
            return shape[1:]

        def apply(self, weights, inputs, context):
            def step(state, given):
                return jax.numpy.tanh((state + given) @ weights["kernel"]), None

            return jax.lax.scan(step, inputs[:, 0], inputs.swapaxes(0, 1))[0]

    for units, parts in ((300, 2), (30, 1)):
        set_cores(2)
        model = pellucid.Sequential([pellucid.Input((4, units)), Loop(), layers.Dense(1)])
        model.compile("adam", "mse")
        x = np.random.default_rng(0).normal(size=(64, 4, units)).astype("float32")
        assert parts_of(model, x, x[:, 0, :1], batch_size=64) == parts


def test_eager_runs_take_one_core():
    assert parts_of(make(2, run_eagerly=True), *rows(16), batch_size=16) == 1


def test_devices_share_one_copy_of_the_data():
    host = np.ones((100, 7), np.float32)
    laid = Sharding(2).put(host)
    places = {shard.data.unsafe_buffer_pointer() for shard in laid.addressable_shards}
    assert len(places) == 1
    host[:] = 2
    assert float(laid.max()) == 1


@pytest.mark.parametrize("parts", [1, 2])
def test_what_is_lent_is_not_copied(parts):
    host = room((100, 7), np.float32)
    host[:] = 1
    laid = Sharding(parts).lend(host)
    places = {shard.data.unsafe_buffer_pointer() for shard in laid.addressable_shards}
    assert places == {host.ctypes.data}


def test_a_step_brings_its_parts_together_twice():
    """Once for the number of real rows, by which a loss is divided, and once for all gradients."""
    set_cores(2)
    model = pellucid.Sequential(
        [pellucid.Input((8, 8, 2)), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(),
         layers.Dense(8, activation="relu"), layers.Dense(1)]
    )  # fmt: skip
    model.compile("adam", "mse")
    text = compiled_text(model, *rows(64))
    assert collectives(text) == ["all-reduce"] * 2


VARYING = (
    layers.RandomBrightness(0.2),
    layers.RandomContrast(0.2),
    layers.RandomCrop(7, 7),
    layers.RandomFlip(),
    layers.RandomRotation(0.1),
    layers.RandomTranslation(0.1, 0.1),
    layers.RandomZoom(0.1),
)
"""Every layer that varies images."""


def test_no_core_waits_for_another_while_images_are_varied():
    """They are varied in calls of their own, which XLA puts in no order with what is around."""
    known = {one for one in image.CLASSES if one.__name__.startswith("Random")}
    assert {type(one) for one in VARYING} == known
    set_cores(2)
    model = pellucid.Sequential(
        [pellucid.Input((8, 8, 2)), *VARYING, layers.Flatten(), layers.Dense(1)]
    )
    model.compile("adam", "mse")
    text = compiled_text(model, *rows(64))
    assert collectives(text) == ["all-reduce"] * 2


def collectives(text):
    """Return the names of all instructions by which devices exchange values."""
    return re.findall(
        r" (all-reduce|all-gather|all-to-all|collective-permute|reduce-scatter)\(", text
    )


def compiled_text(model, x, y):
    """Return the compiled program of a fit, without scoring, as text."""
    texts = []

    def compile_(self, function, **options):
        compiled = jax.jit(function, in_shardings=self._whole, out_shardings=self._whole, **options)

        def run(*arguments):
            texts.append(compiled.lower(*arguments).compile().as_text())
            return compiled(*arguments)

        return run

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sharding, "compile", compile_)
        model.fit(x, y, epochs=1, verbose=0)
    return texts[0]
