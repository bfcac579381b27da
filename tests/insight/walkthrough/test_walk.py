"""What is asked of a walk, what it refuses and in which words, and where it is written."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import pellucid
from insight.walkthrough.networks import X, Y, classic, compiled
from pellucid import layers
from pellucid.errors import ArgumentError, DataError, FileError, NonFiniteError, ShapeError


def uncompiled():
    return pellucid.Sequential([layers.Input((2,)), layers.Dense(1)])


def large():
    return compiled(layers.Input((40,)), layers.Dense(30), layers.Dense(1))


def frozen():
    return compiled(layers.Input((2,)), layers.Dense(1, trainable=False))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: uncompiled().walkthrough(X, Y),
            ArgumentError,
            "walkthrough: got a model that is not compiled, expected a loss and an optimizer. "
            'Call model.compile(optimizer="adam", loss="mse") first.',
        ),
        (
            lambda: classic("mse").walkthrough([[1.0, 2.0, 3.0]], [[1.0]]),
            ShapeError,
            "x: got shape (1, 3), expected shape (None, 2). The data has 3 columns;",
        ),
        (
            lambda: classic("mse").walkthrough([[1.0, 2.0]] * 3, [[1.0]] * 2),
            DataError,
            "data: got different numbers of rows (x has 3, y has 2), expected one number.",
        ),
        (
            lambda: classic("mse").walkthrough([1.0, float("nan")], Y),
            DataError,
            "x: got nan in row 0, column 1, expected finite numbers.",
        ),
        (
            lambda: classic("mse").walkthrough(X, [float("inf")]),
            DataError,
            "y for output 'output': got inf in row 0, expected finite",
        ),
        (
            lambda: classic("mse").walkthrough(X, None),
            ArgumentError,
            "walkthrough(y=...): got no labels, expected one for each row. Write "
            "walkthrough(x, y).",
        ),
        (
            lambda: classic("mse").walkthrough(X, Y, steps=0, detail="scalar"),
            ArgumentError,
            "2 problems:\n  1. walkthrough(steps=...): got 0, expected a whole number, at least "
            "1.\n  2. walkthrough(detail=...): got 'scalar', expected one of 'auto', 'scalars', "
            "'layers'. Did you mean 'scalars'?",
        ),
        (
            lambda: large().walkthrough(np.ones((2, 40)), np.ones((2, 1)), detail="scalars"),
            ArgumentError,
            'walkthrough(detail="scalars"): got 1,261 trained values × 2 rows × 1 step = 2,522, '
            'expected at most 1,000. Write detail="layers".',
        ),
        (
            lambda: compiled(layers.Input((4, 1)), layers.LSTM(2), layers.Dense(1)).walkthrough(
                np.ones((1, 4, 1)), [[1.0]], detail="scalars"
            ),
            ArgumentError,
            'walkthrough(detail="scalars"): got the layer lstm (LSTM), expected Dense layers in '
            'a single line, and a loss for each row. Write detail="layers".',
        ),
        (
            lambda: frozen().walkthrough(X, Y),
            ArgumentError,
            "walkthrough: got a model without trained weights, expected weights to learn. Set "
            "trainable = True for a layer.",
        ),
        (
            lambda: classic("mse").walkthrough(X, Y)["dL/dw_13"],
            ArgumentError,
            "Walkthrough: got 'dL/dw_13', expected the name of a number of the first step. Did "
            "you mean 'dL/dw_",
        ),
        (
            lambda: classic("mse").walkthrough(X, Y).save("walk.pdf"),
            ArgumentError,
            "Walkthrough.save(path=...): got 'walk.pdf', expected a name that ends in .html, "
            ".tex, .txt.",
        ),
        (
            lambda: classic("mse").walkthrough(X, Y).save("nowhere/walk.html"),
            FileError,
            "nowhere/walk.html: got the folder 'nowhere', which does not exist. Make it first.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_walked_is_answered(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert message in str(caught.value)


def test_a_loss_that_is_not_finite_is_answered():
    model = compiled(layers.Input((1,)), layers.Dense(1, activation="exponential"))
    model.set_weights([[[1000.0]], [0.0]])
    with pytest.raises(NonFiniteError) as caught:
        model.walkthrough([1.0], [1.0])
    assert str(caught.value) == (
        "walkthrough, step 1: got the loss inf, expected finite numbers. Scale the inputs, or "
        "lower the learning rate."
    )


def test_large_networks_are_walked_by_layers_of_themselves():
    walk = large().walkthrough(np.ones((2, 40)), np.ones((2, 1)))
    assert walk.detail == "layers"
    assert walk.agrees
    with pytest.raises(ArgumentError, match="expected the name of a number"):
        walk["w_11"]


def loss_of_the_batch(y_true, y_pred):
    return jnp.mean((y_true - y_pred) ** 2)


def test_a_loss_that_is_one_number_is_walked_by_layers_but_for_one_row():
    model = classic(loss_of_the_batch)
    assert model.walkthrough(X, Y).detail == "scalars"
    assert model.walkthrough([X, X], [Y, Y]).detail == "layers"


def test_examples_come_with_and_without_the_batch_axis():
    model = classic("mse")
    alone, batch = model.walkthrough(X, Y), model.walkthrough([X], [Y])
    assert alone.steps[0].numbers == batch.steps[0].numbers
    assert model.walkthrough(X, 0.9)["L"] == alone["L"]


def test_the_session_keeps_its_precision():
    classic("mse").walkthrough(X, Y)
    assert not jax.config.jax_enable_x64
    assert jnp.asarray(1.5).dtype == jnp.float32


def test_layers_of_other_types_are_reckoned_in_float64_too():
    model = compiled(
        layers.Input((2,)), layers.Dense(2, activation="tanh", dtype="float32"), layers.Dense(1)
    )
    assert model.walkthrough(X, Y).steps[0].agreement.chain_error < 1e-14


def test_the_losses_of_the_steps_follow_one_another():
    walk = classic("mse", pellucid.optimizers.SGD(0.1)).walkthrough(X, Y, steps=3)
    losses = [step.loss for step in walk.steps]
    assert losses[1:] == pytest.approx([step.loss_after for step in walk.steps[:-1]], rel=1e-14)
    assert losses == sorted(losses, reverse=True)
    text = walk.text()
    assert "Step 3: backpropagation" in text
    assert repr(walk) == (
        f"Walkthrough(detail='scalars', steps=3, loss={losses[0]:.6g}, "
        f"loss_after={walk.steps[2].loss_after:.6g})"
    )


def test_it_is_written_to_files(tmp_path):
    walk = classic("mse").walkthrough(X, Y)
    for name, text in (("a.html", walk.html()), ("a.tex", walk.latex()), ("a.txt", walk.text())):
        path = walk.save(tmp_path / name)
        assert path.read_text(encoding="utf-8") == text
    assert str(walk) == walk.text()
    assert {one.name for one in tmp_path.iterdir()} == {"a.html", "a.tex", "a.txt"}


def test_several_outputs_are_walked_by_layers():
    x = layers.Input((2,))
    model = pellucid.Model(x, [layers.Dense(1, name="a")(x), layers.Dense(2, name="b")(x)])
    model.compile("sgd", ["mse", "mae"], loss_weights=[1.0, 0.5])
    walk = model.walkthrough([X], [[Y], [[0.1, 0.2]]])
    assert walk.detail == "layers"
    assert walk.agrees
