"""What a page tells of a run by its history alone: result, curves, readings, settings."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from pellucid.environment import environment
from pellucid.page import Facts, Item, Plot, Section, Sentence, Table
from pellucid.training.heat_map import HeatMap, draw_heat_map
from pellucid.wording import count_text, number_text

if TYPE_CHECKING:
    from pellucid.training.history import History


class ProbeRow(NamedTuple):
    """One number that a probe read: of which layer, at which step."""

    step: int
    layer: str
    quantity: str
    value: float


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


def curves_section(history: "History") -> Section:
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


def readings_section(rows: Iterable[ProbeRow]) -> Section:
    """Return a heat map for each quantity that was read of more than one layer."""
    maps = [one for one in heat_maps(rows) if len(one.layers) > 1]
    intro = Sentence(
        "Each row is a layer, the one nearest to the input on top; each column is a step at which "
        "the run was looked into. The scale of colours is logarithmic."
    )
    items: list[Item] = [Plot(draw_heat_map(one), _heat_map_alt(one)) for one in maps]
    return Section("Inside the network", [intro, *items] if items else [])


def _heat_map_alt(shown: HeatMap) -> str:
    last = ", ".join(
        f"{layer} {number_text(value)}"
        for layer, value in zip(shown.layers, shown.values[:, -1].tolist(), strict=True)
    )
    return f"{shown.title} of each layer against the training step. At the last step: {last}."


def heat_maps(rows: Iterable[ProbeRow]) -> Iterator[HeatMap]:
    """Yield the size of each quantity by layer and step, quantities and layers as they come."""
    found: dict[str, dict[str, dict[int, float]]] = {}
    for row in rows:
        layers = found.setdefault(row.quantity, {})
        layers.setdefault(row.layer, {})[row.step] = abs(row.value)
    for quantity, layers in found.items():
        steps = sorted({step for values in layers.values() for step in values})
        values = [[own.get(step, np.nan) for step in steps] for own in layers.values()]
        title = quantity.replace("_", " ")
        yield HeatMap(title[:1].upper() + title[1:], list(layers), steps, np.array(values))


def environment_section(settings: Iterable[tuple[str, Any]]) -> Section:
    """Return what one must know to repeat a run.

    Args:
        settings: What was asked for, by name.
    """
    asked = [(name, value) for name, value in settings if value is not None]
    return Section("Settings and environment", [Facts([*asked, *environment().items()])])
