"""Texts as lists of words, and words as numbers without a vocabulary."""

import hashlib
from collections.abc import Callable
from typing import Any

from pellucid.errors import Problem, report

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
"""Characters that are taken for spaces."""

Analyzer = Callable[[str], list[str]]
"""Returns the words of a text."""


def text_to_word_sequence(
    input_text: str, filters: str = FILTERS, lower: bool = True, split: str = " "
) -> list[str]:
    """Return the words of a text.

    Args:
        input_text: The text.
        filters: Characters that separate words like `split`.
        lower: Whether letters become small.
        split: What stands between words.

    Example:
        >>> from pellucid.preprocessing.text import text_to_word_sequence
        >>> text_to_word_sequence("It's late, isn't it?")
        ["it's", 'late', "isn't", 'it']
    """
    text = input_text.lower() if lower else input_text
    text = text.translate(str.maketrans(dict.fromkeys(filters, split)))
    return [word for word in text.split(split) if word]


def hashing_trick(
    text: str,
    n: int,
    hash_function: Any = None,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Analyzer | None = None,
) -> list[int]:
    """Return a number from 1 to `n - 1` for each word, found by hashing it.

    Different words may share a number; no vocabulary is learned or kept.

    Args:
        text: The text.
        n: Numbers that there are, 0 among them, which no word gets; at least 2.
        hash_function: "md5", or a function from a word to a whole number; None for "md5".
        filters: Characters that separate words.
        lower: Whether letters become small.
        split: What stands between words.
        analyzer: Returns the words of a text, instead of `text_to_word_sequence`.

    Raises:
        ArgumentError: `n` is too small, or `hash_function` neither a name nor a function.

    Example:
        >>> from pellucid.preprocessing.text import hashing_trick
        >>> hashing_trick("a rose is a rose", 20)
        [14, 7, 19, 14, 7]

    Differs from Keras: None means "md5"; there it is Python's own hash, which gives the same word
    another number in the next process, so that a saved model reads noise.
    """
    found = []
    if isinstance(n, bool) or not isinstance(n, int) or n < 2:
        found.append(Problem("hashing_trick(n=...)", repr(n), "a whole number of at least 2"))
    if hash_function not in (None, "md5") and not callable(hash_function):
        given, expected = repr(hash_function), "'md5' or a function from a word to a whole number"
        found.append(Problem("hashing_trick(hash_function=...)", given, expected))
    report(found)
    number_of: Any = hash_function if callable(hash_function) else _md5
    words = analyzer(text) if analyzer else text_to_word_sequence(text, filters, lower, split)
    return [number_of(word) % (n - 1) + 1 for word in words]


def _md5(word: str) -> int:
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


def one_hot(
    input_text: str,
    n: int,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
    analyzer: Analyzer | None = None,
) -> list[int]:
    """Return a number from 1 to `n - 1` for each word, found by hashing it; no vectors of 0 and 1.

    Args:
        input_text: The text.
        n: Numbers that there are, 0 among them, which no word gets; at least 2.
        filters: Characters that separate words.
        lower: Whether letters become small.
        split: What stands between words.
        analyzer: Returns the words of a text.

    Raises:
        ArgumentError: `n` is too small.

    Example:
        >>> from pellucid.preprocessing.text import one_hot
        >>> one_hot("a rose is a rose", 20)
        [14, 7, 19, 14, 7]

    Differs from Keras: words are hashed by MD5, so that their numbers stay from run to run.
    """
    return hashing_trick(input_text, n, "md5", filters, lower, split, analyzer)
