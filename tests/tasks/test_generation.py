"""From a text to a network that goes on writing it, and back from its file."""

import json
import math
import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from pellucid.errors import ArgumentError, DataError, FileError
from pellucid.models import load_model
from pellucid.tasks import generate_text, load_trained, train_generation
from pellucid.tasks.generation import learn_characters, split_by_position
from pellucid.tasks.language_network import (
    LanguageSize,
    in_streams,
    language_network,
    log_probabilities,
    onward,
)

RANDOM = np.random.default_rng(3)
LINES = [f"{'ab' * count}, {count} {'cd' * count}.\n" for count in RANDOM.integers(1, 6, 400)]
TEXT = "".join(LINES)
DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generation")
    path = folder / "text.txt"
    path.write_text(TEXT)
    run = train_generation(path, length=16, epochs=6, output=folder / "out", verbose=0)
    return folder, run


def test_the_network_foretells_better_than_frequencies_do(trained):
    _, run = trained
    nats = {name: scores["nats"] for name, scores in run.scores.items()}
    assert nats["network"] < nats["unigram"] - 0.5
    for scores in run.scores.values():
        assert scores["perplexity"] == pytest.approx(math.exp(scores["nats"]))
    test = split_by_position(TEXT, 0.05, 0.1).test
    assert run.tested == f"On the last {len(test)} characters, never seen in training:"


def test_frequencies_are_those_of_the_training_text(trained):
    _, run = trained
    parts = split_by_position(TEXT, 0.05, 0.1)
    known = sorted({*parts.training})
    # Two symbols more, for padding and for what is unknown; each counts once more than it occurs.
    counts = {one: parts.training.count(one) + 1 for one in known}
    total = sum(counts.values()) + 2
    expected = -np.mean([math.log(counts[one] / total) for one in parts.test[1:]])
    assert run.scores["unigram"]["nats"] == pytest.approx(expected)


def test_the_folder_holds_all_of_it(trained):
    folder, run = trained
    assert {one.name for one in (folder / "out").iterdir()} == {
        "history.csv",
        "history.json",
        "history.png",
        "learned.npy",
        "metrics.json",
        "model.pellucid",
        "predictions.csv",
        "samples.txt",
    }
    document = json.loads((folder / "out" / "metrics.json").read_text())
    assert document["task"] == "generation"
    assert document["scores"] == run.scores
    assert sum(document["characters"].values()) == len(TEXT)
    samples = (folder / "out" / "samples.txt").read_text()
    assert samples.count("temperature") == 3


def test_what_was_said_in_training_is_said_by_the_file(trained):
    folder, run = trained
    loaded = load_trained(folder / "out" / "model.pellucid")
    prompts = folder / "prompts.txt"
    prompts.write_text("\n\n".join(run.answers.columns["prompt"]))
    assert loaded.predict(prompts).columns == run.answers.columns
    test = folder / "test.txt"
    test.write_text(split_by_position(TEXT, 0.05, 0.1).test)
    scores = loaded.evaluate(test).scores
    for name in ("network", "unigram"):
        assert scores[name]["nats"] == pytest.approx(run.scores[name]["nats"], rel=1e-6)


def test_text_follows_its_seed_and_its_options(trained):
    model = trained[1].trained
    first, again = (generate_text(model, "abab, ", length=30, seed=1) for _ in "ab")
    assert first == again
    assert len(first) == 30
    assert generate_text(model, "abab, ", length=30, seed=2) != first
    assert generate_text(model, "abab, ", length=30, seed=2, top_k=1) == generate_text(
        model, "abab, ", length=30, seed=1, top_p=1e-6
    )
    assert len(generate_text(model, "", length=5)) == 5
    assert len(generate_text(model, "§", length=5)) == 5


def test_the_likeliest_text_is_that_of_the_whole_network(trained):
    """Symbol by symbol with a memory, and from the beginning each time."""
    model = trained[1].trained
    # Longer than what is read in one call.
    prompt = "abab, 2 cdcd.\nab, 1 cd.\nababab, 1 cd.\nababab, 2 cdcd.\nabab, 3 cdcdcd.\nab"
    text = prompt
    for _ in range(8):
        chances = model.model.predict(model.numbers(text)[None], verbose=0)[0, -1]
        text += model.vocabulary.tokens[int(chances.argmax())]
    assert text == prompt + generate_text(model, prompt, length=8, top_k=1)


def test_a_text_is_written_on_as_if_it_were_alone(trained):
    """Whatever the others are, and however long the prompt is."""
    model = trained[1].trained
    prompts = ["abab, 2 cdcd.\n" * count for count in (1, 9, 2)] + ["", *["ab"] * 20]
    keys = np.arange(len(prompts), dtype=np.uint32)
    together = model.written(prompts, keys, length=70)
    assert {*map(len, together)} == {70}
    alone = [generate_text(model, prompts[row], length=70, seed=row) for row in (0, 1, 2, 3, 23)]
    assert [together[row] for row in (0, 1, 2, 3, 23)] == alone
    assert together[4] != together[5]


def test_windows_and_rows_change_nothing_of_a_probability():
    model = language_network(5, LanguageSize(4, 6, 0.3), seed=2)
    numbers = np.random.default_rng(1).integers(0, 5, 50).astype(np.int32)
    chances = model.predict(numbers[None, :-1], verbose=0)[0]
    expected = np.log(chances[np.arange(49), numbers[1:]])
    reader = onward(model)
    for window in (7, 16, 64):
        found = log_probabilities(reader, numbers, window)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_each_row_of_a_batch_goes_on_where_that_of_the_one_before_ended():
    x, y = in_streams(np.arange(26), rows=2, window=4)
    assert x.tolist() == [
        [0, 1, 2, 3], [12, 13, 14, 15],
        [4, 5, 6, 7], [16, 17, 18, 19],
        [8, 9, 10, 11], [20, 21, 22, 23],
    ]  # fmt: skip
    np.testing.assert_array_equal(y, x + 1)


def test_characters_are_those_of_the_training_text_that_stand_there_twice():
    assert learn_characters("banana\n\n").pieces == ("\n", "a", "n")


def test_pieces_of_words_serve_as_well(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    run = train_generation(
        path, units="subword", subwords=40, length=16, epochs=1, output="", verbose=0
    )
    assert len(run.trained.vocabulary) <= 40
    assert max(map(len, run.trained.vocabulary.pieces)) > 1
    assert run.scores["network"]["nats"] > 0
    assert len(run.answers.columns["continuation"][0]) == 200
    # All characters behind the first piece are foretold.
    text = "abab, 2 cdcd.\n"
    first = run.trained.vocabulary.decode(run.trained.numbers(text)[:1])
    assert run.trained.foretold(text) == len(text) - len(first)


# -- what is refused ------------------------------------------------------------------------------


def test_a_text_shorter_than_the_window(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT[:999])
    with pytest.raises(DataError) as caught:
        train_generation(path, output="", verbose=0)
    assert str(caught.value) == (
        f"{path}: got a text of 855 symbols to train, 45 to say when to stop and 100 to "
        "evaluate, expected more than 64 in each part, the length of a window. Give a longer "
        "text, or a smaller length."
    )


def test_arguments_are_told_together(tmp_path):
    with pytest.raises(ArgumentError) as caught:
        train_generation(tmp_path, units="subwords", length=0, test=2)
    assert str(caught.value) == (
        "3 problems:\n"
        "  1. units: got 'subwords', expected 'character' or 'subword'. Did you mean 'subword'?\n"
        "  2. test: got 2, expected a share of the rows above 0 and below 1.\n"
        "  3. length: got 0, expected a whole number of at least 1."
    )


def test_minutes_beside_epochs(tmp_path):
    with pytest.raises(ArgumentError) as caught:
        train_generation(tmp_path, epochs=2, minutes=0)
    assert str(caught.value) == (
        "2 problems:\n"
        "  1. minutes: got 0, expected a number above 0.\n"
        "  2. minutes: got 0 beside epochs=2, expected one of the two."
    )


def test_a_text_is_read_as_often_as_fits_into_the_minutes(tmp_path, monkeypatch):
    path = tmp_path / "text.txt"
    path.write_text(TEXT)
    # By this clock a trial of 16 batches takes a second.
    clock = SimpleNamespace(perf_counter=iter([5.0, 6.0]).__next__)
    monkeypatch.setattr("pellucid.tasks.generation.time", clock)
    run = train_generation(path, length=16, minutes=0.06, batch_size=16, output="", verbose=0)
    steps = (len(split_by_position(TEXT, 0.05, 0.1).training) - 1) // (16 * 16)
    assert len(run.trained.model.history.epoch) == int(3.6 * 16 / steps)


def test_more_rows_than_there_are_windows(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text(TEXT[:4999])
    with pytest.raises(ArgumentError) as caught:
        train_generation(path, batch_size=64, output="", verbose=0)
    assert str(caught.value) == (
        "batch_size: got 64, expected at most 3: each row needs a window of the text that says "
        "when to stop."
    )


def test_prompts_and_numbers_that_cannot_be(trained, tmp_path):
    model = trained[1].trained
    path = tmp_path / "prompts.txt"
    path.write_text("\n \n")
    with pytest.raises(FileError) as caught:
        model.predict(path)
    assert str(caught.value) == f"{path}: got no prompt, expected a prompt a line."
    with pytest.raises(ArgumentError) as refused:
        generate_text(model, "a", length=0, temperature=-1.0)
    assert str(refused.value) == (
        "2 problems:\n"
        "  1. generate_text(length=...): got 0, expected a whole number at least 1.\n"
        "  2. generate_text(temperature=...): got -1.0, expected a number above 0. For the "
        "likeliest word at every step use top_k=1."
    )
    path.write_text("a")
    with pytest.raises(FileError) as short:
        model.evaluate(path.with_name("none.txt"))
    assert str(short.value) == f"{path.with_name('none.txt')}: got no such file, expected a text."


DAMAGES = {
    "units": "got 'words' and 16 for the units and the window",
    "counts": "got -1, expected a whole number of at least 0",
    "pieces": "got 5 for a symbol, expected text",
    "window": "got 'character' and 0 for the units and the window",
}
DAMAGED = {"units": "words", "counts": [-1], "pieces": [5], "window": 0}


@pytest.mark.parametrize("part", DAMAGES)
def test_a_damaged_file_is_refused(trained, tmp_path, part):
    folder, _ = trained
    model = load_model(folder / "out" / "model.pellucid")
    model.preprocessing = {**model.preprocessing, part: DAMAGED[part]}
    path = tmp_path / "model.pellucid"
    model.save(path)
    with pytest.raises(FileError) as caught:
        load_trained(path)
    assert str(caught.value) == f"{path}: preprocessing.json: {DAMAGES[part]}"


def test_a_file_whose_symbols_do_not_fit_its_network(trained, tmp_path):
    folder, _ = trained
    model = load_model(folder / "out" / "model.pellucid")
    model.preprocessing = {**model.preprocessing, "pieces": ["a", "b"]}
    path = tmp_path / "model.pellucid"
    model.save(path)
    with pytest.raises(FileError, match="got 4 symbols for a network of 15 outputs"):
        load_trained(path)


@pytest.mark.slow
def test_shakespeare_in_one_reading():
    path = DATA / "tiny_shakespeare" / "input.txt"
    if not path.exists():
        pytest.skip("the data set tiny_shakespeare is not here")
    run = train_generation(path, epochs=1, output="", verbose=0)
    assert run.scores["network"]["nats"] < 2.0
