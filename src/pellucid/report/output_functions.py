"""How the last layer's numbers become probabilities, and these become a class."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pellucid import activations
from pellucid.drawing import (
    BLUE,
    DASHES,
    INK,
    SERIES,
    VERMILION,
    new_figure,
    styled,
    subtitle,
)
from pellucid.errors import Problem, report
from pellucid.types import NumpyArray

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOGITS = np.linspace(-6.0, 6.0, 601)
"""The logits that are drawn."""

TINT = 0.12
"""How strongly the two classes are coloured behind the curve."""


@styled
def sigmoid_output(threshold: float = 0.5) -> "Figure":
    """Draw the probability that a sigmoid gives, and the class that a threshold makes of it.

    `p = 1 / (1 + exp(-z))` is above the threshold t where the logit z is above `log(t / (1 - t))`.

    Args:
        threshold: Probability from which on the class is 1, between 0 and 1.

    Returns:
        A matplotlib figure.

    Raises:
        ArgumentError: The threshold is not between 0 and 1.

    Example:
        >>> from pellucid.report import sigmoid_output
        >>> sigmoid_output(0.8).axes[0].texts[-1].get_text()
        'class 1 where the logit is above 1.39, the probability above 0.8'

    Source: Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.2.
    """
    if not 0 < threshold < 1:
        expected = "a probability between 0 and 1"
        report([Problem("sigmoid_output(threshold=...)", repr(threshold), expected)])
    turn = math.log(threshold / (1 - threshold))
    left, right = min(LOGITS[0], turn - 1), max(LOGITS[-1], turn + 1)
    logits = np.linspace(left, right, len(LOGITS))
    figure, (panel,) = new_figure(width=6.0, height=3.6)
    sides = ((left, turn, BLUE), (turn, right, VERMILION))
    for number, (begin, end, colour) in enumerate(sides):
        panel.axvspan(begin, end, color=colour, alpha=TINT, lw=0)
        middle = (begin + end) / 2
        panel.text(middle, 1.07, f"class {number}", color=colour, ha="center", weight="bold")
    panel.plot([left, turn, turn], [threshold, threshold, 0], color=INK, lw=0.9, ls=DASHES[1])
    panel.plot(logits, np.asarray(activations.sigmoid(logits)), color=INK)
    panel.set_xlim(left, right)
    panel.set_ylim(-0.02, 1.16)
    panel.set_xlabel("logit z")
    panel.set_ylabel("probability of class 1")
    where = f"class 1 where the logit is above {turn:.2f}, the probability above {threshold:g}"
    subtitle(panel, "Sigmoid and its threshold", where)
    return figure


@styled
def softmax_output(
    others: Sequence[float] = (0.0, 2.0), temperatures: Sequence[float] = (0.5, 1.0, 2.0)
) -> "Figure":
    """Draw the probabilities that softmax gives while one logit moves and the others stand still.

    `p_k = exp(z_k / T) / sum_j exp(z_j / T)`; networks have the temperature T = 1. A higher one
    makes the probabilities more even, a lower one makes the largest logit win.

    Args:
        others: The logits that stand still, one to six of them.
        temperatures: Temperatures of the second panel, above 0.

    Returns:
        A matplotlib figure: all probabilities at temperature 1, and that of the moving logit at
        each temperature.

    Raises:
        ArgumentError: There are no other logits or too many, or a temperature is not above 0.

    Example:
        >>> from pellucid.report import softmax_output
        >>> figure = softmax_output(others=[0, 1])
        >>> [line.get_label() for line in figure.axes[0].lines]
        ['moving', '0', '1']

    Source: Hinton et al., "Distilling the Knowledge in a Neural Network" (2015).
    """
    report(_softmax_problems(others, temperatures))
    figure, (left, right) = new_figure(1, 2, width=6.4, height=3.8)
    for number, p in enumerate(_softmax(others, 1.0).T):
        label = "moving" if number == 0 else f"{others[number - 1]:g}"
        dash = DASHES[number % len(DASHES)]
        left.plot(LOGITS, p, color=SERIES[number], ls=dash, label=label)
    for number, temperature in enumerate(temperatures):
        p = _softmax(others, temperature)[:, 0]
        dash = DASHES[number % len(DASHES)]
        colour = SERIES[number % len(SERIES)]
        right.plot(LOGITS, p, color=colour, ls=dash, label=f"{temperature:g}")
    for panel in (left, right):
        panel.set_xlim(LOGITS[0], LOGITS[-1])
        panel.set_ylim(-0.02, 1.02)
        panel.set_xlabel("moving logit")
    left.set_ylabel("probability")
    left.legend(title="logit", loc="center left", alignment="left")
    right.legend(title="temperature", loc="upper left", alignment="left")
    subtitle(left, "Softmax", "each class's probability")
    subtitle(right, "Temperature", "probability of the moving logit's class")
    return figure


def _softmax(others: Sequence[float], temperature: float) -> NumpyArray:
    """Return the probabilities for each of `LOGITS` beside the others, shape (points, classes)."""
    still = np.tile(np.asarray(others, float), (len(LOGITS), 1))
    logits = np.concatenate([LOGITS[:, None], still], axis=1)
    return np.asarray(activations.softmax(logits / temperature))


def _softmax_problems(others: Sequence[float], temperatures: Sequence[float]) -> list[Problem]:
    problems = []
    if not 1 <= len(others) < len(SERIES) - 1 or not np.isfinite(others).all():
        expected = f"one to {len(SERIES) - 2} finite numbers"
        problems.append(Problem("softmax_output(others=...)", repr(others), expected))
    if not len(temperatures) or not all(0 < one < np.inf for one in temperatures):
        expected = "finite numbers above 0"
        problems.append(Problem("softmax_output(temperatures=...)", repr(temperatures), expected))
    return problems
