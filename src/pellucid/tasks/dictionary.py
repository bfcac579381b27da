"""Which word of another language stands for a word: learned from translated sentences."""

from collections.abc import Sequence

import numpy as np

ROUNDS = 5


def learn_dictionary(
    read: Sequence[list[int]], said: Sequence[list[int]], words: int, unknown: int
) -> tuple[int, ...]:
    """Return the likeliest translation of each word.

    Any word of a sentence may have given rise to any word of its translation; how likely each
    does, t(said | read), is estimated from all sentences by expectation and maximisation.

    Args:
        read: Sentences as numbers of words.
        said: Their translations.
        words: Number of different words that are read.
        unknown: What stands for a word that is in no sentence.

    Returns:
        A number for each word that is read.

    Example:
        >>> from pellucid.tasks.dictionary import learn_dictionary
        >>> learn_dictionary([[1, 2], [1, 3]], [[7, 8], [7, 9]], words=4, unknown=0)
        (0, 7, 8, 9)

    Source: Brown et al., "The Mathematics of Statistical Machine Translation" (1993), model 1.
    """
    given, spoken, places, place = [], [], [], 0
    for one, other in zip(read, said, strict=True):
        for word in other:
            given += one
            spoken += [word] * len(one)
            places += [place] * len(one)
            place += 1
    width = max(spoken, default=0) + 1
    codes = np.array(given, np.int64) * width + np.array(spoken, np.int64)
    kinds, which = np.unique(codes, return_inverse=True)
    reading, saying = np.divmod(kinds, width)
    chance, where = np.ones(len(kinds)), np.array(places, np.int64)
    for _ in range(ROUNDS):
        own = chance[which]
        share = own / np.bincount(where, own)[where]
        expected = np.bincount(which, share, len(kinds))
        chance = expected / np.bincount(reading, expected)[reading]
    found = np.full(words, unknown)
    order = np.argsort(chance, kind="stable")
    found[reading[order]] = saying[order]
    return tuple(found.tolist())
