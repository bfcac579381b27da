"""Decoding: from a model of the next word to whole sequences.

    >>> from pellucid.decoding import beam, greedy, sample

A model that can be decoded takes the words so far as its last input, (batch, steps), and gives
for each step the probabilities of the word behind it, (batch, steps, words). What else it takes
is the source: a sentence to translate, or nothing.
"""

from pellucid.decoding.sampling import sample as sample
from pellucid.decoding.search import beam as beam
from pellucid.decoding.search import greedy as greedy
from pellucid.decoding.sequences import Sequences as Sequences

__all__ = ["Sequences", "beam", "greedy", "sample"]
