"""Full batch, stochastic and mini-batch descent, against gradients worked out by hand."""

import numpy as np
import pytest

import pellucid
from pellucid import layers, optimizers


def rows(count=37):
    generator = np.random.default_rng(3)
    x = generator.normal(size=(count, 2)).astype("float32")
    return x, (x @ np.array([[1.0], [-2.0]]) + 0.5).astype("float32")


def linear(rate=0.1):
    model = pellucid.Sequential([pellucid.Input((2,)), layers.Dense(1)])
    model.compile(optimizers.SGD(rate), "mse")
    return model


def by_hand(weights, x, y, batch, epochs, rate=0.1):
    kernel, bias = (np.array(one, np.float64) for one in weights)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for start in range(0, len(x), batch):
            a, b = x[start : start + batch], y[start : start + batch]
            error = a @ kernel + bias - b
            total += float((error**2).sum())
            kernel = kernel - rate * 2 * a.T @ error / len(a)
            bias = bias - rate * 2 * error.mean(axis=0)
        losses.append(total / len(x))
    return [kernel, bias], losses


@pytest.mark.parametrize("batch", [1, 8, 37, 500])
def test_each_form_takes_the_steps_of_the_formula(batch):
    x, y = rows()
    model = linear(0.02)
    expected, losses = by_hand(model.get_weights(), x, y, batch, 3, 0.02)
    history = model.fit(x, y, batch_size=batch, epochs=3, shuffle=False, verbose=0)
    for found, wanted in zip(model.get_weights(), expected, strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(history.history["loss"], losses, rtol=1e-4)


def test_shuffling_visits_every_row_once_an_epoch_in_ever_new_orders():
    x = np.arange(10, dtype="float32")[:, None]
    seen = []

    class Seen(pellucid.layers.Layer):
        def apply(self, weights, inputs, context):
            import jax

            if context.training:
                jax.debug.callback(lambda values: seen.append(values.ravel().tolist()), inputs)
            return inputs

    model = pellucid.Sequential([pellucid.Input((1,)), Seen(), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(x / 1e4, x / 1e4, batch_size=5, epochs=3, verbose=0)
    rounded = [[round(value * 1e4) for value in batch] for batch in seen]
    epochs = [rounded[0] + rounded[1], rounded[2] + rounded[3], rounded[4] + rounded[5]]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3
    assert list(range(10)) not in epochs


def test_padding_rows_weigh_nothing():
    """33 rows in batches of 32: the last batch is one row, and its mean is that row's."""
    x, y = rows(33)
    model = linear(0.05)
    expected, _ = by_hand(model.get_weights(), x, y, 32, 2, 0.05)
    model.fit(x, y, batch_size=32, epochs=2, shuffle=False, verbose=0)
    np.testing.assert_allclose(model.get_weights()[0], expected[0], rtol=1e-4)


def test_padding_rows_spoil_no_gradient():
    """The slope of a square root at zero is infinite, and rows of padding must not be zeros."""
    import jax.numpy as jnp

    class Root(pellucid.layers.Layer):
        def apply(self, weights, inputs, context):
            return jnp.sqrt(inputs)

    x = np.ones((33, 2), "float32")
    model = pellucid.Sequential(
        [pellucid.Input((2,)), Root(), layers.Dense(1, kernel_initializer="ones"), Root()]
    )
    model.compile(optimizers.SGD(0.01), "mse")
    y = np.linspace(1, 2, 33)[:, None]
    history = model.fit(x, y, batch_size=32, epochs=2, verbose=0)
    assert np.isfinite(history.history["loss"]).all()


def test_eager_takes_the_same_steps():
    x, y = rows(8)
    fast, slow = linear(), linear()
    slow.compile(optimizers.SGD(0.1), "mse", run_eagerly=True)
    fast.fit(x, y, batch_size=4, epochs=1, verbose=0)
    slow.fit(x, y, batch_size=4, epochs=1, verbose=0)
    np.testing.assert_allclose(fast.get_weights()[0], slow.get_weights()[0], rtol=1e-5)


def test_eager_lets_a_debugger_see_numbers():
    seen = []

    class Look(pellucid.layers.Layer):
        def apply(self, weights, inputs, context):
            seen.append(str(inputs))
            return inputs

    x, y = rows(4)
    model = pellucid.Sequential([pellucid.Input((2,)), Look(), layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    model.fit(x, y, epochs=1, shuffle=False, verbose=0)
    assert any(f"{float(x[0, 0]):.6f}"[:7] in text for text in seen)
