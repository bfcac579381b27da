"""A network that goes on writing a text."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

import numpy as np

from pellucid.data.lines import read_lines
from pellucid.data.prose import read_prose
from pellucid.data.subwords import UNKNOWN, SubwordVocabulary
from pellucid.decoding.request import number_problems
from pellucid.decoding.sampling import make_narrowing, narrowing_problems
from pellucid.errors import FileError, Problem, report
from pellucid.models import Model
from pellucid.ops import random
from pellucid.seed import checked_seed
from pellucid.tasks.answers import Answers
from pellucid.tasks.document import FORMAT, document_of, parsed, texts_of
from pellucid.tasks.evaluation import Evaluation
from pellucid.tasks.language_network import log_probabilities, onward
from pellucid.tasks.learned import Contents, marks_of
from pellucid.tasks.telling import tell_notes, tell_unknown
from pellucid.tasks.writing import Writing
from pellucid.types import NumpyArray
from pellucid.wording import count_text

UNITS = ("character", "subword")

LENGTH = 200
"""Characters with which a prompt is continued, unless told otherwise."""

TEMPERATURE = 0.8

PROMPTS = 3
"""Lines of a text that are continued."""

LONGEST_PROMPT = 100
TELLING = 30
"""Characters from which a line is hardly twice in texts by chance."""

SAMPLE_LENGTH = 400
SAMPLE_TEMPERATURES = (0.5, 0.8, 1.0)


@dataclass(frozen=True)
class GenerationModel:
    """A network that goes on writing, and the symbols that it knows.

    Args:
        model: The network.
        vocabulary: Its symbols: characters, or pieces of words.
        units: Which of the two: "character" or "subword".
        counts: How often each symbol stood in the training text.
        window: Symbols that it read at once in training.
    """

    kind: ClassVar[str] = "generation"

    model: Model
    vocabulary: SubwordVocabulary
    units: str
    counts: tuple[int, ...]
    window: int

    @cached_property
    def reader(self) -> Model:
        """The network with what it remembers as inputs and outputs."""
        return onward(self.model)

    # -- how good it is -------------------------------------------------------------------

    def nats(self, text: str) -> float:
        """Return the mean negative log probability of a character, all but the first symbol.

        Args:
            text: At least two symbols.
        """
        numbers = self.numbers(text)
        found = log_probabilities(self.reader, numbers, self.window)
        return -float(found.sum()) / self.foretold(text)

    def unigram_nats(self, text: str) -> float:
        """Return the same for a model that knows how frequent each symbol is and nothing else.

        Args:
            text: At least two symbols.
        """
        counts = np.array(self.counts) + 1
        found = np.log(counts / counts.sum())[self.numbers(text)[1:]]
        return -float(found.sum()) / self.foretold(text)

    def numbers(self, text: str) -> NumpyArray:
        """Return the symbols of a text, as numbers."""
        return np.array(self.vocabulary.encode(text), np.int32)

    def unknown(self, text: str) -> float:
        """Return the share of the symbols of a text that the network does not know."""
        unknown = self.vocabulary.numbers[UNKNOWN]
        return float(np.mean(self.numbers(text) == unknown)) if text else 0.0

    def foretold(self, text: str) -> int:
        """Return the number of characters behind the first symbol of a text."""
        return len(text) - len(self.vocabulary.decode(self.numbers(text)[:1]))

    def evaluate(self, source: Any) -> Evaluation:
        """Return how well the network foretells a text.

        Args:
            source: A text file, or a folder of them.

        Raises:
            FileError: The text cannot be read, or is too short.
        """
        prose = read_prose(source)
        if len(self.numbers(prose.text)) < 2:
            given, expected = "a text of one symbol", "at least two: the next one is foretold"
            report([Problem(str(source), given, expected)], FileError)
        tell_unknown(source, self.unknown(prose.text), "symbols")
        scores = {
            "network": scores_of(self.nats(prose.text)),
            "unigram": scores_of(self.unigram_nats(prose.text)),
        }
        tested = f"On {count_text(len(prose.text), 'character')}:"
        details, contents = "\n".join(prose.notes) or None, contents_of(prose.text)
        return Evaluation(tested, scores, details, contents=contents)

    # -- writing --------------------------------------------------------------------------

    def predict(
        self,
        source: Any,
        *,
        length: int = LENGTH,
        temperature: float = TEMPERATURE,
        top_k: int | None = None,
        top_p: float | None = None,
        seed: int = 0,
    ) -> Answers:
        """Return how each line of a file goes on; empty lines are left out.

        Args:
            source: A text file with a prompt a line.
            length: Characters to write behind each.
            temperature: As in `generate_text`.
            top_k: As in `generate_text`.
            top_p: As in `generate_text`.
            seed: Seed of the draws; each prompt has its own.

        Raises:
            ArgumentError: A number is out of range.
            FileError: The file cannot be read, or holds no prompt.
        """
        read = read_lines(source)
        tell_notes(read.notes)
        prompts = [line for line in read.texts if line.strip()]
        if not prompts:
            report([Problem(str(source), "no prompt", "a prompt a line")], FileError)
        tell_unknown(source, self.unknown("".join(prompts)), "symbols")
        options = {"length": length, "temperature": temperature, "top_k": top_k, "top_p": top_p}
        return self.continued(prompts, seed=seed, verbose="auto", **options)

    def continued(self, prompts: Sequence[str], *, seed: int = 0, **options: Any) -> Answers:
        """Return how prompts go on.

        Args:
            prompts: Texts to begin with.
            seed: Seed of the draws; each prompt has its own.
            options: As in `written`.

        Raises:
            ArgumentError: A number is out of range.
        """
        key = np.uint32(checked_seed(seed, "seed"))
        keys = np.asarray(random.fold(key, np.arange(len(prompts))))
        written = self.written(prompts, keys, **options)
        return Answers({"prompt": list(prompts), "continuation": written})

    def written(
        self,
        prompts: Sequence[str],
        keys: NumpyArray,
        *,
        length: int = LENGTH,
        temperature: float = TEMPERATURE,
        top_k: int | None = None,
        top_p: float | None = None,
        verbose: Any = 0,
    ) -> list[str]:
        """Return what follows each of several texts.

        Args:
            prompts: The texts so far.
            keys: For each the key of its draws.
            length: As in `generate_text`.
            temperature: As in `generate_text`.
            top_k: As in `generate_text`.
            top_p: As in `generate_text`.
            verbose: "auto" for a bar on a terminal where it takes long, 0 for none.

        Raises:
            ArgumentError: A number is out of range.
        """
        wrong = number_problems("generate_text", length=length)
        report([*wrong, *narrowing_problems("generate_text", temperature, top_k, top_p)])
        narrowing = make_narrowing(temperature, top_k, top_p, len(self.vocabulary))
        writing = Writing(self.reader, self.vocabulary, narrowing, length)
        return writing.written(prompts, keys, verbose)

    # -- files ----------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """Return the preprocessing as plain values, for the model file."""
        return {
            "format": FORMAT,
            "kind": self.kind,
            "units": self.units,
            "pieces": list(self.vocabulary.pieces),
            "counts": list(self.counts),
            "window": self.window,
        }

    @classmethod
    def of(cls, model: Model, path: Any) -> Self:
        """Return a model that was read from `path` with its preprocessing.

        Raises:
            FileError: The preprocessing is damaged, of another version or another kind.
        """
        document = document_of(model, cls.kind, path)
        found = parsed(path, lambda: cls._parsed(model, document))
        symbols, outputs = len(found.vocabulary), int(model.output_shape[-1] or 0)
        if not len(found.counts) == symbols == outputs:
            raise FileError(
                f"{path}: got {count_text(symbols, 'symbol')} for a network of "
                f"{count_text(outputs, 'output')}, expected the two to fit."
            )
        return found

    @classmethod
    def _parsed(cls, model: Model, document: Mapping[str, Any]) -> Self:
        units, window = document["units"], document["window"]
        counts = tuple(_count(one) for one in document["counts"])
        if units not in UNITS or _count(window) < 1:
            raise ValueError(f"got {units!r} and {window!r} for the units and the window")
        pieces = texts_of(document["pieces"], "a symbol")
        onward(model)
        return cls(model, SubwordVocabulary(pieces), units, counts, window)


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"got {value!r}, expected a whole number of at least 0")
    return value


def generate_text(
    model: GenerationModel,
    prompt: str,
    *,
    length: int = LENGTH,
    temperature: float = TEMPERATURE,
    top_k: int | None = None,
    top_p: float | None = None,
    seed: int = 0,
) -> str:
    """Return how a text goes on, drawn symbol by symbol from what the network thinks likely.

    Args:
        model: From `train_generation(...).trained`, or `load_trained(path)`.
        prompt: The text so far; where there is none, a line begins.
        length: Characters to write, at least 1.
        temperature: By what log probabilities are divided, above 0: below 1 what is likely
            becomes likelier, above 1 all more equal.
        top_k: How many of the likeliest symbols are drawn from; None for all.
        top_p: Share of probability that is drawn from; None for all.
        seed: Seed of the draws.

    Returns:
        What follows the prompt.

    Raises:
        ArgumentError: A number is out of range.
    """
    key = np.uint32(checked_seed(seed, "generate_text(seed=...)"))
    options: dict[str, Any] = {"temperature": temperature, "top_k": top_k, "top_p": top_p}
    return model.written([prompt], np.array([key]), length=length, **options)[0]


def contents_of(text: str) -> Contents:
    """Return what tells equal lines of a text from others; short ones recur by chance.

    Args:
        text: The text.
    """
    lines = [line.strip() for line in text.split("\n")]
    return Contents(marks_of([one for one in lines if len(one) >= TELLING]), "long line")


def prompts_of(text: str) -> list[str]:
    r"""Return the beginnings of a few lines of a text, whose own beginning may be cut.

    Args:
        text: The text.

    Example:
        >>> from pellucid.tasks.generation_model import prompts_of
        >>> prompts_of("cut off,\nwhole.\n\nAnother.\n")
        ['whole.', 'Another.']
    """
    lines = [line[:LONGEST_PROMPT] for line in text.split("\n") if line.strip()]
    return lines[1 : PROMPTS + 1] or lines


def samples_of(model: GenerationModel, prompt: str) -> list[tuple[float, str]]:
    """Return how a text goes on at several temperatures, with the temperature of each.

    Args:
        model: From `train_generation(...).trained`, or `load_trained(path)`.
        prompt: The text so far; where there is none, a line begins.
    """
    return [
        (one, generate_text(model, prompt, length=SAMPLE_LENGTH, temperature=one))
        for one in SAMPLE_TEMPERATURES
    ]


def scores_of(nats: float) -> dict[str, float | None]:
    """Return the scores that go with a mean negative log probability.

    Args:
        nats: Of a character, natural logarithm.
    """
    return {"nats": nats, "perplexity": math.exp(nats)}
