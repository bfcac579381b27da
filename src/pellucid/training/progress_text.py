"""A run in words: what it will do, and what it has logged."""

from typing import Any

from pellucid.training.observer import Logs
from pellucid.wording import count_text, number_text


def run_text(
    epochs: int,
    steps_per_epoch: int | None,
    rows: int | None,
    batch_size: int | None,
    initial_epoch: int = 0,
    seed: int | None = None,
) -> str:
    """Return the line that says what a run will do.

    Example:
        >>> from pellucid.training.progress_text import run_text
        >>> run_text(100, 15, 455, 32, seed=0)
        '455 rows, 100 epochs of 15 steps, batch size 32, seed 0'
    """
    length = count_text(epochs, "epoch")
    if initial_epoch:
        length = f"epochs {initial_epoch + 1:,} to {epochs:,}"
    if steps_per_epoch is not None:
        length += f" of {count_text(steps_per_epoch, 'step')}"
    parts = [
        count_text(rows, "row") if rows is not None else "",
        length,
        f"batch size {batch_size:,}" if batch_size is not None else "",
        f"seed {seed}" if seed is not None else "",
    ]
    return ", ".join(part for part in parts if part)


def logs_text(logs: Logs) -> str:
    """Return logged values in one line; a metric with many values is shown as its mean.

    Example:
        >>> from pellucid.training.progress_text import logs_text
        >>> logs_text({"loss": 0.25, "f1_score": [0.5, 1.0]})
        'loss 0.2500  mean f1_score 0.7500'
    """
    return "  ".join(f"{name} {text}" for name, text in shown_values(logs))


def shown_values(logs: Logs) -> list[tuple[str, str]]:
    """Return names and values as text, leaving out what is no number."""
    shown = []
    for name, value in logs.items():
        values = flat_numbers(value)
        if values:
            mean = "mean " if len(values) > 1 else ""
            shown.append((mean + name, number_text(sum(values) / len(values))))
    return shown


def flat_numbers(value: Any) -> list[float]:
    """Return the numbers in a number, list or array; none if it is something else."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in flat_numbers(item)]
    return [float(value)] if isinstance(value, (int, float)) else []
