"""The vocabulary of words that older Keras scripts learn before they build a model."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from pellucid.errors import ArgumentError, FileError, Problem, did_you_mean, report
from pellucid.saving.json_text import decode
from pellucid.types import NumpyArray
from pellucid.utils.words import FILTERS, Analyzer, text_to_word_sequence

MODES = ("binary", "count", "tfidf", "freq")


class Tokenizer:
    """Words and their numbers: the most frequent word has 1, and 0 is kept for padding.

    Args:
        num_words: Only words with numbers below this are used; None for all.
        filters: Characters that separate words.
        lower: Whether letters become small.
        split: What stands between words.
        char_level: Whether each character is a word.
        oov_token: What stands for words that are unknown or too rare, with the number 1; None to
            leave them out.
        analyzer: Returns the words of a text, instead of `filters`, `lower` and `split`.

    Attributes:
        word_index: Number of each word.
        index_word: Word of each number.
        word_counts: How often each word came.
        word_docs: In how many texts each word came.
        index_docs: The same by number.
        document_count: How many texts there were.

    Raises:
        ArgumentError: `num_words` is no whole number above 0.

    Example:
        >>> from pellucid.preprocessing.text import Tokenizer
        >>> tokenizer = Tokenizer(oov_token="?")
        >>> tokenizer.fit_on_texts(["A rose is a rose.", "A dog!"])
        >>> tokenizer.word_index
        {'?': 1, 'a': 2, 'rose': 3, 'is': 4, 'dog': 5}
        >>> tokenizer.texts_to_sequences(["a rose is no dog"])
        [[2, 3, 4, 1, 5]]

    In new code `TextVectorization` lives within the model and its file.
    """

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        analyzer: Analyzer | None = None,
        document_count: int = 0,
    ) -> None:
        whole = isinstance(num_words, (int, np.integer)) and not isinstance(num_words, bool)
        if num_words is not None and not (whole and num_words > 0):
            expected = "a whole number above 0, or None for all words"
            report([Problem("Tokenizer(num_words=...)", repr(num_words), expected)])
        self.num_words = None if num_words is None else int(num_words)
        self.filters, self.lower, self.split = filters, lower, split
        self.char_level, self.oov_token, self.analyzer = char_level, oov_token, analyzer
        self.document_count = document_count
        self.word_counts = Counter[str]()
        self.word_docs = Counter[str]()
        self.index_docs = Counter[int]()
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def _words(self, text: Any) -> Sequence[str]:
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return text
            return [one.lower() for one in text] if isinstance(text, list) else text.lower()
        if self.analyzer is not None:
            return self.analyzer(text)
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    # -- learning -------------------------------------------------------------------------

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Learn the words of texts, in addition to those learned before.

        Args:
            texts: Texts, or lists of words; those to train on alone.

        Raises:
            ArgumentError: `texts` is one text.
        """
        for text in _several(texts, "fit_on_texts"):
            self.document_count += 1
            words = self._words(text)
            self.word_counts.update(words)
            self.word_docs.update(set(words))
        special = [] if self.oov_token is None else [self.oov_token]
        ordered = [*special, *(word for word, _ in self.word_counts.most_common())]
        self.word_index = {word: number for number, word in enumerate(ordered, 1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        for word, times in self.word_docs.items():
            self.index_docs[self.word_index[word]] = times

    def fit_on_sequences(self, sequences: Sequence[Sequence[int]]) -> None:
        """Learn in how many sequences each number comes, for "tfidf" without texts.

        Args:
            sequences: Lists of numbers.
        """
        self.document_count += len(sequences)
        for one in sequences:
            self.index_docs.update(set(one))

    # -- numbers --------------------------------------------------------------------------

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        """Return the numbers of the words of each text.

        Args:
            texts: Texts, or lists of words.

        Raises:
            ArgumentError: `texts` is one text.
        """
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """Yield what `texts_to_sequences` returns, a text at a time.

        Args:
            texts: Texts, or lists of words.
        """
        unknown = self._unknown()
        for text in _several(texts, "texts_to_sequences"):
            numbers = [self._usable(self.word_index.get(word)) for word in self._words(text)]
            kept = [unknown if number is None else number for number in numbers]
            yield [number for number in kept if number is not None]

    def _unknown(self) -> int | None:
        return None if self.oov_token is None else self.word_index.get(self.oov_token)

    def _usable(self, number: int | None) -> int | None:
        """Return a number if its word is frequent enough."""
        if number is None or (self.num_words is not None and number >= self.num_words):
            return None
        return number

    def sequences_to_texts(self, sequences: Iterable[Iterable[int]]) -> list[str]:
        """Return the words of each sequence of numbers, with spaces between them.

        Args:
            sequences: Lists of numbers.
        """
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Iterable[int]]) -> Iterator[str]:
        """Yield what `sequences_to_texts` returns, a sequence at a time.

        Args:
            sequences: Lists of numbers.
        """
        unknown = None if self._unknown() is None else self.oov_token
        for numbers in sequences:
            words = [
                self.index_word[number] if self._usable(number) in self.index_word else unknown
                for number in map(int, numbers)
            ]
            yield " ".join(word for word in words if word is not None)

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> NumpyArray:
        """Return one row of numbers for each text, a column for each word.

        Args:
            texts: Texts, or lists of words.
            mode: "binary" for 1 where the word is there, "count", "freq" for the share of the
                text, "tfidf" for `(1 + ln count) ln(1 + texts / (1 + texts with the word))`.

        Raises:
            ArgumentError: The mode is unknown, or nothing was learned.
        """
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(
        self, sequences: Sequence[Sequence[int]], mode: str = "binary"
    ) -> NumpyArray:
        """Return one row of numbers for each sequence, a column for each word.

        Args:
            sequences: Lists of numbers.
            mode: As in `texts_to_matrix`.

        Returns:
            Shape (sequences, num_words), or (sequences, words + 1) where that is None.

        Raises:
            ArgumentError: The mode is unknown, or nothing was learned.
        """
        where = "Tokenizer.sequences_to_matrix"
        found, fix = [], "Call fit_on_texts(texts) first."
        if mode not in MODES:
            expected = f"one of {', '.join(map(repr, MODES))}"
            near = did_you_mean(str(mode), MODES)
            found.append(Problem(f"{where}(mode=...)", repr(mode), expected, near))
        if self.num_words is None and not self.word_index:
            found.append(Problem(where, "no words", "num_words=..., or words", fix))
        if mode == "tfidf" and not self.document_count:
            found.append(Problem(where, "no texts to count", "texts for mode='tfidf'", fix))
        report(found)
        width = self.num_words or len(self.word_index) + 1
        matrix = np.zeros((len(sequences), width))
        for row, numbers in enumerate(sequences):
            for number, times in Counter(numbers).items():
                if number < width:
                    matrix[row, number] = self._weight(number, times, len(numbers), mode)
        return matrix

    def _weight(self, number: int, times: int, length: int, mode: str) -> float:
        if mode == "binary":
            return 1.0
        if mode == "count":
            return float(times)
        if mode == "freq":
            return times / length
        rarity = np.log(1 + self.document_count / (1 + self.index_docs[number]))
        return float((1 + np.log(times)) * rarity)

    # -- files ----------------------------------------------------------------------------

    def get_config(self) -> dict[str, Any]:
        """Return what was learned as plain values; the tables are JSON texts, as in Keras."""
        tables = {
            name: json.dumps(getattr(self, name))
            for name in ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
        }
        names = ("num_words", "filters", "lower", "split", "char_level", "oov_token")
        return {
            **{name: getattr(self, name) for name in names},
            "document_count": self.document_count,
            **tables,
        }

    def to_json(self, **options: Any) -> str:
        """Return what was learned as JSON, in the form that Keras writes.

        Args:
            options: Further arguments of `json.dumps`.

        Raises:
            ArgumentError: The tokenizer has an `analyzer`, which a file cannot hold.
        """
        if self.analyzer is not None:
            raise ArgumentError(
                "Tokenizer.to_json: got a tokenizer with analyzer=..., expected one without: JSON "
                "holds no code. Cut the texts into lists of words yourself."
            )
        return json.dumps({"class_name": "Tokenizer", "config": self.get_config()}, **options)


def tokenizer_from_json(json_string: str) -> Tokenizer:
    """Return the tokenizer that `to_json` wrote, here or in Keras.

    Args:
        json_string: Its text.

    Raises:
        FileError: It is not what `to_json` writes.

    Example:
        >>> from pellucid.preprocessing.text import Tokenizer, tokenizer_from_json
        >>> tokenizer = Tokenizer()
        >>> tokenizer.fit_on_texts(["a rose is a rose"])
        >>> tokenizer_from_json(tokenizer.to_json()).word_index
        {'a': 1, 'rose': 2, 'is': 3}
    """
    where = "tokenizer_from_json"
    document = decode(json_string.encode(), where)
    config = document.get("config") if isinstance(document, dict) else None
    if not isinstance(config, dict):
        raise FileError(f"{where}: got JSON without 'config', expected what to_json() writes.")
    try:
        options = {name: _checked(config, name, kinds) for name, kinds in _OPTIONS.items()}
        tokenizer = Tokenizer(**options)
        tokenizer.word_counts = Counter(_table(config, "word_counts"))
        tokenizer.word_docs = Counter(_table(config, "word_docs"))
        tokenizer.word_index = _table(config, "word_index")
        numbers = _table(config, "index_docs")
    except (KeyError, TypeError, ValueError) as error:
        raise FileError(f"{where}: {error}") from None
    tokenizer.index_docs = Counter({int(number): times for number, times in numbers.items()})
    tokenizer.index_word = {number: word for word, number in tokenizer.word_index.items()}
    return tokenizer


_OPTIONS: Mapping[str, Any] = {
    "num_words": (int, type(None)),
    "filters": (str,),
    "lower": (bool,),
    "split": (str,),
    "char_level": (bool,),
    "oov_token": (str, type(None)),
    "document_count": (int,),
}
"""Options that a file may hold, and the types of their values."""


def _checked(config: Mapping[str, Any], name: str, kinds: tuple[type, ...]) -> Any:
    value = config.get(name)
    if type(value) not in kinds:
        raise ValueError(f"got {value!r} for '{name}', expected {kinds[0].__name__}.")
    return value


def _table(config: Mapping[str, Any], name: str) -> dict[str, int]:
    """Return a table from words to whole numbers, which stands in the file as JSON."""
    text = config.get(name)
    table = decode(text.encode(), name) if isinstance(text, str) else None
    if not isinstance(table, dict) or not all(type(one) is int for one in table.values()):
        raise ValueError(f"got no table of whole numbers for '{name}', expected one as JSON.")
    return table


def _several(texts: Any, where: str) -> Iterable[Any]:
    if isinstance(texts, (str, bytes)):
        fix = "Put it in a list: [text]."
        report([Problem(f"Tokenizer.{where}", "one text", "a list of texts", fix)])
    return texts
