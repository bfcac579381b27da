"""What can be said of a run while it goes on, each thing once and only when it is sure."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.gradients import FADED, GROWN
from pellucid.insight.findings.rules.units import MOST
from pellucid.insight.findings.views import share_text
from pellucid.training.history import History
from pellucid.training.probes import Probes
from pellucid.wording import number_text

PERSISTENT = 4
"""Readings in a row in which something must be seen."""

WARM_UP = 0.1
"""Share of the run, by steps, in which nothing is said."""

RISEN, FALLEN = 2.0, 0.95
"""Shares of the constant answer's loss from which the loss has risen, down to which it is stuck."""


class Watch:
    """Looks at a run's readings as they come, and says what is wrong as soon as it is sure.

    Something is sure when it shows in four readings in a row after the first tenth of the run,
    and when the loss is still that of an answer which is the same for all rows: what is only
    warm-up passes before.

    Args:
        steps: Steps of the whole run; None where nobody knows.
        hidden: Paths of the layers that are no outputs.
        constant: Loss of the best answer that is the same for all rows; None where unknown.
    """

    def __init__(
        self, steps: int | None, hidden: frozenset[str], constant: float | None = None
    ) -> None:
        self.steps, self.hidden, self.constant = steps, hidden, constant
        self.said: list[Finding] = []
        self._seen = 0

    def __call__(self, history: History) -> list[Finding]:
        """Return what has become sure since the last call."""
        probes = history.probes
        if len(probes.steps) == self._seen or not self._is_time(probes):
            return []
        self._seen = len(probes.steps)
        known = {(one.name, one.layer) for one in self.said}
        new = [one for one in self._sure(probes) if (one.name, one.layer) not in known]
        self.said += new
        return new

    def _is_time(self, probes: Probes) -> bool:
        if len(probes.steps) <= PERSISTENT or ("run", "loss") not in probes:
            return False
        return probes.steps[-PERSISTENT] >= WARM_UP * (self.steps or 0)

    def _sure(self, probes: Probes) -> Iterator[Finding]:
        loss = probes["run", "loss"].value
        late, step = loss[-PERSISTENT:], int(probes.steps[-PERSISTENT]) + 1
        if not np.isfinite(loss).all():
            return
        first = float(loss[0])
        constant = first if self.constant is None else self.constant
        if late.min() > RISEN * max(first, constant) > 0:
            yield Finding(
                "lr-too-high",
                "fault",
                f"The loss has risen from {number_text(first)} to "
                f"{number_text(float(late[-1]))}. The steps are so large that they jump over "
                "the valley they should go down into.",
                {"first loss": first, "loss now": float(late[-1])},
                step=step,
            )
        if late.mean() > FALLEN * min(first, constant):
            yield from self._stuck(probes, step)

    def _stuck(self, probes: Probes, step: int) -> Iterator[Finding]:
        """Yield what holds up a run whose loss does not fall."""
        for layer in probes.layers:
            dead = self._least(probes, layer, "activation/dead")
            if dead > MOST:
                yield Finding(
                    "dead-units",
                    "fault",
                    f"{share_text(dead)} of the units of '{layer}' have been off for every row "
                    "looked at. A unit that is never on gets no gradient, and cannot come back.",
                    {"share of dead units": dead},
                    layer=layer,
                    step=step,
                )
            saturated = self._least(probes, layer, "activation/saturated")
            if layer in self.hidden and saturated > MOST:
                yield Finding(
                    "saturated-units",
                    "fault",
                    f"{share_text(saturated)} of what '{layer}' gives lies at the ends of its "
                    "range. There the activation is flat, so that hardly any gradient comes "
                    "through.",
                    {"share saturated": saturated},
                    layer=layer,
                    step=step,
                )
        yield from self._signals(probes, step)

    def _signals(self, probes: Probes, step: int) -> Iterator[Finding]:
        named = [layer for layer in probes.layers if (layer, "signal/rms") in probes]
        if len(named) < 2:
            return
        sizes = np.array([probes[layer, "signal/rms"].value[-PERSISTENT:] for layer in named])
        if not np.isfinite(sizes).all():
            return
        first, later, last = sizes[0], sizes[1:].max(axis=0), sizes[-1]
        if (first < FADED * later).all():
            share = float(first[-1] / later[-1])
            yield Finding(
                "vanishing-gradient",
                "fault",
                f"Only {number_text(share)} of the error's message arrives at '{named[0]}'. Each "
                "layer on the way back makes it smaller, so that the first layers hardly learn.",
                {"signal at the first / at the last layer": share},
                layer=named[0],
                step=step,
            )
        if (first > GROWN * last).all() and last[-1] > 0:
            ratio = float(first[-1] / last[-1])
            yield Finding(
                "exploding-gradient",
                "fault",
                f"The error's message is {number_text(ratio)} times as large at '{named[0]}' as at "
                f"'{named[-1]}'. Each layer on the way back makes it larger, and steps are far "
                "too long.",
                {"signal at the first / at the last layer": ratio},
                layer=named[0],
                step=step,
            )

    def _least(self, probes: Probes, layer: str, quantity: str) -> float:
        """Return the least of the last readings; 0 where there are none."""
        if (layer, quantity) not in probes:
            return 0.0
        found = probes[layer, quantity].value[-PERSISTENT:]
        return float(found.min()) if np.isfinite(found).all() else 0.0
