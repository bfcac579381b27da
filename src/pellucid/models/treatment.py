"""What a treatment found: for each remedy the score before and after, and what it cost."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from pellucid.text_table import text_table
from pellucid.training.history_json import to_json_value
from pellucid.wording import duration_text, number_text

ENOUGH = 5
"""Seeds from which on pairs of runs are counted."""

APART = 0.9
"""Share of the pairs of a treated and an untreated run in which the treated one is better."""

ROUNDING = 1e-6
"""Share of a score up to which a difference is rounding in single precision."""

NOTHING = "Nothing beat the run as it was by more than its spread over seeds."


def is_rounding(difference: float, size: float) -> bool:
    """Say whether a difference is no more than rounding beside numbers of a size."""
    return abs(difference) <= ROUNDING * abs(size)


@dataclass(frozen=True)
class Scores:
    """The scores of one set-up, one for each seed.

    Args:
        values: The scores, in the order of the seeds.
    """

    values: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Their mean."""
        return float(np.mean(self.values))

    @property
    def sd(self) -> float:
        """Their standard deviation, that of a sample."""
        return float(np.std(self.values, ddof=1)) if len(self.values) > 1 else 0.0

    def __str__(self) -> str:
        small = is_rounding(self.sd, self.mean)
        return f"{number_text(self.mean)} ± {'0' if small else number_text(self.sd)}"


@dataclass(frozen=True)
class Trial:
    """One remedy, or two together, tried beside the run as it was.

    Args:
        label: The remedies, joined, as they stand in the table.
        remedies: Their names, in the order in which they were applied.
        words: What they do, a sentence each.
        before: Scores of the run as it was, after as many epochs.
        after: Scores with the remedies.
        gain: Mean of the paired differences, seed by seed; above 0 is better.
        error: Standard error of that mean.
        cured: Whether the gain is outside its error and the spread; see `judged`.
        epochs: Epochs trained; fewer than the run's where it was given up as weak.
        steps: Training steps of all seeds together.
        seconds: Time they took, compilation included.
        note: What else is to be said, or nothing.
    """

    label: str
    remedies: tuple[str, ...]
    words: tuple[str, ...]
    before: Scores
    after: Scores
    gain: float
    error: float
    cured: bool
    epochs: int
    steps: int
    seconds: float
    note: str = ""

    @property
    def told(self) -> str:
        """The gain and its error as the table shows them."""
        gain, error = (
            0.0 if is_rounding(one, self.before.mean) else one for one in (self.gain, self.error)
        )
        return f"{gain:+.4g} ± {error:.2g}"

    def to_dict(self) -> dict[str, Any]:
        """Return the trial as plain JSON values."""
        return {
            "label": self.label,
            "remedies": list(self.remedies),
            "words": list(self.words),
            "before": [to_json_value(one) for one in self.before.values],
            "after": [to_json_value(one) for one in self.after.values],
            "gain": to_json_value(self.gain),
            "error": to_json_value(self.error),
            "cured": self.cured,
            "epochs": self.epochs,
            "steps": self.steps,
            "seconds": self.seconds,
            "note": self.note,
        }


def judged(
    before: Sequence[float], after: Sequence[float], sign: float
) -> tuple[float, float, bool]:
    """Return gain, its standard error, and whether it is a cure.

    A cure gains more than twice the standard error of the paired differences, and more than the
    standard deviation of the scores on either side. From five seeds on it may instead have the
    better score in nine of ten pairs of a treated and an untreated run, whichever their seeds: a
    run may be sick because each seed leads it elsewhere.

    Args:
        before: Scores of the run as it was, one for each seed.
        after: Scores of the treated one, for the same seeds.
        sign: 1 where higher scores are better, else -1.

    Example:
        >>> from pellucid.models.treatment import judged
        >>> gain, error, cured = judged([0.5, 0.6, 0.55], [0.9, 0.95, 0.91], 1.0)
        >>> round(gain, 2), cured
        (0.37, True)
        >>> judged([0.5, 0.6, 0.55], [0.52, 0.59, 0.58], 1.0)[2]
        False
    """
    differences = sign * (np.asarray(after) - np.asarray(before))
    gain = float(differences.mean())
    error = float(differences.std(ddof=1) / np.sqrt(len(differences)))
    spread = max(Scores(tuple(before)).sd, Scores(tuple(after)).sd)
    enough = len(differences) >= ENOUGH and stands_apart(before, after, sign)
    # Equal runs differ by rounding alone where the rows or the program differ.
    rounding = 1e-5 * max(1e-12, float(np.abs(before).max()))
    return gain, error, bool(gain > rounding and (enough or gain > max(2 * error, spread)))


def stands_apart(before: Sequence[float], after: Sequence[float], sign: float) -> bool:
    """Say whether in nine of ten pairs, of all seeds with all, the treated run is the better.

    Args:
        before: Scores of the run as it was.
        after: Scores of the treated one.
        sign: 1 where higher scores are better, else -1.

    Example:
        >>> from pellucid.models.treatment import stands_apart
        >>> stands_apart([0.5, 0.9, 0.7], [0.95, 0.96, 0.95], 1.0)
        True
    """
    differences = sign * np.subtract.outer(np.asarray(after), np.asarray(before))
    return bool(((differences > 0) + 0.5 * (differences == 0)).mean() >= APART)


@dataclass(frozen=True, eq=False)
class Treatment:
    """A run, forked: what each remedy did to its score.

    Args:
        metric: Name of the score, such as "val_accuracy".
        higher: Whether higher is better.
        table: A trial for each remedy and pair, the best score first.
        best: The trial whose model is given; None where nothing was a cure.
        model: The model trained with the best trial's remedies; None without one.
        diff: The change as a difference of Keras-style code; empty without one.
        seeds: The seeds with which each was trained.
        notes: Sentences about what was held out, left out or refused.
        seconds: Time that all took together.
        refusal: Why the run as it was could not be trained; empty where it could.
        verdict: What is said where nothing was a cure.
    """

    metric: str
    higher: bool
    table: tuple[Trial, ...]
    best: Trial | None
    model: Any
    diff: str
    seeds: tuple[int, ...]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    verdict: str = NOTHING
    code: str = field(default="", repr=False)
    """The code of the treated set-up; empty without one."""
    refusal: str = ""

    @property
    def cured(self) -> bool:
        """Whether a remedy beat the run outside its spread."""
        return self.best is not None

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the model as plain JSON values."""
        return {
            "metric": self.metric,
            "higher_is_better": self.higher,
            "cured": self.cured,
            "best": None if self.best is None else self.best.label,
            "verdict": "" if self.best is not None else self.verdict,
            "trials": [one.to_dict() for one in self.table],
            "diff": self.diff,
            "seeds": list(self.seeds),
            "notes": list(self.notes),
            "seconds": self.seconds,
            "refusal": self.refusal,
        }

    def to_json(self) -> str:
        """Return everything but the model as JSON text."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    @property
    def headers(self) -> tuple[str, ...]:
        """What the columns of the printed table are called."""
        return ("remedy", "before", "after", "gain", "cure", "epochs", "steps", "time")

    @property
    def cells(self) -> list[tuple[Any, ...]]:
        """The rows of the printed table."""
        return [
            (
                one.label,
                str(one.before),
                str(one.after),
                one.told,
                "yes" if one.cured else "no",
                one.epochs,
                one.steps,
                duration_text(one.seconds),
            )
            for one in self.table
        ]

    def __str__(self) -> str:
        direction = "higher" if self.higher else "lower"
        lines = []
        if self.table:
            told = f"{self.metric} over {len(self.seeds)} seeds, {direction} is better"
            lines = [told.lstrip(), "", text_table(self.cells, self.headers), ""]
        if self.best is None:
            lines.append(self.verdict)
        else:
            lines += [f"Best: {self.best.label}.", *(f"  {one}" for one in self.best.words)]
        told = dict.fromkeys(one.note for one in self.table if one.note)
        for note in told:
            labels = ", ".join(one.label for one in self.table if one.note == note)
            lines.append(f"{labels}: {note}")
        lines += self.notes
        if self.diff:
            lines += ["", self.diff.rstrip()]
        return "\n".join(lines)
