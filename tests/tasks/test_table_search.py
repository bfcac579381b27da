"""A table's network chosen by a search."""

import json

import numpy as np
import pytest

from pellucid.errors import ArgumentError
from pellucid.tasks import predict_table, tune_table
from pellucid.tasks.table_search import space_for
from pellucid.tuning.space import Space
from pellucid.tuning.store import Store

RNG = np.random.default_rng(2)
WIDE, HIGH = RNG.uniform(1, 3, 80), RNG.uniform(1, 3, 80)


def rows_of(path):
    lines = [
        f"{w:.4f},{h:.4f},{'big' if w * h > 4 else 'small'}"
        for w, h in zip(WIDE, HIGH, strict=True)
    ]
    path.write_text("\n".join(["wide,high,size", *lines]) + "\n")
    return path


def test_the_best_network_is_saved_and_predicts(tmp_path, capsys):
    table = rows_of(tmp_path / "rows.csv")
    storage = tmp_path / "search.db"
    options = {"output": tmp_path / "out", "epochs": 4, "members": 2, "storage": storage}
    found = tune_table(table, "size", trials=3, **options)
    said = capsys.readouterr().out
    assert "search for size: 3 of 3 trials, best val_loss" in said
    with Store(storage, "search for size", Space(space_for(51), ""), False, "") as kept:
        assert [one.number for one in kept.read()] == [0, 1, 2]
    best = found.search.best.parameters
    document = json.loads((tmp_path / "out" / "search.json").read_text())
    chosen = next(one for one in document["trials"] if one["number"] == document["best"])
    assert chosen["parameters"]["widths"] == list(best["widths"])
    member = found.run.trained.model.layers[1]
    assert [one.units for one in member.layers if hasattr(one, "units")] == [*best["widths"], 1]
    assert member.layers[0].kernel_regularizer.l2 == pytest.approx(best["l2"])
    predictions = predict_table(tmp_path / "out" / "model.pellucid", table)
    assert set(predictions.columns["predicted"]) <= {"big", "small"}
    assert len(predictions.columns["predicted"]) == 80
    assert "network" in found.summary_text()


def test_what_is_out_of_range_is_told_before_the_table_is_read():
    with pytest.raises(ArgumentError) as told:
        tune_table("no.csv", "y", minutes=float("nan"), trials=0, epochs=2.5, test=1, members=0)
    assert str(told.value) == (
        "5 problems:\n"
        "  1. test: got 1, expected a share of the rows above 0 and below 1.\n"
        "  2. trials: got 0, expected a whole number of at least 1.\n"
        "  3. epochs: got 2.5, expected a whole number of at least 1.\n"
        "  4. members: got 0, expected a whole number of at least 1.\n"
        "  5. minutes: got nan, expected a number above 0."
    )
    with pytest.raises(ArgumentError) as told:
        tune_table("no.csv", "y", minutes=0)
    assert str(told.value) == "minutes: got 0, expected a number above 0."
