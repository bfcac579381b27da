"""The command line: what it passes on, what it says, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import types
import warnings
from pathlib import Path

import pytest

from pellucid.cli import main
from pellucid.errors import ArgumentError, DataError, PellucidWarning
from pellucid.training.history import History

SOURCE = str(Path(__file__).parents[2] / "src")


class Result:
    """What the functions of `pellucid.tasks` return."""

    def summary_text(self):
        return "accuracy 0.97"

    def csv_text(self):
        return "diagnosis\nbenign\n"

    def written(self, path):
        self.path = path
        return self


@pytest.fixture
def calls(monkeypatch):
    """Put modules in the place of those of `pellucid.tasks` that note how they were called."""
    noted = []

    def noting(name):
        def function(*arguments, **options):
            noted.append((name, arguments, options))
            return Result()

        return function

    functions = {
        "pellucid.tasks": {},
        "pellucid.tasks.training": {"train": noting("train")},
        "pellucid.tasks.table_search": {"tune_table": noting("tune_table")},
        "pellucid.tasks.asking": {name: noting(name) for name in ("predict_file", "evaluate_file")},
        "pellucid.tasks.table": {"train_table": noting("train_table")},
    }
    for name, held in functions.items():
        module = types.ModuleType(name)
        vars(module).update(held)
        monkeypatch.setitem(sys.modules, name, module)
    return noted


def failing(monkeypatch, error):
    def train(*arguments, **options):
        raise error

    monkeypatch.setattr(sys.modules["pellucid.tasks.training"], "train", train)


@pytest.fixture
def history_file(tmp_path):
    history = History()
    history.append(0, {"loss": 1.0})
    history.append(1, {"loss": 0.5})
    return history.to_json(tmp_path / "history.json")


@pytest.fixture(autouse=True)
def _width(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")


# -- train ----------------------------------------------------------------------------------

NOT_GIVEN = """
    target output time group epochs batch_size validation test separator header missing drop kinds
    size color_mode horizon window season known level refits id text words network clean length
    memory units subwords minutes attention labels pattern test_group rate seconds features augment
    probe verbose
"""

DEFAULTS = {
    "task": "auto",
    "seed": 0,
    **dict.fromkeys(NOT_GIVEN.split()),
}


def test_train_passes_on_its_defaults(calls, capsys):
    assert main(["train", "houses"]) == 0
    assert calls == [("train", (Path("houses"),), DEFAULTS)]
    assert capsys.readouterr() == ("accuracy 0.97\n", "")


OPTIONS = [
    (["--target", "price"], {"target": "price"}),
    (["--output", "out"], {"output": Path("out")}),
    (["--task", "forecast"], {"task": "forecast"}),
    (["--task", "binary"], {"task": "binary"}),
    (["--task=classes"], {"task": "classes"}),
    (["--task", "number"], {"task": "number"}),
    (["--time", "sold on"], {"time": "sold on"}),
    (["--time", "year", "--time", "day"], {"time": ("year", "day")}),
    (["--size", "32", "--color-mode", "rgb"], {"size": 32, "color_mode": "rgb"}),
    (["--horizon", "7", "--window=30", "--season", "12"],
     {"horizon": 7, "window": 30, "season": 12}),
    (["--known", "holiday", "--level", "0.9"], {"known": ("holiday",), "level": 0.9}),
    (["--refits", "3"], {"refits": 3}),
    (["--id", "run"], {"id": "run"}),
    (["--network", "gru", "--no-clean"], {"network": "gru", "clean": False}),
    (["--subwords", "500", "--no-attention"], {"subwords": 500, "attention": False}),
    (["--test-group", "theo"], {"test_group": "theo"}),
    (["--text", "title", "--text", "body"], {"text": ("title", "body")}),
    (["--words", "subword", "--length", "99"], {"words": "subword", "length": 99}),
    (["--units", "character", "--minutes", "5"], {"units": "character", "minutes": 5.0}),
    (["--labels", "a.csv", "--pattern", "{label}_{speaker}"],
     {"labels": Path("a.csv"), "pattern": "{label}_{speaker}"}),
    (["--rate", "8000", "--seconds", "1.5"], {"rate": 8000, "seconds": 1.5}),
    (["--features", "mfcc", "--no-augment"], {"features": "mfcc", "augment": False}),
    (["--group", "patient"], {"group": "patient"}),
    (["--epochs", "7"], {"epochs": 7}),
    (["--batch-size", "16"], {"batch_size": 16}),
    (["--memory", "2GB"], {"memory": "2GB"}),
    (["--validation", "0.1"], {"validation": 0.1}),
    (["--test", "0.3"], {"test": 0.3}),
    (["--seed", "5"], {"seed": 5}),
    (["--separator", ";"], {"separator": ";"}),
    (["--separator", "tab"], {"separator": "\t"}),
    (["--separator", "\\t"], {"separator": "\t"}),
    (["--header"], {"header": True}),
    (["--no-header"], {"header": False}),
    (["--missing", "?"], {"missing": ["?"]}),
    (["--missing=-999", "--missing", "none"], {"missing": ["-999", "none"]}),
    (["--missing", "-999"], {"missing": ["-999"]}),
    (["--missing", "a=0", "--missing", "b=?", "--missing", "a=1"],
     {"missing": {"a": ["0", "1"], "b": ["?"]}}),
    (["--drop", "id"], {"drop": ("id",)}),
    (["--drop", "id", "--drop", "order no"], {"drop": ("id", "order no")}),
    (["--kind", "zip=category", "--kind", "x=y=date"],
     {"kinds": {"zip": "category", "x=y": "date"}}),
    (["--probe", "full"], {"probe": "full"}),
    (["--quiet"], {"verbose": 0}),
]  # fmt: skip


@pytest.mark.parametrize(("words", "changes"), OPTIONS)
def test_train_passes_on_each_option(calls, words, changes):
    assert main(["train", *words, "houses.csv"]) == 0
    assert calls[0][2] == DEFAULTS | changes


def test_every_option_of_train_is_tried():
    tried = {key for _, changes in OPTIONS for key in changes}
    assert tried == set(DEFAULTS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--kind", "zip"],
            "pellucid: --kind: got 'zip', expected COLUMN=KIND.\n",
        ),
        (
            ["--kind", "a=date", "--kind", "a=number", "--kind", "=date"],
            "pellucid: 2 problems:\n"
            "  1. --kind: got the column 'a' twice, expected each column once.\n"
            "  2. --kind: got '=date', expected COLUMN=KIND.\n",
        ),
        (
            ["--missing", "a=0", "--missing", "?"],
            "pellucid: --missing: got '?' beside 'a=0', "
            "expected either MARK for all columns or COLUMN=MARK for some.\n",
        ),
    ],
)
def test_an_option_of_another_form_is_refused(calls, capsys, words, message):
    assert main(["train", "a.csv", "--target", "b", *words]) == 2
    assert capsys.readouterr() == ("", message)
    assert calls == []


# -- evaluate, predict ----------------------------------------------------------------------


def test_evaluate(calls, capsys):
    assert main(["evaluate", "model.pellucid", "new.csv"]) == 0
    assert calls == [("evaluate_file", (Path("model.pellucid"), Path("new.csv")), {})]
    assert capsys.readouterr().out == "accuracy 0.97\n"


def test_predict_prints_or_writes(calls, capsys):
    assert main(["predict", "m.pellucid", "new.csv"]) == 0
    assert capsys.readouterr().out == "diagnosis\nbenign\n"
    assert main(["predict", "m.pellucid", "new.csv", "--output", "out.csv"]) == 0
    assert capsys.readouterr().out == "accuracy 0.97\n"
    assert calls == [("predict_file", (Path("m.pellucid"), Path("new.csv")), {})] * 2


def test_the_folder_of_a_run_stands_for_its_model(calls, capsys, tmp_path):
    (tmp_path / "model.pellucid").touch()
    assert main(["predict", str(tmp_path), "new.csv"]) == 0
    assert main(["evaluate", str(tmp_path), "new.csv"]) == 0
    assert [one[1][0] for one in calls] == [tmp_path / "model.pellucid"] * 2


@pytest.mark.parametrize(
    "words",
    [
        ["predict", "{}", "a.csv"],
        ["evaluate", "{}", "a.csv"],
        ["report", "{}"],
        ["summary", "{}"],
        ["plot", "{}"],
        ["doctor", "{}"],
    ],
)
def test_a_folder_without_a_model_is_refused(calls, capsys, tmp_path, words):
    assert main([word.format(tmp_path) for word in words]) == 2
    assert capsys.readouterr() == (
        "",
        f"pellucid: {tmp_path}: got a folder without 'model.pellucid', "
        "expected a model file or a run.\n",
    )


def test_data_in_the_place_of_the_model_is_told(capsys, tmp_path):
    table = tmp_path / "a.csv"
    table.touch()
    assert main(["predict", str(table), str(tmp_path)]) == 2
    assert capsys.readouterr().err == (
        f"pellucid: {table}: got a file '.csv', expected a model file (.pellucid), or the folder "
        "of a run. The model comes first, the data after it.\n"
    )


# -- plot -----------------------------------------------------------------------------------


def test_plot_draws_beside_the_history(history_file, capsys, tmp_path):
    assert main(["plot", str(tmp_path)]) == 0
    assert (tmp_path / "history.png").read_bytes().startswith(b"\x89PNG")
    assert capsys.readouterr().out == f"{tmp_path / 'history.png'}\n"
    other = history_file.rename(tmp_path / "run 7.json")
    assert main(["plot", str(other)]) == 0
    assert (tmp_path / "run 7.png").exists()


def test_plot_draws_where_it_is_told(history_file, tmp_path):
    assert main(["plot", str(history_file), "--output", str(tmp_path / "a.svg")]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.svg", "history.json"]


def test_plot_of_something_else_is_refused(capsys, tmp_path):
    path = tmp_path / "metrics.json"
    path.write_text(json.dumps({"accuracy": 1.0}))
    assert main(["plot", str(path)]) == 2
    assert capsys.readouterr().err == (
        f"pellucid: {path}: got something else, expected a history in JSON ('pellucid.history').\n"
    )


# -- report ---------------------------------------------------------------------------------


@pytest.fixture
def reports(monkeypatch):
    """Put a module in the place of `pellucid.tasks.saved_report` that notes how it was called."""
    noted = []

    def report_saved(model, path, data):
        noted.append((model, path, data))
        return path

    module = types.ModuleType("pellucid.tasks.saved_report")
    module.report_saved = report_saved  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pellucid.tasks", types.ModuleType("pellucid.tasks"))
    monkeypatch.setitem(sys.modules, "pellucid.tasks.saved_report", module)
    return noted


def test_report_of_a_run_is_left_in_its_folder(reports, history_file, capsys, tmp_path):
    model = tmp_path / "model.pellucid"
    model.touch()
    assert main(["report", str(tmp_path)]) == 0
    assert reports == [(model, tmp_path / "report.html", None)]
    assert capsys.readouterr().out == f"{tmp_path / 'report.html'}\n"


def test_report_of_a_model_is_left_beside_it_or_where_it_is_told(reports):
    assert main(["report", "net.pellucid"]) == 0
    assert main(["report", "net.pellucid", "new.csv", "--output", "a.html"]) == 0
    net = Path("net.pellucid")
    assert reports == [
        (net, Path("net.html"), None),
        (net, Path("a.html"), Path("new.csv")),
    ]


def test_report_of_a_history_alone(history_file, capsys, tmp_path):
    assert main(["report", str(tmp_path)]) == 0
    assert main(["report", str(history_file)]) == 0
    pages = [tmp_path / "report.html", tmp_path / "history.html"]
    assert capsys.readouterr().out == "".join(f"{page}\n" for page in pages)
    assert "<h1>history</h1>" in pages[1].read_text()


def test_report_of_a_history_has_nothing_to_evaluate(history_file, capsys):
    assert main(["report", str(history_file), "new.csv"]) == 2
    assert capsys.readouterr() == (
        "",
        f"pellucid: {history_file}: got a history with the data 'new.csv', expected a model to "
        "evaluate on it. Give the model file or the folder of the run.\n",
    )


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("nowhere", None, "got no such file, expected a .pellucid file. Check the path."),
        ("a.json", "{}", "got something else, expected a history in JSON ('pellucid.history')."),
    ],
)
def test_report_of_what_is_no_run_is_refused(capsys, tmp_path, name, content, message):
    run = tmp_path / name
    if content is not None:
        run.write_text(content)
    assert main(["report", str(run), "--output", str(tmp_path / "a.html")]) == 2
    assert capsys.readouterr() == ("", f"pellucid: {run}: {message}\n")
    assert not (tmp_path / "a.html").exists()


def test_report_of_a_file_that_is_no_model_is_refused(capsys, tmp_path):
    run = tmp_path / "net.pellucid"
    run.write_text("no model")
    assert main(["report", str(run)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"pellucid: {run}: got ")
    assert not (tmp_path / "net.html").exists()


# -- demo -----------------------------------------------------------------------------------


def test_demo_trains_on_the_table_that_it_writes(calls, capsys, tmp_path):
    folder = tmp_path / "demo"
    assert main(["demo", "--output", str(folder), "--epochs", "3", "--seed", "4"]) == 0
    table = folder / "breast_cancer.csv"
    options = {"output": folder, "epochs": 3, "seed": 4}
    assert calls == [("train_table", (table, "diagnosis"), options)]
    lines = table.read_text().splitlines()
    assert len(lines) == 570
    assert lines[0].startswith("mean radius,mean texture")
    assert lines[0].endswith(",diagnosis")
    labels = [line.rpartition(",")[2] for line in lines[1:]]
    assert (labels.count("malignant"), labels.count("benign")) == (212, 357)
    said = capsys.readouterr().out
    assert said.startswith("accuracy 0.97\n")
    assert f"pellucid train {table} --target diagnosis" in said
    assert f"pellucid predict {folder} {table}" in said


# -- help and usage -------------------------------------------------------------------------

COMMANDS = ("train", "tune", "evaluate", "predict", "report", "summary", "plot", "doctor", "demo")


@pytest.mark.parametrize("words", [["--help"], ["-h"], []])
def test_help_names_every_command(capsys, words):
    assert main(words) == 0
    said = capsys.readouterr().out
    for command in (*COMMANDS, "--version", "--debug"):
        assert re.search(rf"│ {command}\b", said), command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_and_its_arguments(capsys, command):
    assert main([command, "--help"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"Usage: pellucid {command} ")
    rows = re.findall(r"^│ [ *]*(--[a-z-]+|[A-Z]+)\b(.*)│$", said, re.M)
    assert rows
    unexplained = [name for name, text in rows if not re.search(r"[a-z]+ [a-z]+", text)]
    assert unexplained == []


USAGES = {
    "train": "train [OPTIONS] PATH",
    "tune": "tune --target STR [OPTIONS] FILE",
    "evaluate": "evaluate [OPTIONS] MODEL DATA",
    "predict": "predict [OPTIONS] MODEL DATA",
    "report": "report [OPTIONS] RUN [DATA]",
    "summary": "summary [OPTIONS] MODEL",
    "plot": "plot [OPTIONS] RUN",
    "doctor": "doctor [OPTIONS] MODEL [DATA]",
    "demo": "demo [OPTIONS]",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_usage_of_a_command_names_what_it_takes(capsys, command):
    main([command, "--help"])
    usage = capsys.readouterr().out.splitlines()[0]
    assert usage == f"Usage: pellucid {USAGES[command]}"


def test_the_help_of_train_names_every_option(capsys):
    main(["train", "--help"])
    said = capsys.readouterr().out
    options = {"--target"} | {"--" + key.replace("_", "-") for key in DEFAULTS} - {"--verbose"}
    options = options - {"--kinds"} | {"--kind", "--quiet", "--no-header"}
    assert [option for option in sorted(options) if option not in said] == []


def test_the_version(capsys):
    import pellucid

    assert main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == pellucid.__version__


USAGE = [
    (
        ["trian", "x"],
        'Unknown command "trian". Did you mean "train"? Available commands: '
        "train, tune, evaluate, predict, report, summary, plot, doctor, ...\n"
        "See: pellucid --help\n",
    ),
    (
        ["train", "x", "--target", "y", "--taks", "binary"],
        "Unknown option: --taks. Did you mean --task?\nSee: pellucid train --help\n",
    ),
    (
        ["tune", "x"],
        'Command "tune" parameter --target requires an argument.\nSee: pellucid tune --help\n',
    ),
    (
        ["train", "x", "--target", "y", "--epochs", "many"],
        'Invalid value for --epochs: unable to convert "many" into int.\n'
        "See: pellucid train --help\n",
    ),
]


@pytest.mark.parametrize(("words", "message"), USAGE)
def test_a_wrong_command_line_is_answered_with_the_right_one(calls, capsys, words, message):
    assert main(words) == 2
    assert capsys.readouterr() == ("", f"pellucid: {message}")
    assert calls == []


def test_a_forecast_of_rows_without_a_time_is_answered_with_what_to_do(tmp_path, capsys):
    path = tmp_path / "boxes.csv"
    path.write_text("wide,area\n1,2\n3,4\n5,6\n")
    assert main(["train", str(path), "--horizon", "12", "--quiet"]) == 2
    assert capsys.readouterr().err == (
        f"pellucid: {path}: got no column of dates among 'wide', 'area', expected one that says "
        "when each row was, or columns 'year', 'month' and so on. Name it with --time, or add "
        "one of dates such as 2013-03-01. Rows without a time are a table: it has a target and no "
        "horizon.\n"
    )
    words = ["train", str(path), "--target", "area", "--task", "number", "--horizon", "12"]
    assert main(words) == 2
    assert capsys.readouterr().err.endswith(
        "It is an option for a series: leave it out, or say --task forecast.\n"
    )


def test_a_wrong_choice_is_answered_with_a_near_one(calls, capsys):
    assert main(["train", "x", "--target", "y", "--task", "bnary"]) == 2
    said = capsys.readouterr().err
    assert said.startswith('pellucid: Invalid value "bnary" for --task.')
    assert 'Did you mean "binary"?' in said


# -- errors ---------------------------------------------------------------------------------

TRAIN = ["train", "a.csv", "--target", "b"]


def test_an_error_of_ours_is_one_message(calls, capsys, monkeypatch):
    failing(monkeypatch, DataError("a.csv, column 'b': got one class, expected two."))
    assert main(TRAIN) == 2
    expected = "pellucid: a.csv, column 'b': got one class, expected two.\n"
    assert capsys.readouterr() == ("", expected)


def test_debug_shows_where_it_came_from(calls, monkeypatch):
    failing(monkeypatch, DataError("a.csv: wrong"))
    for words in (["--debug", *TRAIN], [*TRAIN, "--debug"]):
        with pytest.raises(DataError, match=r"a\.csv: wrong"):
            main(words)


def test_a_file_that_cannot_be_used_is_named(calls, capsys, monkeypatch):
    failing(monkeypatch, PermissionError(13, "Permission denied", "out/model.pellucid"))
    assert main(TRAIN) == 2
    assert capsys.readouterr().err == "pellucid: out/model.pellucid: Permission denied.\n"


def test_a_fault_of_the_program_is_not_hidden(calls, monkeypatch):
    failing(monkeypatch, ZeroDivisionError("a bug"))
    with pytest.raises(ZeroDivisionError):
        main(TRAIN)


def test_control_c_is_130(calls, capsys, monkeypatch):
    failing(monkeypatch, KeyboardInterrupt())
    assert main(TRAIN) == 130
    assert capsys.readouterr() == ("", "pellucid: interrupted.\n")


def test_a_warning_of_ours_is_a_sentence_and_others_stay(calls, capsys, monkeypatch):
    def train(*arguments, **options):
        warnings.warn("column 'id' looks like a number of rows.", PellucidWarning, stacklevel=2)
        warnings.warn("something else", RuntimeWarning, stacklevel=2)
        return Result()

    monkeypatch.setattr(sys.modules["pellucid.tasks.training"], "train", train)
    shown = warnings.showwarning
    with pytest.warns(RuntimeWarning, match="something else"):
        assert main(TRAIN) == 0
    expected = "pellucid: note: column 'id' looks like a number of rows.\n"
    assert capsys.readouterr().err == expected
    assert warnings.showwarning is shown


def test_errors_notes_and_what_training_prints_are_spelled(calls, capsys, monkeypatch):
    def train(*arguments, **options):
        print("Target 'y': 3 classes. If they are quantities, say task='number'.")
        warnings.warn("a.csv: say header=True.", PellucidWarning, stacklevel=2)
        raise ArgumentError("batch_size: got 0, expected a whole number of at least 1.")

    monkeypatch.setattr(sys.modules["pellucid.tasks.training"], "train", train)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        assert main(["train", "a.csv", "--target", "y", "--batch-size", "0"]) == 2
    assert capsys.readouterr() == (
        "Target 'y': 3 classes. If they are quantities, say --task number.\n",
        "pellucid: note: a.csv: say --header.\n"
        "pellucid: --batch-size: got 0, expected a whole number of at least 1.\n",
    )


def test_answers_are_left_as_they_are(calls, capsys, monkeypatch):
    monkeypatch.setattr(Result, "csv_text", lambda self: "text\noutput='a'\n")
    assert main(["predict", "m.pellucid", "new.csv"]) == 0
    assert capsys.readouterr().out == "text\noutput='a'\n"


# -- as a process ---------------------------------------------------------------------------


def start(*words, code=None, **options):
    command = [sys.executable, "-c", code] if code else [sys.executable, "-m", "pellucid"]
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    return subprocess.Popen([*command, *words], env=environment, text=True, **options)


def test_python_m_pellucid_is_the_command():
    process = start("trian", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (2, "")
    assert err.startswith('pellucid: Unknown command "trian"')


PREDICTS = """
import sys, time, types
class Result:
    def csv_text(self):
        {}
        return "row\\n" * 1_000_000
    def written(self, path):
        return self
module = types.ModuleType("pellucid.tasks.asking")
module.predict_file = lambda model, data: Result()
sys.modules["pellucid.tasks"] = types.ModuleType("pellucid.tasks")
sys.modules["pellucid.tasks.asking"] = module
from pellucid.cli import main
sys.exit(main(["predict", "m.pellucid", "a.csv"]))
"""


def test_a_reader_that_has_seen_enough_is_no_error():
    process = start(code=PREDICTS.format(""), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == "row\n"
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), err) == (0, "")


def test_an_interrupt_ends_it_quietly():
    code = PREDICTS.format("print('ready', flush=True); time.sleep(60)")
    process = start(code=code, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "pellucid: interrupted.\n")


def test_tune_passes_on_what_it_was_told(calls, capsys):
    words = ["tune", "a.csv", "--target", "y", "--trials", "200", "--minutes", "5"]
    words += ["--epochs", "27", "--sampler", "tpe", "--storage", "search.db"]
    words += ["--nested", "5"]
    assert main([*words, "--drop", "id", "--kind", "b=date", "--quiet"]) == 0
    ((name, arguments, options),) = calls
    assert (name, arguments) == ("tune_table", (Path("a.csv"), "y"))
    assert (options["trials"], options["minutes"], options["epochs"]) == (200, 5.0, 27)
    assert (options["sampler"], options["storage"]) == ("tpe", "search.db")
    assert options["nested"] == 5
    assert (options["drop"], options["kinds"], options["verbose"]) == (("id",), {"b": "date"}, 0)
    assert capsys.readouterr().out == "accuracy 0.97\n"
