"""Learning from the known steps of one series, and deciding by the newest of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pellucid.data.series import Line, Parts, Track, future, simple_forecasts
from pellucid.models import Model
from pellucid.tasks.committee import default_batch_size
from pellucid.tasks.forecast_choice import (
    Choice,
    fit_lines,
    held_origins,
    training_origins,
)
from pellucid.tasks.forecast_network import Examples, Trial, final_networks, try_networks
from pellucid.tasks.forecast_trust import LOUDNESS, Mixture, choose_mixture, margins_of
from pellucid.tasks.forecaster import Trust, actual_values, blended
from pellucid.types import NumpyArray

BESIDE_LINE, ALONE = "beside a line", "alone"
"""Kinds of networks: with a line whose answer is added to theirs, and without."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A part of the test, and what has learned from all before it.

    Args:
        origins: Origins of its forecasts.
        model: The network.
        line: The line.
    """

    origins: NumpyArray
    model: Model
    line: Line


class Learner:
    """Learns from the known steps of one series by one design.

    Args:
        track: The series.
        parts: Its parts.
        choice: The design.
        batch_size: Examples in a step; by their number when None.
        seed: Seed of everything random.
        verbose: As in `fit`.

    Attributes:
        scale: What the networks' outputs are multiplied by.
    """

    def __init__(
        self,
        track: Track,
        parts: Parts,
        choice: Choice,
        batch_size: int | None,
        seed: int,
        verbose: Any,
    ) -> None:
        self.track, self.parts, self.choice, self.design = track, parts, choice, choice.design
        self.seed, self.verbose = seed, verbose
        self.training = training_origins(self.design, track, parts.training)
        self.held = held_origins(self.design, track, parts.training, parts.known)
        lines, self.scaler = fit_lines(self.design, track, self.training)
        self.line = lines[choice.strength]
        self.scale = float(self.design.targets(track, self.training).std()) or 1.0
        self.batch_size = batch_size or default_batch_size(len(self.training))

    def examples(self, origins: NumpyArray) -> Examples:
        """Return what the networks learn at some origins."""
        horizon = self.design.horizon
        x = self.design.features(self.track, origins)
        y = self.design.targets(self.track, origins) / self.scale
        came = ~future(self.track.missing, origins, horizon)
        weight = None if came.all() else came.astype(np.float32)
        return Examples(x, y.astype(np.float32)[..., None], weight)

    def simple(self, origins: NumpyArray) -> Mapping[str, NumpyArray]:
        """Return the simplest forecasts at some origins."""
        design = self.design
        return simple_forecasts(self.track.values, origins, design.horizon, design.season)

    def line_forecasts(self, line: Line, origins: NumpyArray) -> NumpyArray:
        """Return the forecasts of a line, shape (origins, horizon)."""
        told = line(self.scaler(self.design.features(self.track, origins)))
        return self.design.forecasts(self.track, origins, told)

    def tried(
        self, levels: Sequence[float], epochs: int, probe: str | None
    ) -> tuple[Mixture, dict[float, tuple[float, ...]], Trial]:
        """Return the best mixture on the validation part, its margins, and its networks.

        Args:
            levels: Shares that intervals shall hold.
            epochs: Most epochs of a network.
            probe: What looks into the first one.
        """
        origins = np.concatenate([self.training, self.held])
        trials = try_networks(
            self.examples(origins),
            np.arange(len(self.training)),
            np.arange(len(self.training), len(origins)),
            {BESIDE_LINE: self.line, ALONE: None},
            self.scaler,
            self.scale,
            epochs=epochs,
            batch_size=self.batch_size,
            seed=self.seed,
            probe=probe,
            verbose=self.verbose,
        )
        told, simple = self._told(trials), self.simple(self.held)
        actual = actual_values(self.track, self.held, self.design.horizon)
        mixture = choose_mixture(actual, simple, told)
        trust = Trust(mixture.share, mixture.naive, {})
        values = blended(trust, simple, told[mixture.kind][mixture.loudness])
        margins = margins_of(actual, values, self.design, levels)
        return mixture, margins, trials[mixture.kind]

    def _told(self, trials: Mapping[str, Trial]) -> dict[str, dict[float, NumpyArray]]:
        """Return what each kind of network forecasts on the validation part, by loudness."""
        design, track, held = self.design, self.track, self.held
        x = design.features(track, held)
        straight = self.line(self.scaler(x))
        beside = self.scale * trials[BESIDE_LINE].tell(x) - straight
        return {
            BESIDE_LINE: {
                one: design.forecasts(track, held, straight + one * beside) for one in LOUDNESS
            },
            ALONE: {1.0: design.forecasts(track, held, self.scale * trials[ALONE].tell(x))},
        }

    def final(self, mixture: Mixture, epochs: int, refits: int) -> list[Piece]:
        """Return the pieces of the test, and what has learned from all before each.

        Args:
            mixture: What was chosen.
            epochs: Epochs that were best.
            refits: Number of the pieces after the first.
        """
        parts, design, track = self.parts, self.design, self.track
        begins = [parts.known + number * parts.test // (refits + 1) for number in range(refits + 1)]
        # A piece's last forecasts reach into the next one.
        reaching = [min(begin + design.horizon - 1, parts.steps) for begin in begins[1:]]
        tested = [
            held_origins(design, track, begin, end)
            for begin, end in zip(begins, [*reaching, parts.steps], strict=True)
        ]
        origins = training_origins(design, track, begins[-1])
        rows = [np.flatnonzero(origins < begin - design.horizon) for begin in begins]
        lines = [
            fit_lines(design, track, origins[chosen], self.scaler)[0][self.choice.strength]
            for chosen in rows
        ]
        models = final_networks(
            self.examples(origins),
            rows,
            lines if mixture.kind == BESIDE_LINE else [None] * len(lines),
            self.scaler,
            self.scale,
            mixture.loudness,
            epochs=epochs,
            batch_size=self.batch_size,
            seed=self.seed,
            verbose=self.verbose,
        )
        found = zip(tested, models, lines, strict=True)
        return [Piece(*one) for one in found if len(one[0])]
