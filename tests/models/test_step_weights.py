"""Sample weights of single steps, as Keras takes them for outputs with a time axis."""

import keras
import numpy as np
import pytest

import pellucid
from pellucid import layers, losses, metrics
from pellucid.errors import ArgumentError, DataError, PellucidWarning, ShapeError

RNG = np.random.default_rng(0)
IDS = np.array([[1, 2, 3, 0], [2, 1, 2, 1], [3, 3, 1, 0], [1, 1, 2, 3], [2, 3, 0, 0]])
SERIES = RNG.normal(size=(5, 4, 2)).astype("float32")
NUMBERS = RNG.normal(size=(5, 4, 1)).astype("float32")
CLASSES = RNG.integers(0, 3, (5, 4))
ONE_HOT = np.eye(3, dtype="float32")[CLASSES]
BINARY = (NUMBERS > 0).astype("float32")
WEIGHT = RNG.uniform(0, 2, (5, 4)).astype("float32")
WEIGHT[1, 2] = 0


def plain(library, units, activation):
    x = library.Input((4, 2))
    h = library.layers.SimpleRNN(3, return_sequences=True)(x)
    return library.Model(x, library.layers.Dense(units, activation, name="out")(h))


def masked(library, units, activation):
    x = library.Input((4,), dtype="int32")
    h = library.layers.Embedding(4, 3, mask_zero=True)(x)
    return library.Model(x, library.layers.Dense(units, activation, name="out")(h))


def image(library, units, activation):
    x = library.Input((4, 2, 1))
    return library.Model(x, library.layers.Conv2D(units, 1, activation=activation)(x))


def reduced(rule):
    return lambda library: library.losses.MeanSquaredError(reduction=rule)


CASES = {
    "numbers": (plain, (1, None), "mse", ["mae", "mse"], NUMBERS, WEIGHT),
    "with a last axis": (plain, (1, None), "mse", ["mae"], NUMBERS, WEIGHT[..., None]),
    "sums": (plain, (1, None), reduced("sum"), ["mae"], NUMBERS, WEIGHT),
    "means by weight": (
        plain,
        (1, None),
        reduced("mean_with_sample_weight"),
        ["mae"],
        NUMBERS,
        WEIGHT,
    ),
    "class numbers": (
        plain,
        (3, "softmax"),
        "sparse_categorical_crossentropy",
        ["accuracy", "sparse_top_k_categorical_accuracy"],
        CLASSES,
        WEIGHT,
    ),
    "one-hot": (plain, (3, "softmax"), "categorical_crossentropy", ["acc"], ONE_HOT, WEIGHT),
    "binary": (
        plain,
        (1, "sigmoid"),
        "binary_crossentropy",
        ["accuracy", "Precision", "Recall"],
        BINARY,
        WEIGHT,
    ),
    "masked": (masked, (1, None), "mse", ["mae"], NUMBERS, WEIGHT),
    "masked sums": (masked, (1, None), reduced("sum"), ["mae"], NUMBERS, WEIGHT),
    "masked means by weight": (
        masked,
        (1, None),
        reduced("mean_with_sample_weight"),
        ["mae"],
        NUMBERS,
        WEIGHT,
    ),
    "masked classes": (
        masked,
        (3, "softmax"),
        "sparse_categorical_crossentropy",
        ["accuracy"],
        CLASSES,
        WEIGHT,
    ),
    "an image": (image, (1, None), "mse", ["mae"], SERIES[..., None], np.stack([WEIGHT] * 2, -1)),
}


def twins(case):
    """Return the same model of both libraries, with the same weights, and what they train on."""
    build, (units, activation), loss, weighted, y, weight = CASES[case]
    x = {plain: SERIES, masked: IDS, image: SERIES[..., None]}[build]
    found = []
    for library in (pellucid, keras):
        model = build(library, units, activation)
        own = loss if isinstance(loss, str) else loss(library)
        names = [
            getattr(library.metrics, m)(name=m.lower()) if m[0].isupper() else m for m in weighted
        ]
        optimizer = library.optimizers.SGD(0.02)
        model.compile(optimizer=optimizer, loss=own, weighted_metrics=names)
        found.append(model)
    ours, theirs = found
    theirs.set_weights(ours.get_weights())
    return ours, theirs, x, y, weight


def assert_equal_logs(given, expected, leave=()):
    assert given.keys() == expected.keys()
    for name, value in expected.items():
        if name in leave:
            continue
        np.testing.assert_allclose(given[name], value, rtol=5e-5, atol=1e-6, err_msg=name)


def assert_equal_weights(ours, theirs):
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_scores_one_step_and_a_fit_are_those_of_keras(case):
    ours, theirs, x, y, weight = twins(case)
    quiet = {"verbose": 0, "batch_size": 5}
    assert_equal_logs(
        ours.evaluate(x, y, sample_weight=weight, return_dict=True, **quiet),
        theirs.evaluate(x, y, sample_weight=weight, return_dict=True, **quiet),
    )
    assert_equal_logs(
        ours.test_on_batch(x, y, sample_weight=weight, return_dict=True),
        theirs.test_on_batch(x, y, sample_weight=weight, return_dict=True),
    )
    theirs.reset_metrics()
    # While Keras on JAX trains, its metrics do not see the mask that its losses see.
    leave = [one for one in ours.metrics_names if "masked" in case and one != "loss"]
    assert_equal_logs(
        ours.train_on_batch(x, y, sample_weight=weight, return_dict=True),
        theirs.train_on_batch(x, y, sample_weight=weight, return_dict=True),
        leave,
    )
    # One step of plain gradient descent: what moved is the gradient.
    assert_equal_weights(ours, theirs)
    options = {"epochs": 3, "batch_size": 2, "shuffle": False, "verbose": 0}
    held_out = {"validation_data": (x, y, weight), "validation_batch_size": 5}
    given = ours.fit(x, y, sample_weight=weight, **options, **held_out).history
    expected = theirs.fit(x, y, sample_weight=weight, **options, **held_out).history
    assert_equal_logs(given, expected, leave)
    assert_equal_weights(ours, theirs)


def two_outputs(library):
    x = library.Input((4, 2))
    h = library.layers.SimpleRNN(3, return_sequences=True)(x)
    steps = library.layers.Dense(1, name="steps")(h)
    whole = library.layers.Dense(1, name="whole")(library.layers.Flatten()(h))
    model = library.Model(x, [steps, whole])
    model.compile(optimizer=library.optimizers.SGD(0.1), loss=["mse", "mae"])
    return model


ROW_WEIGHT = np.array([1.0, 0.5, 2.0, 0.0, 3.0], "float32")


@pytest.mark.parametrize(
    "weights", [[WEIGHT, ROW_WEIGHT], {"steps": WEIGHT, "whole": ROW_WEIGHT}], ids=["list", "dict"]
)
def test_each_output_has_weights_of_its_own(weights):
    ours, theirs = two_outputs(pellucid), two_outputs(keras)
    theirs.set_weights(ours.get_weights())
    y = [NUMBERS, NUMBERS[:, 0]]
    options = {"epochs": 2, "batch_size": 2, "shuffle": False, "verbose": 0}
    given = ours.fit(SERIES, y, sample_weight=weights, **options).history
    listed = [WEIGHT, ROW_WEIGHT]
    expected = theirs.fit(SERIES, y, sample_weight=listed, **options).history
    np.testing.assert_allclose(given["loss"], expected["loss"], rtol=2e-5)
    assert_equal_weights(ours, theirs)


def test_streams_bring_weights_of_steps():
    batches = [(SERIES[i : i + 2], NUMBERS[i : i + 2], WEIGHT[i : i + 2]) for i in (0, 2)]

    def forever():
        while True:
            yield from batches

    streamed, whole = (twins("numbers")[0] for _ in range(2))
    given = streamed.fit(forever(), steps_per_epoch=2, epochs=3, verbose=0).history
    options = {"epochs": 3, "batch_size": 2, "shuffle": False, "verbose": 0}
    expected = whole.fit(SERIES[:4], NUMBERS[:4], sample_weight=WEIGHT[:4], **options).history
    np.testing.assert_allclose(given["loss"], expected["loss"], rtol=1e-6)
    scores = [model.evaluate(iter(batches), verbose=0) for model in (streamed, whole)]
    np.testing.assert_allclose(*scores, rtol=1e-6)


def test_shuffled_rows_take_the_weights_of_their_steps_along():
    kept = WEIGHT * (np.arange(5) % 2)[:, None]
    one, other = (twins("numbers")[0] for _ in range(2))
    spoilt = np.where(kept[..., None] == 0, 1e3, NUMBERS)
    options = {"epochs": 3, "batch_size": 2, "verbose": 0, "sample_weight": kept}
    assert (
        one.fit(SERIES, NUMBERS, **options).history == other.fit(SERIES, spoilt, **options).history
    )


def test_weights_of_lists_of_different_lengths_are_lists_too():
    def model():
        entry = layers.Input((None,), dtype="int32")
        embedded = layers.Embedding(9, 2, mask_zero=True)(entry)
        made = pellucid.Model(entry, layers.Dense(1)(embedded))
        made.compile(optimizer="sgd", loss="mse")
        return made

    lists = [[1, 2, 3, 4, 5], [6], [7, 8, 1]], [[[0.1]] * 5, [[0.2]], [[0.3]] * 3]
    weights = [[1.0, 0.0, 2.0, 1.0, 3.0], [0.5], [2.0, 2.0, 0.0]]
    x, y, w = (
        pellucid.utils.pad_sequences(one, padding="post", maxlen=8, dtype=kind)
        for one, kind in zip((*lists, weights), ("int32", "float32", "float32"), strict=True)
    )
    options = {"epochs": 2, "batch_size": 3, "shuffle": False, "verbose": 0}
    listed = model().fit(*lists, sample_weight=weights, **options).history
    assert listed == model().fit(x, y, sample_weight=w, **options).history


def test_weights_of_classes_become_weights_of_steps():
    ours, theirs, x, y, _ = twins("class numbers")
    weights = {0: 1.0, 1: 3.0, 2: 0.5}
    with pytest.raises(ArgumentError) as caught:
        ours.fit(x, y, class_weight=weights, verbose=0)
    assert str(caught.value) == (
        "fit(class_weight=...): got class weights for outputs of shape (None, 4, 3), expected "
        "outputs with one class a row. Give sample_weight of the labels' shape instead: "
        "np.vectorize(weights.get)(y)."
    )
    # What the message says to write is what the weights of classes mean.
    by_step = np.vectorize(weights.get)(y)
    loss = ours.evaluate(x, y, sample_weight=by_step, verbose=0, return_dict=True)["loss"]
    each = -np.log(np.take_along_axis(theirs.predict(x, verbose=0), y[..., None], -1))[..., 0]
    shares = [weight * each[y == one].sum() for one, weight in weights.items()]
    assert loss == pytest.approx(sum(shares) / y.size, rel=1e-5)


ERRORS = {
    "one number too few": (
        lambda: fit(WEIGHT[:, :3]),
        ShapeError,
        "sample_weight: got shape (5, 3), expected (5,), one number a row, or (5, 4), one for "
        "each step.",
    ),
    "steps where there are none": (
        lambda: two_outputs(pellucid).fit(
            SERIES, [NUMBERS, NUMBERS[:, 0]], sample_weight=[WEIGHT[1:], WEIGHT], verbose=0
        ),
        ShapeError,
        "2 problems:\n"
        "  1. sample_weight['steps']: got shape (4, 4), expected (5,), one number a row, or "
        "(5, 4), one for each step.\n"
        "  2. sample_weight['whole']: got shape (5, 4), expected (5,), one number a row.",
    ),
    "places": (
        lambda: fit(WEIGHT, "an image"),
        ShapeError,
        "sample_weight: got shape (5, 4), expected (5,), one number a row, or (5, 4, 2), one "
        "for each place.",
    ),
    "NaN": (
        lambda: fit(np.where(WEIGHT == 0, np.nan, WEIGHT)),
        DataError,
        "sample_weight: got nan in row 1, column 2, expected finite numbers. What shall "
        "not count has weight 0.",
    ),
    "text": (
        lambda: fit(np.full((5, 4), "a")),
        DataError,
        "sample_weight: got text, expected one number a row.",
    ),
    "a loss for each row": (
        lambda: fit(WEIGHT, loss=lambda t, p: (t - p).mean(axis=(1, 2))),
        ShapeError,
        "weights: got shape (5, 4), expected (5,), one for each value, or that of its first axes. "
        "The loss takes the mean over the last axis of the labels: to weigh what stands along it, "
        "such as steps, give the labels one axis more, y[..., None].",
    ),
    "unknown names": (
        lambda: two_outputs(pellucid).fit(
            SERIES, [NUMBERS, NUMBERS[:, 0]], sample_weight={"step": WEIGHT}, verbose=0
        ),
        ArgumentError,
        "sample_weight: got the names 'step', expected 'steps', 'whole'. Is 'step' meant for "
        "'steps'?",
    ),
}


def fit(weight, case="numbers", loss=None):
    model, _, x, y, _ = twins(case)
    if loss is not None:
        model.compile(optimizer="sgd", loss=loss)
    model.fit(x, y, sample_weight=weight, batch_size=5, verbose=0)


@pytest.mark.parametrize("what", ERRORS)
def test_wrong_weights_are_answered(what):
    call, kind, text = ERRORS[what]
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == text


def test_a_metric_that_is_one_number_leaves_padding_out_where_steps_have_weights():
    def spread(y_true, y_pred):
        return y_true.max() - y_true.min()

    metric = metrics.MeanMetricWrapper(spread)
    y = np.array([[[5.0], [3.0]], [[1.0], [2.0]], [[99.0], [99.0]]], "float32")
    weight = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]], "float32")
    assert float(metric(y, y, sample_weight=weight)) == 4.0


def test_reduce_says_when_weights_do_not_lie_beside_the_values():
    with pytest.raises(ShapeError, match=r"weights: got shape \(2,\), expected \(3, 2\)"):
        losses.reduce(np.ones((3, 2), "float32"), np.ones(2, "float32"))


def test_labels_with_a_last_axis_are_weighed_step_by_step():
    model, _, x, y, _ = twins("numbers")
    flat = y.reshape(SERIES.shape[:2])
    with pytest.raises(ShapeError, match=r"give the labels one axis more, y\[\.\.\., None\]"):
        model.fit(x, flat, sample_weight=WEIGHT, verbose=0)
    assert model.fit(x, flat[..., None], sample_weight=WEIGHT, verbose=0).history["loss"]


def test_weights_below_0_are_told():
    model, _, x, y, _ = twins("numbers")
    with pytest.warns(PellucidWarning) as told:
        model.evaluate(x, y, sample_weight=np.where(WEIGHT > 1, -1, WEIGHT), verbose=0)
    assert str(told[0].message) == (
        "sample_weight: got weights down to -1.0000, expected none below 0. The loss of such a "
        "row is better the more it is wrong, and can fall without end. What shall not count has "
        "weight 0."
    )
