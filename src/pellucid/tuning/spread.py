"""How far a mean over folds can be trusted."""

import math
from dataclasses import dataclass

import numpy as np

from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Spread:
    """A mean over folds, its spread, and the interval in which the true value probably lies.

    Args:
        mean: The mean.
        sd: Standard deviation over the folds, that of a sample; NaN of a single one.
        low: Lower end of the interval; NaN of a single fold.
        high: Upper end.
        level: Probability of the interval.
        p: Probability of a mean as far from 0 as this one, where the true one is 0.
    """

    mean: float
    sd: float
    low: float
    high: float
    level: float
    p: float


def corrected(values: NumpyArray, ratio: float, level: float = 0.95) -> Spread:
    """Return the mean over folds with an interval that knows that training sets overlap.

    The values of J folds are not independent, since the folds share training rows. The variance
    of their mean is therefore taken to be (1/J + ratio) * sd**2, not sd**2 / J, with J - 1
    degrees of freedom of Student's t.

    Args:
        values: One value a fold.
        ratio: Number of test rows divided by that of training rows: 1/9 for ten folds.
        level: Probability of the interval, above 0 and below 1.

    Example:
        >>> import numpy as np
        >>> from pellucid.tuning.spread import corrected
        >>> spread = corrected(np.array([0.9, 0.8, 0.85, 0.95]), 1 / 3)
        >>> round(spread.mean, 3), round(spread.low, 3), round(spread.high, 3)
        (0.875, 0.718, 1.032)

    Source: Nadeau and Bengio, "Inference for the Generalization Error" (2003).
    """
    from scipy.special import stdtr, stdtrit

    values = np.asarray(values, np.float64)
    mean, count = float(values.mean()), len(values)
    if count < 2:
        return Spread(mean, math.nan, math.nan, math.nan, level, math.nan)
    sd = float(values.std(ddof=1))
    error = math.sqrt(1 / count + ratio) * sd
    reach = float(stdtrit(count - 1, 0.5 + level / 2)) * error
    if error:
        p = float(2 * stdtr(count - 1, -abs(mean) / error))
    else:
        p = 1.0 if mean == 0 else 0.0 if math.isfinite(mean) else math.nan
    return Spread(mean, sd, mean - reach, mean + reach, level, p)
