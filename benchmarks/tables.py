"""The default command on nine real tables, beside scikit-learn's networks on the same splits.

`python benchmarks/tables.py DATA` trains with `train_table`'s defaults and five seeds on each
table of the folder DATA, and scikit-learn's `MLPClassifier` or `MLPRegressor` with its defaults
in a standard pipeline (impute, scale, one-hot) on the same training and test rows. It writes
docs/tables.md and benchmarks/results/tables.json.
"""

import datetime
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from machine import description
from pellucid.data.table import Table, read_table
from pellucid.tasks import TableRun, train_table

ROOT = Path(__file__).resolve().parent.parent
SEEDS = range(5)
TABLES = {
    "pima_diabetes": ("pima_diabetes/pima-indians-diabetes.csv", "column_9"),
    "sonar": ("sonar/sonar.csv", "column_61"),
    "adult": ("adult/adult-train.csv", "column_15"),
    "wheat_seeds": ("wheat_seeds/wheat-seeds.csv", "column_8"),
    "iris": ("iris/iris.csv", "column_5"),
    "wine_quality (red)": ("wine_quality/winequality-red.csv", "column_12"),
    "wine_quality (white)": ("wine_quality/winequality-white.csv", "column_12"),
    "abalone": ("abalone/abalone.csv", "column_9"),
    "boston_housing": ("boston_housing/housing.csv", "column_14"),
    "gtzan_features": ("gtzan_features/features_30_sec.csv", "label"),
}


def features_of(table: Table, names: list[str]) -> Any:
    """Return the raw columns as scikit-learn's pipeline takes them: numbers and text."""
    import pandas as pd

    columns: dict[str, Any] = {}
    for name in names:
        column = table[name]
        values = np.asarray(column.values)
        if values.dtype.kind == "f":
            columns[name] = np.where(column.missing, np.nan, values)
        else:
            columns[name] = np.where(column.missing, "?", values).astype(object)
    return pd.DataFrame(columns)


def peer_score(run: TableRun, seed: int) -> float:
    """Return the score of scikit-learn's network, trained and tested on the run's rows."""
    import pandas as pd
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    prepared, found = run.prepared, run.trained
    names = list(prepared.encoder.inputs)
    parts = [prepared.training.table, prepared.validation.table]
    x = pd.concat([features_of(part, names) for part in parts])
    y = np.concatenate([found.actual(part) for part in parts])
    numbers = [name for name in names if x[name].dtype.kind == "f"]
    words = [name for name in names if name not in numbers]
    columns = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), words),
    )
    number = found.target.task == "number"
    network = (MLPRegressor if number else MLPClassifier)(random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = make_pipeline(columns, network).fit(x, y)
    predicted = fitted.predict(features_of(prepared.test.table, names))
    actual = found.actual(prepared.test.table)
    if number:
        return 1 - float(((predicted - actual) ** 2).sum() / ((actual - actual.mean()) ** 2).sum())
    return float((predicted == actual).mean())


def measure(data: Path, name: str) -> dict[str, Any]:
    """Return both scores of every seed on one table, and the seconds they took."""
    path, target = TABLES[name]
    rows: dict[str, Any] = {"ours": [], "theirs": [], "seconds": [], "peer_seconds": []}
    for seed in SEEDS:
        begun = time.perf_counter()
        run = train_table(read_table(data / path), target, seed=seed, verbose=0)
        middle = time.perf_counter()
        rows["theirs"].append(peer_score(run, seed))
        rows["peer_seconds"].append(time.perf_counter() - middle)
        rows["seconds"].append(middle - begun)
        rows["task"] = run.trained.target.task
        rows["ours"].append(run.scores["network"]["r2" if rows["task"] == "number" else "accuracy"])
    return rows


def page(results: dict[str, Any]) -> str:
    """Return the results as a page."""
    lines = [
        "# Nine real tables",
        "",
        "The documented default, `pellucid train FILE --target COLUMN`, with seeds 0 to 4, beside",
        "scikit-learn's `MLPClassifier` or `MLPRegressor` with their defaults in a pipeline that",
        "imputes, scales and one-hot encodes, trained on all rows but the test's: the same test",
        "rows for both. Accuracy for classes, R2 for numbers; mean ± standard deviation over the",
        "seeds. Nothing was chosen for one of the tables.",
        "",
        "| table | score | pellucid | scikit-learn | difference | seconds | scikit-learn's |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, rows in results.items():
        ours, theirs = np.array(rows["ours"]), np.array(rows["theirs"])
        score = "R2" if rows["task"] == "number" else "accuracy"
        gain = ours.mean() - theirs.mean()
        lines.append(
            f"| {name} | {score} | {ours.mean():.4f} ± {ours.std(ddof=1):.4f} | "
            f"{theirs.mean():.4f} ± {theirs.std(ddof=1):.4f} | {gain:+.4f} | "
            f"{np.mean(rows['seconds']):.1f} | {np.mean(rows['peer_seconds']):.1f} |"
        )
    lines += [
        "",
        f"Made by `python benchmarks/tables.py DATA` on {datetime.date.today().isoformat()}, "
        f"{_machine()}.",
        "",
    ]
    return "\n".join(lines)


def _machine() -> str:
    found = description()
    return f"{found['processor']}, {found['cores']} cores, Python {found['python']}"


def main() -> None:
    """Measure the tables named on the command line, or all, and write the page."""
    data = Path(sys.argv[1])
    store = ROOT / "benchmarks" / "results" / "tables.json"
    results = json.loads(store.read_text()) if store.exists() else {}
    for name in sys.argv[2:] or TABLES:
        results[name] = measure(data, name)
        print(name, {key: np.round(np.mean(results[name][key]), 4) for key in ("ours", "theirs")})
        ordered = {one: results[one] for one in TABLES if one in results}
        store.parent.mkdir(exist_ok=True)
        store.write_text(json.dumps(ordered, indent=1) + "\n")
        (ROOT / "docs" / "tables.md").write_text(page(ordered))


if __name__ == "__main__":
    main()
