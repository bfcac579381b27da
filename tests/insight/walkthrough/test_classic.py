"""The classic network: two inputs, two hidden sigmoid units, regression, squared error."""

import math

import numpy as np
import pytest

import pellucid
from insight.walkthrough.networks import X, Y, classic


def half_squared_error(y_true, y_pred):
    return ((y_true - y_pred) ** 2 / 2).mean(axis=-1)


def by_hand(model):
    """Return the numbers of the classic network, worked out with Python's floats."""
    kernel, bias, (w3, w4), b = (one.tolist() for one in model.get_weights())
    x1, x2 = np.float32(X).tolist()
    ins = [kernel[0][j] * x1 + kernel[1][j] * x2 + bias[j] for j in (0, 1)]
    out1, out2 = (1 / (1 + math.exp(-one)) for one in ins)
    out = w3[0] * out1 + w4[0] * out2 + b[0]
    e = np.float32(Y)[0].item() - out
    return {
        "e": e,
        "dL/dw_31": -out1 * e,
        "dL/dw_32": -out2 * e,
        "dL/db_3": -e,
        "dL/dw_11": -x1 * e * w3[0] * out1 * (1 - out1),
        "dL/dw_12": -x2 * e * w3[0] * out1 * (1 - out1),
        "dL/dw_21": -x1 * e * w4[0] * out2 * (1 - out2),
        "dL/dw_22": -x2 * e * w4[0] * out2 * (1 - out2),
        "dL/db_1": -e * w3[0] * out1 * (1 - out1),
        "dL/db_2": -e * w4[0] * out2 * (1 - out2),
    }


HALF = [half_squared_error, pellucid.losses.Huber(delta=10.0)]


@pytest.mark.parametrize("loss", HALF, ids=["function", "huber"])
def test_its_gradients_are_the_formulas(loss):
    model = classic(loss)
    walk = model.walkthrough(X, Y)
    expected = by_hand(model)
    e = expected.pop("e")
    for name, value in expected.items():
        assert walk[name] == pytest.approx(value, rel=1e-15, abs=0), name
    assert walk.steps[0].loss == pytest.approx(e * e / 2, rel=1e-15, abs=0)
    assert walk["L"] == pytest.approx(e * e / 2, rel=1e-15, abs=0)
    assert set(expected) == {name for name in walk.steps[0].numbers if _is_gradient(name)}


def _is_gradient(name):
    return name.startswith(("dL/dw", "dL/db"))


def test_the_formulas_hold_among_the_numbers_of_the_walk():
    walk = classic(pellucid.losses.Huber(delta=10.0)).walkthrough(X, Y)
    assert walk["e_3"] == walk["y_3"] - walk["out_3"]
    assert walk["dL/dw_31"] == -walk["out_1"] * walk["e_3"]
    assert walk["dL/db_3"] == -walk["e_3"]
    chain = walk["dL/dout_1"] * walk["dout_1/din_1"] * walk["x_1"]
    assert walk["dL/dw_11"] == pytest.approx(chain, rel=1e-15, abs=0)


def test_the_squared_error_of_keras_doubles_them():
    model = classic("mse")
    walk = model.walkthrough(X, Y)
    for name, value in by_hand(model).items():
        if name != "e":
            assert walk[name] == pytest.approx(2 * value, rel=1e-15, abs=0), name
    assert "a factor 2 that textbooks avoid by L = e^2/2" in " ".join(walk.text().split())


def test_the_formula_stands_beside_the_numbers():
    text = classic(pellucid.losses.Huber(delta=10.0)).walkthrough(X, Y).text()
    flat = " ".join(text.split())
    assert "in_1 = w_11 · x_1 + w_12 · x_2 + b_1 = 0.15 · 0.05 + 0.2 · 0.1 + 0.35 = 0.3775" in flat
    assert "out_1 = s(in_1) = 0.59327" in flat
    chain = "dL/dw_11 = dL/dout_1 · dout_1/din_1 · din_1/dw_11"
    formula = "-e_3 · w_31 · s(in_1) · (1 - s(in_1)) · x_1"
    assert f"{chain} = {formula} = -" in flat
    assert "dL/dw_31 = dL/dout_3 · dout_3/din_3 · din_3/dw_31 = -e_3 · out_1 = " in flat


def test_nothing_disagrees():
    walk = classic(pellucid.losses.Huber(delta=10.0)).walkthrough(X, Y)
    agreement = walk.steps[0].agreement
    assert walk.agrees
    assert agreement.chain_error < 1e-16
    assert agreement.difference_error < 1e-9
    assert len(agreement.checks) == 9
