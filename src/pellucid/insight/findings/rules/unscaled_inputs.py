"""Inputs whose size, or whose differences in size, keep the first layer from learning."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.coded_values import coded_values
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.findings.signal import Passage, kernel_nodes, reaches
from pellucid.insight.findings.views import is_coded, is_number
from pellucid.insight.remedies import DivideInputs, Remedy, ScaleInputs
from pellucid.optimizers import SGD
from pellucid.training.pairing.pairing import is_whole
from pellucid.types import NumpyArray
from pellucid.wording import number_text

LARGE, HUGE = 10.0, 50.0
"""Pre-activation of the first layer that is too large, and that leaves nothing to learn with."""

TINY = 0.01
"""Largest value of inputs that hardly count beside a bias."""

SMALL = 0.1
"""Size, and spread of every column, of inputs by which plain steps move hardly any weight."""

RATIO = 100.0
"""Ratio of the columns' standard deviations from which the small ones are not seen."""

PIXEL = 255.0

FEWEST = 8
"""Rows below which a standard deviation says too little."""

SELDOM = 0.05
"""Share of rows with another value than most, below which a column has too little to lose."""


def unscaled_inputs(case: Case) -> Iterator[Finding]:
    """Yield the finding of inputs far from unit scale where the first trained layer takes them.

    What layers before it do to them counts: behind an adapted Normalization nothing is unscaled.
    A code for what is missing is told first: what it does to the scale follows from it.
    """
    coded = coded_values(case)
    if coded is not None:
        yield coded
        return
    if case.signal is None:
        return
    for passage in case.signal.passages:
        if passage.first:
            yield from _at(case, passage, case.signal.firsts[passage.node])


def _at(case: Case, passage: Passage, entering: NumpyArray) -> Iterator[Finding]:
    table = np.asarray(entering, np.float64).reshape(-1, entering.shape[-1])
    size = float(np.sqrt(np.mean(table**2)))
    # The gain of a sound initialiser is about 1; a wild one is another finding.
    typical = float(np.median(passage.entering)) * min(1.0, passage.gain)
    # Channels of an image have one unit, and so have features that a frozen layer makes; columns,
    # and channels of a sequence, have their own.
    own = entering.ndim <= 3 and not _is_made(case, passage.node)
    spread = _spread(table) if own else 1.0
    evidence = {
        "input rms": size,
        "first pre-activation": typical,
        "largest to smallest column": spread,
    }
    remedies = _remedies(case)
    if typical > LARGE:
        yield Finding(
            "unscaled-inputs",
            "fault" if typical > HUGE else "warning",
            f"The inputs are large: they enter layer '{passage.path}' with a typical size of "
            f"{number_text(typical)}, where about 1 is right. Its units start far from where "
            f"they can learn, and {_consequence(spread)}.",
            evidence,
            remedies,
            layer=passage.path,
        )
    elif 0 < np.abs(table).max() < TINY:
        yield Finding(
            "unscaled-inputs",
            "warning",
            f"The inputs are tiny: no value that enters layer '{passage.path}' is beyond "
            f"{number_text(float(np.abs(table).max()))}, where about 1 is right. The layer's "
            "weights would have to grow a hundredfold before the inputs count.",
            evidence,
            remedies,
            layer=passage.path,
        )
    elif spread > RATIO and len(table) >= FEWEST and not is_coded(case):
        yield Finding(
            "unscaled-inputs",
            "warning",
            f"Some columns vary {number_text(spread)} times as much as others. "
            f"Layer '{passage.path}' sees only the large ones, and learns the small ones "
            "too slowly to use them.",
            evidence,
            remedies,
            layer=passage.path,
        )


def small_inputs(case: Case) -> Iterator[Finding]:
    """Yield the finding of a run that did not come out well, and whose inputs all vary little.

    Steps of a plain gradient are as small as the inputs; rules that divide by the gradient's own
    size, as Adam's, are not held up by that.
    """
    if case.signal is None or type(case.optimizer) is not SGD or did_well(case):
        return
    for passage in case.signal.passages:
        entering = case.signal.firsts.get(passage.node)
        if not passage.first or entering is None:
            continue
        table = np.asarray(entering, np.float64).reshape(-1, entering.shape[-1])
        own = entering.ndim <= 3 and not _is_made(case, passage.node) and not is_coded(case)
        scales = _scales(table) if own and len(table) >= FEWEST else np.zeros(0)
        size = float(np.sqrt(np.mean(table**2)))
        if not len(scales) or scales.max() >= SMALL or size >= SMALL:
            continue
        yield Finding(
            "unscaled-inputs",
            "warning",
            f"The inputs are small: no column that enters layer '{passage.path}' deviates by more "
            f"than {number_text(float(scales.max()))}, where about 1 is right. SGD makes steps in "
            "proportion to the inputs, so that the layer's weights hardly move.",
            {"input rms": size, "largest standard deviation": float(scales.max())},
            _remedies(case),
            layer=passage.path,
        )


def _is_made(case: Case, node: int) -> bool:
    """Say whether what enters a node comes from a layer with a kernel, and is no input."""
    nodes = kernel_nodes(case.network)
    return any(reaches(case.network, other, node) for other in nodes if other != node)


def _remedies(case: Case) -> tuple[Remedy, ...]:
    """Return what brings the inputs to scale; 255 first where they look like pixels."""
    data = case.train.inputs[0]
    if is_number(data) and data.min() >= 0 and PIXEL / 2 < data.max() <= PIXEL and is_whole(data):
        return DivideInputs(PIXEL), ScaleInputs()
    return (ScaleInputs(),)


def _consequence(spread: float) -> str:
    if spread > RATIO:
        return "its largest columns drown the others"
    return "each step of the weights changes its outputs too much"


def _spread(table: NumpyArray) -> float:
    """Return how many times as much the largest column varies as the smallest that says much.

    A corner of pictures in which hardly any ink falls is small, and nothing is lost by it.
    """
    often = table[:, [_differing(one) >= SELDOM for one in table.T]]
    large, small = _scales(table), _scales(often)
    return float(large.max() / small.min()) if len(small) else 1.0


def _differing(column: NumpyArray) -> float:
    """Return the share of the rows that have another value than the middle one."""
    return float(np.mean(column != np.median(column)))


def _scales(table: NumpyArray) -> NumpyArray:
    """Return the standard deviations of columns; half the range where most rows have one value.

    A mark that is rarely set deviates little, but is as large as any when it is.
    """
    low, high = np.quantile(table, (0.25, 0.75), axis=0)
    found = np.where(high > low, table.std(axis=0), np.ptp(table, axis=0) / 2)
    return found[found > 0]
