"""Texts as lists of words and of numbers."""

from pellucid.utils.tokenizer import Tokenizer as Tokenizer
from pellucid.utils.tokenizer import tokenizer_from_json as tokenizer_from_json
from pellucid.utils.words import hashing_trick as hashing_trick
from pellucid.utils.words import one_hot as one_hot
from pellucid.utils.words import text_to_word_sequence as text_to_word_sequence

__all__ = [
    "Tokenizer",
    "hashing_trick",
    "one_hot",
    "text_to_word_sequence",
    "tokenizer_from_json",
]
