"""What a page and a diagnosis take from a network that translates, and from pairs of sentences."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.pairs import Pairs, read_pairs
from pellucid.page import Facts, Item, Plot, Section, Sentence, Table
from pellucid.report.attention import attention_map
from pellucid.report.evaluation import Evaluation
from pellucid.report.run_report import RunReport
from pellucid.tasks.kept import kept_table
from pellucid.tasks.learned import flattery
from pellucid.tasks.scores import named_scores
from pellucid.tasks.telling import tell_notes, tell_unknown
from pellucid.tasks.translation_model import TranslationModel, by_sentence
from pellucid.tasks.translation_network import Sides
from pellucid.tasks.word_vocabulary import SPECIAL, UNKNOWN, lowered

SHOWN = 20
"""Sentences whose translations are shown."""

Triples = Sequence[tuple[str, str, str]]


def rows_of_pairs(found: TranslationModel, data: Any) -> tuple[Any, Any]:
    """Return sentences and translations as the network takes them, and the words it should say.

    Args:
        found: The model.
        data: A file of lines with a sentence, a tab and its translation.

    Raises:
        FileError: The file cannot be read, or holds no pair.
    """
    pairs = read_pairs(data)
    tell_notes(pairs.notes)
    tell_unknown(data, found.unknown(pairs.first), "words")
    read, said = map(found.read.encode, pairs.first), map(found.said.encode, pairs.second)
    return Sides([*read], [*said]).rows()


def translation_page(found: TranslationModel, data: Any, kept: Path) -> RunReport:
    """Return what a page says of a network that translates beside its run.

    Args:
        found: The model.
        data: Pairs of sentences to describe and to evaluate on; None for what the run kept.
        kept: The file of its translations of sentences that were never seen.

    Raises:
        FileError: The pairs cannot be read, or what was kept is none of this model's.
    """
    evaluation, shown, about = None, [], _words(found)
    if data is not None:
        judged, pairs = found.evaluate(data), read_pairs(data)
        evaluation = Evaluation(
            judged.tested.removesuffix(":"),
            named_scores(judged.scores),
            warnings=flattery(kept, judged.contents),
        )
        shown, about = _translated(found, pairs), [*_described(found, pairs), *about]
    elif kept.is_file():
        table = kept_table(kept, ("sentence", "reference", "translation"))
        names = ("sentence", "reference", "translation")
        shown = _spread([*zip(*(map(str, table[one].values) for one in names), strict=True)])
    return RunReport(
        title="Translating sentences",
        evaluation=evaluation,
        answers=Section("Translations", _answers(found, shown)),
        data=Section("Data", about),
    )


def _translated(found: TranslationModel, pairs: Pairs) -> Triples:
    asked = _spread([*zip(*by_sentence(pairs), strict=True)])
    said = found.translate([sentence for sentence, _ in asked])
    return [(*(one, right[0]), other) for (one, right), other in zip(asked, said, strict=True)]


def _spread(rows: Sequence[Any]) -> list[Any]:
    """Return a few rows from all places."""
    return [
        rows[one] for one in np.unique(np.linspace(0, len(rows) - 1, SHOWN).round().astype(int))
    ]


def _answers(found: TranslationModel, shown: Triples) -> list[Item]:
    if not shown:
        return []
    headers = ["sentence", "a right translation", "the network's"]
    strange = f"«{SPECIAL[UNKNOWN]}» stands for a word that the network does not know."
    caption = "A few sentences from all places of the file"
    items: list[Item] = [Table(caption, headers, shown), Sentence(strange)]
    sentence = max((one for one, *_ in shown), key=lambda one: len(lowered(one)))
    looked = found.looked(sentence)
    if looked is None:
        return items
    weights, said, read = looked
    told = f"What is looked at in «{sentence}», a column a word, while each word of a row is said."
    return [*items, Sentence(told), Plot(attention_map(weights, said, read), told)]


def _words(found: TranslationModel) -> list[Item]:
    pairs = [
        ("words it reads", len(found.read.words)),
        ("words it says", len(found.said.words)),
        ("longest answer", found.longest),
    ]
    return [Facts(pairs)]


def _described(found: TranslationModel, pairs: Pairs) -> list[Item]:
    different = len(by_sentence(pairs)[0])
    facts = [
        ("pairs", len(pairs.first)),
        ("different sentences", different),
        ("unknown words", f"{found.unknown(pairs.first):.1%}"),
    ]
    return [Facts(facts), *map(Sentence, pairs.notes)]
