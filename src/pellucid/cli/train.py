"""`pellucid train`."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from pellucid.cli.words import Flag, Words, marks_of, pairs_of, separator_of

TABLES = Parameter(group="Tables")
IMAGES = Parameter(group="Images")
SERIES = Parameter(group="Series to forecast")
SEQUENCES = Parameter(group="Sequences to tell apart")
TEXTS = Parameter(group="Texts")
SOUNDS = Parameter(group="Sounds")

Task = Literal[
    "auto",
    "table",
    "binary",
    "classes",
    "number",
    "images",
    "forecast",
    "sequences",
    "text",
    "generation",
    "translation",
    "audio",
]


def train(
    path: Path,
    /,
    *,
    target: str | None = None,
    output: Path | None = None,
    task: Task = "auto",
    time: Words = (),
    group: str | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    memory: str | None = None,
    validation: float | None = None,
    test: float | None = None,
    seed: int = 0,
    separator: str | None = None,
    header: bool | None = None,
    missing: Words = (),
    drop: Words = (),
    kind: Annotated[Words, TABLES] = (),
    size: Annotated[int | None, IMAGES] = None,
    color_mode: Annotated[Literal["grayscale", "rgb", "rgba"] | None, IMAGES] = None,
    horizon: Annotated[int | None, SERIES] = None,
    window: Annotated[int | None, SERIES] = None,
    season: Annotated[int | None, SERIES] = None,
    known: Annotated[Words, SERIES] = (),
    level: Annotated[float | None, SERIES] = None,
    refits: Annotated[int | None, SERIES] = None,
    id: Annotated[str | None, SEQUENCES] = None,
    text: Annotated[Words, TEXTS] = (),
    words: Annotated[Literal["auto", "word", "subword"] | None, TEXTS] = None,
    network: Annotated[Literal["auto", "bag", "conv", "gru", "attention"] | None, TEXTS] = None,
    clean: Annotated[bool | None, TEXTS] = None,
    length: Annotated[int | None, TEXTS] = None,
    units: Annotated[Literal["character", "subword"] | None, TEXTS] = None,
    subwords: Annotated[int | None, TEXTS] = None,
    minutes: Annotated[float | None, TEXTS] = None,
    attention: Annotated[bool | None, TEXTS] = None,
    labels: Annotated[Path | None, SOUNDS] = None,
    pattern: Annotated[str | None, SOUNDS] = None,
    test_group: Annotated[str | None, SOUNDS] = None,
    rate: Annotated[int | None, SOUNDS] = None,
    seconds: Annotated[float | None, SOUNDS] = None,
    features: Annotated[Literal["logmel", "mfcc"] | None, SOUNDS] = None,
    augment: bool | None = None,
    probe: Literal["economy", "full"] | None = None,
    quiet: Flag = False,
) -> None:
    """Train a network on a file or folder, and evaluate it on what it has never seen.

    Looks at what it is given and says what it took it for: a table; a folder of images, of texts
    or of sounds; a series with a time; sequences; lines of text with a class, or in two languages;
    a plain text. Trains with early stopping, evaluates beside honest baselines, and leaves a
    folder with the model, its history, plots, metrics and predictions.

    - `pellucid train houses.csv --target price`
    - `pellucid train photos` for a folder with a folder of images for each class
    - `pellucid train sales.csv --target units --horizon 7` for a series with a column of dates
    - `pellucid train reviews.tsv`, `pellucid train novel.txt`, `pellucid train recordings`

    Args:
        path: The file or folder.
        target: Column to predict. Without a header columns are called column_1, column_2 ...
        output: Folder for the results; named after what is trained on if not given.
        task: What kind of data it is, if the guess is wrong; binary, classes and number say what
            the target of a table is.
        time: Column with a date or time; several, from coarse to fine, for a series whose time
            is spread over columns. In a table the newest rows are tested.
        group: What must not be split, such as a patient or a speaker: a column, or a part of
            the names of files.
        epochs: Most epochs to train; early stopping usually ends sooner.
        batch_size: Examples in a training step.
        memory: What images or sounds may take of memory, such as 2GB; half of it if not given. More
            stay in their files and are read as they are needed.
        validation: Share of what is left for training that says when to stop; 0.2 if not given.
        test: Share that the evaluation sees first; 0.2 if not given.
        seed: Seed of the split, the first weights and the order of examples.
        separator: Character between fields: comma, semicolon, tab, pipe, or itself. Found
            out if not given.
        header: Whether the first line names the columns. Found out if not given.
        missing: Further mark of a missing value, such as -999; for one column alone
            COLUMN=MARK. May be repeated.
        drop: Column to leave out. May be repeated.
        kind: What a column is, COLUMN=KIND: number, category, boolean, date, text, identifier
            or ignored. May be repeated.
        size: Height and width that images are brought to.
        color_mode: Colours that images are brought to; found out if not given.
        horizon: Steps to foretell.
        window: Steps that are looked back.
        season: Steps after which the series repeats itself, such as 12 for months.
        known: Column whose future is known, such as a holiday. May be repeated.
        level: Share of the truth that intervals shall hold, such as 0.9.
        refits: How often the network is trained anew while it is evaluated.
        id: Column that says to which sequence a row belongs.
        text: Column of text. May be repeated.
        words: Whether texts are cut into words or into parts of words.
        network: What reads the words of a text beside a bag of them.
        clean: Whether tags, entities and control characters are taken out of texts.
        length: Words of a text, or characters of a window, that are looked at.
        units: What a text is generated in.
        subwords: Parts of words that are learned, where texts are generated in them.
        minutes: How long to train, at most.
        attention: Whether a translation looks back at the sentence.
        labels: Table with the file and the label of each sound.
        pattern: How names of files tell the label, such as `{label}_{speaker}_{index}`.
        test_group: A speaker to test on, of those that `--group` names.
        rate: Samples a second that sounds are brought to.
        seconds: Length that sounds are brought to.
        features: What is computed of a sound.
        augment: Whether training varies what it sees: turned images, shifted sounds.
        probe: Look into the network while it trains: at few quantities of each layer, or
            at all. `pellucid report` shows them.
        quiet: Show the result alone, no progress.
    """
    options: dict[str, Any] = {
        "target": target,
        "output": output,
        "time": time[0] if len(time) == 1 else time or None,
        "group": group,
        "epochs": epochs,
        "batch_size": batch_size,
        "memory": memory,
        "validation": validation,
        "test": test,
        "seed": seed,
        "separator": separator_of(separator),
        "header": header,
        "missing": marks_of(missing),
        "drop": drop or None,
        "kinds": pairs_of(kind, "--kind", "KIND") or None,
        "size": size,
        "color_mode": color_mode,
        "horizon": horizon,
        "window": window,
        "season": season,
        "known": known or None,
        "level": level,
        "refits": refits,
        "id": id,
        "text": text or None,
        "words": words,
        "network": network,
        "clean": clean,
        "length": length,
        "units": units,
        "subwords": subwords,
        "minutes": minutes,
        "attention": attention,
        "labels": labels,
        "pattern": pattern,
        "test_group": test_group,
        "rate": rate,
        "seconds": seconds,
        "features": features,
        "augment": augment,
        "probe": probe,
        "verbose": 0 if quiet else None,
    }

    from pellucid.tasks.training import train

    print(train(path, task=task, **options).summary_text())
