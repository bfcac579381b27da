"""Columns that matter for the labels and that the trained network takes no notice of."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import FEWEST_ROWS
from pellucid.insight.remedies import ScaleInputs
from pellucid.training.scoring import predict_rows
from pellucid.types import NumpyArray
from pellucid.wording import number_text

MOST_COLUMNS, ROWS = 100, 256

DEAF = 0.01
"""Share of the largest effect below which a column is not heard."""

HEARD = 1e-3
"""Effect below which nothing is heard of any column, which is another finding."""

FAINT = 0.1
"""Standard deviation / that of the largest column below which a column is faint."""

MATTERS = 0.3
"""Correlation with the targets from which a column matters by itself."""


def ignored_input(case: Case) -> Iterator[Finding]:
    """Yield columns that go with the labels and whose shuffling leaves the outputs as they are."""
    effects = _effects(case)
    links = None if effects is None else _links(case)
    if effects is None or links is None or len(effects) != len(links) or effects.max() <= HEARD:
        return
    deaf = (effects < DEAF * effects.max()) & (links > MATTERS) & (_sizes(case) < FAINT)
    if not deaf.any():
        return
    worst = int(np.argmax(np.where(deaf, links, -1)))
    column = case.train.column(worst)
    yield Finding(
        "ignored-input",
        "warning",
        f"{column[:1].upper()}{column[1:]} goes with the labels (correlation "
        f"{number_text(float(links[worst]))}), but shuffling it leaves the answers as they are. "
        "The network does not hear it, most likely because its numbers are far smaller than "
        "the other columns'.",
        {
            "columns not heard": float(deaf.sum()),
            "column": float(worst),
            "correlation with the labels": float(links[worst]),
            "effect / largest effect": float(effects[worst] / effects.max()),
        },
        (ScaleInputs(),),
    )


def _effects(case: Case) -> NumpyArray | None:
    """Return by how much shuffling each column changes the outputs, root mean square."""
    table = case.sampled
    if table is None or case.end is None or case.recipe is None or len(table.x) != 1:
        return None
    x = np.asarray(table.x[0][:ROWS])
    if x.ndim not in (2, 3) or x.dtype.kind != "f" or x.shape[-1] > MOST_COLUMNS:
        return None
    if len(x) < FEWEST_ROWS or x.shape[-1] < 2 or case.network.batch_size is not None:
        return None
    order = np.random.default_rng(case.seed).permutation(len(x))
    shuffled = np.repeat(x[None], x.shape[-1], axis=0)
    for column in range(x.shape[-1]):
        shuffled[column, ..., column] = x[order][..., column]
    weights = (*case.end, case.recipe.hyper())
    plain = predict_rows(case.forward, weights, [x], None)[0]
    moved = predict_rows(case.forward, weights, [shuffled.reshape(-1, *x.shape[1:])], None)[0]
    if not (np.isfinite(plain).all() and np.isfinite(moved).all()):
        return None
    moved = moved.reshape(x.shape[-1], *plain.shape)
    axes = tuple(range(1, moved.ndim))
    return np.sqrt(np.mean(np.square(moved - plain, dtype=np.float64), axis=axes))


def _sizes(case: Case) -> NumpyArray:
    """Return the standard deviation of each column as a share of the largest."""
    assert case.sampled is not None
    x = np.asarray(case.sampled.x[0], np.float64)
    sizes = x.reshape(-1, x.shape[-1]).std(axis=0)
    return sizes / max(sizes.max(), 1e-300)


def _links(case: Case) -> NumpyArray | None:
    """Return the strongest correlation of each column, its mean over steps, with a target.

    Of several numbers the faint ones hardly count in the loss, and so does what goes with them.
    """
    table, outcome = case.sampled, case.outcome
    if table is None or outcome is None or outcome.targets is None:
        return None
    x = np.asarray(table.x[0], np.float64)
    x = x.mean(axis=1) if x.ndim == 3 else x
    y = outcome.targets
    if outcome.classes is None:
        spread = y.std(axis=0)
        counts = spread / (spread.max() or 1.0)
    else:
        counts, y = np.ones(1), np.eye(int(y.max()) + 1)[y]
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    sizes = np.sqrt(np.square(x).sum(axis=0))[:, None] * np.sqrt(np.square(y).sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.abs(x.T @ y) / sizes
    return (np.nan_to_num(found) * counts).max(axis=1)
