"""Forks of a run in training: which are tried, which are let go, what they score."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np

from pellucid.errors import PellucidError
from pellucid.insight.findings import Diagnosis
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.remedies import (
    DropColumns,
    DropLeak,
    DropOverlap,
    EndEarlier,
    Remedy,
    Rows,
    Setup,
)
from pellucid.models import forks
from pellucid.models.code import literal, setup_code
from pellucid.models.cohort import Cohort, Trainee
from pellucid.models.diagnosing import last_case
from pellucid.models.treatment import (
    ENOUGH,
    NOTHING,
    Scores,
    Treatment,
    Trial,
    judged,
    stands_apart,
)
from pellucid.models.yardstick import Yardstick
from pellucid.training.final_weights import best_epoch
from pellucid.training.history import History
from pellucid.wording import count_text, number_text

RUNGS = (1 / 8, 1 / 3)
"""Shares of the epochs after which weak forks are let go."""

LEAST_STEPS = 500
"""Steps that a fork may make before it is judged: slow beginnings are no weakness."""

FEWEST = 2
"""Forks that always stay: the others must be clearly worse than the best to go."""

DOUBTED = 2
"""Forks that are tried with more seeds where nothing else is a cure."""

COMBINED = 3
"""Cures that are tried two by two; where there are none but something gained, the best."""

ROUNDS, FOLLOWING = 3, 8
"""How often, and how many, remedies of what is still found in the best fork are tried on top."""

NONE_TRIED = "No remedy was tried: there was none that changes anything."

UNTRAINABLE = "Nothing could be trained: neither the run as it was, nor the run with any remedy."

TRAINABLE = (
    "The run as it was could not be trained. It can be with {}, "
    "but that does not clearly beat the best constant answer."
)

BEHIND = "its {} is {} where a linear model or a forest reaches {}"

HONEST: dict[type[Remedy], str] = {
    DropLeak: "a score with the columns is too good, as is that in the run's own history.",
    DropColumns: "a lower score may be the honest one, if the columns gave the answer away.",
    EndEarlier: "a score with the last steps is too good, as is that in the run's own history.",
    DropOverlap: "judged on validation rows that are not among the training rows.",
}
"""Remedies whose better model may have the lower score, and what to say of it."""


@dataclass(eq=False)
class _Fork:
    """One set-up in training with several seeds.

    Args:
        remedies: What was applied.
        setup: The set-up with it.
        prepared: What trains; None where it was refused.
        refusal: Why, then.
    """

    remedies: tuple[Remedy, ...]
    setup: Setup
    prepared: forks.Prepared | None = None
    refusal: str = ""

    @property
    def label(self) -> str:
        return " + ".join(map(_label, self.remedies)) or "as it was"

    @property
    def trainees(self) -> tuple[Trainee, ...]:
        """What trains, one for each seed; none where it was refused."""
        return () if self.prepared is None else self.prepared.trainees

    @property
    def epochs(self) -> int:
        """Epochs that were trained."""
        return max((len(one.logs) for one in self.trainees), default=0)

    @property
    def trains(self) -> bool:
        """Whether it was not refused and did not fail with every seed."""
        return any(not one.failed for one in self.trainees)

    @property
    def given_up(self) -> bool:
        """Whether it was let go before its end, though nothing had stopped it."""
        return any(_cut_short(one) for one in self.trainees)


def _is_same(one: Setup, other: Setup) -> bool:
    """Say whether two set-ups are one and the same run."""
    return (
        one.train is other.train
        and one.validation is other.validation
        and one.weights.keys() == other.weights.keys()
        and all(one.weights[name] is other.weights[name] for name in one.weights)
        and setup_code(one) == setup_code(other)
    )


def _cut_short(one: Trainee) -> bool:
    stopped = one.failed or (one.state is not None and int(one.state.stop))
    return one.freed and not stopped and len(one.logs) < one.epochs


class Trying:
    """Forks in training.

    Args:
        yardstick: By what they are judged.
        seeds: The seeds of each.
        loud: Whether to print what happens.
        validated_by: Arguments of `fit` for the rows to judge by, where the run had no rows of
            its own for that.
    """

    def __init__(
        self, yardstick: Yardstick, seeds: range, loud: bool, validated_by: Mapping[str, Any] | None
    ) -> None:
        self.yardstick, self.seeds, self.loud = yardstick, seeds, loud
        self.asked = seeds
        self.validated_by = validated_by
        self.shared = forks.Shared()
        self.held: dict[int, Rows] = {}
        self.sick: _Fork | None = None
        self.forks: list[_Fork] = []
        self.notes: list[str] = []
        self.remarks: list[str] = []
        self.metric = ""
        self.left: dict[int, Diagnosis] = {}
        self.original: Setup

    def try_all(self, setup: Setup, remedies: Sequence[Remedy], pairs: bool) -> None:
        """Train the set-up as it is, with each remedy, and with the best two by two."""
        self.original = setup
        sick = self.sick = self._fork(setup, ())
        single = [self._with(setup, (one,)) for one in remedies]
        self._train([sick, *(one for one in single if one is not None)], keep=sick)
        if not self._cures():
            self._ask_more_seeds(sick)
        if not pairs:
            return
        best = (self._cures() or self._promising())[:COMBINED]
        # Rows come first: what is fitted to them, as a scale is, must see them as they will be.
        best.sort(key=lambda one: one.setup.train is setup.train)
        both = [
            self._with(setup, (first.remedies[0], second.remedies[0]))
            for place, first in enumerate(best)
            for second in best[place + 1 :]
            if type(first.remedies[0]) is not type(second.remedies[0])
        ]
        self._train([one for one in both if one is not None])

    def try_on_top(self, setup: Setup) -> None:
        """Train the best fork with remedies of what it is still found to have, while that helps."""
        best = None
        for _ in range(ROUNDS):
            last, best = best, self._best() or next(iter(self._gaining()), None)
            if best is None or best is last:
                return
            self._try_on_top_of(best, setup)

    def _try_on_top_of(self, best: _Fork, setup: Setup) -> None:
        scores = self.yardstick.sign * np.array(self.scores(best))
        whole = [number for number, one in enumerate(best.trainees) if not one.failed]
        # The seed that came out worst shows best what is left.
        found = self._model(best, min(whole, key=lambda one: scores[one])).diagnose()
        self.left[id(best)] = found
        remedies = dict.fromkeys(
            one
            for finding in found
            if finding.severity != "note"
            for one in finding.remedies
            if one.leak is None and not isinstance(one, DropOverlap)
        )
        tried = {one.remedies for one in self.forks}
        more = [one for one in remedies if (*best.remedies, one) not in tried][:FOLLOWING]
        further = [self._with(setup, (*best.remedies, one)) for one in more]
        self._train([one for one in further if one is not None])

    def _with(self, setup: Setup, remedies: tuple[Remedy, ...]) -> _Fork | None:
        """Return the fork with some remedies; None where one of them changes nothing.

        Nor where the run that they lead to is one that trains already.
        """
        changed = setup
        for one in remedies:
            following = one.apply(changed)
            if following is changed:
                if len(remedies) == 1:
                    self.notes.append(f"{_label(one)}: there is nothing to change.")
                return None
            changed = following
        same = next((one for one in self.forks if _is_same(one.setup, changed)), None)
        if same is not None:
            told = " + ".join(map(_label, remedies))
            self.notes.append(f"{told}: the same run as {same.label}.")
            return None
        fork = self._fork(changed, remedies)
        self.forks.append(fork)
        return fork

    def _fork(self, setup: Setup, remedies: tuple[Remedy, ...]) -> _Fork:
        fork = _Fork(remedies, setup)
        try:
            self._prepare(fork, self.asked)
        except PellucidError as error:
            fork.refusal = str(error)
            self.notes.append(f"{fork.label}: could not be trained. {error}")
        return fork

    def _prepare(self, fork: _Fork, seeds: range) -> None:
        """Let a fork train with some seeds, beside those with which it has trained already."""
        rows, known = fork.setup.validation, self.original.validation
        assert rows is not None
        assert known is not None
        if id(rows) not in self.held:
            self.held[id(rows)] = self.yardstick.judged_rows(rows, known)
        setup = replace(fork.setup, validation=self.held[id(rows)])
        made = forks.prepare(setup, self.yardstick.metric, seeds, self.shared)
        fork.prepared = replace(made, trainees=(*fork.trainees, *made.trainees))
        self.metric = made.metric

    def _train(self, tried: Sequence[_Fork], keep: _Fork | None = None) -> None:
        """Train forks side by side, letting weak ones go at each rung."""
        going = [one for one in tried if one.prepared is not None]
        owners = [fork for fork in going for _ in fork.trainees]
        cohort = Cohort([one for fork in going for one in fork.trainees])
        for share in RUNGS:
            cohort.train([self._rung(one, share) for one in cohort.trainees])
            going = self._stronger(going, keep)
            cohort.free([number for number, fork in enumerate(owners) if fork not in going])
        cohort.train()

    def _rung(self, one: Trainee, share: float) -> int:
        """Return the epochs after which a fork is judged for the first or second time."""
        least = -(-LEAST_STEPS // one.member.steps_per_epoch)
        return max(round(share * int(self.original.fit["epochs"])), least)

    def _ask_more_seeds(self, sick: _Fork) -> None:
        """Train forks again that do better with all seeds, though within the sick run's spread."""
        doubtful = [
            one
            for one in self.forks
            if one.prepared is not None
            and sick.prepared is not None
            and not one.given_up
            and stands_apart(self.scores(sick), self.scores(one), self.yardstick.sign)
        ]
        doubtful = sorted(doubtful, key=lambda one: -self._value(one))[:DOUBTED]
        if not doubtful:
            return
        number = max(len(self.seeds), ENOUGH - len(self.seeds))
        more = range(self.seeds.stop, self.seeds.stop + number)
        again = [sick, *doubtful]
        for one in again:
            self._prepare(one, more)
        self.asked = range(self.seeds.start, more.stop)
        labels = ", ".join(one.label for one in doubtful)
        told = count_text(number, "more seed")
        self.notes.append(f"Too close to the spread to tell; tried with {told}: {labels}.")
        Cohort([one for fork in again for one in fork.trainees[len(self.seeds) :]]).train()

    def _stronger(self, going: list[_Fork], keep: _Fork | None) -> list[_Fork]:
        """Return the forks that train on: those not clearly worse than the best."""
        if not going:
            return going
        ranked = sorted(going, key=lambda one: -self._value(one))
        best = ranked[0]
        stay = [
            one
            for place, one in enumerate(ranked)
            if place < FEWEST or one is keep or not self._clearly_worse(one, best)
        ]
        if self.loud and len(stay) < len(going):
            gone = [one.label for one in going if one not in stay]
            print(f"treat: let go after {going[0].epochs} epochs: {', '.join(gone)}")
        return stay

    def _value(self, fork: _Fork) -> float:
        value = float(np.mean(self.scores(fork)))
        return self.yardstick.sign * value if np.isfinite(value) else -np.inf

    def _clearly_worse(self, fork: _Fork, best: _Fork) -> bool:
        if not np.isfinite(self.scores(fork)).all():
            return True
        return self._clearly_better(best, fork)

    def _clearly_better(self, one: _Fork, other: _Fork) -> bool:
        """Say whether one gains more than twice the error, by the seeds that both have."""
        pairs = zip(self.scores(other), self.scores(one), strict=False)
        before, after = zip(*pairs, strict=True)
        gain, error, _ = judged(before, after, self.yardstick.sign)
        return gain > 2 * error

    # -- scores --------------------------------------------------------------------------------

    def scores(self, fork: _Fork, epochs: int | None = None) -> list[float]:
        """Return a fork's score for each seed: now, or after a number of epochs."""
        if fork.prepared is None:
            return [self._fallback()] * len(self.seeds)
        name = fork.prepared.metric
        found = []
        for one in fork.trainees:
            seen = one.logs if epochs is None else one.logs[:epochs]
            if one.failed or not seen:
                found.append(self._fallback())
                continue
            row = seen[-1]
            if epochs is None and one.state is not None and not one.freed:
                best = best_epoch(one.recipe, one.state)
                row = seen[-1] if best is None else seen[best]
            value = float(row[name])
            found.append(value if np.isfinite(value) else self._fallback())
        return found

    def _fallback(self) -> float:
        """Return what a run that failed scores: as a constant answer does, else the worst seen."""
        if self.yardstick.fallback is not None:
            return self.yardstick.fallback
        seen = [
            float(row[one.prepared.metric])
            for one in [*([] if self.sick is None else [self.sick]), *self.forks]
            if one.prepared is not None
            for trainee in one.trainees
            for row in trainee.logs
        ]
        finite = [one for one in seen if np.isfinite(one)]
        if not finite:
            return float("nan")
        return min(finite) if self.yardstick.higher else max(finite)

    def _cures(self) -> list[_Fork]:
        """Return the forks that are cures, the best first."""
        found = [one for one in self.forks if self._trial(one).cured]
        return sorted(found, key=lambda one: -self._value(one))

    def _gaining(self) -> list[_Fork]:
        """Return the forks that gain more than their error, the best first."""
        trials = [(one, self._trial(one)) for one in self.forks if not one.given_up and one.trains]
        found = [fork for fork, trial in trials if trial.gain > trial.error]
        return sorted(found, key=lambda one: -self._value(one))

    def _promising(self) -> list[_Fork]:
        """Return the forks with the best scores, if one of them gains more than its error."""
        found = [one for one in self.forks if not one.given_up and one.trains]
        return sorted(found, key=lambda one: -self._value(one)) if self._gaining() else []

    def _trial(self, fork: _Fork) -> Trial:
        assert self.sick is not None
        sick = self.sick
        whole = fork.prepared is not None and not fork.given_up
        after = self.scores(fork)
        before = self.scores(sick, None if whole else fork.epochs)[: len(after)]
        gain, error, cured = judged(before, after, self.yardstick.sign)
        notes = [HONEST[type(one)] for one in fork.remedies if type(one) in HONEST]
        if fork.prepared is None:
            notes.append("could not be trained.")
        elif all(one.failed for one in fork.trainees):
            notes.append("a loss or gradient was not finite.")
        elif not whole:
            notes.append(f"given up after {count_text(fork.epochs, 'epoch')} as clearly weaker.")
        return Trial(
            fork.label,
            tuple(one.name for one in fork.remedies),
            tuple(one.words for one in fork.remedies),
            Scores(tuple(before)),
            Scores(tuple(after)),
            gain,
            error,
            cured and whole and not any(one.failed for one in fork.trainees),
            fork.epochs,
            sum(one.steps for one in fork.trainees),
            sum(one.seconds for one in fork.trainees),
            " ".join(notes),
        )

    # -- what comes out --------------------------------------------------------------------------

    def treatment(self, seconds: float) -> Treatment:
        """Return the table, and the model of the best cure."""
        assert self.sick is not None
        sick = self.sick
        trials = {id(one): self._trial(one) for one in self.forks}
        ranked = sorted(self.forks, key=lambda one: (not trials[id(one)].cured, -self._value(one)))
        best = self._best()
        model, diff, code = None, "", ""
        if best is not None:
            model, remarks = self._model(best), [*self.remarks, *_remarks(sick, best)]
            code = setup_code(best.setup, remarks, self.validated_by, self._row_code(best))
            diff = "".join(
                difflib.unified_diff(
                    setup_code(sick.setup, self.remarks, self.validated_by).splitlines(
                        keepends=True
                    ),
                    code.splitlines(keepends=True),
                    "as it was",
                    "treated",
                )
            )
        if not sick.trains and self.yardstick.fallback is not None:
            self.notes.append("The run as it was fails: it scores as the best constant answer.")
        return Treatment(
            self.metric.replace("val_weighted_", "val_"),
            self.yardstick.higher,
            tuple(trials[id(one)] for one in ranked),
            None if best is None else trials[id(best)],
            model,
            diff,
            tuple(self.seeds),
            tuple(self.notes),
            seconds,
            self._verdict(),
            code,
            sick.refusal,
            "" if best is None else self._still(best, model),
        )

    def _still(self, best: _Fork, model: Any) -> str:
        """Return a sentence about what the best fork still lacks; nothing where it lacks none."""
        case = last_case(model)
        judged, simple = case.judged, case.reference
        parts = []
        if judged is not None and simple is not None and not did_well(case):
            unit = "R²" if judged.classes is None else "accuracy"
            scores = number_text(judged.score), number_text(simple)
            parts += [BEHIND.format(unit, *scores)] if judged.score < simple else []
        found = self.left.get(id(best))
        names = [] if found is None else [one for one in found if one.severity != "note"]
        if names:
            listed = ", ".join(dict.fromkeys(one.name for one in names))
            parts.append(f"the diagnosis still finds {listed}")
        return f"It is not yet sound: {', and '.join(parts)}." if parts else ""

    def _row_code(self, best: _Fork) -> list[str]:
        """Return the lines that change rows as the best fork does.

        Rows of several inputs, weights, and validation rows of their own need more than x and y.
        """
        train = self.original.train
        several = isinstance(train.x, dict) or isinstance(train.y, dict)
        if self.validated_by is None or several or train.sample_weight is not None:
            return []
        if not self.validated_by and any(getattr(one, "rows", ()) for one in best.remedies):
            return []  # their numbers are those without the rows that are held out
        return [line for one in best.remedies for line in one.row_code(self.original)]

    def _verdict(self) -> str:
        """Return what is said where nothing was a cure."""
        assert self.sick is not None
        if self.sick.trains:
            return NOTHING if self.forks else NONE_TRIED
        trained = [one.label for one in self.forks if one.trains]
        if not trained:
            return UNTRAINABLE
        return TRAINABLE.format(", ".join(trained))

    def _best(self) -> _Fork | None:
        """Return the cure with the best score, without remedies that add nothing clear."""
        cures, best = self._cures(), None
        for count in sorted({len(one.remedies) for one in cures}):
            fork = next(one for one in cures if len(one.remedies) == count)
            if best is None or self._clearly_better(fork, best):
                best = fork
        return best

    def _model(self, fork: _Fork, place: int = 0) -> Any:
        """Return the fork's model for one of the seeds, as `fit` would have left it."""
        assert fork.prepared is not None
        trained = fork.trainees[place]
        history = History({"epochs": trained.epochs, "steps": trained.member.steps_per_epoch})
        for number, row in enumerate(trained.logs):
            own = {name: value for name, value in row.items() if name not in fork.prepared.extra}
            history.append(number, own)
        model = forks.model_of(fork.setup, self.asked[place])
        return trained.give_to(model, partial(forks.request_of, fork.setup), history)


def _label(remedy: Remedy) -> str:
    """Return a remedy's name with what sets it apart from others of its kind."""
    values = [getattr(remedy, one.name) for one in fields(remedy)]
    told = [_short(value) for value in values if value not in (None, ())]
    return f"{remedy.name}({', '.join(told)})" if told else remedy.name


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return f"{len(value)}" if isinstance(value, tuple) and len(value) > 2 else literal(value)


def _remarks(sick: _Fork, best: _Fork) -> list[str]:
    """Return the words of the remedies that changed rows, which code does not show."""
    found, setup = [], sick.setup
    for one in best.remedies:
        changed = one.apply(setup)
        if changed.train is not setup.train or changed.validation is not setup.validation:
            found.append(one.words)
        setup = changed
    return found
