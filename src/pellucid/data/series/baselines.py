"""Forecasts that learn nothing, which a network must beat to be worth its while."""

from collections.abc import Mapping

import numpy as np

from pellucid.data.series.windows import seasonal
from pellucid.types import NumpyArray


def simple_forecasts(
    values: NumpyArray, origins: NumpyArray, horizon: int, season: int
) -> Mapping[str, NumpyArray]:
    """Return what the simplest methods say at each origin, from the values up to it alone.

    "naive" repeats the last value, "seasonal naive" those of a season before, "drift" goes on
    along the line from the first value to the last.

    Args:
        values: The series, each gap filled with the value before, NaN only at the beginning.
        origins: Last step that each forecast sees, none before step `season - 1`.
        horizon: Steps of a forecast.
        season: Steps of a season; 1 for none, then there is no "seasonal naive".

    Returns:
        Shape (origins, horizon) by name.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import simple_forecasts
        >>> said = simple_forecasts(np.array([1.0, 5.0, 3.0, 7.0]), np.array([3]), 2, season=2)
        >>> {name: one.tolist() for name, one in said.items()}
        {'naive': [[7.0, 7.0]], 'seasonal naive': [[3.0, 7.0]], 'drift': [[9.0, 11.0]]}

    Source: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice" (2021), section 5.2.
    """
    ahead = np.arange(1, horizon + 1)
    first = int(np.flatnonzero(~np.isnan(values))[0])
    last = values[origins][:, None]
    slope = (last - values[first]) / np.maximum(origins - first, 1)[:, None]
    forecasts = {"naive": np.repeat(last, horizon, axis=1)}
    if season > 1:
        forecasts["seasonal naive"] = seasonal(values, origins, horizon, season)
    forecasts["drift"] = last + slope * ahead
    return forecasts
