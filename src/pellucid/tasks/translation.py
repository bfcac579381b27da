"""Pairs of sentences to a network that translates: words, split, training, what it is beside."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.callbacks import EarlyStopping
from pellucid.data.pairs import Pairs, read_pairs
from pellucid.errors import DataError, Problem, report
from pellucid.seed import checked_seed
from pellucid.tasks.arguments import check_training
from pellucid.tasks.dictionary import learn_dictionary
from pellucid.tasks.run import Run, result_folder, write_run
from pellucid.tasks.translation_model import TranslationModel, bleu_of, by_sentence, contents_of
from pellucid.tasks.translation_network import Sides, fit_translation, translation_network
from pellucid.tasks.word_vocabulary import UNKNOWN, Words, learn_words, lowered
from pellucid.wording import count_text

BATCH_SIZE = 64

READ = 200_000
"""Pairs that training reads altogether, those of few again and again."""

MOST_EPOCHS = 40
PATIENCE = 5

LEAST_SENTENCES = 10
"""Different sentences below which there is nothing to split."""

FEW_LONGER, SPARE = 0.99, 4
"""The share of translations that are not cut, and words that a longer one may have more."""

AT_ONCE = 256
"""Sentences that are compared with all others at a time."""


@dataclass(frozen=True)
class Parts:
    """Pairs of sentences; all translations of one sentence are in the same part.

    Args:
        training: What is learned.
        validation: What says when to stop.
        test: What is never seen.
    """

    training: Pairs
    validation: Pairs
    test: Pairs


def train_translation(
    path: Any,
    *,
    attention: bool = True,
    output: Any = None,
    validation: float = 0.05,
    test: float = 0.1,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    probe: str | None = None,
    verbose: Any = "auto",
) -> Run:
    r"""Train a network that translates sentences, and evaluate it on some it has never seen.

    Args:
        path: A text file of lines with a sentence, a tab and its translation.
        attention: Whether the decoder looks back at the sentence, word by word.
        output: Folder for the results; None for one named after the file, "" for none.
        validation: Share of the sentences left for training that says when to stop.
        test: Share of the sentences that are never seen in training, with all translations.
        epochs: How often the pairs are read; None for about 200,000 pairs altogether.
        batch_size: Pairs in a step; 64 when absent.
        seed: Seed of everything random.
        probe: "economy" or "full" to look into the network while it trains.
        verbose: 0 silent, else progress.

    Returns:
        BLEU on the sentences never seen, beside a translation word by word and that of the
        training sentence next to each; the translations.

    Raises:
        ArgumentError: An argument is out of range.
        DataError: There are too few sentences.
        FileError: A file cannot be read or written.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.tasks import train_translation
        >>> numbers = ["one", "two", "six", "ten"]
        >>> pairs = [f"{a} {b}\t{b} {a}\n" for a in numbers for b in numbers]
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "pairs.txt"
        >>> _ = path.write_text("".join(pairs))
        >>> run = train_translation(path, epochs=1, output="", verbose=0)
        >>> list(run.scores)
        ['network', 'nearest sentence', 'word by word']

    Source: Sutskever, Vinyals, Le, "Sequence to Sequence Learning with Neural Networks" (2014);
        Luong, Pham, Manning, "Effective Approaches to Attention-based Neural Machine
        Translation" (2015).
    """
    seed = checked_seed(seed, "seed")
    check_training(validation=validation, test=test, epochs=epochs, batch_size=batch_size)
    pairs = read_pairs(path)
    parts = split_by_sentence(path, pairs, validation, test, seed)
    folder = None if output == "" else result_folder(f"{Path(path).stem}-run", output)
    shown = verbose != 0
    if shown:
        print("\n".join([*pairs.notes, _parts_text(parts)]))
    read, said = learn_words(parts.training.first), learn_words(parts.training.second)

    def sides(part: Pairs) -> Sides:
        return Sides([*map(read.encode, part.first)], [*map(said.encode, part.second)])

    own, held = sides(parts.training), sides(parts.validation)
    planned = epochs or min(max(round(READ / len(own.read)), 1), MOST_EPOCHS)
    model = fit_translation(
        translation_network(len(read), len(said), attention, seed),
        own,
        planned,
        batch_size or BATCH_SIZE,
        validation_data=held.rows(),
        callbacks=[EarlyStopping(patience=PATIENCE, restore_best_weights=True)],
        probe=probe,
        verbose=1 if shown and sys.stdout.isatty() else 0,
    )
    longest = int(np.quantile([len(one) for one in own.said], FEW_LONGER)) + SPARE
    dictionary = learn_dictionary(own.read, own.said, len(read), UNKNOWN)
    capital = _begin_with_capitals(parts.training.second)
    trained = TranslationModel(model, read, said, dictionary, longest, capital)
    return _judged(trained, parts, pairs, folder)


def split_by_sentence(path: Any, pairs: Pairs, validation: float, test: float, seed: int) -> Parts:
    """Return the parts of pairs; pairs with the same words to read stay together.

    Args:
        path: Where the pairs came from, for messages.
        pairs: All of them.
        validation: Share of the sentences that the test leaves.
        test: Share of the different sentences.
        seed: Seed of the lot.

    Raises:
        DataError: There are too few sentences.
    """
    keys = [tuple(lowered(one)) for one in pairs.first]
    different = sorted({*keys})
    if len(different) < LEAST_SENTENCES:
        given, expected = count_text(len(different), "different sentence"), "at least 10"
        fix = "Two that differ in the size of their letters alone are the same."
        report([Problem(str(path), given, expected, fix)], DataError)
    order = np.random.default_rng(seed).permutation(len(different))
    last = max(round(test * len(order)), 1)
    middle = last + max(round(validation * (len(order) - last)), 1)
    part_of = {different[number]: 2 for number in order[:last]}
    part_of |= {different[number]: 1 for number in order[last:middle]}
    rows = ([], [], [])
    for row, key in enumerate(keys):
        rows[part_of.get(key, 0)].append(row)
    return Parts(*(_taken(pairs, own) for own in rows))


def _taken(pairs: Pairs, rows: Sequence[int]) -> Pairs:
    return Pairs(tuple(pairs.first[row] for row in rows), tuple(pairs.second[row] for row in rows))


def _parts_text(parts: Parts) -> str:
    tested = len(by_sentence(parts.test)[0])
    return (
        f"{count_text(len(parts.training.first), 'pair')} to train, "
        f"{len(parts.validation.first):,} to say when to stop, "
        f"{count_text(tested, 'sentence')} with {len(parts.test.first):,} translations to evaluate."
    )


def _begin_with_capitals(sentences: Sequence[str]) -> bool:
    letters = [one[0] for one in sentences if one[0].isalpha()]
    return 2 * sum(letter.isupper() for letter in letters) > len(letters)


# -- what it is beside ----------------------------------------------------------------------------


def _judged(trained: TranslationModel, parts: Parts, pairs: Pairs, folder: Path | None) -> Run:
    sentences, references = by_sentence(parts.test)
    said = {
        "network": trained.words(sentences),
        "nearest sentence": _nearest(parts, sentences),
        "word by word": trained.word_by_word(sentences),
    }
    scores = {name: bleu_of(words, references) for name, words in said.items()}
    told = f"On {count_text(len(sentences), 'sentence')} never seen in training:"
    answers = trained.told(sentences, said["network"], references)
    learned = contents_of([*parts.training.first, *parts.validation.first]).marks
    run = Run(trained, scores, told, answers, folder, pairs.notes, learned)
    if folder is not None:
        write_run(run, {}, _facts(trained, parts))
    return run


def _nearest(parts: Parts, sentences: Sequence[str]) -> list[Words]:
    """Return the translations of the training sentences with the most words in common."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    counter = TfidfVectorizer(analyzer=lowered, sublinear_tf=True)  # pyright: ignore[reportArgumentType] (scikit-learn takes functions)
    known = counter.fit_transform(parts.training.first).T.tocsr()
    asked = counter.transform(sentences)
    found = []
    for first in range(0, len(sentences), AT_ONCE):
        likeness = np.asarray((asked[first : first + AT_ONCE] @ known).todense())
        found += likeness.argmax(axis=1).tolist()
    return [lowered(parts.training.second[row]) for row in found]


def _facts(trained: TranslationModel, parts: Parts) -> dict[str, Any]:
    rows = {
        "training": len(parts.training.first),
        "validation": len(parts.validation.first),
        "test": len(parts.test.first),
    }
    words = {"read": len(trained.read), "said": len(trained.said)}
    return {"task": trained.kind, "rows": rows, "words": words}
