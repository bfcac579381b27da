"""From texts with classes to a trained, evaluated and saved network."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from pellucid.data.labelled_texts import FILES, FORMS, LINES, read_texts_at
from pellucid.data.text_cleaning import clean_texts
from pellucid.data.text_files import is_archive
from pellucid.data.text_tables import ENDINGS, read_text_table
from pellucid.errors import FileError, PellucidWarning, Problem, did_you_mean, report
from pellucid.layers import BagOfWords
from pellucid.models import Model
from pellucid.tasks.arguments import check_training
from pellucid.tasks.classifier import (
    Classifier,
    Recipe,
    Training,
    numbered,
    train_classifier,
    with_labels,
)
from pellucid.tasks.committee import Member, train_members
from pellucid.tasks.examples import Examples, validation_rows
from pellucid.tasks.run import Run
from pellucid.tasks.scores import Predictions
from pellucid.tasks.telling import tell_unknown
from pellucid.tasks.text_network import (
    NETWORKS,
    SUBWORD,
    WORDS,
    Design,
    Readers,
    build_bag,
    build_reader,
    choose_network,
    choose_words,
    evidence,
    join_members,
    make_readers,
)
from pellucid.types import NumpyArray

MEMBERS = 5
EPOCHS = 30
PATIENCE = 4
BATCH_SIZE = 32

TABLE = "table"
"""The form of texts that are in columns of a table."""

MOST_CHARACTERS = 10_000_000
"""Characters of texts, padded to the longest, that are given to the network at once."""


class TextModel(Classifier):
    """A network that tells the classes of texts, and how raw files become texts.

    `predict` and `evaluate` take what it was trained on in the same form: a folder or a tar
    archive of files, a file with a text a line, a table with its columns; and lists of texts.
    """

    kind: ClassVar[str] = "text"
    noun: ClassVar[str] = "text"

    def read(self, source: Any) -> Examples:
        examples = self._read(source)
        tell_unknown(source, self.unknown(examples.x), "words")
        return examples

    def _read(self, source: Any) -> Examples:
        if not isinstance(source, (str, Path)):
            texts = [str(one) for one in source]
            names = tuple(f"text {number}" for number in range(1, len(texts) + 1))
            return self._cleaned(Examples(texts, names, None, self.classes))
        path, form = Path(source), self.settings["form"]
        found: Any
        if form == TABLE:
            found = read_text_table(
                _table_at(path, {TABLE: True}) or path,
                target=self.settings["target"],
                columns=self.settings["columns"],
                separator=self.settings["separator"],
                header=self.settings["header"],
                labelled=False,
            )
        else:
            several = path.is_dir() or is_archive(path)
            kept = LINES if form == FILES and not several else form
            found = read_texts_at(path, kept, self.classes)
        for sentence in found.left_out:
            warnings.warn(f"{path}: {sentence}", PellucidWarning, stacklevel=3)
        labels = None
        if found.labels is not None:
            labels = numbered(found.labels, self.classes, str(path))
        return self._cleaned(Examples([*found.texts], found.names, labels, self.classes))

    def unknown(self, texts: Sequence[str]) -> float:
        """Return the share of the words of texts that stood in no training text.

        Args:
            texts: The texts.
        """
        known, words = set[str](), list[str]()
        for bag in self.model.layers:
            if isinstance(bag, BagOfWords):
                known.update(bag.get_vocabulary())
                words += chain.from_iterable(bag.replace(ngrams=None).tokens([*texts]))
        return sum(one not in known for one in words) / max(len(words), 1)

    def _cleaned(self, examples: Examples) -> Examples:
        if not self.settings["clean"]:
            return examples
        return replace(examples, x=clean_texts(examples.x).texts)

    def answers(self, x: Any) -> Predictions:
        outputs = np.zeros((len(x), len(self.classes)), np.float32)
        for rows in _alike(x):
            column = np.array([x[row] for row in rows], np.str_)
            outputs[rows] = super().answers(column).probabilities
        return Predictions(outputs.argmax(axis=1), outputs)

    @classmethod
    def checked(cls, settings: Mapping[str, Any]) -> Mapping[str, Any]:
        columns = settings["columns"]
        fits = settings["form"] in (TABLE, *FORMS) and type(settings["clean"]) is bool
        fits &= isinstance(columns, list) and all(isinstance(one, str) for one in columns)
        fits &= all(
            settings[name] is None or isinstance(settings[name], str)
            for name in ("target", "separator")
        )
        if not fits or type(settings["header"]) is not bool:
            raise ValueError("got settings of another form, expected those of texts")
        return settings


def _alike(texts: Sequence[str]) -> Iterator[NumpyArray]:
    """Yield the rows of texts of similar lengths, few enough to be padded to the longest."""
    lengths = np.array([len(one) for one in texts])
    rows = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(rows):
        longest = max(int(lengths[rows[start]]), 1)
        end = start + max(MOST_CHARACTERS // longest, 1)
        yield rows[start:end]
        start = end


def train_text(
    path: Any,
    *,
    target: str | None = None,
    text: str | Sequence[str] | None = None,
    output: Any = None,
    validation: float = 0.2,
    test: float = 0.2,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    words: str = "auto",
    network: str = "auto",
    length: int | None = None,
    members: int = MEMBERS,
    group: str | None = None,
    clean: bool = True,
    separator: str | None = None,
    header: bool | None = None,
    probe: str | None = None,
    verbose: Any = "auto",
) -> Run:
    r"""Train a committee of networks that tells the classes of texts.

    Args:
        path: A folder, or a tar archive, with a folder of files for each class; a folder with a
            file of lines for each class; a file, or a folder of files, whose lines end in a tab
            and the class; a table with columns of texts and one of classes.
        target: Column of the classes; None to find it.
        text: Column of the texts, or several that are joined; None to find them.
        output: Folder for the results; None for one named after the path, "" for none.
        validation: Share of what is left for training that says when each member stops.
        test: Share of all that tests.
        epochs: Most epochs of a member.
        batch_size: Rows in a step.
        seed: Seed of everything random.
        words: "word", "subword" for texts without spaces between words, or "auto".
        network: "bag" for words and word pairs alone; "conv", "gru" or "attention" to read words
            in order as well; "auto" by the number of texts.
        length: Words, or pieces, of a text that are read in order; None for most texts' length.
        members: Networks in the committee; each is stopped by other rows.
        group: Column of a table whose equal values stay on one side of the split.
        clean: Whether HTML, backslashes and control characters are taken out, which is told.
        separator: Character between the fields of a table; None to find out.
        header: Whether a table's first row holds names; None to find out.
        probe: "economy" or "full" to look into the first member while it trains.
        verbose: 0 silent, else progress.

    Raises:
        ArgumentError: An argument is out of range.
        DataError: The data cannot be learned from.
        FileError: A file cannot be read or written.

    Example:
        >>> import pathlib, tempfile
        >>> from pellucid.tasks import train_text
        >>> path = pathlib.Path(tempfile.mkdtemp(), "opinions.txt")
        >>> lines = [f"a {word} one {n}\t{label}" for n in range(10)
        ...          for word, label in (("good", "yes"), ("poor", "no"))]
        >>> _ = path.write_text("\n".join(lines))
        >>> run = train_text(path, output="", members=1, epochs=3, verbose=0)
        >>> run.scores["network"]["accuracy"]
        1.0
    """
    report(_wrong(words, network, clean))
    check_training(
        validation=validation,
        test=test,
        epochs=epochs,
        batch_size=batch_size,
        length=length,
        members=members,
    )
    columns = [text] if isinstance(text, str) else text
    options = {"target": target, "columns": columns, "group": group}
    layout = {"separator": separator, "header": header}
    examples, settings = _examples(Path(path), options, layout, clean)
    recipe = Recipe(
        TextModel,
        None,
        partial(_baselines, words),
        settings,
        batch_size or BATCH_SIZE,
        epochs or EPOCHS,
        PATIENCE,
        partial(
            _learn, words=words, network=network, length=length, size=members, share=validation
        ),
    )
    return train_classifier(
        examples,
        recipe,
        path,
        output=output,
        validation=validation,
        test=test,
        seed=seed,
        probe=probe,
        verbose=verbose,
    )


def _wrong(words: Any, network: Any, clean: Any) -> Iterator[Problem]:
    for name, given, known in (
        ("words", words, ("auto", *WORDS)),
        ("network", network, ("auto", *NETWORKS)),
    ):
        if given not in known:
            expected = f"one of {', '.join(map(repr, known))}"
            yield Problem(name, repr(given), expected, did_you_mean(str(given), known))
    if not isinstance(clean, bool):
        yield Problem("clean", repr(clean), "True or False")


# -- reading --------------------------------------------------------------------------------


def _examples(
    path: Path, options: Mapping[str, Any], layout: Mapping[str, Any], clean: bool
) -> tuple[Examples, dict[str, Any]]:
    """Return texts with their classes, and how the model shall read others."""
    said = {name: one for name, one in {**options, **layout}.items() if one is not None}
    table = _table_at(path, said)
    found: Any
    if table is not None:
        found = read_text_table(table, **options, **layout)
        groups = None if found.groups is None else np.array(found.groups, object)
        settings = {
            "form": TABLE,
            "columns": [*found.columns],
            "target": found.target,
            "separator": layout["separator"],
            "header": found.header,
        }
    else:
        found, groups = read_texts_at(path), None
        settings = dict.fromkeys(("target", "separator"))
        settings |= {"form": found.form, "columns": [], "header": True}
        report(_without_classes(path, found, said), FileError)
    texts, notes = [*found.texts], (*found.notes, *found.left_out)
    if clean:
        cleaned = clean_texts(texts)
        note = cleaned.note()
        texts, notes = cleaned.texts, notes if note is None else (*notes, note)
    examples = Examples(texts, found.names, None, (), groups, None, tuple(notes))
    return with_labels(examples, found.labels, str(path)), {**settings, "clean": clean}


def _table_at(path: Path, said: Mapping[str, Any]) -> Path | None:
    """Return the table at a path: the file, or the only one of a folder."""
    if not path.is_dir():
        is_table = path.suffix.lower() in ENDINGS or (said and not is_archive(path))
        return path if is_table and path.is_file() else None
    tables = sorted(one for one in path.iterdir() if one.suffix.lower() in ENDINGS)
    if len(tables) == 1 and not any(one.is_dir() for one in path.iterdir()):
        return tables[0]
    return None


def _without_classes(path: Path, found: Any, said: Mapping[str, Any]) -> Iterator[Problem]:
    if found.labels is None:
        expected = "a class for each: a folder, or a file of lines, for each class; lines that end "
        expected += "in a tab and the class; or a table"
        yield Problem(str(path), "texts without classes", expected)
    for name in said:
        yield Problem(f"option '{name}'", f"{said[name]!r} for no table", "it left out")


# -- learning -------------------------------------------------------------------------------


def _learn(
    known: Examples,
    held: NumpyArray,
    asked: Training,
    *,
    words: str,
    network: str,
    length: int | None,
    size: int,
    share: float,
) -> Model:
    """Return a committee; each member learns from most of the rows and is stopped by the rest."""
    assert known.labels is not None
    design = Design(
        choose_words(known.x) if words == "auto" else words,
        choose_network(len(known)) if network == "auto" else network,
    )
    readers = make_readers(known.x, design, length)
    asked.tell(readers.told(design))
    x = readers.read(known.x)
    parts = [Member(np.flatnonzero(~held), np.flatnonzero(held))]
    parts += [_part(known, share, asked.seed + number) for number in range(1, size)]
    bags, others = _members(readers, design, x[0], known, parts, asked.seed)
    history = train_members(
        [*bags, *others],
        [x[0]] * len(bags) + [x[-1]] * len(others),
        known.labels,
        parts[: len(bags)] + parts[: len(others)],
        asked.options(),
        verbose=asked.verbose,
        probe=asked.probe,
        tell=asked.tell,
    )
    model = join_members(readers, bags, others, design)
    model.history = history
    return model


def _members(
    readers: Readers,
    design: Design,
    terms: NumpyArray,
    known: Examples,
    parts: Sequence[Member],
    seed: int,
) -> tuple[list[Model], list[Model]]:
    """Return untrained bags, and networks that read in order, one of each for each part."""
    assert known.labels is not None
    classes = len(known.classes)
    size = readers.bag.vocabulary_size()
    bags, others = [], []
    for number, part in enumerate(parts):
        name = f"member_{number + 1}"
        own = terms[part.training], known.labels[part.training]
        table = evidence(*own, size, classes)
        bags.append(build_bag(terms.shape[1], design, table, name, seed + number))
        if readers.order is not None:
            steps, words = readers.order.output_sequence_length, readers.order.vocabulary_size()
            name = f"member_{number + len(parts) + 1}"
            assert steps is not None
            others.append(build_reader(steps, words, classes, design, name, seed + number))
    return bags, others


def _part(known: Examples, share: float, seed: int) -> Member:
    held = validation_rows(known, validation=share, seed=seed)
    return Member(np.setdiff1d(np.arange(len(known)), held), held)


# -- the baseline ---------------------------------------------------------------------------


def _baselines(words: str, known: Examples, tested: Examples) -> dict[str, Predictions]:
    """Return what logistic regression says from TF-IDF of words and word pairs."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    pieces = (choose_words(known.x) if words == "auto" else words) == SUBWORD
    options: Any = {"analyzer": "char", "ngram_range": (1, 3)} if pieces else {}
    vectorizer = TfidfVectorizer(**{"ngram_range": (1, 2), "sublinear_tf": True, **options})
    features = vectorizer.fit_transform(known.x)
    fitted = LogisticRegression(C=10.0, max_iter=1000).fit(features, known.labels)
    shares = np.zeros((len(tested), len(known.classes)))
    shares[:, fitted.classes_] = fitted.predict_proba(vectorizer.transform(tested.x))
    return {"TF-IDF + logistic regression": Predictions(shares.argmax(axis=1), shares)}
