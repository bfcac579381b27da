"""A loss that is not finite stops the run, and the message says where it began."""

import jax.numpy as jnp
import numpy as np
import pytest

import pellucid
from pellucid import callbacks, layers, optimizers
from pellucid.errors import NonFiniteError


class Root(layers.Layer):
    """The square root, which is NaN below zero and has an infinite slope at zero."""

    def apply(self, weights, inputs, context):
        return jnp.sqrt(inputs)


def compiled(members, rate=0.01, loss="mse"):
    model = pellucid.Sequential([pellucid.Input((2,)), *members])
    model.compile(optimizers.SGD(rate), loss)
    return model


def rows(count=20):
    x = np.ones((count, 2), "float32")
    return x, np.ones((count, 1), "float32") + np.arange(count)[:, None] / 100


def test_names_step_layer_and_row_of_the_forward_pass():
    x, y = rows()
    x[13] = -5.0
    model = compiled([layers.Dense(1, kernel_initializer="ones"), Root(name="root")])
    before = model.get_weights()
    with pytest.raises(
        NonFiniteError,
        match=r"fit: epoch 1, step 3, root, input row 13: the layer's output is nan, though what "
        r"went into it was finite\. Training stopped; the weights are those from before this step",
    ):
        model.fit(x, y, batch_size=4, shuffle=False, epochs=2, verbose=0)
    after = model.get_weights()
    assert all(np.isfinite(one).all() for one in after)
    assert any((one != other).any() for one, other in zip(before, after, strict=True))
    expected = compiled([layers.Dense(1, kernel_initializer="ones"), Root(name="root")])
    expected.fit(x[:12], y[:12], batch_size=4, shuffle=False, epochs=1, verbose=0)
    for one, other in zip(after, expected.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_names_the_row_of_the_shuffled_data():
    x, y = rows()
    x[13] = -5.0
    model = compiled([layers.Dense(1, kernel_initializer="ones"), Root(name="root")])
    with pytest.raises(NonFiniteError, match=r"root, input row 13: "):
        model.fit(x, y, batch_size=4, epochs=2, verbose=0)


def test_names_the_loss():
    def blows_up(y_true, y_pred):
        return jnp.where(y_true > 1.155, jnp.inf, 0.0) + 0.0 * y_pred

    model = compiled([layers.Dense(1)], loss=blows_up)
    with pytest.raises(
        NonFiniteError,
        match=r"step 4, loss, input row 16: every layer's output is finite, but the loss of this "
        r"row is not\.",
    ):
        model.fit(*rows(), batch_size=4, shuffle=False, epochs=1, verbose=0)


def test_names_the_gradient_and_its_row():
    x, y = rows()
    x[6] = 0.0
    model = compiled([layers.Dense(1, use_bias=False, kernel_initializer="ones"), Root()])
    with pytest.raises(
        NonFiniteError,
        match=r"step 1, dense/kernel, input row 6: the loss is finite, but its gradient for this "
        r"weight is not\.",
    ):
        model.fit(x, y, batch_size=4, shuffle=False, epochs=1, verbose=0)


def test_the_history_up_to_there_is_kept():
    x, y = rows()
    model = compiled([layers.Dense(1)], rate=1e15)
    with pytest.raises(NonFiniteError):
        model.fit(x, y, batch_size=20, epochs=50, verbose=0)
    assert 0 < len(model.history) < 50
    assert "epoch" in model.history.stopped


def test_a_callback_makes_it_a_quiet_stop():
    model = compiled([layers.Dense(1)], rate=1e15)
    history = model.fit(
        *rows(), batch_size=20, epochs=50, verbose=0, callbacks=[callbacks.TerminateOnNaN()]
    )
    assert history.stopped == "the loss was not finite; the weights are the last good ones"
    assert all(np.isfinite(one).all() for one in model.get_weights())


def test_train_on_batch_tells_too():
    model = compiled([layers.Dense(1, kernel_initializer="ones"), Root(name="root")])
    x, y = rows(4)
    x[2] = -1
    with pytest.raises(NonFiniteError, match=r"train_on_batch: .* root, input row 2: "):
        model.train_on_batch(x, y)
