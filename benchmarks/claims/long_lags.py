"""A plain recurrent network loses a signal within tens of steps; an LSTM carries it much longer.

Source: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997): experiment 2 (noise-free
sequences with long time lags) and experiment 4 (the adding problem), with their criteria.
"""

import time
from collections.abc import Iterator
from typing import Any

import numpy as np

import pellucid
from pellucid import initializers, layers
from pellucid.description import count

LAGS = (100, 400, 1000)
CHUNK = 2000
"""Fresh sequences between two checks, as many as must be right for a task to count as solved."""

BATCH = 50
MOST = {100: 40, 400: 30, 1000: 60}
"""Chunks after which a run is given up."""

HOPELESS = 10
"""Chunks after which it is given up if it is not better than saying the mean every time."""

RATES = {"LSTM": 6e-3, "SimpleRNN": 2e-3}

SEQUENCE_LAGS = (5, 10, 50, 100)
SEQUENCE_RATES = {"LSTM": 5e-3, "SimpleRNN": 1e-3}
SEQUENCE_UPDATES, UPDATES_BETWEEN = 4_000, 50
"""Updates, each on both sequences, after which a run is given up, and between two checks."""


def adding(rng: np.random.Generator, lag: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """Return sequences of at least `lag` pairs, and what to say at their end.

    The first number of a pair is uniform in [-1, 1], the second marks two pairs: one of the first
    ten, one of the first half. The target is 0.5 + (X1 + X2) / 4. Sequences are up to a tenth
    longer than `lag`; what stands before the shorter ones is masked (-9).
    """
    longest, each = lag + lag // 10, np.arange(rows)
    begins = longest - rng.integers(lag, longest + 1, rows)
    first = rng.integers(0, 10, rows)
    second = rng.integers(0, lag // 2 - 2, rows)
    second += second >= first
    values = rng.uniform(-1, 1, (rows, longest))
    # As in the paper, a first pair that is marked counts 0 in the sum.
    values[each, begins] *= (first > 0) & (second > 0)
    marks = np.zeros((rows, longest))
    marks[each, begins] = marks[:, -1] = -1
    marks[each, begins + first] = marks[each, begins + second] = 1
    x = np.stack([values, marks], axis=-1).astype("float32")
    x[np.arange(longest) < begins[:, None]] = -9
    total = values[each, begins + first] + values[each, begins + second]
    return x, (0.5 + total / 4).astype("float32")[:, None]


class LongMemory(initializers.Initializer):
    """First biases of an LSTM that forgets nothing for up to `lag` steps.

    The network of 1997 had no forget gate; this is the nearest start of one that has. Source:
    Tallec and Ollivier, "Can Recurrent Neural Networks Warp Time?" (2018).
    """

    lag: int = count(low=2, meaning="a number of steps")

    def sample(self, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
        forget = np.log(rng.uniform(1, self.lag - 1, shape[0] // 4))
        rest = np.zeros_like(forget)
        return np.concatenate([-forget, forget, rest, rest]).astype("float32")


def network(cell: str, steps: int, seed: int) -> Any:
    """Return an LSTM of 32 units or a plain network of as many parameters."""
    # 4,480 and 4,489 parameters in the recurrent layer.
    if cell == "LSTM":
        start = LongMemory(steps)
        recurrent = layers.LSTM(32, bias_initializer=start, unit_forget_bias=False)
    else:
        recurrent = layers.SimpleRNN(65)
    model = pellucid.Sequential(
        [layers.Input((steps, 2)), layers.Masking(-9.0), recurrent, layers.Dense(1)], seed=seed
    )
    model.compile(pellucid.optimizers.Adam(RATES[cell], clipnorm=1.0), "mse")
    return model


def solve_adding(cell: str, lag: int, seed: int) -> dict[str, Any]:
    """Train on fresh sequences until 2,000 in a row are right, within 0.04, or time is up."""
    rng = np.random.default_rng([seed, lag])
    steps = lag + lag // 10
    model = network(cell, steps, seed)
    begun = time.perf_counter()
    seen = 0
    while seen < MOST[lag] * CHUNK:
        x, y = adding(rng, lag, CHUNK)
        error = np.abs(model.predict(x) - y)
        if error.mean() < 0.01 and error.max() < 0.04:
            break
        if seen >= HOPELESS * CHUNK and error.mean() > 0.95 * np.abs(y - y.mean()).mean():
            break
        model.fit(x, y, epochs=1, batch_size=BATCH, verbose=0)
        seen += CHUNK
    x, y = adding(rng, lag, 2560)
    error = np.abs(model.predict(x) - y)
    return {
        "solved": bool(error.mean() < 0.01 and (error < 0.04).mean() > 0.999),
        "sequences": seen,
        "mean_error": float(error.mean()),
        "wrong": int((error >= 0.04).sum()),
        "seconds": time.perf_counter() - begun,
        "through_time": norms_through_time(model, x[:16]),
    }


def norms_through_time(model: Any, x: np.ndarray) -> list[float]:
    """Return the norm of d output / d input at each step, counted from the end."""
    slopes = np.stack([model.saliency(one, method="gradient") for one in x])
    return np.sqrt((slopes**2).sum(axis=2)).mean(axis=0)[::-1].astype(float).tolist()


def two_sequences(lag: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the two sequences y a1 … a(p-1) y and x a1 … a(p-1) x, and each step's next symbol."""
    middle = [*range(lag - 1)]
    symbols = np.array([[kind, *middle, kind] for kind in (lag - 1, lag)])
    return np.eye(lag + 1, dtype="float32")[symbols[:, :-1]], symbols[:, 1:].astype("int32")


def solve_sequences(cell: str, lag: int, seed: int) -> dict[str, Any]:
    """Train to foretell each next symbol; solved when every output errs by less than 0.25.

    The last symbol, which alone needs memory, weighs as much as all the others together.
    """
    x, y = two_sequences(lag)
    # At 100 steps 7,584 and 7,200 parameters in the recurrent layer.
    if cell == "LSTM":
        start = LongMemory(lag)
        recurrent = layers.LSTM(
            16, bias_initializer=start, unit_forget_bias=False, return_sequences=True
        )
    else:
        recurrent = layers.SimpleRNN(48, return_sequences=True)
    model = pellucid.Sequential(
        [layers.Input(x.shape[1:]), recurrent, layers.Dense(lag + 1, activation="softmax")],
        seed=seed,
    )
    rate = pellucid.optimizers.Adam(SEQUENCE_RATES[cell], clipnorm=1.0)
    model.compile(rate, "sparse_categorical_crossentropy")
    weight = np.ones(y.shape, "float32")
    weight[:, -1] = lag
    updates, error = 0, np.ones(1)
    while updates < SEQUENCE_UPDATES and error.max() >= 0.25:
        model.fit(x, y, epochs=UPDATES_BETWEEN, batch_size=2, verbose=0, sample_weight=weight)
        updates += UPDATES_BETWEEN
        # The first symbol cannot be foretold: only what follows counts.
        error = np.abs(model.predict(x) - np.eye(lag + 1)[y]).max(axis=2)
    return {
        "solved": bool(error.max() < 0.25),
        "last_error": float(error[:, -1].max()),
        "sequences": updates * 2,
    }


def measure(seeds: range) -> Iterator[dict[str, Any]]:
    """Yield the runs of both tasks, more from time to time."""
    found: dict[str, Any] = {"adding": {}, "two sequences": {}}
    for task, lags, solve in (
        ("two sequences", SEQUENCE_LAGS, solve_sequences),
        ("adding", LAGS, solve_adding),
    ):
        for lag in lags:
            for cell in ("LSTM", "SimpleRNN"):
                runs = [solve(cell, lag, seed) for seed in seeds]
                found[task][f"{cell} {lag}"] = runs
                print(task, cell, lag, [(r["solved"], r["sequences"]) for r in runs], flush=True)
                yield found


def draw(found: dict[str, Any], panel: Any) -> None:
    """Draw the gradient's norm through time, of trained networks."""
    for cell, style in (("LSTM", "-"), ("SimpleRNN", "--")):
        for lag in LAGS:
            runs = found["adding"].get(f"{cell} {lag}", [])
            if runs:
                rows = np.array([run["through_time"] for run in runs])
                mean = np.exp(np.log(np.maximum(rows, 1e-20)).mean(0))
                panel.plot(mean, linestyle=style, label=f"{cell}, {lag} steps")
    panel.set_yscale("log")
    panel.set_ylim(1e-12, None)
    panel.set_xlabel("steps before the end")
    panel.set_ylabel("norm of d output / d input")
    panel.legend(ncols=2)


def _given_up(run: dict[str, Any], task: str) -> bool:
    """Say whether a run ended early because it did no better than the mean."""
    return task == "adding" and not run["solved"] and run["mean_error"] > 0.1


def tell(found: dict[str, Any]) -> str:
    """Return what was found, as tables."""
    heads = ("task", "steps", "network", "criterion met", "then right on new sequences")
    heads = (*heads, "sequences seen, median", "mean error, median")
    lines = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
    for task in ("adding", "two sequences"):
        for name, runs in found[task].items():
            cell, lag = name.split()
            seen = np.median([run["sequences"] for run in runs])
            error = np.median([run.get("mean_error", run.get("last_error")) for run in runs])
            solved = sum(run["solved"] for run in runs)
            most = MOST[int(lag)] * CHUNK if task == "adding" else SEQUENCE_UPDATES * 2
            met = sum(run["sequences"] < most for run in runs if not _given_up(run, task))
            cells = (f"{met} of {len(runs)}", f"{solved} of {len(runs)}", f"{seen:,.0f}")
            lines.append(f"| {' | '.join((task, lag, cell, *cells, f'{error:.3f}'))} |")
    lines += [
        "",
        "The criterion for adding is the paper's: the mean error of 2,000 sequences is below 0.01 "
        "and each errs by less than 0.04; here they are fresh ones between two chunks of training. "
        "A network then counts as right on new sequences if at most one in a thousand of 2,560 "
        "errs by more.",
        "",
        "The gradient falls at the right end of a curve because sequences are up to a tenth longer "
        "than the number of steps: few begin there. A run is given up after "
        f"{HOPELESS * CHUNK:,} sequences if it does no better than the mean.",
        "",
        "The two networks were not tuned alike. The LSTM's learning rate and first biases were "
        "chosen on the adding problem at 100 steps with seed 0, which is one of those shown; the "
        "plain network had one rate, not searched, and every one of its runs was given up early, "
        "before as many sequences as the LSTM needed. Of two sequences the last "
        "symbol weighs as much as all others together: with equal weights neither network solved "
        "the task at 50 or 100 steps, in some fifteen settings of the LSTM. The rates are the "
        "better of two for the plain network and the first tried for the LSTM, on seed 0. Both "
        "have one pair of sequences to tell apart, and a plain network begins with an orthogonal "
        "recurrent kernel here, so that it manages too. The LSTM at 1,000 steps, tried with one "
        "seed, did not solve it in 4,000 updates.",
    ]
    missing = [f"{lag:,}" for lag in LAGS if f"LSTM {lag}" not in found["adding"]]
    if missing:
        lines += ["", f"The adding problem at {' and '.join(missing)} steps was not measured."]
    return "\n".join(lines)
