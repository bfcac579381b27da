"""Each remedy changes what it says, and nothing else."""

import json
from dataclasses import replace

import numpy as np
import pytest

import pellucid
from pellucid.callbacks import EarlyStopping, ReduceLROnPlateau
from pellucid.constraints import MaxNorm
from pellucid.graph.editing import copied
from pellucid.insight import remedies
from pellucid.insight.remedies import Rows, Setup
from pellucid.insight.remedies.sampling import judged_fairly
from pellucid.layers import (
    LSTM,
    Activation,
    ActivityRegularization,
    Bidirectional,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianNoise,
    Input,
    RandomFlip,
    RandomRotation,
    SimpleRNN,
    TimeDistributed,
)
from pellucid.models.storing import model_around
from pellucid.optimizers import SGD, Adam
from pellucid.optimizers.schedules import CosineDecay
from pellucid.regularizers import L2

X = np.array([[0.0, 10.0], [2.0, 30.0], [4.0, 20.0], [6.0, 40.0]], np.float32)
Y = np.array([0.0, 100.0, 200.0, 300.0], np.float32)
SEQUENCES = np.zeros((4, 5, 1), np.float32)


def setup(layers=None, x=X, y=Y, validation=None, compile=None, **fit):
    chosen = layers or [Dense(4, "tanh"), Dense(1)]
    graph = pellucid.Sequential([Input(x.shape[1:]), *chosen]).graph
    return Setup(
        graph,
        {"optimizer": SGD(0.5), "loss": "mse", **(compile or {})},
        fit,
        Rows(x, y),
        None if validation is None else Rows(*validation),
    )


def layers_of(made):
    return model_around(copied(made.graph)).layers


def kinds(made):
    return [type(layer).__name__ for layer in layers_of(made)]


def described(made):
    """Everything in a set-up, comparable."""
    return (
        json.dumps(made.graph.get_config(), sort_keys=True),
        {name: repr(value) for name, value in made.compile.items()},
        {name: repr(value) for name, value in made.fit.items()},
        [repr(np.asarray(part)) for part in (made.train.x, made.train.y)],
        None
        if made.validation is None
        else [repr(np.asarray(part)) for part in (made.validation.x, made.validation.y)],
        {name: array.tolist() for name, array in made.weights.items()},
    )


SICK = setup(
    [
        Dense(4, "sigmoid", kernel_initializer="zeros", trainable=False),
        Dropout(0.9),
        Dense(8, kernel_regularizer=pellucid.regularizers.L2(1.0)),
        Dense(1),
    ],
    validation=(X[:2], Y[:2]),
    shuffle=False,
    epochs=4,
    batch_size=2,
)
RECURRENT = setup([SimpleRNN(3), Dense(1)], SEQUENCES)
PLAIN = setup()
BOUNDED = setup([Dense(4, "tanh", kernel_constraint=MaxNorm(0.1)), Dense(1)])
CLASSES = setup([Dense(1, "sigmoid")], y=np.array([0, 0, 0, 1]), compile={"loss": "mse"})
HOLES = setup(x=np.where(X == 4, np.nan, X), validation=(X, Y))

ONCE = [
    (remedies.ScaleInputs(), PLAIN),
    (remedies.DivideInputs(), PLAIN),
    (remedies.ScaleTargets(), PLAIN),
    (remedies.DropRows(), HOLES),
    (remedies.FillMissing(), HOLES),
    (remedies.DropColumns((1,)), PLAIN),
    (remedies.DropLeak((1,)), PLAIN),
    (remedies.DropOverlap(), SICK),
    (remedies.BalanceClasses(), CLASSES),
    (remedies.FixLabels("shift"), setup(y=np.array([1, 2, 3, 1]))),
    (remedies.FixLabels("cast"), setup(y=np.array([0.0, 2.0, 1.0, 0.0]))),
    (remedies.FixLabels("unit"), setup(y=np.array([0, 255, 255, 0]))),
    (remedies.FixLabels("number"), setup(y=np.array(["cat", "dog", "cat", "bird"]))),
    (remedies.ShuffleRows(), SICK),
    (remedies.ShuffleBeforeSplit(), SICK),
    (remedies.FixOutput("softmax", 2, "sparse_categorical_crossentropy"), CLASSES),
    (remedies.InsertActivation("dense_1"), SICK),
    (remedies.Reinitialise(), SICK),
    (remedies.UnfreezeLayers(), SICK),
    (remedies.LiftConstraints(), BOUNDED),
    (remedies.WidenLayer("dense", 32), PLAIN),
    (remedies.ReplaceActivation("sigmoid", "relu"), SICK),
    (remedies.AddBatchNormalization(), PLAIN),
    (remedies.AddSkips(), setup([Dense(2, "tanh"), Dense(1)])),
    (remedies.UseGatedCell(), RECURRENT),
    (remedies.UseTanhCell(), setup([SimpleRNN(3, "sigmoid"), Dense(1)], SEQUENCES)),
    (remedies.SetLearningRate(0.01), PLAIN),
    (remedies.ClipGradients(), PLAIN),
    (remedies.UseOptimizer("adam"), PLAIN),
    (remedies.DecayLearningRate(), SICK),
    (remedies.SetBatchSize(3), SICK),
    (remedies.StopEarly(), SICK),
    (remedies.WaitLonger(5), setup(callbacks=[EarlyStopping(patience=1)])),
    (remedies.LowerRateLater(0.02), setup(callbacks=[ReduceLROnPlateau(factor=0.01)])),
    (remedies.AddDropout(), PLAIN),
    (remedies.AddWeightDecay(), PLAIN),
]
AGAIN = [
    (remedies.ReduceRegularisation(), SICK),
    (remedies.Widen(), PLAIN),
    (remedies.ShrinkModel(2.0), PLAIN),
    (remedies.AddLayer(), PLAIN),
    (remedies.ScaleLearningRate(0.1), PLAIN),
    (remedies.MoreEpochs(), SICK),
    (remedies.EndEarlier(2), RECURRENT),
]
"""Those that do more each time, or may."""


def test_every_remedy_is_tried():
    tried = {type(one).__name__ for one, _ in [*ONCE, *AGAIN]}
    told_apart = {"Remedy", "Rows", "Setup", "DropSuspects"}
    assert tried == set(remedies.__all__) - told_apart
    assert {(type(one), getattr(one, "change", "")) for one, _ in ONCE} >= {
        (remedies.FixLabels, change) for change in ("shift", "cast", "unit", "number")
    }


def name_of(one):
    return getattr(one, "name", "")


@pytest.mark.parametrize(("remedy", "made"), [*ONCE, *AGAIN], ids=name_of)
def test_a_remedy_changes_a_set_up_without_touching_it(remedy, made):
    before = described(made)
    assert described(remedy.apply(made)) != before
    assert described(made) == before
    assert remedy.words.endswith(".")
    assert remedy.name


@pytest.mark.parametrize(("remedy", "made"), ONCE, ids=name_of)
def test_applying_it_twice_is_applying_it_once(remedy, made):
    once = remedy.apply(made)
    assert remedy.apply(once) is once or described(remedy.apply(once)) == described(once)


def test_rows_that_judge_are_drawn_from_all_and_trained_on_by_nobody():
    x = np.arange(40.0)[:, None]
    made = setup(x=x[:30], y=x[:30, 0], validation=(x[30:], x[30:, 0]))
    sick, mended = judged_fairly(made), remedies.ShuffleBeforeSplit().apply(made)
    assert sick.validation.y.tolist() == mended.validation.y.tolist()
    assert sorted([*mended.train.y, *mended.validation.y]) == list(range(40))
    assert list(sick.train.y) == sorted(set(mended.train.y) & set(range(30)))
    assert 0 < (sick.validation.y < 30).sum() < 10
    assert remedies.ShuffleBeforeSplit().apply(PLAIN) is PLAIN


def test_rows_that_judge_keep_their_weights():
    x = np.arange(40.0)[:, None]
    made = setup(x=x[:30], y=x[:30, 0], validation=(x[30:], x[30:, 0]))
    weighed = replace(made, train=replace(made.train, sample_weight=x[:30, 0] + 2))
    fair = judged_fairly(weighed)
    for rows in (fair.train, fair.validation):
        # Those that were held out had no weight, which counts as 1.
        np.testing.assert_array_equal(rows.sample_weight, np.where(rows.y < 30, rows.y + 2, 1))


def test_inputs_are_scaled_inside_the_model():
    made = remedies.ScaleInputs().apply(PLAIN)
    first = layers_of(made)[0]
    np.testing.assert_allclose(first(X).mean(axis=0), [0, 0], atol=1e-6)
    np.testing.assert_allclose(first(X).std(axis=0), [1, 1], rtol=1e-5)
    assert made.train is PLAIN.train
    assert layers_of(remedies.DivideInputs(by=10).apply(PLAIN))[0](X).max() == 4


def test_targets_are_turned_back_inside_the_model():
    made = remedies.ScaleTargets().apply(PLAIN)
    last = layers_of(made)[-1]
    assert last(np.array([[0.0]], np.float32)).tolist() == [[150.0]]
    np.testing.assert_allclose(last(np.array([[1.0]], np.float32)), 150 + Y.std(), rtol=1e-6)
    assert made.compile["loss_weights"] == pytest.approx(1 / Y.var(), rel=1e-5)


def test_rows_with_holes_are_dropped_or_filled():
    dropped = remedies.DropRows().apply(HOLES)
    assert dropped.train.y.tolist() == [0, 100, 300]
    assert dropped.validation is HOLES.validation
    filled = remedies.FillMissing().apply(HOLES)
    assert filled.train.x[2].tolist() == [2.0, 20.0]
    assert filled.train.y is HOLES.train.y


def test_columns_leave_the_data_and_the_input():
    made = remedies.DropColumns((0,)).apply(replace(PLAIN, validation=Rows(X[:1], Y[:1])))
    assert made.train.x.tolist() == X[:, 1:].tolist()
    assert made.validation.x.tolist() == [[10.0]]
    assert model_around(copied(made.graph)).input_shape == (None, 1)


def test_sequences_end_earlier_in_the_data_and_in_the_input():
    steps = np.arange(20, dtype=np.float32).reshape(4, 5, 1)
    given = setup([SimpleRNN(3), Dense(1)], steps, validation=(steps[:1], Y[:1]))
    made = remedies.EndEarlier(2).apply(given)
    assert made.train.x[..., 0].tolist() == steps[:, :3, 0].tolist()
    assert made.validation.x[..., 0].tolist() == [[0, 1, 2]]
    assert model_around(copied(made.graph)).input_shape == (None, 3, 1)
    assert remedies.EndEarlier(5).apply(given) is given
    assert remedies.EndEarlier(1).apply(PLAIN) is PLAIN


def test_rows_of_the_validation_leave_the_training_rows():
    made = remedies.DropOverlap().apply(SICK)
    assert made.train.x.tolist() == X[2:].tolist()
    assert made.validation is SICK.validation


def test_suspect_rows_are_dropped():
    made = remedies.DropSuspects((0, 3)).apply(PLAIN)
    assert made.train.y.tolist() == [100, 200]
    assert remedies.DropSuspects().apply(PLAIN) is PLAIN


def test_classes_are_weighed_by_the_inverse_of_their_shares():
    assert remedies.BalanceClasses().apply(CLASSES).fit["class_weight"] == {0: 0.6667, 1: 2.0}
    assert remedies.BalanceClasses().apply(setup(y=Y + 0.5)).fit == {}


@pytest.mark.parametrize(
    ("change", "given", "expected"),
    [
        ("shift", [1, 3, 2], [0, 2, 1]),
        ("cast", [1.0, 0.0], [1, 0]),
        ("unit", [0, 255], [0, 1]),
        ("unit", [-1, 1], [0, 1]),
        ("number", ["b", "a", "b"], [1, 0, 1]),
        ("number", [10, 30, 10], [0, 1, 0]),
    ],
)
def test_labels_are_brought_to_another_form(change, given, expected):
    x = np.zeros((len(given), 2), np.float32)
    made = remedies.FixLabels(change).apply(setup(x=x, y=np.array(given)))
    assert made.train.y.tolist() == expected


def test_the_last_layer_and_the_loss_are_mended():
    fix = remedies.FixOutput("softmax", 3, "sparse_categorical_crossentropy")
    made = fix.apply(setup([Dense(4, "relu"), Dense(1), Activation("tanh")]))
    last = layers_of(made)[-1]
    assert (len(layers_of(made)), last.units, last.activation.__name__) == (2, 3, "softmax")
    assert made.compile["loss"] == "sparse_categorical_crossentropy"
    assert layers_of(made)[0].units == 4


def test_activations_are_replaced_in_hidden_layers_only():
    made = remedies.ReplaceActivation("sigmoid", "selu").apply(
        setup([Dense(4, "sigmoid"), Activation("sigmoid"), Dense(1, "sigmoid")])
    )
    assert [layer.activation.__name__ for layer in layers_of(made)] == ["selu", "selu", "sigmoid"]
    assert type(layers_of(made)[0].kernel_initializer).__name__ == "LecunNormal"


def test_an_activation_is_given_to_a_layer_without_one():
    made = remedies.InsertActivation("dense_1", "tanh").apply(SICK)
    assert layers_of(made)[2].activation.__name__ == "tanh"
    rows = setup([SimpleRNN(2, return_sequences=True, activation=None), Dense(1)], SEQUENCES)
    assert kinds(remedies.InsertActivation("simple_rnn").apply(rows)) == [
        "SimpleRNN",
        "Activation",
        "Dense",
    ]


def test_first_weights_are_drawn_to_fit_the_activation():
    given = setup([Dense(4, kernel_initializer="zeros"), Activation("relu"), Dense(1)])
    given = replace(given, weights={"dense/kernel": np.zeros((2, 4)), "dense_1/bias": np.ones(1)})
    made = remedies.Reinitialise(("dense",)).apply(given)
    drawn = [type(layer.kernel_initializer).__name__ for layer in layers_of(made)[::2]]
    assert drawn == ["HeNormal", "GlorotUniform"]
    assert list(made.weights) == ["dense_1/bias"]


def test_regularisation_is_reduced():
    layers = layers_of(remedies.ReduceRegularisation().apply(SICK))
    assert layers[1].rate == 0.2
    assert layers[2].kernel_regularizer.l2 == pytest.approx(0.01)


def test_constraints_are_lifted_and_nothing_else():
    made = remedies.LiftConstraints().apply(BOUNDED)
    hidden = layers_of(made)[0]
    assert (hidden.kernel_constraint, hidden.units) == (None, 4)
    assert remedies.LiftConstraints().apply(PLAIN) is PLAIN


def test_a_layer_inside_a_wrapper_is_reached():
    inner = SimpleRNN(3, kernel_constraint=MaxNorm(0.1), recurrent_initializer="glorot_uniform")
    given = setup([Bidirectional(inner), Dense(1)], SEQUENCES)
    changed = [remedies.LiftConstraints(), remedies.Reinitialise()]
    lifted, drawn = (layers_of(one.apply(given))[0].layer for one in changed)
    assert lifted.kernel_constraint is None
    assert type(drawn.recurrent_initializer).__name__ == "Orthogonal"


def test_noise_and_what_varies_images_are_reduced_too_but_no_bounds():
    strong = Dense(2, activity_regularizer=L2(2.0), kernel_constraint=MaxNorm(0.1))
    given = setup(
        [GaussianNoise(5.0), ActivityRegularization(l1=3.0), TimeDistributed(strong)], SEQUENCES
    )
    noise, activity, each = layers_of(remedies.ReduceRegularisation().apply(given))
    assert (noise.stddev, activity.l1) == (0.05, 0.03)
    assert each.layer.activity_regularizer.l2 == 0.02
    assert each.layer.kernel_constraint is strong.kernel_constraint
    varied = [RandomRotation(0.5), RandomFlip(), Flatten(), Dense(1)]
    images = setup(varied, np.zeros((4, 4, 4, 1)))
    assert kinds(remedies.ReduceRegularisation().apply(images))[:2] == ["Identity", "Identity"]


def test_frozen_layers_are_trained():
    assert not layers_of(SICK)[0].trainable
    assert all(layer.trainable for layer in layers_of(remedies.UnfreezeLayers().apply(SICK)))


def test_layers_are_widened_and_narrowed_but_for_the_last():
    def units(remedy):
        return [layer.units for layer in layers_of(remedy.apply(PLAIN))]

    assert units(remedies.WidenLayer("dense", 32)) == [32, 1]
    assert units(remedies.Widen(6)) == [24, 1]
    assert units(remedies.Widen(2)) == [16, 1]
    assert units(remedies.ShrinkModel(2)) == [2, 1]
    assert units(remedies.AddLayer()) == [4, 4, 1]


def test_normalisation_and_dropout_stand_behind_hidden_layers():
    assert kinds(remedies.AddBatchNormalization().apply(PLAIN)) == [
        "Dense",
        "BatchNormalization",
        "Dense",
    ]
    assert kinds(remedies.AddDropout(0.4).apply(PLAIN)) == ["Dense", "Dropout", "Dense"]


def test_gates_take_the_place_of_simple_recurrence_also_in_both_directions():
    assert kinds(remedies.UseGatedCell().apply(RECURRENT)) == ["LSTM", "Dense"]
    both = setup([Bidirectional(SimpleRNN(3, dropout=0.1)), Dense(1)], SEQUENCES)
    inner = layers_of(remedies.UseGatedCell().apply(both))[0].layer
    assert isinstance(inner, LSTM)
    assert (inner.units, inner.dropout, inner.activation.__name__) == (3, 0.1, "tanh")


def test_what_a_layer_is_given_is_added_where_shapes_are_equal():
    given = setup([Dense(2, "tanh"), Dense(3, "tanh"), Dense(3, "tanh"), Dense(1)])
    made = remedies.AddSkips().apply(given)
    assert kinds(made).count("Add") == 2
    model = model_around(copied(made.graph), 0)
    first, second, third, last = (one for one in model.layers if isinstance(one, Dense))
    one = X + first(X)
    two = second(one)
    three = two + third(two)
    np.testing.assert_allclose(model.predict(X, verbose=0), last(three), rtol=1e-5)


def test_plain_recurrence_is_bent_by_tanh_also_in_both_directions():
    given = setup([Bidirectional(SimpleRNN(3, "relu")), Dense(1)], SEQUENCES)
    inner = layers_of(remedies.UseTanhCell().apply(given))[0].layer
    assert inner.activation.__name__ == "tanh"
    assert type(inner.recurrent_initializer).__name__ == "Orthogonal"
    assert remedies.UseTanhCell().apply(RECURRENT) is RECURRENT


def test_the_optimizer_is_changed():
    def optimizer(remedy, made=PLAIN):
        return remedy.apply(made).compile["optimizer"]

    assert optimizer(remedies.SetLearningRate(0.01)).learning_rate == 0.01
    assert optimizer(remedies.ScaleLearningRate(0.1)).learning_rate == pytest.approx(0.05)
    assert optimizer(remedies.ClipGradients(2.0)).global_clipnorm == 2.0
    assert isinstance(optimizer(remedies.UseOptimizer("adam")), Adam)
    decay = optimizer(remedies.DecayLearningRate(), SICK).learning_rate
    assert isinstance(decay, CosineDecay)
    assert (decay.initial_learning_rate, decay.decay_steps) == (0.5, 8)
    named = replace(PLAIN, compile={"optimizer": "adam", "loss": "mse"})
    assert optimizer(remedies.ScaleLearningRate(10), named).learning_rate == pytest.approx(0.01)


def test_the_run_is_made_longer_shorter_or_stopped():
    assert remedies.MoreEpochs(3).apply(SICK).fit["epochs"] == 12
    assert remedies.SetBatchSize(3).apply(SICK).fit["batch_size"] == 3
    (policy,) = remedies.StopEarly(2).apply(SICK).fit["callbacks"]
    assert isinstance(policy, EarlyStopping)
    assert (policy.monitor, policy.patience, policy.restore_best_weights) == ("val_loss", 2, True)


def test_early_stopping_waits_longer_and_for_any_gain():
    plateau = ReduceLROnPlateau(patience=1)
    given = setup(callbacks=[plateau, EarlyStopping("loss", patience=1, min_delta=0.1)])
    kept, policy = remedies.WaitLonger(5).apply(given).fit["callbacks"]
    assert kept is plateau
    expected = EarlyStopping("loss", patience=5, restore_best_weights=True)
    assert repr(policy) == repr(expected)
    patient = setup(callbacks=[EarlyStopping(patience=9)])
    assert remedies.WaitLonger(5).apply(patient) is patient
    assert remedies.WaitLonger(5).apply(PLAIN) is PLAIN


def test_the_rate_begins_again_and_is_lowered_later():
    hasty = ReduceLROnPlateau("loss", factor=0.01, patience=1, min_delta=0.5)
    given = setup(callbacks=[EarlyStopping(patience=1), hasty])
    made = remedies.LowerRateLater(0.02, 4).apply(given)
    kept, policy = made.fit["callbacks"]
    assert repr(kept) == repr(EarlyStopping(patience=1))
    assert repr(policy) == repr(ReduceLROnPlateau("loss", factor=0.5, patience=4, min_delta=0.0))
    assert made.compile["optimizer"].learning_rate == 0.02
    assert remedies.LowerRateLater(0.02).apply(PLAIN) is PLAIN


def test_the_vectors_of_an_embedding_are_made_longer_and_no_others():
    words = setup([Embedding(9, 1), Flatten(), Dense(4), Dense(1)], np.zeros((4, 3), "int32"))
    made = remedies.WidenLayer("embedding", 8).apply(words)
    wider = remedies.Widen(4).apply(words)
    vectors = [
        one.output_dim
        for case in (made, wider)
        for one in layers_of(case)
        if isinstance(one, Embedding)
    ]
    assert vectors == [8, 1]


def test_large_weights_are_punished_where_nothing_did():
    made = remedies.AddWeightDecay(0.5).apply(SICK)
    assert [layers_of(made)[number].kernel_regularizer.l2 for number in (0, 2, 3)] == [0.5, 1, 0.5]
