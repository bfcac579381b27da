"""`check`: a model and raw data before training, whatever they are."""

import numpy as np
import pytest

import pellucid
from insight.findings.set_ups import binary, compiled, mlp, regression, table
from pellucid import Input, Sequential, layers
from pellucid.errors import ArgumentError, DataError
from pellucid.insight.findings import Diagnosis
from pellucid.layers import Dense


def test_a_model_that_is_not_compiled_is_checked_as_far_as_it_goes():
    model = Sequential([Input((6,)), Dense(8), Dense(1)], seed=0)
    x, y = table()
    assert model.check(x * 1000, y).names == ["unscaled-inputs", "missing-nonlinearity"]


def test_a_model_that_waits_for_its_shape_is_built():
    model = Sequential([Dense(8, "relu"), Dense(1, "sigmoid")], seed=0)
    model.compile("adam", "binary_crossentropy")
    assert model.check(*table()).healthy
    assert model.built


def test_nothing_of_the_model_is_changed():
    model = binary()
    before = model.get_weights()
    model.check(*table(), range_test=True)
    assert all(np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))
    assert model.history is None
    assert model.progress_made.steps == 0


def test_everything_that_fit_would_refuse_is_told_at_once():
    x, y = table()
    x[0, 0] = np.nan
    found = mlp(6, 1, "relu", "binary_crossentropy").check(x, 2 * y - 1)
    assert [one.name for one in found.of("fault")] == [
        "nonfinite-data",
        "output-loss-mismatch",
        "bad-labels",
    ]


def test_a_rate_that_fits_is_left_alone():
    model = binary()
    model.compile(pellucid.optimizers.SGD(0.5), "binary_crossentropy")
    assert model.check(*table(), range_test=True).healthy


HOSTILE = {
    "no rows": (np.zeros((0, 6)), np.zeros(0)),
    "one row": (np.zeros((1, 6)), np.zeros(1)),
    "all NaN": (np.full((40, 6), np.nan), np.full(40, np.nan)),
    "all infinite": (np.full((40, 6), np.inf), np.arange(40) % 2),
    "largest floats": (np.full((40, 6), 3e38), np.arange(40) % 2),
    "objects": (np.array([[1, None, 3, 4, 5, 6]] * 30, object), [0, 1] * 15),
    "text": (np.full((30, 6), "a"), [0, 1] * 15),
    "numbers as text": (np.full((30, 6), "1"), [0, 1] * 15),
    "fewer labels": (np.ones((30, 6)), [0, 1]),
    "fewer columns": (np.ones((30, 2)), [0, 1] * 15),
    "another rank": (np.ones((30, 6, 2)), [0, 1] * 15),
    "no labels": (np.ones((30, 6)), None),
    "truths": (np.ones((30, 6), bool), [True, False] * 15),
    "big whole numbers": (np.full((30, 6), 2**62), [2**40, 1] * 15),
    "one class": (np.ones((30, 6)), [1] * 30),
    "wide labels": (np.ones((30, 6)), np.ones((30, 9))),
}


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("make", [binary, lambda: regression(6)], ids=["classes", "numbers"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_data_become_findings(name, make):
    x, y = HOSTILE[name]
    found = make().check(x, y)
    assert isinstance(found, Diagnosis)
    assert not found.healthy or name in ("truths", "one row")


@pytest.mark.parametrize("x", [None, "data.csv", 3.0, len, [[1, "a"]]], ids=repr)
def test_what_is_no_data_is_refused(x):
    with pytest.raises((ArgumentError, DataError)):
        binary().check(x, [0, 1])


def test_wrong_arguments_are_refused_as_by_fit():
    with pytest.raises(ArgumentError, match=r"fit\(epochs=...\): got 0"):
        binary().check(*table(), epochs=0)


def test_rows_that_can_be_read_once_are_refused():
    x, y = table()
    with pytest.raises(ArgumentError) as error:
        binary().check(zip([x], [y], strict=True))
    assert str(error.value) == (
        "check(x=...): got a generator, which can be used once, expected rows that can be read "
        "again. Give some of its rows as arrays."
    )


def test_batches_that_can_be_read_again_are_looked_at():
    x, y = table()

    class Batches:
        def __len__(self):
            return 2

        def __getitem__(self, number):
            rows = slice(100 * number, 100 * (number + 1))
            return x[rows] * 1000, y[rows]

    assert binary().check(Batches()).names == ["unscaled-inputs"]


def test_text_is_looked_up_before_the_rules_see_numbers():
    entry = Input((1,), dtype="string")
    known = layers.StringLookup(vocabulary=["a", "b", "c"], output_mode="one_hot")
    model = compiled(entry, known, Dense(1, "sigmoid"))
    words = np.array([["a"], ["b"], ["c"], ["a"]] * 20)
    assert model.check(words, [0, 1, 1, 0] * 20).healthy


def test_rows_with_weights_of_their_own_are_balanced_already():
    x, _ = table()
    y = (np.arange(200) % 25 == 0).astype(int)
    weight = np.where(y == 1, 12.5, 0.5)
    found = binary().check(x, y, sample_weight=weight, validation_split=0.25)
    assert "class-imbalance" not in found


def test_rows_that_make_no_whole_batch_of_states_are_told():
    entry = Input(batch_shape=(8, 5, 2))
    model = compiled(entry, layers.LSTM(2, stateful=True), Dense(1), loss="mse")
    found = model.check(np.ones((7, 5, 2)), np.arange(7.0), batch_size=8, shuffle=False)
    assert "refused-data" in found
    assert "a multiple of 8, the batch size" in found["refused-data"].meaning


def test_a_class_without_a_weight_is_told():
    found = binary().check(*table(), class_weight={0: 1.0})
    assert found.names == ["refused-data"]


def test_sequences_of_different_lengths_are_padded_as_by_fit():
    rows = [np.ones((length, 2)).tolist() for length in (2, 5, 3, 4) * 5]
    model = compiled(Input((None, 2)), layers.Masking(-1.0), layers.GRU(2), Dense(1, "sigmoid"))
    assert model.check(rows, [0, 1, 1, 0] * 5).healthy
