"""A diagnosis as a part of a page: each finding with its evidence, in numbers and as a picture."""

from collections.abc import Iterator, Sequence

from pellucid.insight.findings import Diagnosis, Finding
from pellucid.page import Heading, Item, Plot, Section, Sentence, Table
from pellucid.training.heat_map import HeatMap, draw_traces


def findings_section(diagnosis: Diagnosis | None, maps: Sequence[HeatMap] = ()) -> Section:
    """Return the findings in order; nothing without a diagnosis.

    Args:
        diagnosis: What was found, or None where nobody looked.
        maps: What was read of the layers during the run; a finding of a layer is shown in them.
    """
    if diagnosis is None:
        return Section("Findings", [])
    items = [item for finding in diagnosis for item in _items(finding, maps)]
    unseen = [Sentence(diagnosis.unseen)] if diagnosis.unseen else []
    return Section("Findings", [*(items or [Sentence(diagnosis.headline)]), *unseen])


def _items(finding: Finding, maps: Sequence[HeatMap]) -> Iterator[Item]:
    yield Heading(f"{finding.name}{finding.where}", finding.severity)
    follows = f" It follows from {finding.cause}." if finding.cause else ""
    yield Sentence(f"{finding.meaning}{follows}")
    if finding.evidence:
        yield Table(f"What shows {finding.name}", ["measured", "value"], finding.measured)
    if finding.layer is not None:
        yield from _plots(finding.layer, finding.step, maps)
    if finding.remedies:
        rows = [(place, one.name, one.words) for place, one in enumerate(finding.remedies, 1)]
        yield Table("What may help, the likeliest first", ["", "remedy", "what to do"], rows)


def _plots(layer: str, step: int | None, maps: Sequence[HeatMap]) -> Iterator[Plot]:
    """Yield what was read of a layer during the run, beside the others; no share that is 0."""
    for shown in maps:
        if layer not in shown.layers:
            continue
        own = shown.values[list(shown.layers).index(layer)]
        if own.any() or not shown.share:
            alt = f"{shown.title} of {layer} against the training step."
            yield Plot(draw_traces(shown, layer, step), alt)
