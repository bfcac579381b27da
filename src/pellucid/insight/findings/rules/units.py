"""Units that are off for every row, or stuck at the ends of their range."""

from collections.abc import Iterator

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.outcome import FEWEST_ROWS
from pellucid.insight.findings.rules.verdict import did_well
from pellucid.insight.findings.views import share_text
from pellucid.insight.remedies import (
    AddBatchNormalization,
    Reinitialise,
    ReplaceActivation,
    ScaleInputs,
    ScaleLearningRate,
)
from pellucid.training.probes import Probes

MOST = 0.5
"""Share of a layer's units, or of its values, from which the layer is spoilt (SageMaker)."""


def dead_units(case: Case) -> Iterator[Finding]:
    """Yield layers whose units are off for every row that was looked at.

    For a few rows about half of the units of a sound layer are off.
    """
    if case.train.rows < FEWEST_ROWS or did_well(case):
        return
    if case.after is None or case.before is None:
        return
    hit = _hit(case.after, "activation/dead")
    for layer, share in hit[:1]:
        first = float(case.before[layer, "activation/dead"].value[-1])
        since = "They were so from the start" if first > MOST else "They died while it trained"
        yield Finding(
            "dead-units",
            "fault",
            f"{share_text(share)} of the units of '{layer}' are off for every row. {since}: a "
            "unit that is never on gets no gradient, and cannot come back.",
            {
                "share of dead units": share,
                "share before training": first,
                "layers so": float(len(hit)),
            },
            (
                Reinitialise(),
                ScaleLearningRate(0.1),
                ReplaceActivation("relu", "leaky_relu"),
                AddBatchNormalization(),
            ),
            layer=layer,
        )


def saturated_units(case: Case) -> Iterator[Finding]:
    """Yield hidden layers whose sigmoids or tanhs are stuck at the ends of their range."""
    if did_well(case) or case.after is None or case.before is None:
        return
    outputs = {case.network.nodes[number].path for number in case.network.outputs}
    hit = [one for one in _hit(case.after, "activation/saturated") if one[0] not in outputs]
    for layer, share in hit[:1]:
        first = float(case.before[layer, "activation/saturated"].value[-1])
        yield Finding(
            "saturated-units",
            "fault",
            f"{share_text(share)} of what '{layer}' gives lies at the ends of its range. There "
            "the activation is flat, so that hardly any gradient comes through.",
            {
                "share saturated": share,
                "share before training": first,
                "layers so": float(len(hit)),
            },
            (
                ScaleInputs(),
                Reinitialise(),
                ReplaceActivation("sigmoid", "relu"),
                ReplaceActivation("tanh", "relu"),
                AddBatchNormalization(),
                ScaleLearningRate(0.1),
            ),
            layer=layer,
        )


def _hit(after: Probes, quantity: str) -> list[tuple[str, float]]:
    """Return the layers of which most is so, in the order of the network, with the share."""
    held = [layer for layer in after.layers if (layer, quantity) in after]
    shares = [(layer, float(after[layer, quantity].value[-1])) for layer in held]
    return [(layer, share) for layer, share in shares if share > MOST]
