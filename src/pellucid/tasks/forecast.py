"""A table with a column of time to a trained, evaluated and saved forecaster."""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from pellucid.data.series import (
    Design,
    Parts,
    Series,
    Track,
    coverage,
    find_season,
    find_time,
    naive_scale,
    score_forecasts,
    series_of,
    sureness,
)
from pellucid.data.table import Table, as_table, read_table
from pellucid.errors import DataError, Problem
from pellucid.errors import report as report_problems
from pellucid.report import forecasts as forecast_picture
from pellucid.seed import checked_seed
from pellucid.tasks.arguments import problems_of
from pellucid.tasks.forecast_choice import (
    FEWEST_EXAMPLES,
    FEWEST_HELD,
    MOST_FEATURES,
    Choice,
    choose_design,
    every,
    fitting_windows,
    held_origins,
    log_offset,
    possible_windows,
)
from pellucid.tasks.forecast_learner import BESIDE_LINE, Learner, Piece
from pellucid.tasks.forecast_network import EPOCHS
from pellucid.tasks.forecast_trust import Mixture
from pellucid.tasks.forecaster import (
    NAIVE,
    ForecastModel,
    Forecasts,
    Trust,
    actual_values,
    span_text,
)
from pellucid.tasks.run import Run, plain_name, result_folder, write_run
from pellucid.tasks.scores import ALONE
from pellucid.tasks.series_reader import find_target, learn_reader
from pellucid.types import NumpyArray
from pellucid.wording import count_text, number_text

CLEAR = 1.96
"""Standard errors from which one forecast is better than another by more than chance."""


@dataclass(frozen=True, kw_only=True)
class ForecastRun(Run):
    """What `train_forecast` did; see `Run`.

    Args:
        trained: The network, and how raw files become its inputs.
        parts: Steps of the training, validation and test parts.
        coverage: Share of the test's values that lay in the intervals, for each level.
        sureness: By how many standard errors the forecast is nearer to the truth than the
            simple one that is best on the test; below 1.96 that may be chance.
        verdict: Whether the network is of use, in words.
    """

    trained: ForecastModel
    parts: Parts
    coverage: Mapping[float, float]
    sureness: float
    verdict: str

    def summary_text(self) -> str:
        """Return what the run found, as text."""
        held = [f"{share:.1%} in its {level:.4g}" for level, share in self.coverage.items()]
        told = f"{self.verdict} Of the values, {', '.join(held)} interval."
        return f"{super().summary_text()}\n\n{told}"


def train_forecast(
    path: Any,
    *,
    target: str | None = None,
    time: str | Sequence[str] | None = None,
    horizon: int = 1,
    window: int | None = None,
    season: int | None = None,
    known: Sequence[str] = (),
    drop: Sequence[str] = (),
    level: float | Sequence[float] = 0.9,
    refits: int = 0,
    output: Any = None,
    validation: float = 0.2,
    test: float = 0.2,
    epochs: int | None = None,
    batch_size: int | None = None,
    seed: int = 0,
    separator: str | None = None,
    header: bool | None = None,
    missing: Any = None,
    probe: str | None = None,
    verbose: Any = "auto",
) -> ForecastRun:
    """Train a network to tell the next steps of a series, and judge it on the newest ones.

    The oldest steps are learned from, the next decide, the newest are the test, where a forecast
    is made from every step. How the target is handled, how far back is looked, whether the other
    columns help and how far the network is trusted is decided by the validation part alone.

    Args:
        path: A file, or a Table, frame or dict of columns, with a column of time.
        target: Column to forecast; the last one of numbers when None.
        time: Column of time, or several that share it, such as year, month, day and hour; found
            when None.
        horizon: Steps to forecast.
        window: Steps to look back on; chosen when None.
        season: Steps of a season, 1 for none; chosen by the distance of the steps when None.
        known: Columns whose values are known ahead, such as holidays or planned prices.
        drop: Columns to leave out.
        level: Share of the values that the interval shall hold, above 0 and below 1; several
            for several intervals.
        refits: How often, evenly over the test, the network is trained anew on all before.
        output: Folder for the results; None for one named after a file and the target, ""
            for none.
        validation: Share of the steps before the test that decides.
        test: Share of all steps to evaluate on.
        epochs: Most epochs.
        batch_size: Examples in a step; by their number when None.
        seed: Seed of everything random.
        separator: Character between fields of a file; found when None.
        header: Whether the file's first line names the columns; found when None.
        missing: Further marks of missing values.
        probe: "economy" or "full" to look into the first network while it trains.
        verbose: 0 silent, else progress.

    Raises:
        ArgumentError: An argument is out of range, or names what is not there.
        DataError: The data are no series that can be learned from.
        FileError: A file cannot be read or written.

    Example:
        >>> import numpy as np
        >>> from pellucid.tasks import train_forecast
        >>> days = np.arange("2024-01-01", "2024-04-10", dtype="datetime64[D]")
        >>> rows = {"day": days, "sold": 10 + np.arange(100) % 7}
        >>> run = train_forecast(rows, window=8, epochs=1, verbose=0)
        >>> run.scores["network"]["mase"] < run.scores["naive"]["mase"]
        True

    Source: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice" (2021).
    """
    known, drop = tuple(known), tuple(drop)
    levels = tuple(level) if isinstance(level, Sequence) else (level,)
    _check(validation, test, horizon, window, season, epochs, batch_size, levels, refits)
    seed, shown = checked_seed(seed, "seed"), verbose != 0
    table, reading = _table_of(path, separator, header, missing)
    series, names, target, told = _series_of(table, target, time, known, drop)
    parts = Parts.of(len(series), validation, test)
    report_problems(_no_room(series, parts, horizon, window, season), DataError)
    reader, found = learn_reader(series, target, names, known, horizon, parts.training)
    track = reader.track(series)
    report_problems(_constant(series, track, target, parts), DataError)
    folder = _folder(path, target, output)
    season = season or _found_season(series, track, parts)
    notes = [*told, *found, _parts_note(series, parts, season)]
    if shown:
        print("\n".join(notes))
    first = _first_design(track, parts, horizon, season)
    windows = possible_windows(season, parts.training, window)
    report_problems(_too_few(series, track, parts, first, windows), DataError)
    choice = choose_design(track, parts, first, windows)
    learner = Learner(track, parts, choice, batch_size, seed, 1 if shown and _lively() else 0)
    mixture, margins, trial = learner.tried(levels, epochs or EPOCHS, probe)
    chosen = [*_choice_notes(choice, mixture), *_thinned(choice, track, parts)]
    if shown:
        print("\n".join(chosen))
    pieces = learner.final(mixture, trial.epochs, refits)
    model = pieces[-1].model
    model.history = trial.history
    trust = Trust(mixture.share, mixture.naive, margins)
    scale = _mase_scale(track, parts, season)
    trained = ForecastModel(model, reader, choice.design, learner.scale, trust, scale, reading)
    return _judged(trained, learner, pieces, series, folder, (*notes, *chosen))


def _lively() -> bool:
    return sys.stdout.isatty()


def _table_of(
    path: Any, separator: str | None, header: bool | None, missing: Any
) -> tuple[Table, dict[str, Any]]:
    """Return the rows, and how a file like theirs is read."""
    reading = {"separator": separator, "missing": missing}
    if isinstance(path, (str, os.PathLike)):
        table = read_table(path, header=header, **reading)
    else:
        table = as_table(path)
    return table, {**reading, "header": not table.positional}


def _series_of(
    table: Table,
    target: str | None,
    time: str | Sequence[str] | None,
    known: Sequence[str],
    drop: Sequence[str],
) -> tuple[Series, tuple[str, ...], str, list[str]]:
    """Return the series, its columns of time, its target, and what is to be said of them."""
    report_problems(table.unknown(one, "drop=...") for one in drop if one not in table)
    kept = table.without(*drop)
    names = _time_names(kept, time)
    target, told = find_target(kept, target, names)
    report_problems(_bad_known(kept, target, names, known))
    series = _observed(series_of(kept, names), target)
    return series, names, target, [*table.notes, *series.notes, *told]


def _observed(series: Series, target: str) -> Series:
    """Return the steps from the first value of the target to the last."""
    known = np.flatnonzero(~series.table[target].missing)
    if not len(known):
        where = f"{series.table.source}, target '{target}'"
        report_problems([Problem(where, "no value", "numbers to learn from")], DataError)
    begin, end = int(known[0]), int(known[-1]) + 1
    if end - begin == len(series):
        return series
    outside = count_text(len(series) - end + begin, "step")
    note = f"{outside} before the first '{target}' and after the last are left out."
    return series.between(begin, end, note)


# -- what is checked -------------------------------------------------------------------------


def _check(
    validation: Any,
    test: Any,
    horizon: Any,
    window: Any,
    season: Any,
    epochs: Any,
    batch_size: Any,
    levels: Sequence[Any],
    refits: Any,
) -> None:
    problems = problems_of(
        validation=validation,
        test=test,
        horizon=horizon,
        window=window,
        season=season,
        epochs=epochs,
        batch_size=batch_size,
    )
    report_problems([*problems, *_bad_arguments(levels, refits)])


def _bad_arguments(levels: Sequence[Any], refits: Any) -> Iterator[Problem]:
    if not levels:
        yield Problem("level", "none", "at least one share, such as 0.9")
    for level in levels:
        number = isinstance(level, (int, float)) and not isinstance(level, bool)
        if not number or not 0 < level < 1:
            yield Problem("level", repr(level), "a share above 0 and below 1, such as 0.9")
    if not isinstance(refits, int) or isinstance(refits, bool) or refits < 0:
        yield Problem("refits", repr(refits), "a whole number of at least 0")


def _time_names(table: Table, time: str | Sequence[str] | None) -> tuple[str, ...]:
    if time is None:
        return find_time(table)
    names = (time,) if isinstance(time, str) else tuple(time)
    problems = [table.unknown(name, "time=...") for name in names if name not in table]
    if not names:
        problems.append(Problem("time=...", "no column", "at least one"))
    report_problems(problems)
    return names


def _bad_known(
    table: Table, target: str, time: Sequence[str], known: Sequence[str]
) -> Iterator[Problem]:
    for name in known:
        if name not in table:
            yield table.unknown(name, "known=...")
        elif name == target or name in time:
            what = "target" if name == target else "time"
            yield Problem("known=...", f"the {what} '{name}'", "columns other than that")


def _no_room(
    series: Series, parts: Parts, horizon: int, window: int | None, season: int | None
) -> Iterator[Problem]:
    back = max(window or 2, season or 1)
    needed = back + horizon + FEWEST_EXAMPLES - 1
    held = horizon + FEWEST_HELD - 1
    sizes = (parts.training, parts.validation, parts.test)
    if parts.training < needed or parts.validation < held or parts.test < horizon:
        given = f"{count_text(len(series), 'step')}: {sizes[0]} to train, {sizes[1]} to validate"
        given += f", {sizes[2]} to test"
        expected = f"at least {needed}, {held} and {horizon}, for {back} to look back on, "
        expected += f"{horizon} to forecast and {FEWEST_EXAMPLES} examples"
        fix = "Give more rows, or a smaller window, season or horizon."
        yield Problem(series.table.source, given, expected, fix)


def _too_few(
    series: Series, track: Track, parts: Parts, first: Design, windows: Sequence[int]
) -> Iterator[Problem]:
    if fitting_windows(first, windows, track, parts):
        return
    design = replace(first, window=windows[0], recent=min(windows[0], first.recent))
    counts = [
        len(held_origins(design, track, begin, end))
        for begin, end in ((0, parts.training), (parts.training, parts.known))
    ]
    given = f"a past and a value for {counts[0]} training and {counts[1]} validation forecasts"
    expected = f"at least {FEWEST_EXAMPLES} and {FEWEST_HELD}"
    fix = "Give more rows, or a smaller window, season or horizon, or longer steps."
    yield Problem(series.table.source, given, expected, fix)


def _constant(series: Series, track: Track, target: str, parts: Parts) -> Iterator[Problem]:
    where = f"{series.table.source}, target '{target}'"
    for name, begin, end in (("training", 0, parts.training), ("test", parts.known, parts.steps)):
        values = track.values[begin:end][~track.missing[begin:end]]
        if not len(values):
            yield Problem(where, f"no value in the {name} part", "numbers to learn and to judge by")
        elif name == "training" and values.min() == values.max():
            given = f"always {number_text(float(values[0]))} in the training part"
            yield Problem(where, given, "numbers that vary, or nothing can be learned")


# -- what is found out before training ---------------------------------------------------------


def _found_season(series: Series, track: Track, parts: Parts) -> int:
    values = np.where(track.missing, np.nan, track.values)[: parts.training]
    room = (parts.training - track.first) / 2
    return find_season(values, [one for one in series.spacing.seasons if one <= room])


def _mase_scale(track: Track, parts: Parts, season: int) -> float:
    filled = track.values[: parts.training]
    values = np.where(track.missing[: parts.training], np.nan, filled)
    apart = np.abs(values[season:] - values[:-season])
    # Where a season repeats the one before exactly, or no two are known, neighbours are compared.
    return naive_scale(values, season) if np.nansum(apart) > 0 else naive_scale(filled, 1)


def _first_design(track: Track, parts: Parts, horizon: int, season: int) -> Design:
    columns = track.columns.shape[1]
    return Design(
        horizon=horizon,
        season=season,
        window=1,
        recent=max(1, MOST_FEATURES // columns) if columns else 0,
        base="last",
        offset=log_offset(track.values),
        gaps=bool(track.missing[track.first : parts.training].any()),
    )


def _parts_note(series: Series, parts: Parts, season: int) -> str:
    seasons = f", a season is {count_text(season, 'step')}" if season > 1 else ", no season"
    return (
        f"A step is {series.spacing}{seasons}. {count_text(parts.training, 'step')} to train, "
        f"{parts.validation} to decide, {parts.test} to evaluate."
    )


def _choice_notes(choice: Choice, mixture: Mixture) -> list[str]:
    kind = f"The network is taken {mixture.kind}"
    if mixture.kind == BESIDE_LINE:
        kind += f", its hidden layers at {mixture.loudness:.0%}"
    sure = f"{mixture.sureness:+.1f} standard errors"
    if mixture.share:
        rest = f" and {1 - mixture.share:.0%} {mixture.naive}" if mixture.share < 1 else ""
        share = f"the forecast is {mixture.share:.0%} of it{rest} ({sure} on the validation part)"
    else:
        share = (
            f"on the validation part it was not better than the {mixture.naive} forecast by more "
            f"than chance ({sure}), so the forecast is that"
        )
    tried = count_text(choice.tried, "design")
    return [f"Of {tried} the best on the validation part: {choice.design}.", f"{kind}; {share}."]


def _thinned(choice: Choice, track: Track, parts: Parts) -> list[str]:
    step = every(choice.design, track, parts.training)
    return [f"The series is long: one of {step} examples is learned from."] if step > 1 else []


def _folder(path: Any, target: str, output: Any) -> Path | None:
    """Make the folder of the results before the time is spent on them."""
    from_file = isinstance(path, (str, os.PathLike))
    if output == "" or (output is None and not from_file):
        return None
    name = f"{Path(path).stem}-{plain_name(target)}" if from_file else ""
    return result_folder(name, output)


# -- judging -----------------------------------------------------------------------------------


def _judged(
    trained: ForecastModel,
    learner: Learner,
    pieces: Sequence[Piece],
    series: Series,
    folder: Path | None,
    notes: tuple[str, ...],
) -> ForecastRun:
    track, horizon = learner.track, trained.design.horizon
    origins = np.concatenate([one.origins for one in pieces])
    actual = actual_values(track, origins, horizon)
    found = _walked(trained, pieces, track)
    linear = np.concatenate([learner.line_forecasts(one.line, one.origins) for one in pieces])
    simple = trained.simple(track, origins)
    said = {"network": found.values, "linear": linear, **simple}
    if trained.trust.share < 1:
        alone = replace(trained, trust=replace(trained.trust, share=1.0))
        said[ALONE] = _walked(alone, pieces, track).values
    scores = {name: score_forecasts(actual, one, trained.mase_scale) for name, one in said.items()}
    best = min(
        (name for name in NAIVE if name in simple), key=lambda name: scores[name]["mae"] or 0.0
    )
    sure = sureness(actual, found.values, simple[best])
    run = ForecastRun(
        trained=trained,
        scores=scores,
        tested=f"{span_text(series, origins, horizon)}, never seen in training:",
        answers=trained.told(series, track, origins, found),
        folder=folder,
        notes=notes,
        learned=trained.contents(series, track).marks[: pieces[-1].origins[0] + 1],
        parts=learner.parts,
        coverage={level: coverage(actual, *ends) for level, ends in found.intervals.items()},
        sureness=sure,
        verdict=_verdict(best, sure, scores, series, trained),
    )
    if folder is not None:
        write_run(run, {"forecast": _picture(run, series, origins, actual, found)}, _facts(run))
    return run


def _walked(trained: ForecastModel, pieces: Sequence[Piece], track: Track) -> Forecasts:
    """Return the forecasts of every piece by what was trained for it."""
    found = [replace(trained, model=one.model).forecasts(track, one.origins) for one in pieces]
    levels = found[0].intervals
    return Forecasts(
        np.concatenate([one.values for one in found]),
        {
            level: (
                np.concatenate([one.intervals[level][0] for one in found]),
                np.concatenate([one.intervals[level][1] for one in found]),
            )
            for level in levels
        },
    )


def _verdict(
    best: str,
    sure: float,
    scores: Mapping[str, Mapping[str, float | None]],
    series: Series,
    trained: ForecastModel,
) -> str:
    season = f"the value {count_text(trained.design.season, 'step')} before"
    name = season if best == "seasonal naive" else _last_value(series, trained.design)
    own, other = (number_text(scores[one]["mae"] or 0.0) for one in ("network", best))
    errors = f"the mean error is {own} beside {other}, {sure:+.1f} standard errors"
    if sure >= CLEAR:
        return f"Better than {name} by more than chance: {errors}."
    if not trained.trust.share:
        return f"No better than {name}, which is the forecast: the mean error is {own}."
    return f"No better than {name}: {errors}."


def _last_value(series: Series, design: Design) -> str:
    daily = series.spacing.unit == "trading day" or series.spacing.days == 1
    return "yesterday's value" if daily and design.horizon == 1 else "the last value"


def _picture(
    run: ForecastRun, series: Series, origins: NumpyArray, actual: NumpyArray, found: Forecasts
) -> Any:
    horizon = run.trained.design.horizon
    # One forecast after another, none over the next.
    shown = np.flatnonzero((origins - origins[0]) % horizon == 0)
    steps = (origins[shown][:, None] + np.arange(1, horizon + 1)).reshape(-1)
    level, (low, high) = next(iter(found.intervals.items()))
    return forecast_picture(
        series.moments[steps],
        actual[shown].reshape(-1),
        found.values[shown].reshape(-1),
        low[shown].reshape(-1),
        high[shown].reshape(-1),
        name=run.trained.reader.target,
        level=level,
    )


def _facts(run: ForecastRun) -> dict[str, Any]:
    trained, parts = run.trained, run.parts
    return {
        "task": "forecast",
        "target": trained.reader.target,
        "design": trained.design.get_config(),
        "steps": {"training": parts.training, "validation": parts.validation, "test": parts.test},
        "coverage": {f"{level:.4g}": share for level, share in run.coverage.items()},
        "standard_errors": run.sureness,
        "verdict": run.verdict,
    }
