"""How probable each symbol of a sequence is by the few before it: counts, smoothed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pellucid.types import NumpyArray

LARGEST_CODE = 2**62


@dataclass(frozen=True)
class Table:
    """What was counted of grams of one length.

    Args:
        codes: The different grams, each as one number, in ascending order.
        counts: How often each occurred.
        contexts: The different beginnings, all but the last symbol, in ascending order.
        totals: How often each of them occurred.
        kinds: How many different symbols followed each.
    """

    codes: NumpyArray
    counts: NumpyArray
    contexts: NumpyArray
    totals: NumpyArray
    kinds: NumpyArray


@dataclass(frozen=True)
class NgramModel:
    """Probabilities of a symbol, given the symbols before it, smoothed as Witten and Bell do.

    With h the context, h' the same without its first symbol, N(h) how often h occurred and T(h)
    how many different symbols followed it:

        P(s | h) = (count(h s) + T(h) P(s | h')) / (N(h) + T(h))

    and P of no context at all is 1 / symbols.

    Args:
        symbols: How many different symbols there are.
        tables: Counts for contexts of 0, 1, 2 … symbols.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.ngrams import learn_ngrams
        >>> model = learn_ngrams(np.array([0, 1, 0, 1, 0]), symbols=2, order=2)
        >>> np.exp(model.log_probabilities(np.array([0, 1]))).round(3).tolist()
        [0.571, 0.81]

    Source: Witten and Bell, "The Zero-Frequency Problem" (1991); Chen and Goodman, "An Empirical
        Study of Smoothing Techniques for Language Modeling" (1999).
    """

    symbols: int
    tables: Sequence[Table]

    def log_probabilities(self, sequence: NumpyArray) -> NumpyArray:
        """Return the natural logarithm of the probability of each symbol, given those before.

        Args:
            sequence: Whole numbers from 0 to symbols - 1, shape (steps,).
        """
        found = np.full(len(sequence), 1 / self.symbols)
        for length, table in enumerate(self.tables, 1):
            codes = _grams(sequence, self.symbols, length)
            if not len(codes):
                break
            known = found[length - 1 :]
            counts = _looked_up(table.codes, table.counts, codes)
            contexts = codes // self.symbols
            totals = _looked_up(table.contexts, table.totals, contexts)
            kinds = _looked_up(table.contexts, table.kinds, contexts)
            seen = totals > 0
            known[seen] = ((counts + kinds * known) / np.maximum(totals + kinds, 1))[seen]
        return np.log(found)


def learn_ngrams(sequence: NumpyArray, symbols: int, order: int) -> NgramModel:
    """Return a model that counts a sequence.

    Args:
        sequence: Whole numbers from 0 to symbols - 1, shape (steps,).
        symbols: How many different symbols there are.
        order: Symbols in the longest grams that are counted, at least 1; fewer where a gram
            would not fit into one number.
    """
    lengths = [one for one in range(1, order + 1) if symbols**one < LARGEST_CODE]
    return NgramModel(symbols, [_counted(sequence, symbols, length) for length in lengths])


def _counted(sequence: NumpyArray, symbols: int, length: int) -> Table:
    codes, counts = np.unique(_grams(sequence, symbols, length), return_counts=True)
    contexts, first, kinds = np.unique(codes // symbols, return_index=True, return_counts=True)
    totals = np.add.reduceat(counts, first) if len(first) else counts
    return Table(codes, counts, contexts, totals, kinds)


def _grams(sequence: NumpyArray, symbols: int, length: int) -> NumpyArray:
    """Return for each place, from length - 1 on, the gram that ends there as one number."""
    places = max(len(sequence) - length + 1, 0)
    codes = np.zeros(places, np.int64)
    for first in range(length):
        codes = codes * symbols + sequence[first : first + places]
    return codes


def _looked_up(keys: NumpyArray, values: NumpyArray, wanted: NumpyArray) -> NumpyArray:
    """Return the value of each wanted key, 0 for those that are not there."""
    if not len(keys):
        return np.zeros(len(wanted))
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, values[place], 0)
