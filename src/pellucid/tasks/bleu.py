"""How much translations agree with those of people."""

import math
import re
from collections import Counter
from collections.abc import Sequence

LONGEST = 4
"""Words in the longest grams that are compared."""

ESCAPES = {"&quot;": '"', "&amp;": "&", "&lt;": "<", "&gt;": ">"}
SIGNS = (
    (re.compile(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])"), r" \1 "),
    (re.compile(r"([^0-9])([\.,])"), r"\1 \2 "),
    (re.compile(r"([\.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)
"""Where a sign is a word of its own, as the evaluations of WMT have it ("13a")."""

Grams = Counter[tuple[str, ...]]


def bleu_tokens(text: str) -> list[str]:
    """Return the words and signs that BLEU compares.

    Args:
        text: A sentence.

    Example:
        >>> from pellucid.tasks.bleu import bleu_tokens
        >>> bleu_tokens("It costs 3.50, not 4!")
        ['It', 'costs', '3.50', ',', 'not', '4', '!']
    """
    for escape, sign in ESCAPES.items():
        text = text.replace(escape, sign)
    text = f" {text} "
    for pattern, spaced in SIGNS:
        text = pattern.sub(spaced, text)
    return text.split()


def corpus_bleu(said: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """Return BLEU of translations: shared grams of 1 to 4 words, against those that are too short.

        BLEU = 100 · min(1, e^(1 - r / c)) · (p_1 p_2 p_3 p_4)^(1/4)

    with p_n the share of grams of n words that a reference has too, each counted at most as often
    as in the reference that has it most often, c the words that were said and r those of the
    references next in length. Where no gram of a length is shared, p_n is 1 / (2^k · grams) at
    the k-th such length.

    Args:
        said: Translations.
        references: For each of them all that are right.

    Returns:
        A number from 0 to 100.

    Example:
        >>> from pellucid.tasks.bleu import corpus_bleu
        >>> said = ["the cat is on the mat", "it rains"]
        >>> round(corpus_bleu(said, [["the cat sat on the mat"], ["it rains", "rain falls"]]), 1)
        39.5

    Source: Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation"
        (2002); words and smoothing: Post, "A Call for Clarity in Reporting BLEU Scores" (2018).
    """
    shared, counted = [0] * LONGEST, [0] * LONGEST
    length = closest = 0
    for one, others in zip(said, references, strict=True):
        words, theirs = bleu_tokens(one), [bleu_tokens(other) for other in others]
        length += len(words)
        closest += min((abs(len(other) - len(words)), len(other)) for other in theirs)[1]
        for size in range(1, LONGEST + 1):
            own, most = _grams(words, size), Grams()
            for other in theirs:
                most |= _grams(other, size)
            shared[size - 1] += (own & most).total()
            counted[size - 1] += own.total()
    return _score(shared, counted, length, closest)


def _score(shared: Sequence[int], counted: Sequence[int], length: int, closest: int) -> float:
    if not any(shared) or not all(counted):
        return 0.0
    logarithms, halves = 0.0, 1
    for right, all_grams in zip(shared, counted, strict=True):
        halves = halves if right else 2 * halves
        logarithms += math.log((right or 1 / halves) / all_grams)
    brevity = min(0.0, 1 - closest / length)
    return 100 * math.exp(brevity + logarithms / LONGEST)


def _grams(words: Sequence[str], size: int) -> Grams:
    return Grams(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
