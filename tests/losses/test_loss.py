"""The contract of a loss: own losses, functions, shapes, configuration, tunable numbers."""

import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sklearn.metrics

from pellucid import losses
from pellucid.description import bind, structure, tunables
from pellucid.errors import ArgumentError, NotSaveableError, ShapeError
from pellucid.losses.vocabulary import CLASSES


class Quartic(losses.Loss):
    scale: float = 1.0

    def call(self, y_true, y_pred):
        return self.scale * jnp.mean((y_true - y_pred) ** 4, axis=-1)


def quartic(y_true, y_pred):
    return jnp.mean((y_true - y_pred) ** 4, axis=-1)


# -- losses of one's own --------------------------------------------------------------------


def test_own_loss():
    loss = Quartic(scale=2.0)
    assert float(loss([[1.0], [2.0]], [[0.0], [0.0]])) == 2.0 * (1 + 16) / 2
    assert loss.name == "quartic"
    assert loss.get_config()["scale"] == 2.0


def test_own_loss_without_call():
    class Empty(losses.Loss):
        pass

    with pytest.raises(NotImplementedError, match=r"Empty must define call\(\)\."):
        Empty()([1.0], [1.0])


def test_function_loss():
    loss = losses.get(quartic)
    assert isinstance(loss, losses.FunctionLoss)
    assert loss.name == "quartic"
    assert losses.FunctionLoss(quartic, name="other").name == "other"
    assert float(loss([1.0, 2.0], [[0.0], [0.0]])) == 8.5


def test_function_loss_of_one_number_for_the_batch():
    loss = losses.get(lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2))
    assert float(loss([[1.0], [3.0]], [[0.0], [0.0]])) == 5.0
    assert float(loss([[1.0], [3.0]], [[0.0], [0.0]], sample_weight=[1.0, 0.0])) == 2.5


def test_function_loss_is_not_saved():
    with pytest.raises(NotSaveableError) as caught:
        losses.get(quartic).get_config()
    assert str(caught.value) == (
        "FunctionLoss.fn: got 'quartic', a Python function, expected a name or a description: a "
        "model file holds no code. Use a named function, or write a small layer or loss class and "
        "pass it to load_model(custom_objects={...})."
    )


def test_function_loss_with_a_strange_result():
    loss = losses.get(lambda y_true, y_pred: jnp.mean((y_true - y_pred) ** 2, axis=0))
    with pytest.raises(ShapeError) as caught:
        loss(np.zeros((10, 3)), np.zeros((10, 3)))
    assert str(caught.value) == (
        "loss '<lambda>': got values of shape (3,) for 10 rows, expected one value for each row, "
        "or one number. Take the mean over the last axis only: axis=-1."
    )


def test_function_loss_of_something_else():
    with pytest.raises(ArgumentError) as caught:
        losses.FunctionLoss(3)
    assert str(caught.value) == (
        "FunctionLoss(fn=...): got 3, expected a function f(y_true, y_pred)."
    )


def test_known_functions_are_known():
    assert isinstance(losses.get(losses.mean_squared_error), losses.MeanSquaredError)
    assert isinstance(losses.get(losses.huber), losses.Huber)


# -- shapes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("true", "pred"), [((10, 1), (10, 768)), ((10,), (10, 3)), ((1, 3), (5, 3)), ((4, 1), (5, 1))]
)
@pytest.mark.parametrize("name", ["MeanSquaredError", "Huber", "BinaryCrossentropy", "Dice"])
def test_targets_are_never_stretched_to_fit(name, true, pred):
    loss = getattr(losses, name)()
    with pytest.raises(ShapeError) as caught:
        loss(np.zeros(true), np.zeros(pred))
    function = {"Huber": "huber", "Dice": "dice"}.get(
        name, losses.LOSSES.named(name)._automatic_name()
    )
    assert str(caught.value) == (
        f"{function}: got y_true of shape {true} and y_pred of shape {pred}, expected two arrays "
        "of one shape. Give one target for each predicted value: targets are not repeated to fit."
    )


@pytest.mark.parametrize(
    "name", ["SparseCategoricalCrossentropy", "categorical_generalized_cross_entropy"]
)
def test_one_hot_labels_for_a_sparse_loss(name):
    loss = losses.get(name)
    with pytest.raises(ShapeError) as caught:
        loss(np.zeros((10, 3)), np.zeros((10, 3)))
    assert str(caught.value) == (
        f"{loss.name}: got y_true of shape (10, 3) and y_pred of shape (10, 3), expected y_true of "
        "shape (10,), one class number for each row of scores. For one-hot labels use the loss or "
        "metric without 'sparse' in its name."
    )


def test_classes_may_lie_on_another_axis():
    random = np.random.default_rng(0)
    scores = random.normal(size=(4, 3, 5)).astype("float32")
    labels = random.integers(0, 3, (4, 5))
    last = losses.SparseCategoricalCrossentropy(from_logits=True)(labels, np.moveaxis(scores, 1, 2))
    other = losses.SparseCategoricalCrossentropy(from_logits=True, axis=1)(labels, scores)
    np.testing.assert_allclose(other, last, rtol=1e-6)


# -- configuration --------------------------------------------------------------------------


@pytest.mark.parametrize("one", CLASSES, ids=lambda one: one.__name__)
def test_configuration_there_and_back(one):
    loss = one(reduction="sum", name="other")
    stored = json.loads(json.dumps(losses.serialize(loss)))
    again = losses.deserialize(stored)
    assert type(again) is one
    assert again.get_config() == loss.get_config()
    assert structure(again) == structure(loss)


def test_options_there_and_back():
    for loss in (
        losses.Dice(axis=(1, 2)),
        losses.CategoricalFocalCrossentropy(alpha=[0.1, 0.9]),
        losses.SparseCategoricalCrossentropy(ignore_class=255),
    ):
        again = losses.deserialize(json.loads(json.dumps(losses.serialize(loss))))
        assert again.get_config() == loss.get_config()


def test_own_loss_there_and_back():
    stored = losses.serialize(Quartic(scale=3.0))
    again = losses.deserialize(stored, custom_objects={"Quartic": Quartic})
    assert again.scale == 3.0


def test_repr_hides_what_goes_without_saying():
    assert repr(losses.MeanSquaredError()) == "MeanSquaredError()"
    assert repr(losses.Huber(delta=2.0)) == "Huber(delta=2.0)"
    assert repr(losses.Huber(name="h")) == "Huber(name='h')"


def test_numbers_enter_programs_as_data():
    loss = losses.BinaryFocalCrossentropy(gamma=3.0, label_smoothing=0.1)
    assert dict(tunables(loss)) == {"alpha": 0.25, "gamma": 3.0, "label_smoothing": 0.1}
    assert structure(loss) == structure(losses.BinaryFocalCrossentropy())
    traces = []

    @jax.jit
    def total(values, y_true, y_pred):
        traces.append(1)
        return bind(losses.BinaryFocalCrossentropy(), iter(values)).total(y_true, y_pred)

    y_true, y_pred = jnp.array([[1.0], [0.0]]), jnp.array([[0.3], [0.4]])
    for each in (loss, losses.BinaryFocalCrossentropy()):
        values = [value for _, value in tunables(each)]
        np.testing.assert_allclose(total(values, y_true, y_pred), each(y_true, y_pred), rtol=1e-6)
    assert len(traces) == 1


def test_dtype_of_a_direct_call():
    assert losses.MeanSquaredError()([1.0], [2.0]).dtype == jnp.float32
    assert losses.MeanSquaredError(dtype="bfloat16")([1.0], [2.0]).dtype == jnp.bfloat16


# -- messages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: losses.Huber(delta=0),
            "Huber(delta=...): got 0, expected a number above 0 (the error at which the loss turns "
            "straight).",
        ),
        (
            lambda: losses.BinaryCrossentropy(label_smoothing=1.5),
            "BinaryCrossentropy(label_smoothing=...): got 1.5, expected a number at least 0 and at "
            "most 1 (the share moved to 1/2).",
        ),
        (
            lambda: losses.MeanSquaredError(reduction="avg"),
            "MeanSquaredError(reduction=...): got 'avg', expected one of 'sum_over_batch_size', "
            "'mean', 'sum', 'mean_with_sample_weight', 'none', None.",
        ),
        (
            lambda: losses.CosineSimilarity(axis="last"),
            "CosineSimilarity(axis=...): got 'last', expected the number of an axis, such as -1 "
            "for the last.",
        ),
        (
            lambda: losses.Dice(axis="all"),
            "Dice(axis=...): got 'all', expected an axis such as 1, a tuple of axes such as "
            "(1, 2), or None for all.",
        ),
        (
            lambda: losses.CategoricalFocalCrossentropy(alpha=[0.1, -1]),
            "CategoricalFocalCrossentropy(alpha=...): got [0.1, -1], expected a number at least 0, "
            "or a list with one such number for each class.",
        ),
        (
            lambda: losses.SparseCategoricalCrossentropy(ignore_class="0"),
            "SparseCategoricalCrossentropy(ignore_class=...): got '0', expected a class number, "
            "such as 255, or None.",
        ),
        (
            lambda: losses.get("mean_sqared_error"),
            "loss: got the unknown name 'mean_sqared_error', expected a known loss. Did you mean "
            "'mean_squared_error'?",
        ),
        (
            lambda: losses.get("crossentropy"),
            "loss: got 'crossentropy', which stands for one of three losses by the shapes of "
            "labels and outputs, expected one loss. Name 'binary_crossentropy', "
            "'categorical_crossentropy' (one-hot labels) or 'sparse_categorical_crossentropy' "
            "(class numbers).",
        ),
        (
            lambda: losses.get(3),
            "loss: got 3, expected a name, a loss class or object, or a function.",
        ),
    ],
)
def test_messages(make, message):
    with pytest.raises(ArgumentError) as caught:
        make()
    assert str(caught.value) == message


# -- names ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *[(one, losses.MeanSquaredError) for one in ("mse", "MSE", "mean_squared_error")],
        ("MeanSquaredError", losses.MeanSquaredError),
        ("mae", losses.MeanAbsoluteError),
        ("mape", losses.MeanAbsolutePercentageError),
        ("msle", losses.MeanSquaredLogarithmicError),
        ("bce", losses.BinaryCrossentropy),
        ("BCE", losses.BinaryCrossentropy),
        ("kld", losses.KLDivergence),
        ("kl_divergence", losses.KLDivergence),
        ("kullback_leibler_divergence", losses.KLDivergence),
        ("logcosh", losses.LogCosh),
        ("log_cosh", losses.LogCosh),
        ("huber", losses.Huber),
        ("huber_loss", losses.Huber),
        ("cosine_similarity", losses.CosineSimilarity),
        ("cosine_proximity", losses.CosineSimilarity),
        ("squared_hinge", losses.SquaredHinge),
        ("poisson", losses.Poisson),
    ],
)
def test_names(name, kind):
    assert type(losses.get(name)) is kind


def test_get_takes_classes_objects_and_nothing():
    loss = losses.Huber(2.0)
    assert losses.get(loss) is loss
    assert isinstance(losses.get(losses.Huber), losses.Huber)
    assert losses.get(None) is None


@pytest.mark.parametrize(
    ("y_true_shape", "y_pred_shape", "kind"),
    [
        ((8,), (8, 1), losses.BinaryCrossentropy),
        ((8, 1), (None, 1), losses.BinaryCrossentropy),
        ((8,), (None,), losses.BinaryCrossentropy),
        ((8,), (None, 10), losses.SparseCategoricalCrossentropy),
        ((8, 1), (None, 10), losses.SparseCategoricalCrossentropy),
        ((8, 10), (None, 10), losses.CategoricalCrossentropy),
        ((8, 5), (None, 5, 10), losses.SparseCategoricalCrossentropy),
        ((8, 5, 10), (None, 5, 10), losses.CategoricalCrossentropy),
    ],
)
def test_crossentropy_is_chosen_by_shape(y_true_shape, y_pred_shape, kind):
    for name in ("crossentropy", "ce"):
        loss = losses.resolve(losses.check(name), y_true_shape, y_pred_shape)
        assert type(loss) is kind
        assert loss.name == name
    assert type(losses.resolve("mse", y_true_shape, y_pred_shape)) is losses.MeanSquaredError


# -- other libraries ------------------------------------------------------------------------


def test_log_loss_of_scikit_learn():
    random = np.random.default_rng(0)
    p = random.dirichlet(np.ones(4), size=50)
    y = random.integers(0, 4, 50)
    weight = random.uniform(0.1, 2.0, 50)
    found = losses.SparseCategoricalCrossentropy(reduction="mean_with_sample_weight")(y, p, weight)
    np.testing.assert_allclose(
        found, sklearn.metrics.log_loss(y, p, sample_weight=weight), rtol=1e-5
    )


def test_hinge_loss_of_scikit_learn():
    random = np.random.default_rng(0)
    score, y = random.normal(size=50), random.choice([-1, 1], 50)
    expected = sklearn.metrics.hinge_loss(y, score)
    np.testing.assert_allclose(losses.Hinge()(y, score), expected, rtol=1e-5)
