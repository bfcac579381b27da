"""`Model.diagnose` after every kind of run, and `fit(diagnose=True)` that speaks for itself."""

import jax.numpy as jnp
import numpy as np
import pytest

from insight.findings.runs import (
    SICK,
    at_rate,
    compiled,
    crossed_rows,
    drawn,
    network,
    off_from_the_start,
    rows,
)
from pellucid import Input, Model, Sequential, layers
from pellucid.callbacks import Callback
from pellucid.errors import ArgumentError, DataError, NonFiniteError
from pellucid.layers import Dense
from pellucid.optimizers import Adam
from pellucid.training.history import History


class Dead(Callback):
    """Pushes all hidden units below 0 before the first step."""

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 0:
            kernel, bias, *last = self.model.get_weights()
            self.model.set_weights([kernel, bias - 30, *last])


X, Y = rows()
HOLES = np.where(np.arange(1200).reshape(200, 6) == 20, np.nan, X)


def diagnosed(model, *data, **options):
    model.fit(*data, verbose=0, **options)
    return model.diagnose()


# -- diagnose -----------------------------------------------------------------------------------


def test_before_any_fit_there_is_nothing_to_diagnose():
    with pytest.raises(ArgumentError) as told:
        network().diagnose()
    assert str(told.value) == (
        "diagnose: got a model that was not trained here, expected fit(...) before. Use "
        "check(x, y) to look at data and model before training."
    )


def test_after_a_refused_fit_it_tells_why():
    model = network()
    with pytest.raises(DataError):
        model.fit(HOLES, Y, verbose=0)
    assert model.diagnose().names == ["nonfinite-data"]


def test_a_model_that_was_never_wired_because_its_data_were_refused_is_diagnosed_too():
    model = Sequential([Dense(1, "sigmoid")], seed=0)
    model.compile("sgd", "binary_crossentropy")
    with pytest.raises(DataError):
        model.fit(HOLES, Y, verbose=0)
    assert model.diagnose().names == ["nonfinite-data"]


def test_the_last_fit_counts():
    model = network(1e-6)
    assert "not-learning" in diagnosed(model, X, Y, epochs=10)
    model.optimizer.learning_rate = 0.3
    assert diagnosed(model, X, Y, epochs=40).healthy
    with pytest.raises(DataError):
        model.fit(HOLES, Y, verbose=0)
    assert model.diagnose().names == ["nonfinite-data"]


def test_diagnosing_changes_nothing_and_says_the_same_again():
    model, x, y, options = off_from_the_start()
    first = diagnosed(model, x, y, **options)
    before = [one.copy() for one in model.get_weights()]
    assert model.diagnose() == first
    assert all(map(np.array_equal, before, model.get_weights()))


def test_of_rows_that_could_be_read_once_the_curves_alone_are_looked_at():
    def batches():
        while True:
            yield X[:32], Y[:32]

    found = diagnosed(network(), batches(), steps_per_epoch=2, epochs=3)
    assert (found.names, str(found)) == (
        [],
        "Nothing found.\n\nOnly the model and the curves of its run were looked at: the rows came "
        "from a generator, which can be used once. Give fit(...) arrays, or check(x, y) some "
        "rows, to look further.",
    )
    assert found.to_dict()["unseen"] == found.unseen
    model = network(1e30)
    with pytest.raises(NonFiniteError):
        model.fit(batches(), steps_per_epoch=2, epochs=3, verbose=0)
    assert model.diagnose().names == ["nonfinite-loss"]


def test_rows_for_validation_that_could_be_read_once_are_left_out():
    def batches():
        while True:
            yield X[:32], Y[:32]

    model = network()
    found = diagnosed(model, X, Y, validation_data=batches(), validation_steps=2, epochs=40)
    assert found.healthy
    assert found.unseen == (
        "The validation rows were not looked at: they came from a generator, which can be used "
        "once. The run is judged by its training rows and its curves."
    )


def test_rows_in_batches_that_can_be_read_again_are_looked_at():
    class Batches:
        def __len__(self):
            return 6

        def __getitem__(self, number):
            return X[32 * number : 32 * number + 32], Y[32 * number : 32 * number + 32]

    assert "not-learning" in diagnosed(network(1e-6), Batches(), epochs=2)


def several_outputs():
    entry = Input((6,))
    wide = Dense(8, "relu")(entry)
    model = Model(entry, [Dense(1, name="a")(wide), Dense(3, "softmax", name="b")(wide)], seed=0)
    model.compile("adam", ["mse", "sparse_categorical_crossentropy"])
    return model, X, [X[:, :1] - X[:, 1:2], drawn(3).integers(0, 3, 200)], {}


def several_inputs():
    one, other = Input((6,)), Input((6,))
    wide = layers.Concatenate()([Dense(8, "relu")(one), other])
    model = Model([one, other], Dense(1, "sigmoid")(wide), seed=0)
    model.compile("adam", "binary_crossentropy")
    return model, [X, X], Y, {}


def steps_for_answers():
    model = compiled(
        Input((5, 3)),
        layers.GRU(4, return_sequences=True),
        Dense(3, "softmax"),
        loss="sparse_categorical_crossentropy",
    )
    return model, drawn(1).normal(size=(40, 5, 3)), drawn(2).integers(0, 3, (40, 5)), {}


def stateful():
    memory = layers.LSTM(4, stateful=True)
    model = compiled(Input((5, 3), batch_size=10), memory, Dense(1), loss="mse")
    x, y = drawn(1).normal(size=(40, 5, 3)), drawn(2).normal(size=40)
    return model, x, y, {"shuffle": False, "batch_size": 10}


def states_given():
    entry = Input((5, 3))
    last, *_ = layers.LSTM(4, return_state=True)(entry)
    model = Model(entry, Dense(1, "sigmoid")(last), seed=0)
    model.compile("adam", "binary_crossentropy")
    return model, drawn(1).normal(size=(40, 5, 3)), Y[:40], {}


def ragged():
    lists = [drawn(number).integers(1, 20, 3 + number % 4).tolist() for number in range(40)]
    entry = [Input((None,), dtype="int32"), layers.Embedding(20, 4, mask_zero=True)]
    return compiled(*entry, layers.GRU(4), Dense(1, "sigmoid")), lists, Y[:40], {}


def own_loss():
    def quantiles(y_true, y_pred):
        gap = y_true[:, None] - y_pred
        return jnp.mean(jnp.maximum(0.5 * gap, -0.5 * gap), axis=-1)

    return compiled(Input((6,)), Dense(8), Dense(3), loss=quantiles), X, X[:, 0] + X[:, 1], {}


def dropped_and_normalised():
    stack = [layers.BatchNormalization(), Dense(8, "relu"), layers.Dropout(0.2)]
    return compiled(Input((6,)), *stack, Dense(1, "sigmoid")), X, Y, {"validation_split": 0.3}


def frozen():
    model = network()
    for layer in model.layers:
        layer.trainable = False
    model.compile("sgd", "binary_crossentropy")
    return model, X, Y, {}


UNUSUAL = {
    "several outputs": several_outputs,
    "several inputs": several_inputs,
    "steps for answers": steps_for_answers,
    "stateful": stateful,
    "states given": states_given,
    "sequences of different lengths": ragged,
    "a loss of the user's": own_loss,
    "dropout and batch norm": dropped_and_normalised,
    "nothing trained": frozen,
    "five rows": lambda: (network(), X[:5], Y[:5], {}),
    "one row": lambda: (network(), X[:1], Y[:1], {}),
}


@pytest.mark.parametrize("name", UNUSUAL)
def test_an_unusual_run_is_diagnosed_without_an_error(name):
    model, x, y, options = UNUSUAL[name]()
    found = diagnosed(model, x, y, epochs=2, **options)
    assert found.to_json()
    assert str(found)


def test_five_rows_are_too_few_to_say_anything_of_a_run_that_learns():
    assert diagnosed(network(), X[:5], Y[:5], epochs=10).healthy


@pytest.mark.parametrize("count", [1, 5])
def test_units_that_are_off_for_a_few_rows_are_not_called_dead(count):
    model = network(1e-6)
    kernel, bias, *last = model.get_weights()
    model.set_weights([kernel, bias - 30, *last])
    assert "dead-units" not in diagnosed(model, X[:count], Y[:count], epochs=2)


@pytest.mark.parametrize(
    ("given", "named", "message"),
    [
        ((X, Y), {}, "got 2 arguments"),
        ((), {"x": X}, "got 'x'"),
    ],
)
def test_diagnose_takes_nothing(given, named, message):
    with pytest.raises(ArgumentError) as told:
        network().diagnose(*given, **named)
    assert str(told.value) == (
        f"diagnose(...): {message}, expected none: it looks at the last fit(...). To look at rows "
        "before training write check(x, y)."
    )


def test_a_switch_is_true_or_false():
    with pytest.raises(ArgumentError) as told:
        network().fit(X, Y, diagnose="yes")
    assert str(told.value) == "fit(diagnose=...): got 'yes', expected True or False."
    with pytest.raises(ArgumentError) as told:
        network().check(X, Y, range_test=2)
    assert str(told.value) == "check(range_test=...): got 2, expected True or False."


# -- several outputs ----------------------------------------------------------------------------


def test_findings_of_several_outputs_name_their_own():
    entry = Input((6,))
    wide = Dense(8, "relu")(entry)
    heads = [Dense(1, "sigmoid", name="sign")(wide), Dense(3, "softmax", name="kind")(wide)]
    model = Model(entry, [*heads, Dense(1, name="price")(wide)], seed=0)
    model.compile("sgd", [*["binary_crossentropy", "sparse_categorical_crossentropy"], "mse"])
    rare = (np.arange(200) % 40 == 0).astype(int)
    found = model.check(X, [Y * 2 - 1, rare + Y, 1e5 * X.sum(axis=1)])
    places = {(one.name, one.layer) for one in found if one.severity != "note"}
    assert places == {
        ("bad-labels", "sign"),
        ("class-imbalance", "kind"),
        ("unscaled-targets", "price"),
    }
    # A remedy that would change the first output is no help to the others.
    assert [one.name for told in found for one in told.remedies if told.layer != "sign"] == []
    assert "fault: unscaled-targets (price)" in str(found)


def test_of_several_outputs_the_one_that_learned_nothing_is_named():
    model, x, (a, b), _ = several_outputs()
    model.fit(x, [a, b], epochs=60, batch_size=16, verbose=0)
    found = model.diagnose()
    told = {one.layer for one in found if one.name in ("not-learning", "no-signal", "underfit")}
    assert told == {"b"}


# -- fit(diagnose=True) -------------------------------------------------------------------------


def test_a_healthy_run_is_trained_in_silence(capsys):
    history = network().fit(X, Y, epochs=40, verbose=0, diagnose=True)
    assert capsys.readouterr() == ("", "")
    assert history.diagnosis.healthy


def test_the_run_is_bit_for_bit_the_one_without():
    plain, told = network(), network()
    expected = plain.fit(X, Y, epochs=5, verbose=0)
    history = told.fit(X, Y, epochs=5, verbose=0, diagnose=True)
    assert history.history == expected.history
    assert all(map(np.array_equal, plain.get_weights(), told.get_weights()))
    assert expected.diagnosis is None


def test_what_is_wrong_before_the_first_step_is_printed_then(capsys):
    model, x, y, options = off_from_the_start()
    model.fit(x, y, verbose=0, diagnose=True, **options)
    assert capsys.readouterr().out.startswith(
        "before training: warning: bad-init (dense)\n"
        "  The biases of layer 'dense' begin at 30.000, far beyond the 0.8489 that the inputs "
        "contribute. The units answer by their bias alone, the same for every row.\n"
    )


def test_what_becomes_sure_on_the_way_is_printed_then_and_what_to_do_at_the_end(capsys):
    model = network()
    history = model.fit(*crossed_rows(), epochs=40, verbose=0, callbacks=[Dead()], diagnose=True)
    on_the_way, _, after = capsys.readouterr().out.partition("after training")
    # 280 steps have a reading every 14th: the first tenth ends with the one before step 29.
    assert on_the_way == (
        "while training: fault: dead-units (dense, step 29)\n"
        "  100 % of the units of 'dense' have been off for every row looked at. A unit that is "
        "never on gets no gradient, and cannot come back.\n"
        "  Measured: share of dead units 1.\n"
    )
    found = history.diagnosis["dead-units"]
    assert after.startswith(f", against dead-units (dense):\n{found.advice}\n")
    assert found.meaning not in after
    assert after.endswith(f"\ndiagnosis: {history.diagnosis.headline}\n")
    assert history.diagnosis.headline.endswith("; first: dead-units (dense)")


def test_a_run_that_breaks_off_is_told_too(capsys):
    model, x, y, options = SICK["rate 1e30"][0]()
    with pytest.raises(NonFiniteError):
        model.fit(x, y, verbose=0, diagnose=True, **options)
    assert "after training: fault: nonfinite-loss (dense_1, step 2)\n" in capsys.readouterr().out
    assert "nonfinite-loss" in model.history.diagnosis


def test_a_refused_run_is_told_before_and_nothing_after(capsys):
    model = network()
    with pytest.raises(DataError):
        model.fit(HOLES, Y, verbose=0, diagnose=True)
    said = capsys.readouterr().out
    assert said.startswith("before training: fault: nonfinite-data\n")
    assert "after training" not in said


def test_an_earlier_run_is_not_told_again_when_the_next_is_misspelt(capsys):
    model, x, y, options = at_rate(1e-6)
    model.fit(x, y, verbose=0, **options)
    with pytest.raises(ArgumentError):
        model.fit(x, y, verbose=0, callbacks=["stop"], diagnose=True)
    assert "after training" not in capsys.readouterr().out


def test_a_generator_may_be_diagnosed_also_before_the_model_is_wired(capsys):
    model = Sequential([Dense(1, "sigmoid")], seed=0)
    model.compile("sgd", "binary_crossentropy")
    batches = ((X[:32], Y[:32]) for _ in range(6))
    history = model.fit(batches, steps_per_epoch=3, epochs=2, verbose=0, diagnose=True)
    assert (capsys.readouterr().out, history.diagnosis.names) == (
        "diagnosis: Nothing found.\n"
        "Only the model and the curves of its run were looked at: the rows came from a generator, "
        "which can be used once. Give fit(...) arrays, or check(x, y) some rows, to look further."
        "\n",
        [],
    )


def test_a_file_of_a_history_holds_no_diagnosis(tmp_path):
    history = network().fit(X, Y, epochs=1, verbose=0, diagnose=True)
    assert history.diagnosis is not None
    assert History.from_json(history.to_json(tmp_path / "h.json")).diagnosis is None


def test_rows_to_judge_by_may_have_other_lengths():
    rng = np.random.default_rng(0)
    short, long = (
        [rng.normal(size=(size, 3)).astype("float32") for size in rng.integers(3, most, 40)]
        for most in (6, 9)
    )
    y = np.arange(40) % 2
    model = Sequential(
        [
            Input((None, 3)),
            layers.Masking(),
            layers.GRU(4),
            Dense(1, "sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    model.fit(short, y, validation_data=(long, y), verbose=0)
    assert model.diagnose().names is not None


def test_rows_sorted_by_class_and_then_divided_are_named_first():
    x, y = np.random.default_rng(1).normal(size=(90, 4)), np.repeat([0, 1, 2], 30)
    model = Sequential([Input((4,)), Dense(3, "softmax")])
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x, y, validation_split=0.2, epochs=2, verbose=0)
    found = model.diagnose()["unshuffled-data"]
    assert found.evidence == {"validation rows": 18.0, "their class": 2.0}
    assert found.meaning == (
        "All 18 validation rows are of class 2, so their score says nothing of the others. Were "
        "the rows sorted by class when they were divided? Shuffle them before."
    )
    assert "unshuffled-data" in model.diagnose().names[:2]


def test_a_network_that_learns_by_heart_in_a_few_epochs_is_told():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(200, 60)).astype("float32")
    y = (x[:, 0] + 2 * rng.normal(size=200) > 0).astype(int)
    wide = [Dense(128, "relu") for _ in range(2)]
    model = Sequential([Input((60,)), *wide, Dense(1, "sigmoid")], seed=0)
    model.compile(Adam(0.01), "binary_crossentropy")
    history = model.fit(x, y, validation_split=0.5, epochs=6, verbose=0).history
    assert history["val_loss"][-1] > 1.2 * min(history["val_loss"])
    assert model.diagnose()["overfit"].severity == "warning"


def test_columns_of_one_size_are_not_taken_for_faint():
    x = np.random.default_rng(3).normal(size=(200, 4)).astype("float32")
    model = Sequential([Input((4,)), Dense(1)])
    model.compile("sgd", "mse")
    model.set_weights([[[1.0], [0.0], [0.0], [0.0]], [0.0]])
    model.layers[0].trainable = False
    model.fit(x, x[:, 0] + x[:, 1], epochs=1, verbose=0)
    assert "ignored-input" not in model.diagnose()


def test_numbers_whose_squares_overflow_are_no_leak():
    x = 1e300 * np.random.default_rng(4).normal(size=(60, 4))
    model = Sequential([Input((4,)), Dense(1, "sigmoid")])
    model.compile("adam", "binary_crossentropy")
    with np.errstate(over="ignore", invalid="ignore"):
        assert "label-leakage" not in model.check(x, np.arange(60) % 2)
