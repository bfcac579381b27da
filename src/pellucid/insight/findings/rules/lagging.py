"""Whether what a short run has kept for predictions lags behind what its steps have learned."""

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.rules.verdict import LEARNED, above_chance

SETTLED = 500
"""Steps after which averages that take up a hundredth of each batch have caught up."""

BETTER = 0.95
"""Share of the constant answer's loss below which the steps know more than that answer."""


def lags(case: Case) -> bool:
    """Say whether the steps of a short run beat a constant answer, and its predictions do not.

    Steps of `BatchNormalization` use the numbers of their own rows, predictions its averages.
    """
    outcome, history = case.outcome, case.history
    if outcome is None or history is None or case.table is None or len(case.network.outputs) > 1:
        return False
    # Weights of rows and classes change the unit of the loss that is logged.
    weighed = any(one is not None for one in case.train.weights) or case.settings.class_weight
    loss = [one for one in history.history.get("loss", []) if isinstance(one, float)]
    steps = len(loss) * -(-case.table.rows // case.settings.batch_size)
    if not loss or weighed or steps >= SETTLED or not np.isfinite(loss[-1]):
        return False
    return above_chance(outcome) < LEARNED and loss[-1] < BETTER * outcome.constant
