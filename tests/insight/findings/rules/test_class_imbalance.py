"""An answer among several of yes or no that hardly ever differs."""

from types import SimpleNamespace

import numpy as np
import pytest

from insight.findings.cases import case, told
from insight.findings.set_ups import BINARY, drawn, mlp
from pellucid.insight.findings.outcome import Outcome
from pellucid.insight.findings.rules.answers import recognises_rarest
from pellucid.insight.findings.rules.class_imbalance import class_imbalance, rarest_answer


def answers(rows, *yes):
    """Return rows, and answers of which so many are yes, each beside one of which half are."""
    y = np.stack([np.arange(rows) % 2, *(np.arange(rows) < count for count in yes)], axis=1)
    model = mlp(4, y.shape[1], "sigmoid", BINARY)
    return model, drawn(96).normal(size=(rows, 4)), y.astype(int)


@pytest.mark.parametrize(
    ("yes", "found"),
    [
        ((100, 6), [("class-imbalance", "warning")]),
        ((294,), [("class-imbalance", "warning")]),
        ((15, 100), []),
        ((0, 300), []),
        ((6,) * 20, [("class-imbalance", "note")]),
    ],
    ids=["seldom yes", "seldom no", "one in twenty", "always the same", "many answers"],
)
def test_an_answer_that_hardly_ever_differs_is_told(yes, found):
    assert told(class_imbalance, *answers(300, *yes)) == found


def test_it_says_which_answer_and_how_often():
    (found,) = class_imbalance(case(*answers(300, 100, 6)))
    assert found.evidence == {"ratio": 49.0, "answer": 2.0, "rows that differ": 6.0}
    assert found.meaning == (
        "Answer 2 is yes in 6 of 300 rows. A network that never says so is right on 98 % of the "
        "rows, so the loss gives it little reason to learn when to. Give these rows more weight "
        "(sample_weight), or gather more of them."
    )


def test_the_rarest_answer_is_one_that_differs():
    y = np.array([[1, 1, 0], [1, 0, 0], [1, 0, 1], [1, 0, 1]])
    assert rarest_answer(y) == (1, 1, 1)
    assert rarest_answer(1 - y) == (1, 0, 1)


@pytest.mark.parametrize(("right", "recognised"), [(10, True), (3, False)])
def test_a_rare_answer_is_recognised_by_its_own_rows(right, recognised):
    _, _, y = answers(300, 10)
    given = np.where(y == 1, 0.9, 0.1)
    given[right:10, 1] = 0.1
    outcome = Outcome(BINARY, y, given)
    assert recognises_rarest(SimpleNamespace(outcome=outcome, judged=outcome)) is recognised
