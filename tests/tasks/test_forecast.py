"""From a table with a column of time to a saved forecaster and back to forecasts of raw rows."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from pellucid.data.table import as_table, write_csv
from pellucid.errors import ArgumentError, DataError, FileError
from pellucid.models import load_model
from pellucid.tasks import ForecastModel, load_trained, report_saved, train, train_forecast
from pellucid.tasks.doctor import examine_file

DATA = Path(os.environ.get("PELLUCID_DATA", Path(__file__).parents[3] / "shared" / "data"))
STEPS = 150
GENERATOR = np.random.default_rng(5)
DAYS = np.arange("2024-01-01", "2024-05-30", dtype="datetime64[D]")
OPEN = np.where(np.arange(STEPS) % 7 < 5, "yes", "no")
RAIN = GENERATOR.normal(size=STEPS).round(2)
SOLD = 100 + 0.2 * np.arange(STEPS) + 20 * (OPEN == "yes") - 5 * np.roll(RAIN, 1)
SOLD = (SOLD + GENERATOR.normal(size=STEPS)).round(2)
ROWS = {"day": DAYS.astype(str), "rain": RAIN, "open": OPEN, "sold": SOLD}
QUICK = {"epochs": 2, "window": 8, "verbose": 0}


def rows(count=STEPS, **changes):
    return {name: values[:count] for name, values in {**ROWS, **changes}.items()}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    gaps = np.where(np.isin(np.arange(STEPS), [4, 60, 130]), None, SOLD)
    path = write_csv(folder / "shop.csv", as_table(rows(sold=gaps)))
    run = train_forecast(
        path,
        horizon=3,
        known=["open"],
        level=[0.5, 0.9],
        output=folder / "out",
        probe="economy",
        **QUICK,
    )
    return folder, path, run


def test_beats_the_simple_forecasts_and_says_what_it_did(trained):
    _, _, run = trained
    simple = {"naive", "seasonal naive", "drift"}
    assert {*run.scores} - {"network alone"} == {"network", "linear", *simple}
    assert run.scores["network"]["mase"] < 0.8 * run.scores["seasonal naive"]["mase"]
    assert run.verdict.startswith("Better than the value 7 steps before by more than chance:")
    assert run.sureness > 1.96
    assert run.coverage[0.5] < run.coverage[0.9]
    said = "\n".join(run.notes)
    assert "A step is a day, a season is 7 steps. 96 steps to train, 24 to decide, 30" in said
    assert "Other columns: 'rain', 'open'." in said
    assert "the best on the validation part: " in said
    assert "On 27 forecasts of 3 steps from 2024-04-30 to 2024-05-29, never seen" in run.tested
    assert run.summary_text().endswith(" in its 0.9 interval.")


def test_the_folder_holds_all_of_it(trained):
    folder, _, run = trained
    names = sorted(path.name for path in (folder / "out").iterdir())
    assert names == [
        "forecast.png",
        "history.csv",
        "history.json",
        "history.png",
        "metrics.json",
        "model.pellucid",
        "predictions.csv",
    ]
    metrics = json.loads((folder / "out" / "metrics.json").read_text())
    assert metrics["scores"]["network"] == run.scores["network"]
    assert metrics["steps"] == {"training": 96, "validation": 24, "test": 30}


def test_raw_rows_up_to_an_origin_are_forecast_as_in_training(trained):
    folder, path, run = trained
    found = load_trained(folder / "out" / "model.pellucid")
    told, lines = run.answers.columns, path.read_text().splitlines()
    for origin in (120, 133, 146):
        day = str(DAYS[origin])
        places = [place for place, one in enumerate(told["origin"]) if one == day]
        # The file ends three rows later, where only what is known ahead is filled in.
        later = [f"{DAYS[one]},,{OPEN[one]}," for one in range(origin + 1, origin + 4)]
        cut = folder / "cut.csv"
        cut.write_text("\n".join([*lines[: origin + 2], *later]) + "\n")
        answers = found.predict(cut).columns
        assert list(answers["time"]) == [told["time"][place] for place in places]
        for name in ("predicted", "low 0.5", "high 0.5", "low 0.9", "high 0.9"):
            expected = [told[name][place] for place in places]
            np.testing.assert_allclose(answers[name], expected, rtol=1e-5)


def test_evaluates_raw_rows_from_every_origin(trained):
    folder, path, run = trained
    found = load_trained(folder / "out" / "model.pellucid").evaluate(path)
    assert found.tested.startswith("On 1")
    assert found.scores["network"]["mase"] < found.scores["naive"]["mase"]
    assert "% of the values lay in the 0.9 intervals." in found.details
    assert run.trained.evaluate(path) == found


def test_a_page_and_a_diagnosis_know_series(trained):
    folder, path, _ = trained
    model = folder / "out" / "model.pellucid"
    page = report_saved(model, folder / "page.html").read_text()
    assert "Forecasting sold" in page
    assert "never seen in training" in page
    assert 'id="inside-the-network"' in page
    assert "A step is a day; 3 steps are forecast." in page
    assert examine_file(model, path).headline


def test_what_is_known_ahead_must_be_there(trained):
    _, _, run = trained
    with pytest.raises(DataError) as caught:
        run.trained.predict(rows(148))
    assert str(caught.value) == (
        "table: got 0 rows after the last 'sold', expected 3, which say what is known ahead: "
        "'open'. Append rows with these columns and an empty 'sold'."
    )


def test_a_past_that_is_too_short(trained):
    _, _, run = trained
    with pytest.raises(DataError, match=r"table: got 6 steps up to the last 'sold', expected at l"):
        run.trained.predict(rows(6))


@pytest.mark.parametrize(
    "forge",
    [
        lambda one: one.update(format=2),
        lambda one: one.update(kind="table"),
        lambda one: one.update(scale=0),
        lambda one: one["design"].update(window=9),
        lambda one: one["trust"].update(share=2),
        lambda one: one["trust"].update(margins=[[0.9, [1.0]]]),
        lambda one: one["trust"].pop("naive"),
        lambda one: one["reader"].update(time=[]),
        lambda one: one["reader"].update(time=[5]),
        lambda one: one["reader"].update(cycles=["moon"]),
        lambda one: one["reader"].update(notation="runes"),
        lambda one: one["reader"].update(spacing=["second"]),
        lambda one: one.update(reading={"eval": "x"}),
        lambda one: one.pop("mase_scale"),
    ],
)
def test_a_forged_document_is_refused(trained, forge):
    folder, _, run = trained
    model = load_model(folder / "out" / "model.pellucid")
    document = json.loads(json.dumps(run.trained.document()))
    forge(document)
    model.preprocessing = document
    with pytest.raises(FileError, match=r"^model\.pellucid: "):
        ForecastModel.of(model, "model.pellucid")


def test_the_test_part_changes_nothing_that_is_learned():
    options = {"output": "", **QUICK}
    one = train_forecast(rows(), **options)
    # Steps 0 to 119 are learned from and decide; from 120 on is the test.
    later = np.arange(STEPS) >= 120
    changed = rows(
        sold=np.where(later, 3 * SOLD, SOLD),
        rain=np.where(later, 50.0, RAIN),
        open=np.where(later, "yes", OPEN),
    )
    other = train_forecast(changed, **options)
    assert one.trained.document() == other.trained.document()
    for weight, expected in zip(
        other.trained.model.get_weights(), one.trained.model.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weight, expected)


def test_the_validation_part_changes_no_scaler():
    held = (np.arange(STEPS) >= 96) & (np.arange(STEPS) < 120)
    one = train_forecast(rows(), output="", **QUICK).trained
    other = train_forecast(rows(sold=np.where(held, SOLD + 900, SOLD)), output="", **QUICK).trained
    assert one.reader.get_config() == other.reader.get_config()
    assert one.mase_scale == other.mase_scale


def test_walking_on_with_refits_learns_from_what_came():
    broken = np.where(np.arange(STEPS) >= 122, SOLD + 400.0 * (np.arange(STEPS) % 2), SOLD)
    columns = {"day": ROWS["day"], "sold": broken}
    options = {"output": "", "season": 1, **QUICK}
    never = train_forecast(columns, **options)
    often = train_forecast(columns, refits=5, **options)
    assert often.scores["naive"] == never.scores["naive"]
    assert often.scores["linear"]["mae"] < never.scores["linear"]["mae"]


def test_a_walk_at_random_is_no_better_than_yesterdays_value():
    prices = 50 + np.random.default_rng(0).normal(size=260).cumsum()
    days = np.arange("2020-01-01", "2022-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days)][:260]
    run = train_forecast({"Date": days, "price": prices}, output="", epochs=2, verbose=0)
    assert run.verdict.startswith("No better than yesterday's value, which is the forecast:")
    assert run.scores["network"] == run.scores["naive"] != run.scores["network alone"]


def test_a_series_is_recognised_and_told(tmp_path, capsys):
    path = write_csv(tmp_path / "shop.csv", as_table(rows()))
    train(path, output="", window=8, epochs=1)
    told = capsys.readouterr().out
    assert told.startswith(f"{path}: taken for a series, because window was given.")
    assert "\nA step is a day, a season is 7 steps." in told


def test_files_without_a_header_and_months(tmp_path):
    months = np.arange("2000-01", "2012-01", dtype="datetime64[M]").astype(str)
    path = tmp_path / "months.csv"
    values = [100 + number + 9 * (number % 12) for number in range(144)]
    path.write_text("".join(f"{m},{v}\n" for m, v in zip(months, values, strict=True)))
    run = train_forecast(path, output=tmp_path / "out", epochs=1, window=13, verbose=0)
    answers = load_trained(tmp_path / "out" / "model.pellucid").predict(path)
    assert answers.columns["time"] == ["2012-01-01"]
    assert answers.columns["predicted"] == pytest.approx([244], rel=0.05)
    assert run.trained.reader.time == ("column_1",)


def fails(columns, error=DataError, **options):
    with pytest.raises(error) as caught:
        train_forecast(columns, output="", **{**QUICK, **options})
    return str(caught.value)


def test_a_constant_target():
    assert fails(rows(sold=np.full(STEPS, 5.0))) == (
        "table, target 'sold': got always 5.0000 in the training part, expected numbers that "
        "vary, or nothing can be learned."
    )


def test_a_series_shorter_than_its_window():
    assert fails(rows(40), window=20, horizon=6) == (
        "table: got 40 steps: 26 to train, 6 to validate, 8 to test, expected at least 35, 7 and "
        "6, for 20 to look back on, 6 to forecast and 10 examples. Give more rows, or a smaller "
        "window, season or horizon."
    )


def test_a_series_with_hardly_a_value():
    sold = np.where(np.arange(STEPS) % 5 == 0, SOLD, np.nan)
    assert fails(rows(sold=sold), target="sold") == (
        "table: got a past and a value for 0 training and 0 validation forecasts, expected at "
        "least 10 and 2. Give more rows, or a smaller window, season or horizon, or longer steps."
    )
    assert fails(rows(sold=np.full(STEPS, np.nan)), target="sold") == (
        "table, target 'sold': got no value, expected numbers to learn from."
    )


def test_the_steps_before_the_first_value_and_after_the_last_are_left_out():
    sold = np.where((np.arange(STEPS) < 3) | (np.arange(STEPS) > 145), np.nan, SOLD)
    run = train_forecast(rows(sold=sold), target="sold", output="", **QUICK)
    assert "7 steps before the first 'sold' and after the last are left out." in run.notes
    assert run.parts.steps == 143


def test_a_season_as_long_as_most_of_the_training_part():
    run = train_forecast(rows(), season=80, output="", **QUICK)
    assert run.trained.design.season == 80


def test_a_value_that_is_no_number_is_named():
    sold = [*SOLD[:50].astype(str), "oops", *SOLD[51:].astype(str)]
    assert fails({"day": ROWS["day"], "sold": sold}).startswith(
        "table, column 'sold': got 'oops' (row 51), expected numbers."
    )


def test_a_column_that_is_the_target_shifted_is_left_out():
    run = train_forecast(rows(next=np.append(SOLD[1:], np.nan)), target="sold", output="", **QUICK)
    assert "Column 'next' holds the future: it is 'sold' 1 step later. It is left out." in run.notes
    assert run.scores["network"]["mae"] > 0.3
    assert "next" not in run.trained.reader.encoder.inputs


def test_a_column_known_ahead_that_is_the_target_is_refused():
    assert fails(rows(double=2 * SOLD), target="sold", known=["double"]) == (
        "table, known 'double': got a column that holds the answer: it is 'sold' of the same "
        "step, expected one whose values are known before the target's. Leave it out of "
        "known=[...]."
    )


def test_arguments_that_name_what_is_not_there_or_are_out_of_range():
    assert "no column 'slod'" in fails(rows(), ArgumentError, target="slod")
    assert "Did you mean 'day'?" in fails(rows(), ArgumentError, time="dya")
    assert "known=...: got the target 'sold'" in fails(rows(), ArgumentError, known=["sold"])
    assert fails(rows(), ArgumentError, horizon=0, level=2, refits=-1) == (
        "3 problems:\n"
        "  1. horizon: got 0, expected a whole number of at least 1.\n"
        "  2. level: got 2, expected a share above 0 and below 1, such as 0.9.\n"
        "  3. refits: got -1, expected a whole number of at least 0."
    )
    assert fails(rows(), ArgumentError, level=0.999) == (
        "level=...: got 0.999 with 24 values of the validation part, expected at least 999 of "
        "them, or a lower level."
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options", "most"),
    [
        ("stocks/AAPL.csv", {}, 1.02),
        ("stocks/IBM.csv", {}, 1.02),
        ("daily_min_temperatures/daily-min-temperatures.csv", {}, 0.9),
        ("airline_passengers/airline-passengers.csv", {}, 0.5),
        ("airline_passengers/airline-passengers.csv", {"horizon": 12}, 0.5),
    ],
)
def test_real_series_are_never_worse_than_the_last_value(name, options, most):
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the data set {name} is not here")
    scores = train_forecast(path, output="", verbose=0, **options).scores
    assert scores["network"]["mase"] <= most * scores["naive"]["mase"]
    assert scores["network"]["mase"] < scores["seasonal naive"]["mase"]
