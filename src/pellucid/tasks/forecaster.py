"""A saved forecaster: a network together with how raw rows become its past, and answers ahead."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from pellucid.data.series import (
    Design,
    Series,
    Spacing,
    Track,
    coverage,
    future,
    origins_between,
    score_forecasts,
    simple_forecasts,
)
from pellucid.data.table import as_table, read_table
from pellucid.errors import DataError, FileError, PellucidError, Problem, report
from pellucid.models import Model
from pellucid.tasks.answers import Answers
from pellucid.tasks.evaluation import Evaluation
from pellucid.tasks.learned import Contents, marks_of
from pellucid.tasks.series_reader import SeriesReader
from pellucid.types import NumpyArray
from pellucid.wording import count_text

FORMAT = 1
"""Version of the preprocessing document in a model file."""

READING = ("separator", "missing", "header")
"""How a file is read that a model file keeps."""

NAIVE = ("naive", "seasonal naive")
"""The simple forecasts that a network's may be drawn towards."""


@dataclass(frozen=True)
class Trust:
    """How far a network is trusted, as the validation part has shown.

    Args:
        share: Share of the network in the forecast, from 0 to 1; the rest is the simple forecast.
        naive: Which simple forecast: "naive" or "seasonal naive".
        margins: For each level, how far its interval reaches at each step, on the scale on which
            the target is learned.
    """

    share: float
    naive: str
    margins: Mapping[float, tuple[float, ...]]


@dataclass(frozen=True)
class Forecasts:
    """What is said at some origins.

    Args:
        values: Shape (origins, horizon).
        intervals: Ends for each level, shape (origins, horizon) each.
    """

    values: NumpyArray
    intervals: Mapping[float, tuple[NumpyArray, NumpyArray]]


@dataclass(frozen=True)
class ForecastModel:
    """A network that tells the next steps of a series, and how raw files become what it takes.

    Args:
        model: The network.
        reader: How rows become numbers.
        design: What the network looks at and what it tells.
        scale: What its outputs are multiplied by.
        trust: How far it is trusted.
        mase_scale: Mean distance between training values a season apart, above 0.
        reading: How the training file was read: separator, missing marks, header.
    """

    model: Model
    reader: SeriesReader
    design: Design
    scale: float
    trust: Trust
    mase_scale: float
    reading: Mapping[str, Any]

    # -- reading -----------------------------------------------------------------------------

    def read(self, source: Any) -> Series:
        """Return raw rows as the training rows were read: a path, a frame or a dict of columns."""
        table = source
        if isinstance(source, (str, os.PathLike)):
            table = read_table(source, **self.reading)
        return self.reader.series(as_table(table))

    def track(self, series: Series) -> Track:
        """Return the numbers of a series.

        Raises:
            DataError: The target has no value at all, or one whose logarithm is asked for and
                which has none.
        """
        where, track = series.table.source, self.reader.track(series)
        if track.missing.all():
            place = f"{where}, target '{self.reader.target}'"
            report([Problem(place, "no value", "the past of a forecast")], DataError)
        offset = self.design.offset
        if offset is not None:
            below = track.values + offset <= 0
            if below.any():
                given = f"{track.values[below][0]:g} ({series.table.place(below)})"
                expected = f"numbers above {-offset:g}, as in training"
                place = f"{where}, target '{self.reader.target}'"
                report([Problem(place, given, expected)], DataError)
        return track

    # -- answers -----------------------------------------------------------------------------

    def forecasts(self, track: Track, origins: NumpyArray) -> Forecasts:
        """Return what is said at each origin of the steps after it.

        Args:
            track: The numbers of a series.
            origins: Last step that each forecast sees.
        """
        told = np.asarray(self.model.predict(self.design.features(track, origins), verbose=0))
        own = self.design.forecasts(
            track, origins, self.scale * told.reshape(len(origins), -1).astype(np.float64)
        )
        values = blended(self.trust, self.simple(track, origins), own)
        curve = self.design.curve(values)
        intervals = {
            level: (self.design.values(curve - margin), self.design.values(curve + margin))
            for level, margin in (
                (level, np.array(one)) for level, one in self.trust.margins.items()
            )
        }
        return Forecasts(values, intervals)

    def simple(self, track: Track, origins: NumpyArray) -> Mapping[str, NumpyArray]:
        """Return the simplest forecasts by their names, shape (origins, horizon) each."""
        return simple_forecasts(track.values, origins, self.design.horizon, self.design.season)

    def predict(self, source: Any) -> Answers:
        """Return the steps after the last value of the target, with intervals.

        Args:
            source: Raw rows with their past: a path, a frame or a dict of columns. For columns
                that are known ahead, rows that lack the target follow.

        Raises:
            DataError: The past is too short, or what is known ahead is not there.
            FileError: The file cannot be read.
        """
        series = self.read(source)
        track = self.track(series)
        origin, least = int(np.flatnonzero(~track.missing)[-1]), self.design.first(track) + 1
        if origin + 1 < least:
            given = f"{count_text(origin + 1, 'step')} up to the last '{self.reader.target}'"
            expected = f"at least {least}, which a forecast looks back on"
            fix = "Give the rows before them too."
            report([Problem(series.table.source, given, expected, fix)], DataError)
        self._check_ahead(series, origin)
        times = series.spacing.later(series.moments[origin], np.arange(1, self.design.horizon + 1))
        found = self.forecasts(track, np.array([origin]))
        return Answers({"time": moment_texts(times, series.spacing), **self._columns(found)})

    def _check_ahead(self, series: Series, origin: int) -> None:
        rows, horizon = len(series) - 1 - origin, self.design.horizon
        if self.reader.known and rows < horizon:
            target = self.reader.target
            names = ", ".join(f"'{name}'" for name in self.reader.known)
            given = f"{count_text(rows, 'row')} after the last '{target}'"
            expected = f"{horizon}, which say what is known ahead: {names}"
            fix = f"Append rows with these columns and an empty '{target}'."
            report([Problem(series.table.source, given, expected, fix)], DataError)

    def _columns(self, found: Forecasts) -> dict[str, Sequence[Any]]:
        columns: dict[str, Sequence[Any]] = {"predicted": _plain(found.values)}
        for level, (low, high) in found.intervals.items():
            columns[f"low {level:.4g}"], columns[f"high {level:.4g}"] = _plain(low), _plain(high)
        return columns

    def told(self, series: Series, track: Track, origins: NumpyArray, found: Forecasts) -> Answers:
        """Return forecasts whose truth is known, a row for each origin and step ahead."""
        horizon = self.design.horizon
        moments, spacing = series.moments, series.spacing
        columns: dict[str, Sequence[Any]] = {
            "origin": moment_texts(np.repeat(moments[origins], horizon), spacing),
            "time": moment_texts(future(moments, origins, horizon).reshape(-1), spacing),
            "actual": _plain(actual_values(track, origins, horizon)),
        }
        return Answers(columns | self._columns(found))

    def evaluate(self, source: Any) -> Evaluation:
        """Return how good forecasts from every origin in raw rows are, beside the simplest ones.

        Raises:
            DataError: The rows are too few for one forecast and its truth.
        """
        series = self.read(source)
        track, horizon = self.track(series), self.design.horizon
        first = self.design.first(track)
        origins = usable(track, origins_between(first, 0, len(series), horizon), horizon)
        if not len(origins):
            expected = f"at least {first + 1 + horizon}: the past of a forecast, and what came"
            problem = Problem(series.table.source, count_text(len(series), "step"), expected)
            report([problem], DataError)
        actual, found = actual_values(track, origins, horizon), self.forecasts(track, origins)
        said = {"network": found.values, **self.simple(track, origins)}
        scores = {name: score_forecasts(actual, one, self.mase_scale) for name, one in said.items()}
        details = "\n".join(coverage_texts(actual, found))
        tested = f"{span_text(series, origins, horizon)}:"
        return Evaluation(tested, scores, details, contents=self.contents(series, track))

    def contents(self, series: Series, track: Track) -> Contents:
        """Return what tells equal steps from others: their times and values."""
        times = moment_texts(series.moments, series.spacing)
        steps = [f"{one} {value!r}" for one, value in zip(times, _plain(track.values), strict=True)]
        return Contents(marks_of(steps), "step")

    # -- files -------------------------------------------------------------------------------

    def document(self) -> dict[str, Any]:
        """Return the preprocessing as plain values, for the model file."""
        margins = [[level, list(one)] for level, one in self.trust.margins.items()]
        return {
            "format": FORMAT,
            "kind": "forecast",
            "reader": self.reader.get_config(),
            "design": self.design.get_config(),
            "scale": self.scale,
            "trust": {"share": self.trust.share, "naive": self.trust.naive, "margins": margins},
            "mase_scale": self.mase_scale,
            "reading": dict(self.reading),
        }

    @classmethod
    def of(cls, model: Model, path: Any) -> Self:
        """Return a forecaster that was read from `path` with its preprocessing.

        Raises:
            FileError: The preprocessing is damaged, of another version or another kind.
        """
        document = model.preprocessing
        if not isinstance(document, dict) or document.get("kind") != "forecast":
            raise FileError(f"{path}: got no model of the kind 'forecast'.")
        if document.get("format") != FORMAT:
            raise FileError(
                f"{path}: got preprocessing of format {document.get('format')!r}, expected "
                f"{FORMAT}. The file was written by a newer version: update pellucid."
            )
        try:
            design = Design.from_config(document["design"])
            found = cls(
                model,
                SeriesReader.from_config(document["reader"]),
                design,
                _above_0(document["scale"]),
                _checked_trust(document["trust"], design.horizon),
                _above_0(document["mase_scale"]),
                _checked_reading(document["reading"]),
            )
        except (KeyError, TypeError, ValueError, PellucidError) as error:
            raise FileError(f"{path}: preprocessing.json: {error}") from None
        found._check_fit(path)
        return found

    def _check_fit(self, path: Any) -> None:
        width, horizon = self.design.width(*self.reader.widths), self.design.horizon
        shape, end = self.model.input_shape, self.model.output_shape
        if shape != (None, width) or end != (None, horizon, 1):
            raise FileError(
                f"{path}: got preprocessing for {width} features and {horizon} steps with a "
                f"network from {shape} to {end}, expected the two to fit."
            )


def _above_0(value: Any) -> float:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not 0 < value < np.inf:
        raise ValueError(f"got {value!r}, expected a number above 0")
    return float(value)


def _checked_trust(held: Any, horizon: int) -> Trust:
    share, naive = held["share"], held["naive"]
    if not isinstance(share, (int, float)) or not 0 <= share <= 1 or naive not in NAIVE:
        raise ValueError(f"got the share {share!r} of a network beside {naive!r}")
    margins = {float(level): tuple(map(float, one)) for level, one in held["margins"]}
    for level, margin in margins.items():
        if (
            not 0 < level < 1
            or len(margin) != horizon
            or not all(0 <= one < np.inf for one in margin)
        ):
            raise ValueError(f"got margins of another form for the level {level!r}")
    return Trust(float(share), naive, margins)


def _checked_reading(reading: Any) -> dict[str, Any]:
    if not isinstance(reading, dict) or {*reading} != {*READING}:
        raise ValueError(f"got reading options of another form, expected {', '.join(READING)}")
    return reading


# -- what training and a saved model share ---------------------------------------------------


def blended(trust: Trust, simple: Mapping[str, NumpyArray], own: NumpyArray) -> NumpyArray:
    """Return forecasts that trust a network as far as it has shown to be right.

    Args:
        trust: How far.
        simple: The simplest forecasts.
        own: The network's.
    """
    return simple[trust.naive] + trust.share * (own - simple[trust.naive])


def usable(track: Track, origins: NumpyArray, horizon: int) -> NumpyArray:
    """Return the origins that have a value, and after which one came at all."""
    came = ~future(track.missing, origins, horizon).all(axis=1)
    return origins[~track.missing[origins] & came]


def actual_values(track: Track, origins: NumpyArray, horizon: int) -> NumpyArray:
    """Return what came after each origin, NaN where missing, shape (origins, horizon)."""
    return future(np.where(track.missing, np.nan, track.values), origins, horizon)


def coverage_texts(actual: NumpyArray, found: Forecasts) -> list[str]:
    """Return how many of the values lay in the intervals, a sentence for each level."""
    return [
        f"{coverage(actual, *ends):.1%} of the values lay in the {level:.4g} intervals."
        for level, ends in found.intervals.items()
    ]


def span_text(series: Series, origins: NumpyArray, horizon: int) -> str:
    """Return on what forecasts were judged."""
    ends = series.moments[[origins[0] + 1, origins[-1] + horizon]]
    first, last = moment_texts(ends, series.spacing)
    told = f"{count_text(len(origins), 'forecast')} of {count_text(horizon, 'step')}"
    return f"On {told} from {first} to {last}"


def moment_texts(moments: NumpyArray, spacing: Spacing) -> list[str]:
    """Return moments as text: dates where steps are days or longer and begin at midnight."""
    daily = spacing.days >= 1 and bool(np.all(moments == moments.astype("datetime64[D]")))
    unit = "datetime64[D]" if daily else "datetime64[s]"
    return [str(moment) for moment in moments.astype(unit)]


def _plain(values: NumpyArray) -> list[float | None]:
    return [None if np.isnan(one) else float(f"{one:.9g}") for one in values.reshape(-1).tolist()]
