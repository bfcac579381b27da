"""One thing that is wrong, or may be, with data, a model or a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from pellucid.insight.remedies.remedy import Remedy
from pellucid.training.history_json import to_json_value
from pellucid.wording import measured_text

Severity: TypeAlias = Literal["fault", "warning", "note"]
"""A fault spoils the result; a warning probably does; a note is worth knowing on a sound run."""

SEVERITIES: tuple[Severity, ...] = ("fault", "warning", "note")


@dataclass(frozen=True)
class Finding:
    """One problem, with the numbers that show it and what can be done.

    Args:
        name: Its name in the catalogue, such as "dead-units".
        severity: "fault", "warning" or "note".
        meaning: What it means, in two sentences of plain words.
        evidence: What was measured, by name, each a number.
        remedies: Changes that may help, the likeliest first; the machine can make each.
        layer: Path of the layer where it shows; None where it is none's.
        step: Training step at which it showed first, counted from 1; None where it is none's.
        cause: Name of another finding from which this one follows; None for a first cause.
        proved: Whether a copy without the problem came further: it then follows from nothing,
            whatever else was seen.
    """

    name: str
    severity: Severity
    meaning: str
    evidence: Mapping[str, float] = field(default_factory=dict)
    remedies: tuple[Remedy, ...] = ()
    layer: str | None = None
    step: int | None = None
    cause: str | None = None
    proved: bool = False

    @property
    def place(self) -> str:
        """Where it shows: layer and step, as far as there are any; else nothing."""
        step = [] if self.step is None else [f"step {self.step:,}"]
        return ", ".join([*([] if self.layer is None else [self.layer]), *step])

    @property
    def where(self) -> str:
        """The place in brackets, with a space before them; nothing where there is none."""
        return f" ({self.place})" if self.place else ""

    @property
    def measured(self) -> list[tuple[str, str]]:
        """The evidence as it is told: what was measured, and the number in words."""
        return [(name, measured_text(value)) for name, value in self.evidence.items()]

    @property
    def advice(self) -> str:
        """The remedies in words, a line each."""
        return "\n".join(f"  {place}. {one.words}" for place, one in enumerate(self.remedies, 1))

    def to_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values; remedies by name and words.

        A number that is not finite becomes its name, such as "NaN".
        """
        return {
            "name": self.name,
            "severity": self.severity,
            "layer": self.layer,
            "step": self.step,
            "cause": self.cause,
            "meaning": self.meaning,
            "evidence": {
                name: to_json_value(float(value)) for name, value in self.evidence.items()
            },
            "remedies": [{"name": one.name, "words": one.words} for one in self.remedies],
        }

    def __str__(self) -> str:
        """Return name and place, meaning, evidence and remedies, a line each."""
        follows = f" It follows from {self.cause}." if self.cause else ""
        lines = [f"{self.severity}: {self.name}{self.where}", f"  {self.meaning}{follows}"]
        if self.evidence:
            shown = [f"{name} {value}" for name, value in self.measured]
            lines.append(f"  Measured: {'; '.join(shown)}.")
        return "\n".join([*lines, *([self.advice] if self.remedies else [])])
