"""What a page tells of a run by its history alone: result, curves, readings, settings."""

import fnmatch
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from pellucid.environment import environment
from pellucid.page import Facts, Item, Plot, Section, Sentence, Table
from pellucid.training.heat_map import HeatMap, draw_heat_map
from pellucid.training.probes import Probes
from pellucid.wording import count_text, number_text

if TYPE_CHECKING:
    from pellucid.training.history import History


LAYER_SIZES = {
    "signal/rms": "Signal that comes back, dL/dh",
    "activation/rms": "What each layer gives",
    "*/gradient": "Gradient of each weight",
    "*/update": "Relative update",
}
"""Quantities, or patterns of those of a weight, and what they are called above a picture."""

LEAST_SHARE = 0.05
"""Shares that stay below are not drawn."""

SHARES = {
    "activation/dead": "Share of units that are dead",
    "activation/saturated": "Share of values that are saturated",
}


def run_sections(history: "History") -> list[Section]:
    """Return what a run logged and what probes read in it; either may be empty."""
    return [_curves_section(history), _readings_section(history.probes)]


def result_text(history: "History") -> str:
    """Return what a run reached, as a sentence or two."""
    if not len(history):
        return "No epoch was finished."
    ran = f"{count_text(len(history), 'epoch')}"
    column = next((one for one in ("val_loss", "loss") if one in history), None)
    if column is None or history.best_epoch is None:
        reached = "."
    else:
        best = history.best(column)
        reached = f"; best {column} {number_text(best.value)} at epoch {best.epoch}."
    stopped = f" Stopped: {history.stopped}." if history.stopped else ""
    return f"{ran}{reached}{stopped}"


def _curves_section(history: "History") -> Section:
    """Return the curves, and a table of the best and the last values."""
    title = "Learning curves"
    if not history.history or not len(history):
        return Section(title, [])
    rows = [_ends(history, column) for column in history.columns[1:]]
    alt = f"Loss and metrics against the epoch. {result_text(history)}"
    headers = ["quantity", "first", "best", "at epoch", "last"]
    table = Table("First, best and last values", headers, [row for row in rows if row])
    return Section(title, [Plot(history.plot(), alt), table])


def _ends(history: "History", column: str) -> list[Any] | None:
    """Return a row of the table; None for a column with a value a class."""
    values = [value for value in history[:, column] if value is not None]
    if not values or isinstance(values[0], list):
        return None
    known = history.direction(column) is not None and np.isfinite(values).any()
    best = history.best(column) if known else None
    return [
        column,
        values[0],
        None if best is None else best.value,
        None if best is None else best.epoch,
        values[-1],
    ]


def _readings_section(probes: Probes) -> Section:
    maps = [one for one in heat_maps(probes) if len(one.layers) > 1]
    intro = Sentence(
        "Each row is a layer or a weight, the one nearest to the input on top; each column is a "
        "step at which the run was looked into. Sizes are root mean squares, on a logarithmic "
        "scale of colours."
    )
    items: list[Item] = [Plot(draw_heat_map(one), _heat_map_alt(one)) for one in maps]
    return Section("Inside the network", [intro, *items] if items else [])


def _heat_map_alt(shown: HeatMap) -> str:
    last = ", ".join(
        f"{layer} {number_text(value)}"
        for layer, value in zip(shown.layers, shown.values[:, -1].tolist(), strict=True)
    )
    return f"{shown.title}, against the training step. At the last reading: {last}."


def heat_maps(probes: Probes) -> list[HeatMap]:
    """Return what was read of the layers, and of their weights, by step.

    Sizes come first, the signal before what follows from it; then the shares that matter.
    """
    return [*_maps(probes, LAYER_SIZES, False), *_maps(probes, SHARES, True)]


def _maps(probes: Probes, titles: Mapping[str, str], share: bool) -> Iterator[HeatMap]:
    for pattern, title in titles.items():
        if not probes.steps or not fnmatch.filter(probes.quantities, pattern):
            continue
        part = probes.select(quantity=pattern)
        if share and not (part.values >= LEAST_SHARE).any():
            continue
        suffix = pattern.removeprefix("*")
        of_weights = pattern != suffix
        names = [
            f"{layer}/{quantity.removesuffix(suffix)}" if of_weights else layer
            for layer, quantity in part.columns
        ]
        yield HeatMap(title, names, part.steps, part.values.T, share)


def environment_section(settings: Mapping[str, Any]) -> Section:
    """Return what one must know to repeat a run.

    Args:
        settings: What was asked for, by name.
    """
    asked = [(name, value) for name, value in settings.items() if value is not None]
    return Section("Settings and environment", [Facts([*asked, *environment().items()])])
