"""What a run kept of its test rows."""

import json
from pathlib import Path

import pytest

from pellucid.errors import FileError
from pellucid.tasks.kept import kept_scores


def test_scores_beside_a_model_are_read_and_none_where_it_stands_alone(tmp_path: Path) -> None:
    model = tmp_path / "model.pellucid"
    assert kept_scores(model) == {}
    scores = {"network": {"accuracy": 0.5, "roc_auc": None, "other": 1}, "majority": {}}
    (tmp_path / "metrics.json").write_text(json.dumps({"scores": scores}))
    assert kept_scores(model) == {"network": {"accuracy": 0.5, "roc_auc": None}, "majority": {}}


@pytest.mark.parametrize("content", ["no JSON", "[]", '{"scores": {"network": {"mae": "low"}}}'])
def test_scores_that_are_none_are_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "metrics.json"
    path.write_text(content)
    with pytest.raises(FileError) as caught:
        kept_scores(tmp_path / "model.pellucid")
    assert str(caught.value) == f"{path}: got something else, expected the scores of a run."
