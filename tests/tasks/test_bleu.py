"""BLEU against sacrebleu, which is not a dependency, and worked out by hand."""

import math

import numpy as np
import pytest

from pellucid.tasks import corpus_bleu
from pellucid.tasks.bleu import bleu_tokens

RANDOM = np.random.default_rng(1)
WORDS = ["the", "cat", "sat", "on", "a", "mat", ",", "mat.", "it's", "3.5", "10-4", '"so"', "!"]


def sentences(count):
    return [" ".join(RANDOM.choice(WORDS, RANDOM.integers(1, 12))) for _ in range(count)]


CASES = {
    "alike": (["a cat sat on a mat"], [["a cat sat on a mat"]]),
    "nothing": (["a"], [["the cat"]]),
    "short": (["the cat"], [["the cat sat on a mat"]]),
    "no long grams": (["the cat sat", "on a"], [["the cat sat"], ["on a mat"]]),
    "signs": (["Wait, it's 3.5% (or 10-4)!"], [['Wait: it\'s "3.5%", or 10-4!']]),
    "some references": (sentences(30), [sentences(3) for _ in range(30)]),
    "many": (sentences(200), [sentences(1) for _ in range(200)]),
}


@pytest.mark.parametrize("case", CASES)
def test_scores_are_those_of_sacrebleu(case):
    sacrebleu = pytest.importorskip("sacrebleu")
    said, references = CASES[case]
    streams = [list(stream) for stream in zip(*references, strict=True)]
    theirs = sacrebleu.corpus_bleu(said, streams).score
    assert corpus_bleu(said, references) == pytest.approx(theirs, abs=1e-9)


def test_a_score_by_hand():
    # 7 of 8 words, 4 of 6 pairs, 1 of 4 triples, none of 3 fours, which counts as half a one.
    said = ["the cat is on the mat", "it rains"]
    found = corpus_bleu(said, [["the cat sat on the mat"], ["it rains", "rain falls"]])
    assert found == pytest.approx(100 * (7 / 8 * 4 / 6 * 1 / 4 * 0.5 / 3) ** 0.25)
    # Shorter than what is right: 4 words for 5.
    expected = 100 * math.exp(1 - 5 / 4)
    assert corpus_bleu(["a b c d"], [["a b c d e"]]) == pytest.approx(expected)


def test_of_two_references_as_near_in_length_the_shorter_counts():
    assert corpus_bleu(["a b c d e"], [["a b c d e f", "a b c d"]]) == pytest.approx(100.0)


def test_numbers_stay_whole():
    assert bleu_tokens("1,000.5 or 2-3&amp;more.") == [
        "1,000.5", "or", "2", "-", "3", "&", "more", ".",
    ]  # fmt: skip
