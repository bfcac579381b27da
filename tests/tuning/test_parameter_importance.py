"""Which parameters scores depend on."""

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.tuning import parameter_importance
from pellucid.tuning.parameter_importance import importance
from pellucid.tuning.space import Space
from pellucid.tuning.trial import Trial

SPACE = Space({"a": (0.0, 1.0), "b": (0.0, 1.0), "c": ["x", "y"]}, "")


def trials(count):
    found = []
    for number, (a, b, c) in enumerate(np.random.default_rng(1).random((count, 3))):
        values = {"a": float(a), "b": float(b), "c": "x" if c < 0.5 else "y"}
        score = 3 * a + b
        state = "complete" if number % 3 else "freed"
        found.append(Trial(number, values, state, score, (score,), {}, 1, (1,), 1, 0.0, "random"))
    return found


@pytest.mark.parametrize("optuna", [True, False])
def test_of_a_sum_each_part_explains_its_share_of_the_variance(optuna, monkeypatch):
    if not optuna:
        monkeypatch.setattr(parameter_importance, "find_spec", lambda name: None)
    found = importance(SPACE, trials(200), False, 0)
    assert list(found.shares) == ["a", "b", "c"]
    assert sum(found.shares.values()) == pytest.approx(1)
    # Of 3a + b the variance is nine parts that of a and one part that of b.
    assert found.shares["a"] == pytest.approx(0.9, abs=0.05)
    assert found.shares["c"] < 0.02
    assert found.method == ("fANOVA" if optuna else "permutation in a random forest")
    assert str(found).splitlines()[2].split()[0] == "a"


def test_a_few_trials_say_nothing():
    with pytest.raises(ArgumentError) as told:
        importance(SPACE, trials(3), False, 0)
    assert str(told.value) == (
        "search.importance(): got 3 trials with a score, expected at least 4."
    )
