"""Runs that look like sick ones and are well, beside those that they look like."""

from types import SimpleNamespace

import numpy as np
import pytest

from insight.findings.cases import case, told
from insight.findings.runs import compiled, drawn, rows
from insight.findings.set_ups import SPARSE, binary, mlp, table
from pellucid import Input, layers
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.rules.answers import ignored_class, recognises_rarest
from pellucid.insight.findings.rules.class_imbalance import class_imbalance
from pellucid.insight.findings.rules.ignored_input import ignored_input
from pellucid.insight.findings.rules.unscaled_inputs import unscaled_inputs
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import Adam


def letters(kinds):
    """Return rows by chance, and labels of which the n-th is n times as rare as the first."""
    shares = 1 / np.arange(1, kinds + 1)
    y = drawn(16).choice(kinds, 2000, p=shares / shares.sum())
    return drawn(17).normal(size=(2000, 4)).astype("float32"), y


@pytest.mark.parametrize(("kinds", "severity"), [(30, "note"), (14, "warning")])
def test_of_many_classes_some_are_always_rare(kinds, severity):
    model = mlp(4, kinds, "softmax", SPARSE)
    assert told(class_imbalance, model, *letters(kinds)) == [("class-imbalance", severity)]


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ({"class_weight": {0: 1.0, 1: 1e-3}}, "warning"),
        ({"class_weight": {0: 0.0, 1: 1.0}}, "warning"),
        ({"sample_weight": np.where(np.arange(200) % 2, 1.0, 0.02)}, "warning"),
        ({"class_weight": {0: 0.8, 1: 1.2}}, None),
        ({"sample_weight": np.where(np.arange(200) % 2, 1.0, 0.5)}, None),
    ],
)
def test_weights_can_silence_a_class(weights, found):
    x, y = table()[0], np.arange(200) % 2
    told_of = told(class_imbalance, binary(), x, y, **weights)
    assert told_of == ([("class-imbalance", found)] if found else [])


def test_weights_that_balance_are_sound_and_equal_ones_change_nothing():
    x, y = table()[0], (np.arange(200) % 20 == 0).astype(int)
    assert told(class_imbalance, binary(), x, y, class_weight={0: 1.0, 1: 19.0}) == []
    assert told(class_imbalance, binary(), x, y, sample_weight=np.full(200, 0.5)) == [
        ("class-imbalance", "warning")
    ]


def test_it_says_how_much_a_class_counts():
    y = np.arange(200) % 2
    (found,) = class_imbalance(case(binary(), table()[0], y, class_weight={0: 0.0, 1: 1.0}))
    assert found.meaning == (
        "With their weights, the rows of class 1 count infinitely many times as much as those of "
        "class 0. The loss gives the network little reason to learn class 0."
    )
    assert "ratio inf" in str(found)


@pytest.mark.parametrize(("kinds", "spoken"), [(30, 0), (14, 1)])
def test_of_many_classes_some_are_always_missed(kinds, spoken):
    model = compiled(Input((4,)), Dense(kinds, "softmax"), loss=SPARSE)
    model.fit(*letters(kinds), epochs=1, verbose=0)
    assert len([*ignored_class(last_case(model))]) == spoken


def recognised(rare, others, rows=20):
    """Say whether a class of some rows counts as recognised, of which a share is."""
    y = np.repeat([0, 1], [400, rows])
    right = np.concatenate([np.arange(400) < others * 400, np.arange(rows) < rare * rows])
    outcome = Outcome("sparse_categorical_crossentropy", y, np.eye(2)[np.where(right, y, 1 - y)])
    return recognises_rarest(SimpleNamespace(outcome=outcome, judged=outcome))


def test_a_rare_class_is_recognised_if_it_is_not_far_behind_the_others():
    assert recognised(0.9, 0.97)
    assert recognised(0.75, 0.75)
    assert not recognised(0.75, 1.0)
    assert not recognised(1.0, 1.0, rows=4)


def copies():
    """Return six columns that are mixtures of three, the last of them faint."""
    x = drawn(18).normal(size=(300, 3)) @ drawn(19).normal(size=(3, 6))
    x[:, 5] *= 0.02
    return x.astype("float32")


def test_a_faint_column_that_is_to_be_given_back_hardly_counts():
    x = copies()
    model = compiled(Input((6,)), Dense(3), Dense(6), loss="mse", optimizer=Adam(0.02))
    model.fit(x, x, epochs=30, verbose=0)
    assert [*ignored_input(last_case(model))] == []
    assert model.diagnose().healthy, str(model.diagnose())


def test_a_code_is_judged_by_as_many_principal_components():
    x = drawn(20).normal(size=(200, 6)).astype("float32")
    model = compiled(Input((6,)), Dense(3), Dense(6), loss="mse", optimizer=Adam(0.02))
    model.fit(x, x, epochs=1, verbose=0)
    held = last_case(model)
    own, other = x[:100].astype(float), x[100:].astype(float)
    axes = np.linalg.svd(own - own.mean(axis=0))[2][:3]
    centred = other - own.mean(axis=0)
    wrong = np.square(centred - centred @ axes.T @ axes).sum()
    assert held.reference == pytest.approx(1 - wrong / np.square(other - other.mean(0)).sum())


def base(scale):
    """Return a frozen convolution whose second filter gives far less, and what reads it."""
    look = layers.Conv2D(2, 3, activation="relu", trainable=False)
    model = compiled(Input((6, 6, 1)), look, layers.Flatten(), Dense(1, "sigmoid"))
    look.set_weights([look.get_weights()[0] * [1.0, scale], look.get_weights()[1]])
    return model


def test_features_of_a_frozen_layer_have_no_units():
    x = drawn(21).random((60, 6, 6, 1)).astype("float32")
    assert told(unscaled_inputs, base(1e-4), x, np.arange(60) % 2) == []


def linear(*shape):
    model = compiled(
        Input(shape),
        *([layers.Flatten()] if len(shape) > 1 else []),
        Dense(8),
        Dense(1, "sigmoid"),
    )
    x, y = rows()
    model.fit(x.reshape(-1, *shape), np.where(drawn(22).random(200) < 0.1, 1 - y, y),
              epochs=40, verbose=0)  # fmt: skip
    return model.diagnose()["missing-nonlinearity"].severity


def test_simple_models_show_what_can_be_reached_on_tables_alone():
    assert linear(6) == "note"
    assert linear(2, 3) == "warning"


def pictures(faint):
    """Return flat pictures in whose corner there is hardly ever, and then faint, ink."""
    x = drawn(21).random((400, 9))
    x[:, 0] = np.where(np.arange(400) % 50 == 0, faint, 0.0)
    return mlp(9, 3, "softmax", SPARSE), x, np.arange(400) % 3


def test_a_corner_with_hardly_any_ink_is_no_column_that_is_drowned():
    assert told(unscaled_inputs, *pictures(0.005)) == []
    model, x, y = pictures(0.0)
    x[:, 0] = 0.002 * drawn(22).random(400)
    assert told(unscaled_inputs, model, x, y) == [("unscaled-inputs", "warning")]
    assert told(unscaled_inputs, *pictures(300.0)) == [("unscaled-inputs", "warning")]


@pytest.mark.parametrize(("rare", "severity"), [(36, "note"), (18, "warning")])
def test_a_ratio_that_few_rows_leave_open_is_a_note(rare, severity):
    y = (np.arange(400) < rare).astype(int)
    x = drawn(23).normal(size=(400, 6))
    assert told(class_imbalance, binary(), x, y) == [("class-imbalance", severity)]


@pytest.mark.parametrize(("distance", "severity"), [(5.0, "note"), (0.5, "warning")])
def test_a_rare_class_that_a_simple_model_recognises_is_a_note_before_training(distance, severity):
    y = (np.arange(400) < 20).astype(int)
    x = drawn(24).normal(size=(400, 6)) + distance * y[:, None]
    assert binary().check(x, y)["class-imbalance"].severity == severity


def test_of_a_class_that_weights_make_rare_no_simple_model_is_asked():
    y = np.arange(200) % 2
    x = drawn(25).normal(size=(200, 6)) + 5 * y[:, None]
    found = binary().check(x, y, class_weight={0: 1.0, 1: 1e-3})
    assert found["class-imbalance"].severity == "warning"


def weak(rows, joined=True):
    """Return rows that foretell little of their labels."""
    x = drawn(26).normal(size=(rows, 6))
    y = (x[:, 0] + 1.5 * drawn(27).normal(size=rows) > 0).astype(int)
    return x, y if joined else drawn(28).permutation(y)


@pytest.mark.parametrize("joined", [True, False])
def test_a_weak_signal_that_few_validation_rows_do_not_show_is_one(joined):
    model = compiled(Input((6,)), Dense(1, "sigmoid"), optimizer=Adam(0.01))
    x, y = weak(640, joined)
    held = drawn(29).integers(0, 2, 40)  # as little as so few rows can show
    model.fit(x[:600], y[:600], validation_data=(x[600:], held), epochs=5, verbose=0)
    assert ("no-signal" in model.diagnose()) is not joined
