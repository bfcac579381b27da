"""Regularisation too strong and as usual."""

import numpy as np
import pytest

from insight.findings.cases import case, told
from insight.findings.set_ups import BINARY, binary, compiled, drawn, mlp, table
from pellucid import Input, constraints, initializers, layers, losses, regularizers
from pellucid.insight.findings.rules.over_regularized import held_back, over_regularized
from pellucid.insight.remedies import LiftConstraints, ReduceRegularisation, Rows, Setup
from pellucid.layers import Dense
from pellucid.models.diagnosing import last_case
from pellucid.optimizers import SGD, Adam, AdamW


def decayed(optimizer):
    model = binary()
    model.compile(optimizer, BINARY)
    return model


@pytest.mark.parametrize(
    ("optimizer", "severity"),
    [
        (AdamW(5e-3, weight_decay=40.0), "fault"),
        (Adam(1e-3, weight_decay=4.0), "warning"),
        (SGD(0.1, weight_decay=10.0), "fault"),
    ],
)
def test_decay_that_pulls_harder_than_steps_push_is_told(optimizer, severity):
    assert told(over_regularized, decayed(optimizer), *table()) == [("over-regularized", severity)]


@pytest.mark.parametrize(
    "optimizer", [AdamW(5e-3), AdamW(5e-3, weight_decay=0.3), SGD(0.1, weight_decay=5e-3)]
)
def test_decay_as_usual_is_sound(optimizer):
    assert told(over_regularized, decayed(optimizer), *table()) == []


def test_the_remedy_divides_the_decay():
    model = decayed(AdamW(5e-3, weight_decay=40.0))
    (found,) = over_regularized(case(model, *table()))
    setup = Setup(model.graph, {"optimizer": model.optimizer, "loss": BINARY}, {}, Rows(*table()))
    made = found.remedies[0].apply(setup).compile["optimizer"]
    assert (made.weight_decay, made.learning_rate) == (0.4, 5e-3)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"dropout": 0.9}, [("over-regularized", "warning")]),
        ({"recurrent_dropout": 0.9}, [("over-regularized", "warning")]),
        ({"dropout": 0.3, "recurrent_dropout": 0.3}, []),
    ],
)
def test_dropout_inside_a_recurrent_layer_counts(options, found):
    memory = layers.Bidirectional(layers.GRU(4, **options))
    model = compiled(Input((5, 2)), memory, Dense(1, "sigmoid"))
    x = drawn(90).normal(size=(40, 5, 2))
    assert told(over_regularized, model, x, (x[:, 0, 0] > 0).astype(int)) == found


def quiet(strength):
    """Return a network with a penalty on what its first layer gives."""
    held = Dense(16, "relu", activity_regularizer=regularizers.L2(strength))
    return compiled(Input((6,)), held, Dense(1, "sigmoid"))


@pytest.mark.parametrize(
    "model",
    [
        quiet(5.0),
        compiled(
            Input((6,)),
            Dense(16, "relu"),
            layers.ActivityRegularization(l1=5.0),
            Dense(1, "sigmoid"),
        ),
    ],
)
def test_penalties_on_what_layers_give_count(model):
    assert told(over_regularized, model, *table()) == [("over-regularized", "fault")]


def test_the_penalty_is_that_of_the_rows_at_the_first_weights():
    x, y = table()
    model = quiet(5.0)
    (found,) = over_regularized(case(model, x, y))
    kernel, bias = model.get_weights()[:2]
    given = np.maximum(x.astype(np.float32) @ kernel + bias, 0)
    assert found.evidence["penalty"] == pytest.approx(5 * np.square(given).sum() / 200, rel=1e-4)


def test_a_faint_penalty_on_what_layers_give_is_sound():
    assert told(over_regularized, quiet(1e-3), *table()) == []


@pytest.mark.parametrize(
    ("strength", "found"), [(1.0, [("over-regularized", "fault")]), (1e-3, [])]
)
def test_of_several_answers_a_row_penalties_count_too(strength, found):
    model = mlp(6, 3, "sigmoid", BINARY, kernel_regularizer=regularizers.L2(strength))
    assert told(over_regularized, model, table()[0], drawn(91).integers(0, 2, (200, 3))) == found


def noisy(kind, strength):
    return binary(before=(kind(strength),))


def bounded(most):
    return binary(kernel_constraint=constraints.MaxNorm(most))


def smoothed(share):
    loss = losses.CategoricalCrossentropy(label_smoothing=share)
    return mlp(6, 2, "softmax", loss)


@pytest.mark.parametrize(
    ("sick", "sound"),
    [
        (noisy(layers.GaussianNoise, 5.0), noisy(layers.GaussianNoise, 0.5)),
        (noisy(layers.GaussianDropout, 0.9), noisy(layers.GaussianDropout, 0.5)),
        (bounded(0.01), bounded(2.0)),
    ],
)
def test_noise_and_bounds_are_judged_by_what_they_leave(sick, sound):
    assert told(over_regularized, sick, *table()) == [("over-regularized", "warning")]
    assert told(over_regularized, sound, *table()) == []


def test_labels_that_are_smoothed_away_are_told():
    x, y = table()
    assert told(over_regularized, smoothed(0.9), x, np.eye(2)[y]) == [
        ("over-regularized", "warning")
    ]
    assert told(over_regularized, smoothed(0.1), x, np.eye(2)[y]) == []


def test_a_bound_is_answered_by_lifting_it_and_by_nothing_else():
    (found,) = over_regularized(case(bounded(0.01), *table()))
    assert found.remedies == (LiftConstraints(),)


def held(**options):
    model = compiled(Input((6,)), Dense(8, "relu", **options), Dense(1, "sigmoid"))
    model.compile(Adam(0.02), BINARY)
    model.fit(*table(), epochs=20, verbose=0)
    return [(one.name, one.severity, one.remedies) for one in held_back(last_case(model))]


def test_a_copy_with_weaker_regularisation_shows_what_holds_a_run_back():
    # What small first weights give is hardly punished yet.
    small = initializers.RandomNormal(stddev=0.05)
    assert held(kernel_initializer=small, activity_regularizer=regularizers.L2(5.0)) == [
        ("over-regularized", "warning", (ReduceRegularisation(),))
    ]
    assert held(activity_regularizer=regularizers.L2(1e-5)) == []
    assert held() == []


def dropped(rate):
    """Return a run that tells four heaps apart in spite of dropout, which leaves it unsure."""
    y = np.arange(400) % 4
    x = drawn(95).normal(size=(400, 4)) * 0.5 + 2 * np.eye(4)[y]
    wide = [Dense(48, "relu"), layers.Dropout(rate)]
    model = compiled(
        Input((4,)), *wide, Dense(4, "softmax"), loss="sparse_categorical_crossentropy"
    )
    model.compile(Adam(2e-3), "sparse_categorical_crossentropy")
    model.fit(x, y, epochs=25, verbose=0)
    return model


def test_dropout_that_leaves_the_answers_right_and_unsure_is_told():
    model = dropped(0.95)
    assert last_case(model).judged.score > 0.9
    assert model.diagnose()["over-regularized"].severity == "warning"


def test_dropout_that_does_no_harm_is_worth_a_note():
    assert dropped(0.75).diagnose()["over-regularized"].severity == "note"
