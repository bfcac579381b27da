"""Which steps a forecast sees and which it must tell, and how a series is parted for it."""

from dataclasses import dataclass

import numpy as np

from pellucid.types import NumpyArray


@dataclass(frozen=True)
class Parts:
    """A series in three pieces, the oldest first.

    A forecast is made at an origin, the last step that it sees. Each of its steps lies in one
    part; what it looks back at may lie in an earlier part, never in a later one.

    Args:
        training: Number of the steps to learn from.
        validation: Number of those that decide.
        test: Number of those never seen until the end.
    """

    training: int
    validation: int
    test: int

    @classmethod
    def of(cls, steps: int, validation: float, test: float) -> "Parts":
        """Return the parts of a series.

        Args:
            steps: Its length.
            validation: Share of what is left by the test.
            test: Share of all steps.

        Example:
            >>> from pellucid.data.series import Parts
            >>> Parts.of(100, 0.25, 0.2)
            Parts(training=60, validation=20, test=20)
        """
        tested = round(test * steps)
        held = round(validation * (steps - tested))
        return cls(steps - tested - held, held, tested)

    @property
    def known(self) -> int:
        """Number of the steps before the test."""
        return self.training + self.validation

    @property
    def steps(self) -> int:
        """Number of all steps."""
        return self.known + self.test


def origins_between(first: int, begin: int, end: int, horizon: int) -> NumpyArray:
    """Return the origins whose forecasts lie within some steps.

    Args:
        first: Earliest origin with a past long enough.
        begin: First step that may be forecast.
        end: Step before which all forecast ones lie.
        horizon: Steps of a forecast.

    Example:
        >>> from pellucid.data.series import origins_between
        >>> origins_between(2, 5, 9, 2).tolist()
        [4, 5, 6]
    """
    return np.arange(max(first, begin - 1), end - horizon)


def past(values: NumpyArray, origins: NumpyArray, steps: int) -> NumpyArray:
    """Return the last values up to each origin, shape (origins, steps, ...), the newest last."""
    return values[origins[:, None] + np.arange(1 - steps, 1)]


def future(values: NumpyArray, origins: NumpyArray, steps: int) -> NumpyArray:
    """Return the values after each origin, shape (origins, steps, ...), the nearest first."""
    return values[origins[:, None] + np.arange(1, steps + 1)]


def seasonal(values: NumpyArray, origins: NumpyArray, steps: int, season: int) -> NumpyArray:
    """Return for each forecast step the last known value of the same place in the season.

    Args:
        values: Shape (steps,).
        origins: Shape (origins,); none before step `season - 1`.
        steps: Steps of a forecast.
        season: Steps of a season; 1 for the last value.

    Returns:
        Shape (origins, steps).

    Example:
        >>> import numpy as np
        >>> from pellucid.data.series import seasonal
        >>> seasonal(np.arange(10), np.array([6]), steps=4, season=3).tolist()
        [[4, 5, 6, 4]]
    """
    ahead = np.arange(1, steps + 1)
    return values[origins[:, None] + ahead - season * -(-ahead // season)]
