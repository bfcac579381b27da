"""How far forecasts are off, and whether one is better than another by more than noise."""

import math

import numpy as np

from pellucid.types import NumpyArray


def naive_scale(values: NumpyArray, season: int) -> float:
    """Return the mean distance between training values a season apart, the scale of MASE.

    `mean |y[t] - y[t - season]|`

    Args:
        values: Training values in order, NaN where missing, shape (steps,).
        season: Steps of a season; 1 for neighbours.

    Source: Hyndman and Koehler, "Another Look at Measures of Forecast Accuracy" (2006).
    """
    return float(np.nanmean(np.abs(values[season:] - values[:-season])))


def score_forecasts(
    actual: NumpyArray, predicted: NumpyArray, scale: float
) -> dict[str, float | None]:
    """Return MASE, sMAPE, MAE and RMSE of forecasts; values that are missing do not count.

    MASE is the mean absolute error divided by `scale`: below 1, it is less than that of taking
    the value a season before within the training part. sMAPE is
    `mean 200 |y - f| / (|y| + |f|)`, from 0 to 200.

    Args:
        actual: What came, NaN where missing, shape (origins, steps).
        predicted: What was forecast, the same shape.
        scale: See `naive_scale`.

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import score_forecasts
        >>> scores = score_forecasts(np.array([[1.0, 3.0]]), np.array([[2.0, 3.0]]), scale=2.0)
        >>> scores["mase"], round(scores["smape"], 3)
        (0.25, 33.333)

    Source: Hyndman and Koehler, "Another Look at Measures of Forecast Accuracy" (2006);
        Makridakis et al., "The M4 Competition" (2020) for sMAPE.
    """
    error = np.abs(actual - predicted)
    size = np.abs(actual) + np.abs(predicted)
    relative = np.divide(200 * error, size, out=np.zeros_like(error), where=size > 0)
    relative[np.isnan(actual)] = np.nan
    return {
        "mase": float(np.nanmean(error)) / scale,
        "smape": float(np.nanmean(relative)),
        "mae": float(np.nanmean(error)),
        "rmse": float(np.sqrt(np.nanmean(error**2))),
    }


def coverage(actual: NumpyArray, low: NumpyArray, high: NumpyArray) -> float:
    """Return the share of values within their intervals; values that are missing do not count."""
    known = ~np.isnan(actual)
    return float(np.mean((actual[known] >= low[known]) & (actual[known] <= high[known])))


def sureness(actual: NumpyArray, one: NumpyArray, other: NumpyArray) -> float:
    """Return by how many standard errors one forecast is nearer to the truth than another.

    The mean over origins of the difference of absolute errors, divided by its standard error,
    which allows for neighbouring origins being alike; above 1.96 one is better by more than
    chance, at five in a hundred.

    Args:
        actual: What came, NaN where missing, shape (origins, steps).
        one: A forecast, the same shape.
        other: What it is compared with.

    Returns:
        Above 0 where `one` is nearer; 0 where the two never differ.

    Source: Diebold and Mariano, "Comparing Predictive Accuracy" (1995), with the weights of
        Newey and West (1987).
    """
    known = ~np.isnan(actual)
    rows = known.any(axis=1)
    gain = np.where(known, np.abs(actual - other) - np.abs(actual - one), 0.0)
    gains = gain[rows].sum(axis=1) / known[rows].sum(axis=1)
    count = len(gains)
    if count < 2 or not np.any(gains):
        return 0.0
    away = gains - gains.mean()
    lags = min(count - 1, max(actual.shape[1] - 1, int(count ** (1 / 3))))
    variance = float(away @ away) / count
    for lag in range(1, lags + 1):
        share = 1 - lag / (lags + 1)
        variance += 2 * share * float(away[lag:] @ away[:-lag]) / count
    error = math.sqrt(max(variance, 0.0) / count)
    if error == 0:
        return math.copysign(math.inf, gains.mean())
    return float(gains.mean()) / error
