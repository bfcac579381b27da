"""What a diagnosis looks at: the steps that are real, and rows as far as there is room."""

import numpy as np
import pytest

from pellucid import Input, Sequential, layers
from pellucid.insight.findings import case as cases
from pellucid.models.casing import case_of
from pellucid.models.request import Request


@pytest.fixture(scope="module")
def tagged():
    """Return a model that tags the steps of sequences, 600 of them and their tags."""
    stack = [layers.Embedding(5, 4, mask_zero=True), layers.Dense(3, "softmax")]
    model = Sequential([Input((None,), dtype="int32"), *stack], seed=1)
    model.compile("adam", "sparse_categorical_crossentropy")
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 8, 600)
    x = np.where(np.arange(7) < lengths[:, None], rng.integers(1, 5, (600, 7)), 0)
    return model, x.astype(np.int32), np.where(x > 0, x % 3, 0)


def test_padding_is_no_answer(tagged):
    model, x, y = tagged
    outcome = case_of(model, Request(x, y)).first_outcome
    assert outcome is not None
    chances = np.asarray(model.predict(x, verbose=0))[x > 0]
    right = chances[np.arange(len(chances)), y[x > 0]]
    assert outcome.value == pytest.approx(-np.log(right).mean(), rel=1e-5)
    shares = np.bincount(y[x > 0]) / len(right)
    assert outcome.constant == pytest.approx(-(shares * np.log(shares)).sum(), rel=1e-5)
    assert outcome.score == pytest.approx((chances.argmax(axis=1) == y[x > 0]).mean())


def test_fewer_rows_are_looked_at_where_each_has_many_answers(tagged, monkeypatch):
    model, x, y = tagged
    assert len(case_of(model, Request(x, y)).sample) == 600
    # Seven steps of three classes.
    monkeypatch.setattr(cases, "MOST_ANSWERS", 21 * 550)
    assert len(case_of(model, Request(x, y)).sample) == 550
    monkeypatch.setattr(cases, "MOST_ANSWERS", 21)
    assert len(case_of(model, Request(x, y)).sample) == cases.EXAMINED_ROWS
