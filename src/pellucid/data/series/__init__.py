"""Series in time: their steps, windows over them, simple forecasts, and how far these are off."""

from pellucid.data.series.baselines import simple_forecasts
from pellucid.data.series.design import Design, Track
from pellucid.data.series.filling import fill_forward
from pellucid.data.series.leaks import FutureLeak, find_future
from pellucid.data.series.measures import coverage, naive_scale, score_forecasts, sureness
from pellucid.data.series.moments import find_time, moments_of
from pellucid.data.series.ridge import Line, ridge_lines
from pellucid.data.series.seasons import find_cycles, find_season, waves
from pellucid.data.series.series import Series, series_of
from pellucid.data.series.spacing import Spacing, find_spacing
from pellucid.data.series.windows import Parts, future, origins_between, past, seasonal

__all__ = [
    "Design",
    "FutureLeak",
    "Line",
    "Parts",
    "Series",
    "Spacing",
    "Track",
    "coverage",
    "fill_forward",
    "find_cycles",
    "find_future",
    "find_season",
    "find_spacing",
    "find_time",
    "future",
    "moments_of",
    "naive_scale",
    "origins_between",
    "past",
    "ridge_lines",
    "score_forecasts",
    "seasonal",
    "series_of",
    "simple_forecasts",
    "sureness",
    "waves",
]
