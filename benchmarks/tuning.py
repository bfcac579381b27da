"""Searches and cross-validation beside the peers'.

    python benchmarks/tuning.py [--sections mlp,cnn,lstm,folds] [--only pellucid,torch]
                                [--rounds 2] [--device gpu] [--trials 4] [--epochs 1]

Writes docs/tuning-benchmark.md and benchmarks/results/tuning.json, where a section replaces the
earlier one of its name and the others stay; on a GPU, files of their own. Environments are those
of run.py; nothing else should run meanwhile. `--trials` and `--epochs` are for tries, whose page
is shown and not written.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

import machine
import tuning_page
from environments import (
    DEVICES,
    HERE,
    PEERS,
    PELLUCID,
    PROJECT,
    Peer,
    on,
    python_of,
    suffix,
    variables,
)
from networks import BY_KEY as NETWORKS
from networks import MLP
from process import Finished, run_once
from run import check_device, chosen
from searches import SEARCHES, Search
from turns import entry, in_turns, say
from whole import attempt, empty_cache
from workload import images, synthetic, synthetic_images

STORES = {device: HERE / "results" / f"tuning{suffix(device)}.json" for device in DEVICES}
PAGES = {device: PROJECT / "docs" / f"tuning-benchmark{suffix(device)}.md" for device in DEVICES}
"""Where figures are kept and shown, by the device that computed."""
BY_PEER = {peer.key: peer for peer in PEERS}
TUNERS = (
    replace(BY_PEER["pellucid"], module="pellucid_tune"),
    replace(BY_PEER["torch"], label="Optuna over torch", module="optuna_torch"),
    replace(BY_PEER["kerasjax"], label="KerasTuner on JAX", module="keras_tuner_fit"),
    replace(BY_PEER["kerastf"], label="KerasTuner on TensorFlow", module="keras_tuner_fit"),
)
LOOPS = (
    replace(BY_PEER["pellucid"], module="pellucid_folds"),
    replace(BY_PEER["kerasjax"], module="keras_folds"),
    replace(BY_PEER["kerastf"], module="keras_folds"),
)
SHARES: dict[str, dict[tuple[str, str], int]] = {
    "cpu": {("mlp", "kerastf"): 4, ("lstm", "kerastf"): 4, ("lstm", "kerasjax"): 3},
    "gpu": {
        ("mlp", "torch"): 20,
        ("mlp", "kerasjax"): 32,
        ("cnn", "kerasjax"): 4,
        ("lstm", "torch"): 3,
        ("lstm", "kerasjax"): 12,
        ("folds", "kerasjax"): 15,
    },
}
"""A search of which a peer makes only one trial in so many, because all would take too long."""
AGAIN = 3
"""Searches in one process of Pellucid, of which the last is the steady one."""
CV, REPEATS, EPOCHS = 10, 3, 20
SECTIONS = (*(search.key for search in SEARCHES), "folds")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=2, help="turns of each peer")
    parser.add_argument("--sections", default="", help=f"by comma, of {', '.join(SECTIONS)}")
    known = ", ".join(peer.key for peer in TUNERS)
    parser.add_argument("--only", default="", help=f"by comma, of {known}")
    parser.add_argument("--device", choices=[*DEVICES], default="cpu", help="where to train")
    parser.add_argument("--trials", type=int, help="trials of a search, and folds")
    parser.add_argument("--epochs", type=int, help="epochs of each")
    asked = parser.parse_args(given)
    check_device(parser, asked)
    return asked


# -- data -------------------------------------------------------------------------------------


@contextmanager
def files() -> Iterator[dict[str, tuple[Path, str]]]:
    """Write the rows of each search into a file; say where they come from."""
    data = Path(os.environ.get("PELLUCID_DATA", PROJECT.parent / "shared" / "data"))
    found = images(data / "mnist_t10k")
    pixels, labels = found or synthetic_images()
    x, y = pixels[..., None].astype(np.float32) / 255, labels.astype(np.int32)
    drawn = "drawn at random"
    rows = {
        "mlp": (*synthetic(), drawn),
        "cnn": (x, y, "the first of MNIST's test set" if found else drawn),
        "lstm": (*NETWORKS["lstm"].data(), drawn),
    }
    with tempfile.TemporaryDirectory() as folder:
        written = {}
        for key, (x, y, source) in rows.items():
            written[key] = Path(folder) / f"{key}.npz", source
            np.savez(written[key][0], x=x, y=y)
        yield written


# -- measurements -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Work:
    """What every peer does in its turn.

    Args:
        script: The script that a turn runs, after whose module `file` and `numbers` are given.
        file: The rows.
        pieces: Trials or folds of which it consists.
        done: How many of them a peer does, by key; all where it is not named. What the others
            would take follows from those after the first.
        numbers: Returns further arguments for so many pieces.
    """

    script: str
    file: Path
    pieces: int
    done: Mapping[str, int]
    numbers: Callable[[int], Sequence[Any]]

    def command(self, peer: Peer) -> list[str]:
        """Return the command of a peer's turn."""
        given = [peer.module, self.file, *self.numbers(self.pieces_of(peer))]
        return [python_of(peer.environment), str(HERE / self.script), *map(str, given)]

    def pieces_of(self, peer: Peer) -> int:
        """Return how many pieces a peer does."""
        return self.done.get(peer.key, self.pieces)


def measure(work: Work, peers: Sequence[Peer], rounds: int, **about: Any) -> dict[str, Any]:
    """Measure every peer's work in turns.

    `first` are wall seconds from process start to end, with no compiled programs on disk;
    `second` those of another process that finds them. `steady` are seconds a piece when all is
    compiled that stays compiled: of later pieces of one process, or, where all are done together,
    of a later run in one process.
    """
    names = ("first", "second", "steady", "peak_bytes", "loss", "versions")
    found = entry(rounds) | about | {"pieces": work.pieces} | {name: {} for name in names}
    found["done"] = {peer.key: work.pieces_of(peer) for peer in peers}
    for turn, peer in in_turns(peers, rounds):
        with empty_cache() as cache:
            _turn(work, peer, variables(peer, cache), turn, found)
    return found


def _turn(
    work: Work, peer: Peer, settings: dict[str, str], turn: int, found: dict[str, Any]
) -> None:
    command = work.command(peer)
    ended = attempt(command, settings, peer, turn, found["missing"])
    if ended is None:
        return
    told = last_line(ended)
    rest = (work.pieces - work.pieces_of(peer)) * told["later"]
    figures = {"first": ended.seconds + rest, "steady": told["later"]}
    if peer.key == PELLUCID.key:
        figures["second"] = run_once(command, settings).seconds
        again = last_line(run_once([*command, str(AGAIN)], settings))
        figures["steady"] = again["seconds"] / work.pieces
    figures |= {"peak_bytes": ended.peak_bytes, "loss": told["loss"]}
    for name, value in figures.items():
        found[name].setdefault(peer.key, []).append(value)
    found["versions"][peer.key] = told["version"]
    say(
        f"  round {turn + 1}  {peer.label:26}{figures['first']:9.2f} s, "
        f"later {figures['steady']:8.3f} s each"
    )


def last_line(ended: Finished) -> dict[str, Any]:
    return json.loads(ended.output.splitlines()[-1])


def searched(
    what: Search, file: Path, source: str, peers: Sequence[Peer], asked: argparse.Namespace
) -> dict[str, Any]:
    """Measure a search by every peer."""
    say(what.label)
    trials, epochs = asked.trials or what.trials, asked.epochs or what.epochs
    done = done_of(what.key, trials, asked.device)
    work = Work("search_once.py", file, trials, done, lambda count: (what.key, count, epochs))
    if what.threads is not None:
        threads = {"PEER_THREADS": str(what.threads)}
        peers = [replace(peer, settings=peer.settings | threads) for peer in peers]
    return measure(work, peers, asked.rounds, epochs=epochs, source=source)


def done_of(section: str, pieces: int, device: str) -> dict[str, int]:
    """Return how many of a section's pieces a peer does that does not do all, by its key."""
    return {
        peer: max(2, pieces // share)
        for (key, peer), share in SHARES[device].items()
        if key == section
    }


def folded(
    file: Path, source: str, peers: Sequence[Peer], asked: argparse.Namespace
) -> dict[str, Any]:
    """Measure repeated cross-validation by every peer."""
    say(f"{CV}-fold cross-validation, {REPEATS} times")
    repeats, epochs = 1 if asked.trials else REPEATS, asked.epochs or EPOCHS
    cv = asked.trials or CV
    pieces = cv * repeats
    done = done_of("folds", pieces, asked.device)
    work = Work("folds_once.py", file, pieces, done, lambda count: (cv, repeats, epochs, count))
    return measure(work, peers, asked.rounds, epochs=epochs, source=source, rows=MLP.rows)


def results(asked: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Take every measurement that is asked for; yield each section when it is done."""
    only = chosen(asked.only, [peer.key for peer in TUNERS])
    tuners, loops = (
        on(asked.device, [peer for peer in peers if peer.key in only]) for peers in (TUNERS, LOOPS)
    )
    sections = chosen(asked.sections, SECTIONS)
    with files() as rows:
        for what in SEARCHES:
            if what.key in sections:
                yield what.key, searched(what, *rows[what.key], tuners, asked)
        if "folds" in sections:
            yield "folds", folded(*rows["mlp"], loops, asked)


def keep(key: str, section: dict[str, Any], device: str) -> None:
    """Put a section's figures beside those of the others, and write the page anew."""
    store, page = STORES[device], PAGES[device]
    kept = json.loads(store.read_text()) if store.exists() else {}
    kept[key] = section
    found = {key: kept[key] for key in SECTIONS if key in kept}
    store.parent.mkdir(exist_ok=True)
    store.write_text(json.dumps(found, indent=1) + "\n")
    page.write_text(tuning_page.write(found, device))
    say(f"wrote docs/{page.name}")


def main() -> None:
    asked = arguments()
    told = machine.description()
    for key, section in results(asked):
        section["machine"] = told
        if asked.trials or asked.epochs:
            print(tuning_page.write({key: section}, asked.device))
        else:
            keep(key, section, asked.device)


if __name__ == "__main__":
    main()
