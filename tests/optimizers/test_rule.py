import re

import pytest

from pellucid import optimizers
from pellucid.errors import ArgumentError
from pellucid.optimizers.rule import found_in, to_patterns

PATHS = ["layer_norm/gamma", "dense/bias", "first/x/bias", "a.b", "kernel", ""]


@pytest.mark.parametrize(
    "pattern",
    ["bias", ".*norm.*", r"\.*", ".*?norm", "a|b.*", "^dense/bias$", "first.*bias", ".*", r"a\.b"],
)
def test_a_pattern_finds_what_a_search_finds(pattern):
    assert to_patterns(pattern) == (pattern,)
    for path in PATHS:
        assert found_in([pattern], path) == bool(re.search(pattern, path))


@pytest.mark.parametrize(
    ("patterns", "given"),
    [
        ("(a+)+$", "('(a+)+$',)"),
        ("a*a*b", "('a*a*b',)"),
        ("a{2,}b+", "('a{2,}b+',)"),
        (["a.*b"] * 11, repr(["a.*b"] * 11)),
    ],
)
def test_a_pattern_that_could_take_for_ever_is_refused(patterns, given):
    with pytest.raises(ArgumentError) as caught:
        optimizers.SGD(exclude_from_decay=patterns)
    assert str(caught.value) == (
        f"SGD(exclude_from_decay=...): got {given}, expected no groups, one repetition a "
        "pattern, and 10 repetitions in all. Write several plain patterns."
    )


def test_a_pattern_that_is_too_long_is_refused():
    with pytest.raises(ArgumentError) as caught:
        optimizers.SGD(exclude_from_decay="x" * 2001)
    assert str(caught.value) == (
        "SGD(exclude_from_decay=...): got a longer one, "
        "expected patterns of at most 2000 characters."
    )
