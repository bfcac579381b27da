"""Images and sounds that stay in their files are learned from as those in memory."""

import numpy as np
import pytest
import soundfile
from PIL import Image

from pellucid.data import room
from pellucid.data.file_rows import FileRows
from pellucid.errors import ArgumentError
from pellucid.models import streaming
from pellucid.tasks import train_audio, train_images
from pellucid.tasks.class_report import rows_of_classes
from pellucid.tasks.streamed import AT_ONCE

RATE = 2000


def images(folder):
    rng = np.random.default_rng(0)
    for name, low in (("dark", 0), ("light", 120)):
        (folder / name).mkdir(parents=True)
        for number in range(20):
            pixels = rng.integers(low, low + 130, (6, 6)).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{number:02}.png")
    (folder / "dark" / "broken.png").write_text("a text")
    return folder


def sounds(folder):
    rng = np.random.default_rng(0)
    for name, hertz in (("high", 700), ("low", 200)):
        (folder / name).mkdir(parents=True)
        for number in range(20):
            samples = np.sin(2 * np.pi * hertz * np.arange(200) / RATE + rng.uniform(0, 6))
            soundfile.write(folder / name / f"{number:02}.wav", samples, RATE)
    (folder / "low" / "broken.wav").write_text("a text")
    return folder


KINDS = {
    "images": (images, train_images, {"augment": "flip"}, "41 images", "12 KB", "1.0 KB"),
    "sounds": (sounds, train_audio, {"features": "mfcc"}, "40 sounds", "250 KB", "1.0 KB"),
}


@pytest.fixture(scope="module", params=[*KINDS])
def runs(request, tmp_path_factory):
    """The same folder learned from in memory, and from its files two batches at a time."""
    make, train, options, *told = KINDS[request.param]
    folder = make(tmp_path_factory.mktemp("streamed") / request.param)
    given = {"epochs": 2, "batch_size": 4, "verbose": 0, "output": "", **options}
    whole = train(folder, **given)
    read, sizes = FileRows.array, []

    def counted(self, rows=None):
        sizes.append(len(self) if rows is None else len(rows))
        return read(self, rows)

    with pytest.MonkeyPatch.context() as patch:
        row_bytes = 36 if request.param == "images" else 800
        patch.setattr(FileRows, "array", counted)
        patch.setattr(streaming, "KEPT_BYTES", 0)
        patch.setattr(streaming, "WINDOW_BYTES", 8 * row_bytes)
        patch.setattr(streaming, "READ_BYTES", 3 * row_bytes)
        streamed = train(folder, memory="1KB", **given)
    return folder, whole, streamed, sizes, told


def test_what_stays_in_its_files_is_told_with_figures(runs):
    _, whole, streamed, _, (count, need, most) = runs
    told = (
        f"{count} would take {need} of memory, more than {most}, as was asked: they stay in their "
        "files and are read when they are needed, at most 1.0 GB of them at a time."
    )
    assert [one for one in streamed.notes if one not in whole.notes] == [told]
    assert [one for one in streamed.notes if one != told] == [*whole.notes]
    assert round(AT_ONCE / 2**30, 1) == 1.0


def test_the_network_is_that_of_rows_in_memory_bit_for_bit(runs):
    _, whole, streamed, _, _ = runs
    pairs = zip(
        whole.trained.model.get_weights(), streamed.trained.model.get_weights(), strict=True
    )
    assert all(np.array_equal(one, other) for one, other in pairs)
    history = whole.trained.model.history.history
    for name, values in streamed.trained.model.history.history.items():
        np.testing.assert_allclose(values, history[name], rtol=1e-5)


def test_split_scores_and_answers_are_the_same(runs):
    _, whole, streamed, _, _ = runs
    assert streamed.tested == whole.tested
    for who, own in whole.scores.items():
        assert streamed.scores[who] == pytest.approx(own, rel=1e-4)
    for name, column in whole.answers.columns.items():
        if name.startswith("probability"):
            np.testing.assert_allclose(streamed.answers.columns[name], column, atol=2e-6)
        else:
            assert streamed.answers.columns[name] == column


def test_only_a_few_rows_are_read_at_a_time_while_it_learns(runs):
    *_, sizes, _ = runs
    small = [one for one in sizes if one <= 4]
    # Two epochs and their scores; beside them parts for the baseline and for the normalisation.
    assert sum(small) >= 2 * (25 + 5)
    assert len(sizes) - len(small) <= 6


def test_raw_files_are_answered_in_parts_where_they_are_too_many(runs, monkeypatch):
    folder, whole, streamed, _, _ = runs
    expected = whole.trained.predict(folder)
    scores = whole.trained.evaluate(folder).scores
    monkeypatch.setattr(room, "machine_memory", lambda: 2048)
    answers = streamed.trained.predict(folder)
    assert any("half of what there is (in training memory says otherwise)" in one
               for one in answers.notes)  # fmt: skip
    assert [*answers.columns] == [*expected.columns]
    for name, column in expected.columns.items():
        if name.startswith("probability"):
            np.testing.assert_allclose(answers.columns[name], column, atol=2e-6)
        else:
            assert answers.columns[name] == column
    again = streamed.trained.evaluate(folder).scores
    assert again["network"] == pytest.approx(scores["network"], rel=1e-4)


def test_a_diagnosis_looks_at_some_of_them(runs, monkeypatch):
    folder, _, streamed, _, _ = runs
    whole, labels = rows_of_classes(streamed.trained, folder)
    monkeypatch.setattr(room, "machine_memory", lambda: 2048)
    monkeypatch.setattr("pellucid.tasks.class_report.LOOKED_AT_BYTES", 0)
    monkeypatch.setattr("pellucid.tasks.class_report.LEAST_LOOKED_AT", 3)
    x, y = rows_of_classes(streamed.trained, folder)
    np.testing.assert_array_equal(x, whole[[0, 19, 39]])
    np.testing.assert_array_equal(y, labels[[0, 19, 39]])


def test_memory_that_is_no_amount_is_refused(tmp_path):
    expected = "memory: got 'much', expected an amount of memory, such as '2GB' or '500MB'."
    for train in (train_images, train_audio):
        with pytest.raises(ArgumentError) as told:
            train(tmp_path, memory="much")
        assert str(told.value) == expected
