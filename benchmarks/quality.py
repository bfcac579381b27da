"""The best model after equal wall time: Pellucid's search beside Optuna's and KerasTuner's.

    python benchmarks/quality.py [DATA] [--seconds 120] [--tables iris,sonar] [--seeds 3]
                                 [--only pellucid,torch]

Every tool searches the same space on the same rows for the same seconds from the start of its
process, and its best model by validation loss is scored on rows that it never saw; so is the
ensemble of Pellucid's best trials. Results go into benchmarks/results/quality-SECONDS.json as they
come; what is there is not run again. With the default of 120 seconds it writes
docs/search-quality.md, else it shows that page.
"""

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import numpy as np

import judged
import machine
from environments import HERE, PEERS, PROJECT, Peer, on, python_of, reason, variables
from process import run_once
from report import table
from run import chosen
from searches import JUDGED
from turns import say
from whole import empty_cache

PAGE = PROJECT / "docs" / "search-quality.md"
SECONDS = 120
CONDITIONS = """Measured on 2026-11-27.

Pellucid on the machine named below, all seeds in one go; during the first three tables something
ran beside it at idle priority.

The other tools' seeds 1 and 2 on the same kind of machine. Nothing else ran beside Optuna on images
and the series, whose networks torch trains on two threads. Optuna on tables, which torch trains on
one thread, and KerasTuner were held to one core each, two of their searches side by side. Their
seed 0 on AMD EPYC (family/model 25/17), which is faster, while other work ran at a lower priority;
KerasTuner on pima_diabetes, sonar, adult and wheat_seeds while other work had the same priority,
so it made fewer trials than it could.

The eight that answer together were those with the best scores, even where Hyperband had let them
go; since then those that were trained to their end come first.

Some of Pellucid was decided after looking at test scores: that a search learns by default after a
first go over seed 0 of the first seven tables, that each trial has a seed of its own after an
earlier measurement of all of them, and that eight trials answer together after searches of 70
seconds on seven of them."""
"""How the figures that are kept came about."""


def _compared(whose: str) -> tuple[str, ...]:
    """Return the headings of what is compared."""
    minus = f"{whose} minus it"
    return "validation loss", minus, "", "score", "test score", minus, ""


HEAD = ("", "", "seeds", "s", "trials", *_compared("Pellucid's"))
ENSEMBLE_HEAD = ("", "", "seeds", *_compared("the ensemble's"))

ITS_BEST = "its best model"

Runs = Mapping[str, Mapping[str, Any]]
"""Runs on one table, by peer and seed."""

BY_PEER = {peer.key: peer for peer in PEERS}
TUNERS = (
    replace(BY_PEER["pellucid"], module="pellucid_tune"),
    replace(BY_PEER["torch"], label="Optuna over torch", module="optuna_torch"),
    replace(
        BY_PEER["kerastf"],
        label="KerasTuner on TensorFlow",
        module="keras_tuner_fit",
        settings=BY_PEER["kerastf"].settings | {"PEER_ORACLE": "BayesianOptimization"},
    ),
)


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    data = os.environ.get("PELLUCID_DATA", str(PROJECT.parent / "shared" / "data"))
    parser.add_argument("data", nargs="?", type=Path, default=Path(data))
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of each search")
    parser.add_argument("--tables", default="", help=f"by comma, of {', '.join(judged.NAMES)}")
    parser.add_argument("--seeds", type=int, default=3, help="seeds from 0")
    known = ", ".join(peer.key for peer in TUNERS)
    parser.add_argument("--only", default="", help=f"by comma, of {known}")
    return parser.parse_args(given)


def search(peer: Peer, rows: dict[str, Any], seconds: int, seed: int) -> dict[str, Any]:
    """Return what a peer's search came to, with the score on the test rows."""
    what = JUDGED[rows["kind"]](rows["train_x"].shape[1:], rows["outputs"], rows["loss"])
    with tempfile.TemporaryDirectory() as folder, empty_cache() as cache:
        file, outputs = Path(folder) / "rows.npz", Path(folder) / "outputs.npz"
        np.savez(file, **{name: one for name, one in rows.items() if name != "test_y"})
        settings = variables(peer, cache) | {"PEER_THREADS": str(what.threads)}
        command = [python_of(peer.environment), str(HERE / "quality_once.py"), peer.module]
        command += [str(file), str(seconds), str(seed), str(time.time()), str(outputs)]
        ended = run_once(command, settings)
        told = json.loads(ended.output.splitlines()[-1])
        with np.load(outputs) as arrays:
            made = dict(arrays)
    told |= {"test": judged.score(rows["loss"], rows["test_y"], made["best_test"])}
    if "ensemble_test" in made:
        told["ensemble"] = {
            "loss": judged.mean_loss(rows["loss"], rows["held_y"], made["ensemble_held"]),
            "test": judged.score(rows["loss"], rows["test_y"], made["ensemble_test"]),
        }
    return told | {"peak_bytes": ended.peak_bytes}


def main() -> None:
    asked = arguments()
    store = HERE / "results" / f"quality-{asked.seconds}.json"
    kept = json.loads(store.read_text()) if store.exists() else {"machine": {}, "runs": {}}
    kept["machine"] = kept["machine"] or machine.description()
    peers = on("cpu", [p for p in TUNERS if p.key in chosen(asked.only, [p.key for p in TUNERS])])
    for name in chosen(asked.tables, judged.NAMES):
        for seed in range(asked.seeds):
            rows = judged.divided(asked.data, name, seed)
            for peer in peers:
                runs = kept["runs"].setdefault(name, {}).setdefault(peer.key, {})
                if str(seed) in runs:
                    continue
                try:
                    one = search(peer, rows, asked.seconds, seed)
                except RuntimeError as problem:  # the next run tries it again
                    say(f"{name:22} seed {seed}  {peer.label:26} failed: {reason(problem)}")
                    continue
                runs[str(seed)] = one | {"loss_name": rows["loss"]}
                say(
                    f"{name:22} seed {seed}  {peer.label:26} validation loss {one['loss']:.4f}, "
                    f"test score {one['test']:.4f}, {one['trials']} trials, {one['seconds']:.0f} s"
                )
                store.parent.mkdir(exist_ok=True)
                store.write_text(json.dumps(kept, indent=1) + "\n")
    text = page(kept, asked.seconds)
    if asked.seconds == SECONDS:
        PAGE.write_text(text)
        say(f"wrote docs/{PAGE.name}")
    else:
        print(text)


# -- the page ---------------------------------------------------------------------------------


def page(kept: dict[str, Any], seconds: int) -> str:
    """Return the results as a page."""
    found = kept["machine"]
    rows, together = [], []
    for name in judged.NAMES:
        runs = kept["runs"].get(name, {})
        own = [peer for peer in TUNERS if runs.get(peer.key)]
        rows += [_row(name, peer, runs) for peer in own]
        made = {seed: run["ensemble"] for seed, run in _own(runs).items() if "ensemble" in run}
        if made:
            score, ours = _kind(_own(runs)), {"the ensemble": made, ITS_BEST: _own(runs)}
            others = {one.label: runs[one.key] for one in own if one.key != "pellucid"}
            together += [
                _beside(name, label, score, made, one) for label, one in (ours | others).items()
            ]
    return f"""# The best model after equal time

Each tool searches for {seconds} seconds of wall time from the start of its process, nothing
compiled before, on the same training and validation rows, in the same space: learning rate, L2,
dropout, width, and for tables depth. A trial ends when its validation loss has not improved for
some epochs; Optuna proposes by TPE and prunes by the median, KerasTuner by BayesianOptimization,
Pellucid's `tune` by its default sampler and Hyperband, 16 trials at once of images, else 64. The
model with the lowest validation loss is scored on test rows that no tool saw: accuracy for
classes, R2 for numbers. Means over seeds, ± the standard deviation. The seed divides tables and
images anew, the same for all; the series is divided in its order. A difference of no more than
twice its standard error over the seeds counts as level; with three seeds that is a low bar, which
18 of 100 differences pass by chance (Student's t with two degrees of freedom).

{table(HEAD, rows)}

{_tally(rows, 7, 11)}

## The best trials together

`search.ensemble()` answers with the mean of the eight best trials' models. They are at hand as they
were trained, so that it takes no time beyond that of the search; these are of the searches above.
The other tools keep one model; who wrote the code that keeps eight of theirs would gain, too.

{table(ENSEMBLE_HEAD, together)}

{_tally([row for row in together if row[1] != ITS_BEST], 5, 9)}

{CONDITIONS}

Made by `python benchmarks/quality.py` on {found["processor"]}, {found["cores"]} cores,
Python {found["python"]}.
"""


def _tally(rows: Sequence[Sequence[str]], loss: int, test: int) -> str:
    """Return how often Pellucid is ahead of the other tools, by the columns of verdicts."""
    told = []
    for name, column in (("validation loss", loss), ("test score", test)):
        found = Counter(row[column] for row in rows if row[column])
        counts = [f"{word} in {found[word]}" for word in ("ahead", "level", "behind")]
        told.append(f"by {name} {', '.join(counts)} of {found.total()}")
    return f"Beside the other tools, a table and a tool at a time: {'; '.join(told)}."


def _row(name: str, peer: Peer, runs: Runs) -> list[str]:
    own = runs[peer.key]
    seconds = mean(one["seconds"] for one in own.values())
    trials = mean(one["trials"] for one in own.values())
    cells = [name, peer.label, f"{len(own)}", f"{seconds:,.0f}", f"{trials:,.0f}"]
    ours = _own(runs)
    cells += [_spread(one["loss"] for one in own.values()), *_difference(ours, own, "loss", -1)]
    cells += [_kind(own), _spread(one["test"] for one in own.values())]
    return [*cells, *_difference(ours, own, "test", 1)]


def _spread(values: Iterable[float]) -> str:
    """Return the mean of values over seeds, ± their standard deviation."""
    found = list(values)
    return f"{mean(found):.4f}" + (f" ± {stdev(found):.4f}" if len(found) > 1 else "")


def _own(runs: Runs) -> Mapping[str, Any]:
    """Return Pellucid's runs by seed."""
    return runs.get("pellucid", {})


def _beside(
    name: str, label: str, score: str, made: Mapping[str, Any], theirs: Mapping[str, Any]
) -> list[str]:
    """Return the row of something beside the ensembles: of themselves, or of best models."""
    shared = [run for seed, run in theirs.items() if seed in made]
    cells = [name, label, f"{len(shared)}", _spread(one["loss"] for one in shared)]
    cells += [*_difference(made, theirs, "loss", -1), score]
    return [*cells, _spread(one["test"] for one in shared), *_difference(made, theirs, "test", 1)]


def _kind(runs: Mapping[str, Any]) -> str:
    """Return what the score is called."""
    loss = next(iter(runs.values()))["loss_name"]
    return "R2" if loss == "mean_squared_error" else "accuracy"


def _difference(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], what: str, sign: int
) -> tuple[str, str]:
    """Return how far our value is above theirs on the same seeds, and whether that counts.

    Args:
        ours: Our runs by seed.
        theirs: Theirs.
        what: Name of the value.
        sign: 1 where higher values are better, -1 where lower ones are.
    """
    pairs = [ours[seed][what] - theirs[seed][what] for seed in theirs if seed in ours]
    if ours is theirs or not pairs:
        return "", ""
    middle = mean(pairs)
    if len(pairs) < 2:
        return f"{middle:+.4f}", ""
    error = stdev(pairs) / len(pairs) ** 0.5
    verdict = "level" if abs(middle) <= 2 * error else "ahead" if sign * middle > 0 else "behind"
    return f"{middle:+.4f}", verdict


if __name__ == "__main__":
    main()
