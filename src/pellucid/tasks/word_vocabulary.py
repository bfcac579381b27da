"""Sentences as words and signs, words as numbers, and the way back."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

PADDING, START, END, UNKNOWN = range(4)
SPECIAL = ("", "", "", "⁇")
"""How they read."""

LEAST_SEEN = 3
"""Times that a word must stand in the training sentences to be in the vocabulary."""

WORDS = re.compile(r"\w+'|\w+|[^\w\s]")

Words = list[str]


def words_of(text: str) -> Words:
    r"""Return words and signs; an apostrophe ends a word, as in "j'" and "ai".

    Args:
        text: A sentence. Spaces of any width part words.

    Example:
        >>> from pellucid.tasks.word_vocabulary import words_of
        >>> words_of("J’ai faim\u202f!")
        ["J'", 'ai', 'faim', '!']
    """
    return WORDS.findall(text.replace("’", "'"))


def lowered(text: str) -> Words:
    """Return words and signs in small letters, by which words are told apart.

    Args:
        text: A sentence.
    """
    return words_of(text.lower())


def sentence_of(words: Sequence[str]) -> str:
    """Return words as a sentence, with nothing between the parts of one word.

    Args:
        words: Words and signs.

    Example:
        >>> from pellucid.tasks.word_vocabulary import sentence_of
        >>> sentence_of(["J'", "ai", "faim", "."])
        "J'ai faim ."
    """
    return " ".join(words).replace("' ", "'").replace(" - ", "-")


@dataclass(frozen=True)
class WordVocabulary:
    """Words of training sentences that were seen often enough, numbered.

    Args:
        words: The words as they are written in the middle of a sentence; small and large letters
            make no difference between two of them.
    """

    words: tuple[str, ...]

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each word in small letters."""
        return {word.lower(): number for number, word in enumerate(self.words, len(SPECIAL))}

    def __len__(self) -> int:
        return len(SPECIAL) + len(self.words)

    def encode(self, text: str) -> list[int]:
        """Return the numbers of the words of a sentence.

        Args:
            text: The sentence.
        """
        return [self.numbers.get(word, UNKNOWN) for word in lowered(text)]

    def decode(self, numbers: Iterable[int]) -> Words:
        """Return the words that numbers stand for.

        Args:
            numbers: Numbers of words.
        """
        known = (*SPECIAL, *self.words)
        return [known[number] for number in numbers]


def learn_words(sentences: Iterable[str], least: int = LEAST_SEEN) -> WordVocabulary:
    """Return a vocabulary of the words that are seen often enough.

    Args:
        sentences: Training sentences.
        least: How often.

    Example:
        >>> from pellucid.tasks.word_vocabulary import learn_words
        >>> vocabulary = learn_words(["The day.", "Say, Tom, the day."], least=1)
        >>> vocabulary.encode("Tom, say: THE day!")
        [9, 4, 7, 3, 8, 6, 3]
    """
    counts, written = Counter[str](), Counter[str]()
    for sentence in sentences:
        counts.update(lowered(sentence))
        # Every first word has a large letter, which says nothing of the word.
        written.update(words_of(sentence)[1:])
    usual: dict[str, str] = {}
    for word, _ in sorted(written.items(), key=lambda one: (-one[1], one[0])):
        usual.setdefault(word.lower(), word)
    kept = sorted(word for word, count in counts.items() if count >= least)
    return WordVocabulary(tuple(usual.get(word, word) for word in kept))
