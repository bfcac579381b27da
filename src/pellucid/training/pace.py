"""How far a run is, how fast it goes and how long it will still take."""

from dataclasses import dataclass, field


@dataclass
class Pace:
    """Speed since the first report, so that the time spent compiling is not extrapolated.

    Args:
        first: The epoch at which the run begins, counted from 0.
        last: The epoch at which it shall end.
        steps: Steps an epoch; None if unknown.
        begun: The clock when it began, seconds.

    Example:
        >>> from pellucid.training.pace import Pace
        >>> pace = Pace(first=0, last=10, steps=4, begun=0.0)
        >>> pace.report(1, 0, now=5.0)  # one epoch done; it was compiled first
        >>> pace.report(3, 0, now=6.0)
        >>> pace.rate, pace.left
        (8.0, 3.5)
    """

    first: int
    last: int
    steps: int | None
    begun: float
    epoch: int = 0
    step: int = 0
    told: float | None = None
    _reports: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.epoch = self.first
        self._reports = [(0.0, self.begun)]

    def report(self, epoch: int, step: int, now: float, told: float | None = None) -> None:
        """Note that `step` steps of `epoch`, counted from 0, are done.

        Args:
            epoch: The epoch.
            step: Steps done in it.
            now: The clock, seconds.
            told: Steps a second, where the trainer knows better.
        """
        self.epoch, self.step, self.told = epoch, step, told
        # The first report and the newest are all that is needed.
        self._reports = [*self._reports[:2], (self.done, now)][-3:]

    @property
    def done(self) -> float:
        """Epochs done since the start, the begun one as a fraction."""
        part = min(self.step / self.steps, 1.0) if self.steps else 0.0
        return self.epoch - self.first + part

    @property
    def total(self) -> int:
        """Epochs from start to end."""
        return self.last - self.first

    @property
    def _epochs_a_second(self) -> float | None:
        since = self._reports[1] if len(self._reports) > 2 else self._reports[0]
        done, seconds = self._reports[-1][0] - since[0], self._reports[-1][1] - since[1]
        return done / seconds if done > 0 and seconds > 0 else None

    @property
    def rate(self) -> float | None:
        """Steps a second, if known."""
        epochs = self._epochs_a_second
        if self.told is not None or epochs is None or self.steps is None:
            return self.told
        return epochs * self.steps

    @property
    def left(self) -> float | None:
        """Seconds that are left at this speed, if known."""
        epochs = self._epochs_a_second
        if self.told and self.steps:
            epochs = self.told / self.steps
        return (self.total - self.done) / epochs if epochs else None
