"""Recurrent layers that end in the same state whatever they have read."""

from collections.abc import Iterator

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.rules.restraints import loosened
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.findings.variation import read_variation
from pellucid.insight.remedies import (
    ClipGradients,
    Reinitialise,
    ScaleLearningRate,
    UseGatedCell,
    UseTanhCell,
)
from pellucid.layers import Bidirectional
from pellucid.layers.recurrent.recurrent import Recurrent
from pellucid.wording import number_text

COLLAPSED = 0.02
"""Differences between rows / size of a state below which the state says nothing."""


def collapsed_memory(case: Case) -> Iterator[Finding]:
    """Yield recurrent layers whose result hardly depends on the row."""
    if case.end is None or case.recipe is None or case.sampled is None or did_well(case):
        return
    layers = {
        node.path
        for node in case.network.nodes
        if isinstance(case.network.layers[node.layer], (Recurrent, Bidirectional))
    }
    if not layers:
        return
    varies = read_variation(case.recipe, case.end, case.sampled.x)
    for layer in sorted(layers & set(varies)):
        if varies[layer] < COLLAPSED:
            yield Finding(
                "collapsed-memory",
                "fault",
                f"What '{layer}' ends with differs between rows by {number_text(varies[layer])} "
                "of its size. It says the same whatever it has read, so nothing behind it can "
                "tell the rows apart.",
                {"differences between rows / size": varies[layer]},
                (
                    *loosened(case),
                    Reinitialise(),
                    UseGatedCell(),
                    UseTanhCell(),
                    ScaleLearningRate(0.1),
                    ClipGradients(),
                ),
                layer=layer,
            )
