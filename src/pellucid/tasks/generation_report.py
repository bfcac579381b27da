"""What a page and a diagnosis take from a network that writes, and from a text."""

from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.prose import Prose, read_prose
from pellucid.errors import DataError, Problem, report
from pellucid.page import Facts, Heading, Item, Listing, Section, Sentence, Table
from pellucid.report.evaluation import Evaluation
from pellucid.report.run_report import RunReport
from pellucid.tasks.generation_model import GenerationModel, prompts_of, samples_of
from pellucid.tasks.kept import kept_table
from pellucid.tasks.language_network import in_streams
from pellucid.tasks.learned import flattery
from pellucid.tasks.scores import named_scores
from pellucid.tasks.telling import tell_notes, tell_unknown
from pellucid.types import NumpyArray
from pellucid.wording import count_text

MOST_SYMBOLS = 12
"""Symbols whose shares are shown."""


def rows_of_prose(found: GenerationModel, data: Any) -> tuple[NumpyArray, NumpyArray]:
    """Return windows of a text as the network takes them, and behind each symbol the next.

    Args:
        found: The model.
        data: A text file, or a folder of them.

    Raises:
        DataError: The text is shorter than a window.
        FileError: The text cannot be read.
    """
    prose = read_prose(data)
    tell_notes(prose.notes)
    tell_unknown(data, found.unknown(prose.text), "symbols")
    numbers = found.numbers(prose.text)
    if len(numbers) <= found.window:
        given, expected = count_text(len(numbers), "symbol"), f"more than {found.window}"
        fix = "That is the length of a window of this model."
        report([Problem(str(data), given, expected, fix)], DataError)
    return in_streams(numbers, 1, found.window)


def generation_page(found: GenerationModel, data: Any, kept: Path) -> RunReport:
    """Return what a page says of a network that writes beside its run.

    Args:
        found: The model.
        data: A text to describe, to evaluate on and to go on from; None for what the run kept.
        kept: The file of how a few lines of the text that was never seen go on.

    Raises:
        FileError: The text cannot be read, or what was kept is none of this model's.
    """
    if data is None:
        evaluation, about = None, _symbols(found)
        prompts = _kept_prompts(kept) if kept.is_file() else []
    else:
        judged, prose = found.evaluate(data), read_prose(data)
        evaluation = Evaluation(
            judged.tested.removesuffix(":"),
            named_scores(judged.scores),
            warnings=flattery(kept, judged.contents),
        )
        about, prompts = [*_described(found, prose), *_symbols(found)], prompts_of(prose.text)
    return RunReport(
        title="Writing on from a text",
        evaluation=evaluation,
        answers=Section("Samples", _samples(found, next(iter(prompts), ""))),
        data=Section("Data", about),
    )


def _kept_prompts(kept: Path) -> list[str]:
    return [str(one) for one in kept_table(kept, ("prompt", "continuation"))["prompt"].values]


def _samples(found: GenerationModel, prompt: str) -> list[Item]:
    told = f"Given was «{prompt}»." if prompt else "Nothing was given; a line begins."
    items: list[Item] = [Sentence(f"{told} The lower the temperature, the likelier each symbol.")]
    for temperature, text in samples_of(found, prompt):
        items += [Heading(f"Temperature {temperature}"), Listing(prompt + text)]
    return items


def _described(found: GenerationModel, prose: Prose) -> list[Item]:
    unknown = f"{found.unknown(prose.text):.1%}"
    pairs = [("characters", len(prose.text)), ("unknown symbols", unknown)]
    return [Facts(pairs), *map(Sentence, prose.notes)]


def _symbols(found: GenerationModel) -> list[Item]:
    """Return what the network reads, and the symbols that are most frequent."""
    counts = np.array(found.counts)
    shares = counts / max(int(counts.sum()), 1)
    order = np.argsort(-counts, kind="stable")[:MOST_SYMBOLS]
    rows = [[repr(found.vocabulary.tokens[one]), f"{shares[one]:.1%}"] for one in order]
    noun = "character" if found.units == "character" else "piece of words"
    pieces = count_text(len(found.vocabulary.pieces), "symbol")
    told = f"A symbol is a {noun}; the network knows {pieces}"
    return [
        Sentence(f"{told}, and learned in windows of {found.window}."),
        Table("The most frequent symbols of the training text", ["symbol", "share"], rows),
    ]
