"""What a page and a diagnosis take from a forecaster and raw rows."""

from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.series import origins_between
from pellucid.page import Section, Sentence
from pellucid.report.evaluation import Evaluation, NumberAnswers
from pellucid.report.run_report import RunReport
from pellucid.tasks.forecast_choice import whole
from pellucid.tasks.forecaster import ForecastModel, usable
from pellucid.tasks.kept import kept_table, numbers_in
from pellucid.tasks.learned import flattery
from pellucid.tasks.scores import named_scores
from pellucid.types import NumpyArray
from pellucid.wording import count_text


def rows_of_series(found: ForecastModel, data: Any) -> tuple[NumpyArray, NumpyArray]:
    """Return features and targets as the network takes them, for every origin in raw rows.

    Args:
        found: The model.
        data: A file, Table, frame or dict of columns.

    Raises:
        DataError: A column is not there, or times are not those of such a series.
    """
    series = found.read(data)
    track, design = found.track(series), found.design
    origins = origins_between(design.first(track), 0, len(series), design.horizon)
    origins = whole(track, usable(track, origins, design.horizon), design.horizon)
    told = design.targets(track, origins) / found.scale
    return design.features(track, origins), told.astype(np.float32)[..., None]


def forecast_page(found: ForecastModel, data: Any, kept: Path) -> RunReport:
    """Return what a page says of a forecaster beside its run.

    Args:
        found: The model.
        data: Raw rows to evaluate on; None for what the run kept.
        kept: The file of its forecasts of the test.

    Raises:
        DataError: A column is not there, or times are not those of such a series.
        FileError: The forecasts are none of this model.
    """
    return RunReport(
        title=f"Forecasting {found.reader.target}",
        evaluation=_evaluation(found, data, kept),
        data=Section("Data", [Sentence(one) for one in _described(found)]),
    )


def _described(found: ForecastModel) -> list[str]:
    reader, design = found.reader, found.design
    used = () if reader.encoder is None or not design.recent else reader.encoder.inputs
    columns = ", ".join(f"'{name}'" for name in used) or "none"
    return [
        f"A step is {reader.spacing}; {count_text(design.horizon, 'step')} are forecast.",
        f"Of what is looked at: {design}.",
        f"Other columns: {columns}. The network's share in the forecast is "
        f"{found.trust.share:.0%}, the rest is the {found.trust.naive} forecast.",
    ]


def _evaluation(found: ForecastModel, data: Any, kept: Path) -> Evaluation | None:
    name = found.reader.target
    if data is not None:
        judged = found.evaluate(data)
        return Evaluation(
            judged.tested.removesuffix(":"),
            named_scores(judged.scores),
            warnings=flattery(kept, judged.contents),
        )
    if not kept.is_file():
        return None
    table = kept_table(kept, ("actual", "predicted"))
    table = table.take(~table["actual"].missing)
    actual, predicted = (numbers_in(kept, table[one]) for one in ("actual", "predicted"))
    error = np.abs(actual - predicted)
    scores = {"network": {"MASE": float(error.mean()) / found.mase_scale, "MAE": error.mean()}}
    of = f"On {count_text(len(actual), 'forecast value')} never seen in training"
    return Evaluation(of, scores, [NumberAnswers(actual, predicted, name)])
