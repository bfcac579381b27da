"""The optimiser's update in numbers: beside its rule by hand, and beside what `fit` does."""

import math

import numpy as np
import pytest

import pellucid
from insight.walkthrough.networks import X, Y, classic, compiled
from pellucid import layers, losses, optimizers

X3 = np.array([[0.2, -0.4, 1.0], [1.1, 0.3, -0.7], [-0.9, 0.8, 0.1]], "float32")
Y3 = np.array([[0.3], [-0.2], [0.9]], "float32")


def names_and_weights(model):
    """Return the weights of the classic network by the names of the walk."""
    kernel, bias, output, last = (one.astype("float64") for one in model.get_weights())
    found = {f"w_{j + 1}{i + 1}": kernel[i, j] for i in (0, 1) for j in (0, 1)}
    found |= {"b_1": bias[0], "b_2": bias[1], "b_3": last[0]}
    return found | {"w_31": output[0, 0], "w_32": output[1, 0]}


def test_plain_descent():
    model = classic("mse", optimizers.SGD(0.5))
    walk = model.walkthrough(X, Y)
    for name, value in names_and_weights(model).items():
        expected = value - 0.5 * walk[f"dL/d{name}"]
        assert walk.steps[0].after[name] == pytest.approx(expected, rel=1e-15), name
    assert "w_31 := w_31 - eta · dL/dw_31 = 0.4 - 0.5 · " in walk.text()


@pytest.mark.parametrize("nesterov", [False, True])
def test_momentum_twice(nesterov):
    model = classic("mse", optimizers.SGD(0.25, momentum=0.9, nesterov=nesterov))
    walk = model.walkthrough(X, Y, steps=2)
    w, m = names_and_weights(model)["w_31"], 0.0
    for step in walk.steps:
        g = step.numbers["dL/dw_31"]
        assert step.numbers["w_31"] == pytest.approx(w, rel=1e-14)
        m = 0.9 * m - 0.25 * g
        w += 0.9 * m - 0.25 * g if nesterov else m
        assert step.after["w_31"] == pytest.approx(w, rel=1e-14)
    assert "m_31 := mu · m_31 - eta · dL/dw_31" in walk.text()
    assert "DISAGREE" not in walk.text()


def test_adam_twice():
    model = classic("mse", optimizers.Adam(0.01))
    walk = model.walkthrough(X, Y, steps=2)
    w, m, v = names_and_weights(model)["w_11"], 0.0, 0.0
    for t, step in enumerate(walk.steps, 1):
        g = step.numbers["dL/dw_11"]
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        rate = 0.01 * math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        w -= rate * m / (math.sqrt(v) + 1e-7)
        assert step.after["w_11"] == pytest.approx(w, rel=1e-12)
    text = " ".join(walk.text().split())
    assert "m_11 := beta_1 · m_11 + (1 - beta_1) · dL/dw_11" in text
    assert "v_11 := beta_2 · v_11 + (1 - beta_2) · (dL/dw_11)^2" in text
    assert "alpha = eta · sqrt(c_2) / c_1 = 0.01 · sqrt(0.001) / 0.1 = 0.00316228" in text
    assert "w_11 := w_11 - alpha · m_11 / (sqrt(v_11) + epsilon)" in text
    assert "DISAGREE" not in text


RULES = [
    optimizers.Adam(0.05),
    optimizers.AdamW(0.05, weight_decay=0.1, exclude_from_decay=("bias",)),
    optimizers.RMSprop(0.01),
    optimizers.SGD(0.5, clipvalue=0.01),
    optimizers.SGD(0.5, global_clipnorm=0.1, momentum=0.5),
    optimizers.SGD(optimizers.schedules.ExponentialDecay(0.5, 1, 0.5)),
    optimizers.Adam(0.05, amsgrad=True),
    optimizers.Nadam(0.05),
    optimizers.Lamb(0.05),
    optimizers.SGD(0.5, use_ema=True),
    optimizers.SGD(0.5, gradient_accumulation_steps=2),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: type(rule).__name__)
def test_two_steps_are_those_of_fit(rule):
    model = compiled(
        layers.Input((3,)), layers.Dense(2, activation="tanh"), layers.Dense(1), optimizer=rule
    )
    walk = model.walkthrough(X3, Y3, steps=2)
    assert walk.agrees
    assert "DISAGREE" not in walk.text()
    before = model.get_weights()
    # The second step of fit reports the loss that the first one left.
    history = model.fit(X3, Y3, batch_size=3, epochs=2, shuffle=False, verbose=0)
    np.testing.assert_allclose(
        history.history["loss"], [step.loss for step in walk.steps], rtol=2e-5
    )
    if rule.use_ema:
        return
    after = walk.steps[1].after
    found = [model.get_weights()[0][i, j] for i in range(3) for j in range(2)]
    told = [after[f"w_{j + 1}{i + 1}"] for i in range(3) for j in range(2)]
    np.testing.assert_allclose(found, told, rtol=1e-4, atol=1e-6)
    assert not np.allclose(before[0], model.get_weights()[0], rtol=1e-4)


def test_a_walk_goes_on_where_training_stands():
    model = classic("mse", optimizers.Adam(0.05))
    rows = np.array([X]), np.array([Y])
    model.fit(*rows, epochs=3, verbose=0)
    walk = model.walkthrough(X, Y)
    assert "after 3 updates" in walk.text()
    history = model.fit(*rows, epochs=4, initial_epoch=3, verbose=0)
    assert history.history["loss"][0] == pytest.approx(walk["L"], rel=1e-4)
    assert model.get_weights()[3][0] == pytest.approx(walk.steps[0].after["b_3"], rel=1e-5)


def test_constraints_bound_the_weights_after_the_update():
    bound = pellucid.constraints.MaxNorm(0.5)
    model = compiled(layers.Input((3,)), layers.Dense(1, kernel_constraint=bound), optimizer="sgd")
    walk = model.walkthrough(X3, Y3)
    assert "Then the constraints bound the weights:" in walk.text()
    after = walk.steps[0].after
    assert math.hypot(*(after[f"w_1{i}"] for i in (1, 2, 3))) <= 0.5 + 1e-6


def test_the_model_stays_as_it_is():
    model = classic(losses.Huber(), optimizers.Adam(0.1))
    before = model.get_weights()
    model.walkthrough(X, Y, steps=3)
    for one, other in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert model.optimizer.iterations == 0
