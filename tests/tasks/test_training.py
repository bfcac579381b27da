"""One call from whatever lies at a path; options of other kinds are refused."""

from pathlib import Path

import pytest

import pellucid
from pellucid.errors import ArgumentError, FileError
from pellucid.tasks import load_trained, train
from pellucid.tasks.kinds import KINDS


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "boxes.csv"
    rows = [f"{wide},{wide * 2 + number}" for number, wide in enumerate([*range(3, 33)] * 2)]
    path.write_text("\n".join(["wide,area", *rows]))
    return path


def test_a_path_is_recognised_trained_on_and_its_model_takes_raw_rows(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"epochs": 1, "members": 1}
    run = train(table, target="area", output=tmp_path / "out", task="number", verbose=0, **options)
    assert set(run.scores) == {"network", "linear regression", "mean"}
    found = load_trained(tmp_path / "out" / "model.pellucid")
    told = found.predict(table)
    assert list(told.columns) == ["predicted"]
    assert len(told.columns["predicted"]) == 60
    assert found.evaluate(table).tested == "On 60 rows:"
    assert capsys.readouterr().out == ""


def test_what_was_seen_is_said(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train(table, target="area", output="", epochs=1)
    assert capsys.readouterr().out.startswith(
        f"{table}: a table of 2 columns. If it is something else, give the task: table, images, "
    )


def test_an_option_of_another_kind_is_refused(table: Path) -> None:
    with pytest.raises(ArgumentError) as caught:
        train(table, target="area", size=32, verbose=0)
    known = (
        "target, output, task, time, group, epochs, batch_size, validation, test, seed, separator, "
        "header, missing, drop, kinds, members, probe, verbose"
    )
    assert str(caught.value) == (
        f"option 'size': got 32 for a table, expected an option of it: {known}. "
        "It is an option for images: leave it out, or say task='images'."
    )
    with pytest.raises(ArgumentError) as caught:
        train(table, verbose=0)
    assert str(caught.value) == (
        "option 'target': got none for a table, expected one of its columns: wide, area."
    )


def test_an_option_that_one_kind_alone_has_decides(table: Path) -> None:
    with pytest.raises(ArgumentError, match="horizon: got -1"):
        train(table, horizon=-1, refits=2, verbose=0)


def test_an_unknown_task_is_answered_with_a_near_one(table: Path) -> None:
    with pytest.raises(ArgumentError) as caught:
        train(table, task="forcast")
    assert str(caught.value) == (
        "task: got 'forcast', expected one of 'auto', 'table', 'images', 'forecast', "
        "'sequences', 'text', 'generation', 'translation', 'audio', 'binary', 'classes', "
        "'number'. Did you mean 'forecast'?"
    )


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_trains_by_the_same_words(name: str) -> None:
    import inspect

    taken = inspect.signature(KINDS[name].train).parameters
    shared = {"output", "validation", "test", "epochs", "batch_size", "seed", "probe", "verbose"}
    assert shared <= set(taken)


def test_a_model_that_knows_nothing_of_raw_data_is_refused(tmp_path: Path) -> None:
    model = pellucid.Sequential([pellucid.Input((2,)), pellucid.layers.Dense(1)])
    model.save(tmp_path / "net.pellucid")
    with pytest.raises(FileError) as caught:
        load_trained(tmp_path / "net.pellucid")
    assert str(caught.value) == (
        f"{tmp_path / 'net.pellucid'}: got a model without preprocessing, expected one made by "
        "`pellucid train`. Use pellucid.load_model(path).predict(array) instead."
    )
