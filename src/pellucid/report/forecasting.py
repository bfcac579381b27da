"""Pictures of forecasts over time."""

from typing import TYPE_CHECKING

import numpy as np

from pellucid.drawing import BLUE, INK, SKY, new_figure, styled, subtitle
from pellucid.errors import Problem, report
from pellucid.types import ArrayLike

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@styled
def forecasts(
    times: ArrayLike,
    actual: ArrayLike,
    predicted: ArrayLike,
    low: ArrayLike,
    high: ArrayLike,
    *,
    name: str = "value",
    level: float = 0.9,
    title: str = "Forecast and what came",
) -> "Figure":
    """Draw forecasts with their intervals over time, and what came.

    Args:
        times: datetime64, ascending, shape (steps,).
        actual: What came, NaN where missing, shape (steps,).
        predicted: What was forecast.
        low: Lower ends of the intervals.
        high: Upper ends.
        name: What the numbers are: "price".
        level: Share of the values that the intervals shall hold.
        title: Stands above.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: The arrays differ in length.

    Example:
        >>> import numpy as np
        >>> from pellucid.report import forecasts
        >>> days = np.arange("2024-01-01", "2024-01-04", dtype="datetime64[D]")
        >>> figure = forecasts(days, [1, 2, 3], [1, 2, 4], [0, 1, 2], [2, 3, 5])
        >>> figure.axes[0].texts[0].get_text()
        '100.0% of the values lie in the 0.9 intervals'
    """
    given = {"actual": actual, "predicted": predicted, "low": low, "high": high}
    arrays = {key: np.asarray(one, float) for key, one in given.items()}
    moments = np.asarray(times)
    report(
        Problem(
            f"forecasts({key}=...)", f"shape {one.shape}", f"that of the times, {moments.shape}"
        )
        for key, one in arrays.items()
        if one.shape != moments.shape
    )
    figure, (panel,) = new_figure(width=6.0, height=3.4)
    panel.fill_between(
        moments,
        arrays["low"],
        arrays["high"],
        color=SKY,
        alpha=0.35,
        lw=0,
        label=f"{level:.4g} interval",
    )
    panel.plot(moments, arrays["actual"], color=INK, lw=1.0, label="actual")
    panel.plot(moments, arrays["predicted"], color=BLUE, lw=1.2, label="forecast")
    panel.set_ylabel(name)
    known = ~np.isnan(arrays["actual"])
    inside = (arrays["actual"] >= arrays["low"]) & (arrays["actual"] <= arrays["high"])
    share = float(inside[known].mean()) if known.any() else float("nan")
    subtitle(panel, title, f"{share:.1%} of the values lie in the {level:.4g} intervals")
    panel.legend(loc="best")
    figure.autofmt_xdate()
    return figure
