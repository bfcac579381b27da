"""Files of every format version that was ever released are read, and answer as they did."""

import json
from pathlib import Path

import numpy as np
import pytest

import pellucid
from pellucid import optimizers
from pellucid.saving import VERSION, load_model_file
from saving.make_golden import make_model

FOLDER = Path(__file__).parent / "golden"
VERSIONS = range(1, VERSION + 1)


def read_answers(version):
    answers = json.loads((FOLDER / f"v{version}.json").read_text(encoding="utf-8"))
    rows = {name: np.array(values) for name, values in answers["rows"].items()}
    return answers, {**rows, "numbers": rows["numbers"].astype("float32")}


def test_every_version_has_its_file():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(
        f"v{version}.{ending}" for version in VERSIONS for ending in ("json", "pellucid")
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_a_model_of_an_earlier_day_answers_as_it_did(version):
    answers, rows = read_answers(version)
    model = pellucid.load_model(FOLDER / f"v{version}.pellucid")
    np.testing.assert_allclose(model.predict(rows, verbose=0), answers["predictions"], atol=1e-5)
    assert model.count_params() == answers["parameters"]
    assert model.history.history["loss"] == answers["loss"]
    assert isinstance(model.optimizer, optimizers.Adam)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_model_of_an_earlier_day_trains_on(version):
    _, rows = read_answers(version)
    model = pellucid.load_model(FOLDER / f"v{version}.pellucid")
    before = model.get_weights()
    history = model.fit(rows, np.array([0, 1, 2, 0]), epochs=1, verbose=0)
    assert np.isfinite(history.history["loss"]).all()
    assert any(not np.array_equal(*pair) for pair in zip(before, model.get_weights(), strict=True))


def test_the_present_version_is_what_is_written(tmp_path):
    """Other arrays or documents than before need a new format version."""
    model, _ = make_model()
    model.save(tmp_path / "m.pellucid")
    written = load_model_file(tmp_path / "m.pellucid")
    golden = load_model_file(FOLDER / f"v{VERSION}.pellucid")
    assert list(written.graph.get_config()["config"]) == list(golden.graph.get_config()["config"])
    assert list(written.weights) == list(golden.weights)
    assert sorted(written.optimizer) == sorted(golden.optimizer)
    for one, other in (
        (written.compile, golden.compile),
        (written.history, golden.history),
        (written.training, golden.training),
    ):
        assert list(one) == list(other)
