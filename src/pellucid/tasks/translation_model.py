"""A network that translates sentences, with the words of both languages."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pellucid.data.lines import read_lines
from pellucid.data.pairs import Pairs, read_pairs
from pellucid.errors import FileError, Problem, report
from pellucid.layers import Attention
from pellucid.models import Model
from pellucid.tasks.answers import Answers
from pellucid.tasks.bleu import corpus_bleu
from pellucid.tasks.document import FORMAT, document_of, parsed, texts_of
from pellucid.tasks.evaluation import Evaluation
from pellucid.tasks.learned import Contents, marks_of
from pellucid.tasks.telling import tell_notes, tell_unknown
from pellucid.tasks.translation_network import translated
from pellucid.tasks.word_vocabulary import (
    START,
    UNKNOWN,
    Words,
    WordVocabulary,
    lowered,
    sentence_of,
)
from pellucid.types import NumpyArray
from pellucid.wording import count_text


@dataclass(frozen=True)
class TranslationModel:
    """A network that translates.

    Args:
        model: The network.
        read: Words of the language that it reads.
        said: Words of the language that it says.
        dictionary: For each word that is read the likeliest one that is said, by numbers.
        longest: Words after which a translation is cut.
        capital: Whether sentences of that language begin with a large letter.
    """

    kind: ClassVar[str] = "translation"

    model: Model
    read: WordVocabulary
    said: WordVocabulary
    dictionary: tuple[int, ...]
    longest: int
    capital: bool

    def words(self, sentences: Sequence[str], verbose: Any = 0) -> list[Words]:
        """Return the words of the network's translations.

        Args:
            sentences: What to translate.
            verbose: "auto" for a bar on a terminal where it takes long, 0 for none.
        """
        numbers = [self.read.encode(one) for one in sentences]
        found = translated(self.model, numbers, self.longest, verbose)
        return [self.said.decode(one) for one in found]

    def word_by_word(self, sentences: Sequence[str]) -> list[Words]:
        """Return the words that stand for those of sentences, in the same order.

        Args:
            sentences: What to translate.
        """
        numbers = ([self.dictionary[word] for word in self.read.encode(one)] for one in sentences)
        return [self.said.decode(one) for one in numbers]

    def translate(self, sentences: Sequence[str]) -> list[str]:
        """Return translations of sentences, as they are written.

        Args:
            sentences: Sentences; words that training sentences lack are not understood.
        """
        return [self._written(words) for words in self.words(sentences)]

    def told(
        self,
        sentences: Sequence[str],
        said: Sequence[Words],
        references: Sequence[Sequence[str]] = (),
    ) -> Answers:
        """Return sentences with their translations, as they are written.

        Args:
            sentences: What was translated.
            said: The words of each translation.
            references: For each all that are right, where they are known; the first is told.
        """
        right = {"reference": [own[0] for own in references]} if references else {}
        written = [self._written(words) for words in said]
        return Answers({"sentence": list(sentences), **right, "translation": written})

    def unknown(self, sentences: Iterable[str]) -> float:
        """Return the share of the words of sentences that the network does not know.

        Args:
            sentences: What is translated.
        """
        numbers = [number for one in sentences for number in self.read.encode(one)]
        return numbers.count(UNKNOWN) / max(len(numbers), 1)

    def looked(self, sentence: str) -> tuple[NumpyArray, Words, Words] | None:
        """Return how much each word of a translation looked at each word of the sentence.

        Args:
            sentence: What is translated.

        Returns:
            Weights, shape (said, read), the words that were said and those that were read; None
            where the network looks at nothing.
        """
        if not any(isinstance(one, Attention) for one in self.model.layers):
            return None
        numbers = [self.read.encode(sentence)]
        (said,) = translated(self.model, numbers, self.longest)
        (weights,) = self.model.attention_maps([numbers, [[START, *said]]]).values()
        return weights, [*self.said.decode(said), "(end)"], lowered(sentence)

    def predict(self, source: Any) -> Answers:
        """Return the translation of each line of a file; empty lines are left out.

        Args:
            source: A text file with a sentence a line; what stands behind a tab is not read.

        Raises:
            FileError: The file cannot be read, or holds no sentence.
        """
        read = read_lines(source)
        tell_notes(read.notes)
        lines = (line.partition("\t")[0].strip() for line in read.texts)
        sentences = [line for line in lines if line_has_words(line)]
        if not sentences:
            report([Problem(str(source), "no sentence", "a sentence a line")], FileError)
        tell_unknown(source, self.unknown(sentences), "words")
        return self.told(sentences, self.words(sentences, "auto"))

    def evaluate(self, source: Any) -> Evaluation:
        """Return BLEU of the network, and of a translation word by word.

        Args:
            source: A file of lines with a sentence, a tab and its translation.

        Raises:
            FileError: The file cannot be read, or holds no pair.
        """
        pairs = read_pairs(source)
        sentences, references = by_sentence(pairs)
        tell_unknown(source, self.unknown(sentences), "words")
        scores = {
            "network": bleu_of(self.words(sentences), references),
            "word by word": bleu_of(self.word_by_word(sentences), references),
        }
        tested = f"On {count_text(len(sentences), 'sentence')}:"
        details, contents = "\n".join(pairs.notes) or None, contents_of(sentences)
        return Evaluation(tested, scores, details, contents=contents)

    def _written(self, words: Words) -> str:
        text = re.sub(r" ([.,])", r"\1", sentence_of(words))
        return text[:1].upper() + text[1:] if self.capital else text

    # -- files ----------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """Return the preprocessing as plain values, for the model file."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "read": list(self.read.words),
            "said": list(self.said.words),
            "dictionary": list(self.dictionary),
            "longest": self.longest,
            "capital": self.capital,
        }

    @classmethod
    def of(cls, model: Model, path: Any) -> Self:
        """Return a model that was read from `path` with its preprocessing.

        Raises:
            FileError: The preprocessing is damaged, of another version or another kind.
        """
        document = document_of(model, cls.kind, path)
        found = parsed(path, lambda: cls._parsed(model, document))
        words, outputs = len(found.said), int(model.output_shape[-1] or 0)
        if words != outputs:
            raise FileError(
                f"{path}: got {count_text(words, 'word')} for a network of "
                f"{count_text(outputs, 'output')}, expected the two to fit."
            )
        return found

    @classmethod
    def _parsed(cls, model: Model, document: Mapping[str, Any]) -> Self:
        read, said = (
            WordVocabulary(texts_of(document[side], "a word")) for side in ("read", "said")
        )
        dictionary, longest = tuple(document["dictionary"]), document["longest"]
        whole = all(type(one) is int and 0 <= one < len(said) for one in dictionary)
        if not whole or len(dictionary) != len(read):
            raise ValueError("the dictionary does not fit the words")
        if type(longest) is not int or not 1 <= longest <= MOST_WORDS:
            raise ValueError(f"got {longest!r} words for the longest translation")
        return cls(model, read, said, dictionary, longest, bool(document["capital"]))


MOST_WORDS = 1_000
"""Words of a translation above which a file is taken for damaged."""


def line_has_words(text: str) -> bool:
    """Return whether there is anything to translate in a line.

    Args:
        text: The line.
    """
    return bool(lowered(text))


def contents_of(sentences: Sequence[str]) -> Contents:
    """Return what tells equal sentences from others, whatever their letters' size.

    Args:
        sentences: The sentences.
    """
    return Contents(marks_of([" ".join(lowered(one)) for one in sentences]), "sentence")


def by_sentence(pairs: Pairs) -> tuple[list[str], list[list[str]]]:
    """Return different sentences, and all translations of each.

    Two are the same if they have the same words, whatever their letters' size.

    Args:
        pairs: Sentences and translations.
    """
    sentences: dict[tuple[str, ...], str] = {}
    translations: dict[tuple[str, ...], list[str]] = {}
    for one, other in zip(pairs.first, pairs.second, strict=True):
        key = tuple(lowered(one))
        sentences.setdefault(key, one)
        translations.setdefault(key, []).append(other)
    return [*sentences.values()], [*translations.values()]


def bleu_of(said: Sequence[Words], references: Sequence[Sequence[str]]) -> dict[str, float | None]:
    """Return BLEU of translations; small and large letters make no difference.

    Args:
        said: The words of each translation.
        references: For each all that are right.
    """
    ours = [sentence_of([word.lower() for word in words]) for words in said]
    theirs = [[sentence_of(lowered(one)) for one in own] for own in references]
    return {"bleu": corpus_bleu(ours, theirs)}
