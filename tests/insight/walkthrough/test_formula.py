"""Formulas: what they come to, and how they are written down."""

import pytest

from pellucid.insight.walkthrough.formula import (
    Call,
    Derivative,
    Number,
    Quotient,
    Root,
    Square,
    Sum,
    Symbol,
    minus,
    negative,
    product,
    total,
    with_numbers,
)
from pellucid.insight.walkthrough.html import HtmlSpeller
from pellucid.insight.walkthrough.latex import LatexSpeller
from pellucid.insight.walkthrough.text import spell

A, B, W = Symbol("a", (), 2.0), Symbol("b", (1,), -3.0), Symbol("w", (10, 3), 0.5)
ONE = Number(1.0)

CASES = [
    (Sum((A, B)), -1.0, "a + b_1", "2 - 3", "a + b_{1}"),
    (minus(A, B), 5.0, "a - b_1", "2 - (-3)", "a - b_{1}"),
    (product(A, B), -6.0, "a · b_1", "2 · (-3)", r"a \cdot b_{1}"),
    (product(B, A), -6.0, "b_1 · a", "-3 · 2", r"b_{1} \cdot a"),
    (negative(product(A, negative(W))), 1.0, "a · w_10,3", "2 · 0.5", r"a \cdot w_{10,3}"),
    (
        product(A, minus(ONE, A)),
        -2.0,
        "a · (1 - a)",
        "2 · (1 - 2)",
        r"a \cdot \left(1 - a\right)",
    ),
    (negative(Sum((A, B))), 1.0, "-(a + b_1)", "-(2 - 3)", r"-\left(a + b_{1}\right)"),
    (Quotient(A, product(B, W)), -4 / 3, "a / (b_1 · w_10,3)", "2 / (-3 · 0.5)",
     r"\frac{a}{b_{1} \cdot w_{10,3}}"),
    (Square(B), 9.0, "b_1^2", "(-3)^2", r"{b_{1}}^{2}"),
    (Root(Sum((A, A))), 2.0, "sqrt(a + a)", "sqrt(2 + 2)", r"\sqrt{a + a}"),
    (Call("abs", B, abs), 3.0, "abs(b_1)", "3", r"\left|b_{1}\right|"),
    (Derivative(A, W, -0.25), -0.25, "da/dw_10,3", "-0.25",
     r"\frac{\partial a}{\partial w_{10,3}}"),
    (total([Number(0.0), A]), 2.0, "a", "2", "a"),
    (Number(1.5e-9), 1.5e-9, "1.5e-09", "1.5e-09", r"1.5 \cdot 10^{-9}"),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "value", "text", "numbers", "latex"), CASES)
def test_a_formula_is_one_thing_in_three_forms(formula, value, text, numbers, latex):
    assert formula.value == pytest.approx(value, rel=1e-15)
    assert spell(formula) == text
    assert spell(with_numbers(formula)) == numbers
    assert LatexSpeller().spell(formula) == latex


def test_html_says_it_with_signs():
    written = HtmlSpeller().spell(product(negative(Symbol("eta", (), 0.1)), Square(B)))
    assert written == "−<i>η</i> · <i>b</i><sub>1</sub><sup>2</sup>"
    assert HtmlSpeller().spell(Number(-2.5e-8)) == "−2.5·10<sup>−8</sup>"
