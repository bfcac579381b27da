"""The LaTeX is read: its groups close, its numbers are those of the walk, its sums are right."""

import math
import re

import pytest

import pellucid
from insight.walkthrough.networks import X, Y, classic, compiled
from pellucid import layers

COMMANDS = {
    "alpha", "beta", "epsilon", "eta", "mu", "lambda", "rho", "delta", "cdot", "frac", "partial",
    "left", "right", "mathit", "mathrm", "sqrt", "leftarrow", "exp", "ln", "tanh", "quad",
    "begin", "end", "section", "subsection", "subsubsection", "par", "hline", "displaystyle",
    "documentclass", "usepackage", "allowdisplaybreaks", "setlength", "parindent", "textbf",
    "textasciicircum", "textless", "textgreater", "textbar", "times",
}  # fmt: skip


def walks():
    yield classic(pellucid.losses.Huber(delta=10.0), "adam").walkthrough(X, Y, steps=2)
    model = compiled(
        layers.Input((3,)),
        layers.Dense(5, activation="relu", kernel_regularizer="l2"),
        layers.Dense(3, activation="softmax"),
        loss="sparse_categorical_crossentropy",
    )
    yield model.walkthrough([[0.5, -1.0, 2.0], [0.1, 0.2, 0.3]], [2, 0])
    yield model.walkthrough([[0.5, -1.0, 2.0]], [2], detail="layers")


WALKS = {"classic": 0, "softmax": 1, "layers": 2}


@pytest.fixture(scope="module")
def written():
    return [walk.latex() for walk in walks()]


def without_comments(text):
    return re.sub(r"\\[{}&%$#_]", "", text)


@pytest.mark.parametrize("which", WALKS)
def test_every_group_and_environment_closes(written, which):
    text = without_comments(written[WALKS[which]])
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    open_ones = []
    for what, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", text):
        if what == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert open_ones == []
    assert text.count("$") % 2 == 0
    for line in text.split("\\\\"):
        assert len(re.findall(r"\\left(?!arrow)", line)) == line.count(r"\right")


@pytest.mark.parametrize("which", WALKS)
def test_it_uses_nothing_beyond_amsmath(written, which):
    text = written[WALKS[which]]
    assert set(re.findall(r"\\([A-Za-z]+)", text)) <= COMMANDS | {"document"}
    assert re.findall(r"\\usepackage\{(.*?)\}", text) == ["amsmath"]
    assert set(re.findall(r"\\begin\{(.*?)\}", text)) <= {"document", "align*", "tabular"}
    # Words outside of formulas hold no bare sign that LaTeX would take for its own.
    prose = re.sub(r"\\begin\{(align\*|tabular)\}.*?\\end\{\1\}", "", text, flags=re.DOTALL)
    assert not re.findall(r"(?<!\\)[_^#&%]", prose)
    assert text.isascii()


def equations(text):
    """Return the equations as lists: the left side, then each right side."""
    for body in re.findall(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.DOTALL):
        body = re.sub(r" \\\\\n&\\quad\{\}", "", body)
        lines = body.split(" \\\\\n")
        yield [part for line in lines for part in re.split(r" ?&(?:=|\\leftarrow) ", line) if part]


def number(text):
    """Return the number that LaTeX shows."""
    found = re.fullmatch(r"(-?[\d.]+)(?: \\cdot 10\^\{(-?\d+)\})?", text)
    assert found is not None, text
    return float(found[1]) * 10.0 ** int(found[2] or 0)


def test_the_gradients_are_in_it(written):
    walk = classic(pellucid.losses.Huber(delta=10.0), "adam").walkthrough(X, Y, steps=2)
    first = {}
    for left, *right in equations(written[0]):
        first.setdefault(left, right)
    for index in ("11", "12", "21", "22", "31", "32"):
        right = first[rf"\frac{{\partial L}}{{\partial w_{{{index}}}}}"]
        assert number(right[-1]) == pytest.approx(walk[f"dL/dw_{index}"], rel=1e-5)
    formula = first[r"\frac{\partial L}{\partial w_{11}}"]
    assert formula[0] == (
        r"\frac{\partial L}{\partial \mathit{out}_{1}} \cdot "
        r"\frac{\partial \mathit{out}_{1}}{\partial \mathit{in}_{1}} \cdot "
        r"\frac{\partial \mathit{in}_{1}}{\partial w_{11}}"
    )
    assert formula[1] == (
        r"-e_{3} \cdot w_{31} \cdot s\left(\mathit{in}_{1}\right) \cdot "
        r"\left(1 - s\left(\mathit{in}_{1}\right)\right) \cdot x_{1}"
    )


def worked_out(text):
    """Return what a line of numbers comes to; None where it holds letters."""
    plain = text.replace(r"\cdot", "*").replace(r"\left", "").replace(r"\right", "")
    plain = re.sub(r"10\^\{(-?\d+)\}", r"(10 ** \1)", plain)
    plain = re.sub(r"\{(\([^{}]*\)|[\d.]+)\}\^\{2\}", r"(\1) ** 2", plain)
    for _ in range(3):
        plain = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1) / (\2))", plain)
        plain = re.sub(r"\\sqrt\{([^{}]*)\}", r"((\1) ** 0.5)", plain)
    if re.search(r"[A-Za-z\\{}]", plain):
        return None
    return eval(plain)


@pytest.mark.parametrize("which", ["classic", "softmax"])
def test_every_line_of_numbers_comes_to_what_follows_it(written, which):
    checked = 0
    for _, *right in equations(written[WALKS[which]]):
        if len(right) < 2:
            continue
        found, told = worked_out(right[-2]), number(right[-1])
        if found is not None:
            checked += 1
            # Numbers are shown with six digits, of which a difference may lose some.
            assert math.isclose(found, told, rel_tol=2e-3, abs_tol=2e-6), (right[-2], right[-1])
    assert checked > 40
