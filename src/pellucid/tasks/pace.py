"""How long a network trains and how fast, where the data are small."""

import numpy as np

from pellucid.optimizers.schedules import CosineDecay

LEAST_EPOCHS, MOST_EPOCHS = 40, 300


def epochs_for(steps: int, in_epoch: float) -> int:
    """Return how many epochs make about so many steps: 40 to 300.

    Args:
        steps: The steps that are aimed at.
        in_epoch: Steps in an epoch.

    Example:
        >>> from pellucid.tasks.pace import epochs_for
        >>> epochs_for(2000, 25.0), epochs_for(2000, 1.5), epochs_for(2000, 800.0)
        (80, 300, 40)
    """
    return int(np.clip(steps / max(in_epoch, 1), LEAST_EPOCHS, MOST_EPOCHS))


def rise_and_fall(highest: float, steps: int) -> CosineDecay:
    """Return a rate of learning that rises for a twentieth of the steps and then falls to 0.

    Args:
        highest: The rate at its height.
        steps: Steps of the whole training.

    Example:
        >>> from pellucid.tasks.pace import rise_and_fall
        >>> rate = rise_and_fall(0.01, 200)
        >>> [round(float(rate(step)), 4) for step in (0, 10, 105, 200)]
        [0.0, 0.01, 0.005, 0.0]
    """
    rising = max(1, steps // 20)
    falling = max(1, steps - rising)
    return CosineDecay(0.0, falling, warmup_target=highest, warmup_steps=rising)
