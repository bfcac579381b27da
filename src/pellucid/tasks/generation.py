"""A text to a network that goes on writing it: symbols, split, training, what it is beside."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.atomic import write_text_atomically
from pellucid.callbacks import EarlyStopping
from pellucid.data.ngrams import learn_ngrams
from pellucid.data.prose import Prose, read_prose
from pellucid.data.subwords import SubwordVocabulary, learn_subwords
from pellucid.errors import DataError, Problem, did_you_mean, report
from pellucid.models import Model
from pellucid.optimizers import Adam
from pellucid.optimizers.schedules import OneCycle
from pellucid.seed import checked_seed
from pellucid.tasks.arguments import problems_of
from pellucid.tasks.generation_model import (
    UNITS,
    GenerationModel,
    contents_of,
    prompts_of,
    samples_of,
    scores_of,
)
from pellucid.tasks.language_network import LanguageSize, in_streams, language_network
from pellucid.tasks.run import Run, result_folder, write_run
from pellucid.types import NumpyArray
from pellucid.wording import count_text

SUBWORDS = 1_000
LEAST_SEEN = 2
"""Times that a character must stand in the training text to be in the vocabulary."""

ORDERS = (3, 4, 5, 6, 7, 8)
"""Lengths of grams among which the text that says when to stop chooses."""

ROWS, WINDOW = 32, 64
LEAST_BATCHES = 8
"""Batches of an epoch below which fewer rows are read side by side."""

READ = 6_000_000
"""Symbols that training reads altogether, short texts again and again."""

MOST_EPOCHS = 60
RATE, WARM_UP, CLIP = 6e-3, 0.1, 1.0
PATIENCE = 5

TRIED = 16
"""Batches by whose time the number of epochs is chosen, where time is what is given."""

SMALL_TEXT = 200_000
"""Symbols of training text below which a smaller network serves."""

SMALL, LARGE = LanguageSize(32, 128, 0.2), LanguageSize(64, 320, 0.25)


@dataclass(frozen=True)
class Parts:
    """A text in the order in which it stands: the first part trains, the last one tests.

    Args:
        training: What is learned.
        validation: What says when to stop.
        test: What is never seen.
    """

    training: str
    validation: str
    test: str


@dataclass(frozen=True)
class Plan:
    """How a text is read in training.

    Args:
        rows: Places of it that are read side by side.
        window: Symbols between two updates.
        epochs: How often it is read.
        steps: Updates in an epoch.
    """

    rows: int
    window: int
    epochs: int
    steps: int


def train_generation(
    path: Any,
    *,
    units: str = "character",
    subwords: int = SUBWORDS,
    length: int = WINDOW,
    output: Any = None,
    validation: float = 0.05,
    test: float = 0.1,
    epochs: int | None = None,
    minutes: float | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    probe: str | None = None,
    verbose: Any = "auto",
) -> Run:
    r"""Train a recurrent network that goes on writing a text, and evaluate it on the text's end.

    The text is read at several places side by side, and each batch goes on where the one before
    ended, so that the network remembers more than one window.

    Args:
        path: A text file, or a folder of files that end in .txt.
        units: "character" or "subword": what the text is read and written in.
        subwords: Most pieces of words in the vocabulary, for `units="subword"`.
        length: Symbols in a window, after which the weights are updated.
        output: Folder for the results; None for one named after the text, "" for none.
        validation: Share of what is left for training, its end, that says when to stop.
        test: Share of the text, its end, that is never seen in training.
        epochs: How often the text is read; None for about 6 million symbols altogether.
        minutes: How long training may take, instead of `epochs`: the text is read as often as
            fits into it, at least once, by the time that its first batches take.
        batch_size: Places of the text that are read side by side.
        seed: Seed of everything random.
        probe: "economy" or "full" to look into the network while it trains.
        verbose: 0 silent, else progress.

    Returns:
        Nats and perplexity a character on the text's end, beside an n-gram model and the
        frequencies of the symbols; how three of its lines go on.

    Raises:
        ArgumentError: An argument is out of range.
        DataError: The text is too short.
        FileError: A file cannot be read or written.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.tasks import generate_text, train_generation
        >>> path = pathlib.Path(tempfile.mkdtemp()) / "rhyme.txt"
        >>> _ = path.write_text("Row, row, row your boat, gently down the stream.\n" * 40)
        >>> run = train_generation(path, length=16, epochs=1, output="", verbose=0)
        >>> len(generate_text(run.trained, "Row, ", length=10))
        10
    """
    seed = checked_seed(seed, "seed")
    _check(
        units,
        minutes,
        validation=validation,
        test=test,
        subwords=subwords,
        length=length,
        epochs=epochs,
        batch_size=batch_size,
    )
    prose = read_prose(path)
    parts = split_by_position(prose.text, validation, test)
    vocabulary = (
        learn_characters(parts.training)
        if units == "character"
        else learn_subwords([parts.training], subwords)
    )
    encoded = [np.array(vocabulary.encode(text), np.int32) for text in astuple(parts)]
    plan = _plan(path, encoded, length, epochs, batch_size)
    folder = None if output == "" else result_folder(f"{Path(path).stem}-run", output)
    shown = verbose != 0
    size = SMALL if len(encoded[0]) < SMALL_TEXT else LARGE
    if minutes is not None:
        plan = _timed(plan, len(vocabulary), size, encoded[0], minutes)
    if shown:
        print("\n".join([*prose.notes, _plan_text(parts, vocabulary, units, size, plan)]))
    live = 1 if shown and sys.stdout.isatty() else 0
    model = _fit(len(vocabulary), size, plan, encoded, seed, probe, live)
    counts = np.bincount(encoded[0], minlength=len(vocabulary))
    trained = GenerationModel(model, vocabulary, units, tuple(counts.tolist()), length)
    return _judged(trained, parts, prose, folder)


def _check(units: Any, minutes: Any, **arguments: Any) -> None:
    problems = problems_of(**arguments)
    if minutes is not None and not (isinstance(minutes, (int, float)) and minutes > 0):
        problems.append(Problem("minutes", repr(minutes), "a number above 0"))
    if minutes is not None and arguments["epochs"] is not None:
        given = f"{minutes!r} beside epochs={arguments['epochs']!r}"
        problems.append(Problem("minutes", given, "one of the two"))
    if units not in UNITS:
        fix = did_you_mean(str(units), UNITS)
        problems.insert(0, Problem("units", repr(units), "'character' or 'subword'", fix))
    report(problems)


# -- the text -------------------------------------------------------------------------------------


def split_by_position(text: str, validation: float, test: float) -> Parts:
    """Return the parts of a text in the order in which they stand.

    Args:
        text: All of it.
        validation: Share of what the test leaves.
        test: Share of all.
    """
    last = round(len(text) * (1 - test))
    middle = round(last * (1 - validation))
    return Parts(text[:middle], text[middle:last], text[last:])


def learn_characters(text: str) -> SubwordVocabulary:
    """Return the characters of a training text; those that stand there once are unknown.

    Args:
        text: The text.
    """
    counts = Counter(text)
    return SubwordVocabulary(tuple(sorted(one for one in counts if counts[one] >= LEAST_SEEN)))


def _plan(
    path: Any,
    encoded: Sequence[NumpyArray],
    window: int,
    epochs: int | None,
    batch_size: int | None,
) -> Plan:
    lengths = [len(one) for one in encoded]
    if min(lengths) <= window:
        given = (
            f"a text of {lengths[0]:,} symbols to train, {lengths[1]:,} to say when to stop and "
            f"{lengths[2]:,} to evaluate"
        )
        expected = f"more than {window} in each part, the length of a window"
        fix = "Give a longer text, or a smaller length."
        report([Problem(str(path), given, expected, fix)], DataError)
    most = min((lengths[0] - 1) // window, (lengths[1] - 1) // window)
    if batch_size is not None and batch_size > most:
        expected = f"at most {most}: each row needs a window of the text that says when to stop"
        report([Problem("batch_size", str(batch_size), expected)])
    usual = min(ROWS, most, max(lengths[0] // (LEAST_BATCHES * window), 1))
    rows = batch_size or usual
    steps = (lengths[0] - 1) // (rows * window)
    planned = epochs or min(max(round(READ / lengths[0]), 1), MOST_EPOCHS)
    return Plan(rows, window, planned, steps)


def _plan_text(
    parts: Parts, vocabulary: SubwordVocabulary, units: str, size: LanguageSize, plan: Plan
) -> str:
    characters = [len(one) for one in astuple(parts)]
    thing = "different characters" if units == "character" else "pieces of words"
    return (
        f"{count_text(characters[0], 'character')} to train, {characters[1]:,} to say when to "
        f"stop, {characters[2]:,} to evaluate.\n"
        f"{len(vocabulary.pieces):,} {thing}; {size.units} units read the text "
        f"{count_text(plan.epochs, 'time')}."
    )


# -- the network ----------------------------------------------------------------------------------


def _fit(
    symbols: int,
    size: LanguageSize,
    plan: Plan,
    encoded: Sequence[NumpyArray],
    seed: int,
    probe: str | None,
    verbose: int,
) -> Model:
    """Return a network that has read the text, and reads others from their beginning."""
    reading = _compiled(language_network(symbols, size, seed, plan.rows), plan)
    x, y = in_streams(encoded[0], plan.rows, plan.window)
    reading.fit(
        x,
        y,
        validation_data=in_streams(encoded[1], plan.rows, plan.window),
        epochs=plan.epochs,
        shuffle=False,
        callbacks=[EarlyStopping(patience=PATIENCE, restore_best_weights=True)],
        probe=probe,
        verbose=verbose,
    )
    model = _compiled(language_network(symbols, size, seed), plan)
    model.set_weights(reading.get_weights())
    model.history = reading.history
    return model


def _timed(
    plan: Plan, symbols: int, size: LanguageSize, numbers: NumpyArray, minutes: float
) -> Plan:
    """Return a plan whose epochs fit into a time, by that of the text's first batches."""
    model = _compiled(language_network(symbols, size, 0, plan.rows), plan)
    tried = numbers[: TRIED * plan.rows * plan.window + 1]
    x, y = in_streams(tried, plan.rows, plan.window)
    model.fit(x, y, shuffle=False, verbose=0)
    begun = time.perf_counter()
    model.fit(x, y, epochs=2, initial_epoch=1, shuffle=False, verbose=0)
    step = (time.perf_counter() - begun) / (len(x) // plan.rows)
    return replace(plan, epochs=max(int(60 * minutes / (step * plan.steps)), 1))


def _compiled(model: Model, plan: Plan) -> Model:
    rate = OneCycle(RATE, plan.epochs * plan.steps, warmup_fraction=WARM_UP)
    model.compile(Adam(rate, clipnorm=CLIP), "sparse_categorical_crossentropy")
    return model


# -- what it is beside ----------------------------------------------------------------------------


def _judged(trained: GenerationModel, parts: Parts, prose: Prose, folder: Path | None) -> Run:
    order, ngrams = _ngram_nats(parts)
    nats = {
        "network": trained.nats(parts.test),
        f"{order}-grams": ngrams,
        "unigram": trained.unigram_nats(parts.test),
    }
    told = f"On the last {count_text(len(parts.test), 'character')}, never seen in training:"
    prompts = prompts_of(parts.test)
    scores = {name: scores_of(one) for name, one in nats.items()}
    learned = contents_of(parts.training + parts.validation).marks
    run = Run(trained, scores, told, trained.continued(prompts), folder, prose.notes, learned)
    if folder is not None:
        write_run(run, {}, _facts(trained, parts))
        write_text_atomically(folder / "samples.txt", _samples(trained, prompts[0]))
    return run


def _ngram_nats(parts: Parts) -> tuple[int, float]:
    """Return the best length of grams by the text that says when to stop, and its test score."""
    characters = learn_characters(parts.training)
    symbols = len(characters)
    training, validation, test = (
        np.array(characters.encode(text), np.int64) for text in astuple(parts)
    )
    judged = {
        order: learn_ngrams(training, symbols, order).log_probabilities(validation).mean()
        for order in ORDERS
    }
    order = max(judged, key=lambda one: judged[one])
    known = np.concatenate([training, validation])
    found = learn_ngrams(known, symbols, order).log_probabilities(test)
    return order, -float(found[1:].mean())


def _samples(trained: GenerationModel, prompt: str) -> str:
    texts = (
        f"temperature {temperature}\n\n{prompt}{text}"
        for temperature, text in samples_of(trained, prompt)
    )
    return "\n\n\n".join(texts) + "\n"


def _facts(trained: GenerationModel, parts: Parts) -> dict[str, Any]:
    characters = {
        "training": len(parts.training),
        "validation": len(parts.validation),
        "test": len(parts.test),
    }
    return {
        "task": trained.kind,
        "units": trained.units,
        "symbols": len(trained.vocabulary),
        "characters": characters,
        "validation": scores_of(trained.nats(parts.validation)),
    }
