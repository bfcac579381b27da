"""The search itself: ask, train side by side, tell, again."""

import dataclasses
import math
import time
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pellucid.callbacks import EarlyStopping
from pellucid.errors import (
    NonFiniteError,
    PellucidError,
    PellucidWarning,
    Problem,
    did_you_mean,
    report,
    sentences_of,
    within,
)
from pellucid.models.cohort import Candidate, Cohort, Trainee
from pellucid.models.fingerprint import fingerprint
from pellucid.models.judging import Judge
from pellucid.models.preparing import ensure_built
from pellucid.seed import seed_after
from pellucid.training.final_weights import best_epoch, ends_with_mean
from pellucid.training.policies import listed_callbacks
from pellucid.tuning.blueprint import Blueprint
from pellucid.tuning.halving import Schedule, winners
from pellucid.tuning.metric_names import JUDGING, how_to_report
from pellucid.tuning.proposing import Proposal, Proposer, Round
from pellucid.tuning.space import Space, plain
from pellucid.tuning.store import Store, checksum
from pellucid.tuning.trial import State, Trial, finished_first, mean_score, ranked_trials
from pellucid.tuning.validation import Validation
from pellucid.tuning.widths import Widths
from pellucid.types import NumpyArray
from pellucid.wording import count_text

WAIT_SECONDS = 1.0
"""How often to look whether other processes have finished the last rounds."""

KEPT = 8
"""How many of the best trials are kept as they were trained."""

MOST_LEFT_OUT = 64
"""Trials one after another for whose programs time does not suffice, after which to end."""


@dataclass(frozen=True)
class Budget:
    """When a search ends: whatever comes first.

    Args:
        trials: Number of trials, or None.
        seconds: Seconds, or None.
        epochs: Epochs of all trials and folds together, or None.
    """

    trials: int | None = None
    seconds: float | None = None
    epochs: int | None = None


@dataclass(frozen=True)
class Task:
    """What every trial of a search has in common.

    Args:
        blueprint: What is built.
        space: From which values.
        validation: On which rows, and by which it is judged.
        fit: Arguments of `fit`, `epochs` among them.
        metric: The score, a reported value such as "val_loss".
        sign: 1 where higher scores are better, else -1.
        seed: Seed of the first trial's model.
    """

    blueprint: Blueprint
    space: Space
    validation: Validation
    fit: Mapping[str, Any]
    metric: str
    sign: float
    seed: int

    @property
    def policies(self) -> list[Any]:
        """The callbacks of each trial; if none are given it ends with its best epoch's weights."""
        if self.fit.get("callbacks") is not None:
            return listed_callbacks(self.fit["callbacks"])
        mode = "max" if self.sign > 0 else "min"
        patience = self.fit["epochs"]
        return [EarlyStopping(self.metric, patience=patience, mode=mode, restore_best_weights=True)]

    def arguments(self, own: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of `fit` of a trial with those of its own."""
        return {**self.fit, **own, "callbacks": self.policies}

    def seed_of(self, number: int) -> int:
        """Return the seed of a trial's model: of one seed for all the luck would be learned."""
        return seed_after(self.seed, number)

    def score_in(self, row: Mapping[str, Any]) -> float:
        """Return the score among reported values; NaN where nothing was reported."""
        return float(row.get(self.metric, math.nan))

    def candidates(self, values: Mapping[str, Any], number: int) -> list[Candidate]:
        """Return a candidate for each fold."""
        seed = self.seed_of(number)
        model, own = self.blueprint.make(values, seed)
        validation, arguments = self.validation, self.arguments(own)
        wider = self.widths.wider(model, values)
        return [
            Candidate(
                model,
                validation.data,
                arguments,
                part.train,
                part.validation,
                validation.held_out,
                wider,
            )
            for part in validation.parts
        ]

    @cached_property
    def widths(self) -> Widths:
        """The widths for which programs are compiled."""
        rows = self.space.middle.get("batch_size") or self.fit.get("batch_size") or 32
        return Widths(self.blueprint, self.space, self.validation.data.x, rows, self.seed)

    def about(self) -> dict[str, Any]:
        """Return as plain values what makes its trials what they are."""
        fit = {name: value for name, value in self.fit.items() if name != "callbacks"}
        model, _ = self.blueprint.make(self.space.middle, self.seed)
        ensure_built(model, self.validation.data.x)
        return {
            **fingerprint(model),
            "space": self.space.to_dict(),
            "metric": self.metric,
            "mode": "max" if self.sign > 0 else "min",
            "judged": self.validation.words,
            "judging_rows": checksum(self._judging_arrays(model)),
            "fit": plain(fit),
            "callbacks": [repr(one) for one in self.policies],
            "seed": self.seed,
        }

    def _judging_arrays(self, model: Any) -> Iterator[NumpyArray]:
        """Yield what says by which rows a trial is judged, and on which it is trained."""
        for part in self.validation.parts:
            yield from (one for one in (part.train, part.validation) if one is not None)
        if self.validation.held_out is not None:
            yield from self.validation.held_out.table(model).arrays

    def check_metric(self) -> None:
        """Refuse a metric that the models do not report.

        Raises:
            ArgumentError: Suggests a near one.
        """
        one = self.candidates(self.space.middle, 0)[0]
        names = Trainee(dataclasses.replace(one, fit={**one.fit, "callbacks": None})).names
        where, judging = f"{self.blueprint.where}(metric=...)", f"val_{self.metric}"
        if self.metric not in names:
            expected = f"one of {', '.join(names)}, which the model reports"
            fix = how_to_report(self.metric, names, JUDGING) or did_you_mean(self.metric, names)
            report([Problem(where, repr(self.metric), expected, fix)])
        if judging in names:
            given = f"{self.metric!r}, a score of the rows that are trained on"
            expected = "a score of rows that judge"
            report([Problem(where, given, expected, f"Did you mean '{judging}'?")])

    @property
    def most_epochs(self) -> int:
        """Epochs of a trial at most, over all folds."""
        own = self.space.parameters.get("epochs")
        each = self.fit["epochs"] if own is None else int(max(own.points()))
        return each * len(self.validation.parts)


@dataclass
class Spent:
    """Where the seconds of a search went.

    Attributes:
        asking: Asking for proposals.
        building: Making models and reading rows.
        compiling: Compiling, added up over programs, several of which go at once.
        longest: Compiling the slowest program.
        training: Training, with the compiling in it.
        telling: Writing to a storage.
        programs: What distinguishes the programs that were used.
    """

    asking: float = 0.0
    building: float = 0.0
    compiling: float = 0.0
    longest: float = 0.0
    training: float = 0.0
    telling: float = 0.0
    programs: set[Hashable] = field(default_factory=set)

    def seconds(self) -> dict[str, float]:
        """Return the seconds by name."""
        names = ("asking", "building", "training", "compiling", "telling")
        return {name: getattr(self, name) for name in names}


@dataclass
class Searching:
    """A search in progress.

    Args:
        task: What is tried.
        proposer: What proposes.
        schedule: Rounds and rungs.
        budget: When to end.
        asking_share: Most of the time that asking may take.
        tell: Called after each round with the trials so far.
        store: Where trials are kept that shall outlive the process, and others' are found.
    """

    task: Task
    proposer: Proposer
    schedule: Schedule
    budget: Budget
    asking_share: float
    tell: Callable[[Sequence[Trial]], None]
    store: Store | None = None
    kept: dict[int, Trainee] = field(default_factory=dict)
    """The best trials as they were trained, by number; none where folds judge, or where a trial
    was read from a storage."""
    trials: list[Trial] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    """By the numbers of trials whose values nothing can be trained with, what was said of them."""
    spent: Spent = field(default_factory=Spent)
    left_out: int = 0
    """Trials one after another, up to now, for whose programs time did not suffice."""
    begun: float = field(default_factory=time.perf_counter)

    @property
    def deadline(self) -> float | None:
        """Reading of `time.perf_counter` at which to end."""
        return None if self.budget.seconds is None else self.begun + self.budget.seconds

    def run(self) -> None:
        """Search until the budget is spent.

        Raises:
            NonFiniteError: No trial has a finite score.

        Warns:
            PellucidWarning: It was interrupted, or some values make nothing that can be trained.
        """
        where = self.task.blueprint.where
        try:
            for round in self._rounds():
                found = self._train(round, self._ask(round))
                self._keep(found)
                if found:
                    self.tell(self.trials)
        except KeyboardInterrupt:
            if not any(one.good for one in self.trials):
                raise
            told = f"{where}: interrupted; the trials so far are kept"
            warnings.warn(told, PellucidWarning, stacklevel=5)
        if self.refused:
            failed = count_text(len(self.refused), "trial")
            first = next(iter(self.refused.values())).rstrip(".")
            told = f"{where}: {failed} failed, as nothing can be trained with such values: {first}"
            fix = "Leave them out of the space, or let the function take them."
            warnings.warn(f"{told}. {fix}", PellucidWarning, stacklevel=5)
        check_any_good(self.trials, where)

    def _rounds(self) -> Iterator[Round]:
        number = 0
        while (round := self._next(number)) is not None:
            left = self._left()
            # However short the time, a first trial is made: a search shall have a result.
            late = self._late() and bool(self.trials)
            if left == 0 or late or self.left_out >= MOST_LEFT_OUT:
                return
            yield dataclasses.replace(round, size=min(round.size, left)) if left else round
            number += 1

    def _next(self, number: int) -> Round | None:
        """Return the next round, in the order of their numbers or of the storage's gaps."""
        if self.store is None:
            return self.schedule.round(number)
        if self.left_out:
            # The first gap is the round that has just been left out.
            return None
        begun = time.perf_counter()
        while (round := self.store.claim(self.schedule)) is None:
            # Others are at what is left: their trials are results of this search, too, and a
            # round whose process is killed is taken over.
            if self._late() or not self.store.pending(self.schedule):
                break
            time.sleep(WAIT_SECONDS)
        self.trials = self.store.read()
        self.spent.telling += time.perf_counter() - begun
        return round

    def _keep(self, found: Sequence[Trial]) -> None:
        """Take up what was trained, and write down what is finished."""
        known = {one.number for one in self.trials}
        new = [one for one in found if one.number not in known]
        self.trials += new
        # Rungs compare a whole round: of one that was not begun as a whole nothing is decided.
        decided = self.schedule.halving is None or not self.left_out
        if self.store is not None and decided:
            begun = time.perf_counter()
            self.store.write([one for one in new if one.state != "cut off"])
            self.spent.telling += time.perf_counter() - begun

    def _left(self) -> int | None:
        """Return how many trials the epochs that are left suffice for; None for any number."""
        if self.budget.epochs is None:
            return None
        left = self.budget.epochs - sum(one.trained for one in self.trials)
        return max(0, left // self.task.most_epochs)

    def _ask(self, round: Round) -> list[Proposal]:
        begun = time.perf_counter()
        share = self.asking_share
        elapsed = begun - self.begun
        allowed = float("inf") if share >= 1 else share * elapsed - self.spent.asking
        told = [one for one in self.trials if one.number < round.first]
        proposals = self.proposer.propose(self.task.space, round, told, allowed)
        self.spent.asking += time.perf_counter() - begun
        return proposals

    def _train(self, round: Round, proposals: Sequence[Proposal]) -> list[Trial]:
        begun = time.perf_counter()
        asked = dict(enumerate(proposals, round.first))
        if self.schedule.halving is None:
            # Of a round that was broken off, what is finished; rungs compare the whole round.
            for one in self.trials:
                asked.pop(one.number, None)
        built = self._built(asked)
        cohort = Cohort([one for trainees in built.values() for one in trainees])
        self.spent.building += time.perf_counter() - begun
        refused = [refused_trial(self.task, one, asked[one]) for one in asked if one not in built]
        return refused + (self._trained(round, asked, list(built), cohort) if built else [])

    def _built(self, asked: Mapping[int, Proposal]) -> dict[int, list[Trainee]]:
        """Return what is trained for each trial, but for those whose values are refused.

        Raises:
            Exception: All are refused, and there was no good trial before.
        """
        where = self.task.blueprint.where
        built: dict[int, list[Trainee]] = {}
        errors: list[Exception] = []
        for number, one in asked.items():
            values = ", ".join(f"{name}={plain(own)!r}" for name, own in one.values.items())
            place = f"trial {number} with {values}"
            try:
                with within(f"{where}: {place}"):
                    candidates = self.task.candidates(one.values, number)
                    built[number] = [Trainee(own) for own in candidates]
            except PellucidError as error:
                errors.append(error)
                self.refused[number] = sentences_of(error)[0].removeprefix(f"{where}: ")
            except Exception as error:
                errors.append(error)
                self.refused[number] = f"{place}: {type(error).__name__}: {error}"
        if errors and not built and not any(one.good for one in self.trials):
            raise errors[0]
        return built

    def _trained(
        self, round: Round, asked: Mapping[int, Proposal], numbers: list[int], cohort: Cohort
    ) -> list[Trial]:
        """Train a round's trials, of these numbers, and return what came of them."""
        begun = time.perf_counter()
        self._climb(cohort, self.schedule.rungs(round.number))
        if not self.trials:
            self._ensure_one(cohort)
        self.spent.training += time.perf_counter() - begun
        self.spent.compiling += cohort.compile_seconds
        self.spent.programs |= {one.member.key for one in cohort.trainees if one.begun}
        self.spent.longest = max(self.spent.longest, cohort.longest_compile)
        unfinished = {cohort.trainees[number] for number in cohort.going}
        begun_ones = {
            number: trainees
            for number, trainees in zip(numbers, self._by_trial(cohort), strict=True)
            if _begun(trainees)
        }
        left_out = len(numbers) - len(begun_ones)
        self.left_out = left_out + (0 if begun_ones else self.left_out)
        found = [
            read_trial(self.task, number, asked[number], one, not unfinished.isdisjoint(one))
            for number, one in begun_ones.items()
        ]
        if not self.task.validation.folded:
            self._retain(found, {number: one for number, (one,) in begun_ones.items()})
        return found

    def _retain(self, found: Sequence[Trial], trained: Mapping[int, Trainee]) -> None:
        """Keep the best trials as they were trained, and let the others go."""
        every, trials = self.kept | dict(trained), [*self.trials, *found]
        best = [one.number for one in finished_first(trials, self.task.sign)[:KEPT]]
        best += [one.number for one in ranked_trials(trials, self.task.sign)[:1]]
        self.kept = {number: every[number] for number in best if number in every}

    def _by_trial(self, cohort: Cohort) -> list[list[Trainee]]:
        folds, trainees = len(self.task.validation.parts), cohort.trainees
        return [trainees[place : place + folds] for place in range(0, len(trainees), folds)]

    def _climb(self, cohort: Cohort, rungs: Sequence[int]) -> None:
        """Train to the last rung; after each other one let go of all but the best."""
        halving, folds = self.schedule.halving, len(self.task.validation.parts)
        staying = list(range(len(cohort.trainees) // folds))
        for rung in rungs:
            last = rung == rungs[-1]
            beat = None if self.store is None else self.store.beat
            cohort.train(None if last else rung, self.deadline, beat, self.spent.longest)
            if halving is None or last:
                continue
            if self._late():
                return
            groups = self._by_trial(cohort)
            staying = [place for place in staying if _begun(groups[place])]
            scores = [self._score(groups[place]) for place in staying]
            best = {staying[place] for place in winners(scores, halving.factor, self.task.sign)}
            lost = [place for place in staying if place not in best]
            cohort.free([place * folds + fold for place in lost for fold in range(folds)])
            staying = sorted(best)

    def _ensure_one(self, cohort: Cohort) -> None:
        """Train a trial to the end of its first epoch where time was over before that of any."""
        groups = self._by_trial(cohort)
        if any(all(one.failed or one.logs for one in trainees) for trainees in groups):
            return
        sound = [trainees for trainees in groups if not any(one.failed for one in trainees)]
        if sound:
            chosen = max(sound, key=lambda trainees: sum(one.steps for one in trainees))
            cohort.train([int(one in chosen) for one in cohort.trainees])

    def _late(self) -> bool:
        """Say whether time is over: those that it cut off have not lost to anyone."""
        return self.deadline is not None and time.perf_counter() >= self.deadline

    def _score(self, trainees: Sequence[Trainee]) -> float | None:
        return mean_score([self.task.score_in(end_of(one)[1]) for one in trainees])


def _begun(trainees: Sequence[Trainee]) -> bool:
    """Say whether a trial was trained at all."""
    return any(one.begun for one in trainees)


def check_any_good(trials: Sequence[Trial], where: str) -> None:
    """Refuse a search of which nothing came.

    Raises:
        NonFiniteError: All trials failed.
        ArgumentError: There was no time for one.
    """
    if all(one.state == "cut off" and not one.good for one in trials):
        fix = "Give it more time."
        report([Problem(where, "no epoch of a trial within the budget", "at least one", fix)])
    if not any(one.good for one in trials):
        raise NonFiniteError(
            f"{where}: got a loss that is not finite in all {len(trials)} trials, expected at "
            "least one that trains. Lower the learning rates of the space, or look at the data: "
            "model.check(x, y)."
        )


def end_of(trainee: Trainee) -> tuple[int, Mapping[str, Any]]:
    """Return the last epoch, counted from 0, of the weights with which a trainee ends, and what it
    reports with them; -1 and nothing of one that failed or has no epoch.
    """
    if trainee.failed or not trainee.logs:
        return -1, {}
    assert trainee.state is not None
    kept = best_epoch(trainee.recipe, trainee.state)
    epoch = len(trainee.logs) - 1 if kept is None else kept
    row = trainee.logs[epoch]
    if not ends_with_mean(trainee.recipe, trainee.state):
        return epoch, row
    candidate = trainee.candidate
    judge = Judge(candidate.held_out or candidate.data)
    found = judge.scores(trainee, candidate.validation)
    return epoch, row | {f"val_{name}": value for name, value in found.items()}


def read_trial(
    task: Task, number: int, proposal: Proposal, trainees: Sequence[Trainee], cut_off: bool
) -> Trial:
    """Return what came of a trial.

    Args:
        task: The search's task.
        number: The trial's number.
        proposal: What was tried.
        trainees: What was trained, one for each fold.
        cut_off: Whether time was over before they had ended.
    """
    ends = [end_of(one) for one in trainees]
    scores = tuple(task.score_in(row) for _, row in ends)
    score = mean_score(scores)
    return Trial(
        number,
        dict(proposal.values),
        _state(score, trainees, cut_off),
        score,
        scores,
        _means([row for _, row in ends if row]),
        max(len(one.logs) for one in trainees),
        tuple(epoch + 1 for epoch, _ in ends),
        sum(len(one.logs) for one in trainees),
        sum(one.seconds for one in trainees),
        proposal.by,
    )


def refused_trial(task: Task, number: int, proposal: Proposal) -> Trial:
    """Return a trial that failed before it began, since its values make nothing to train."""
    folds = len(task.validation.parts)
    nothing = (math.nan,) * folds, {}, 0, (0,) * folds, 0, 0.0
    return Trial(number, dict(proposal.values), "failed", None, *nothing, proposal.by)


def _means(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the means of reported numbers; lists of numbers are left out."""
    names = [name for name, value in rows[0].items() if isinstance(value, float)] if rows else []
    return {name: sum(row[name] for row in rows) / len(rows) for name in names}


def _state(score: float | None, trainees: Sequence[Trainee], cut_off: bool) -> State:
    if any(one.failed for one in trainees):
        return "failed"
    if any(one.freed for one in trainees):
        return "freed"
    if cut_off:
        return "cut off"
    return "failed" if score is None else "complete"
