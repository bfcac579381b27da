"""Models whose layers carry states from batch to batch: what they ask of batches."""

import warnings
from typing import Any

from pellucid.errors import PellucidWarning, Problem, ShapeError, report
from pellucid.graph import Network
from pellucid.types import Array
from pellucid.wording import count_text

STATES = "a state for each row of a batch"


def batch_rows(network: Network, given: int | None, where: str) -> int | None:
    """Return how many rows a batch has: what the model's input fixes, if it carries states.

    Args:
        network: The model's network.
        given: Rows in a batch as the caller wants them; None where that is left open.
        where: The argument that says so.

    Raises:
        ArgumentError: The two differ.
    """
    if not network.stateful:
        return given
    rows = network.batch_size
    if given not in (None, rows):
        expected = f"{rows} as in the model's Input: stateful layers hold {STATES}"
        report([Problem(where, str(given), expected, "Leave it out.")])
    return rows


def check_batches(network: Network, rows: int, where: str = "x") -> None:
    """Refuse rows that do not make whole batches for stateful layers.

    Raises:
        ShapeError: Their number is no multiple of the batch size.
    """
    size = network.batch_size
    if not network.stateful or size is None or (rows and rows % size == 0):
        return
    whole = rows // size * size
    fix = f"Leave the last {count_text(rows - whole, 'row')} out: x[:{whole}]." if whole else ""
    expected = f"a multiple of {size}, the batch size: stateful layers hold {STATES}"
    report([Problem(where, count_text(rows, "row"), expected, fix)], ShapeError)


def check_batch(network: Network, rows: int, where: str) -> None:
    """Refuse a batch of another size than stateful layers hold states for.

    Raises:
        ShapeError: It has more or fewer rows.
    """
    if network.stateful and rows != network.batch_size:
        expected = f"{network.batch_size}, the batch size: stateful layers hold {STATES}"
        report([Problem(where, count_text(rows, "row"), expected)], ShapeError)


def check_order(network: Network, shuffle: Any) -> None:
    """Warn that rows in a new order do not go on where others ended.

    Warns:
        PellucidWarning: Rows are shuffled before stateful layers.
    """
    if network.stateful and shuffle:
        given = f"{shuffle!r} with stateful layers"
        expected = "False: row i of a batch goes on where row i of the batch before ended"
        warnings.warn(str(Problem("fit(shuffle=...)", given, expected)), PellucidWarning, 6)


def keep_states(model: Any, changed: dict[int, Array]) -> None:
    """Let layers go on from the states that a pass left.

    Args:
        model: The model.
        changed: New values by their number in `Network.weights`.
    """
    held = model.variables()
    for number, value in changed.items():
        weight = model.network.weights[number]
        if weight.by_row:
            held[weight.layer].set(weight.name, value)
