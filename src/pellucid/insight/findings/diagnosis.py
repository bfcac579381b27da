"""What a doctor says of a run: the findings, the first cause first."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pellucid.insight.findings.finding import SEVERITIES, Finding, Severity
from pellucid.wording import count_text

HEALTHY = "Nothing found."


@dataclass(frozen=True)
class Diagnosis:
    """The findings of one examination, causes before what follows from them.

    Args:
        findings: All of them, in that order.
        unseen: A sentence about what could not be looked at; empty where all was.

    Example:
        >>> from pellucid.insight.findings import Diagnosis, Finding
        >>> found = Diagnosis((Finding("constant-features", "note", "A column never changes."),))
        >>> found.healthy, "constant-features" in found
        (True, True)
        >>> print(found)
        note: constant-features
          A column never changes.
    """

    findings: tuple[Finding, ...] = ()
    unseen: str = ""

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self) -> int:
        return len(self.findings)

    def __contains__(self, name: object) -> bool:
        return any(one.name == name for one in self.findings)

    def __getitem__(self, name: str) -> Finding:
        """Return the first finding of a name.

        Raises:
            KeyError: There is none.
        """
        for one in self.findings:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def names(self) -> list[str]:
        """The findings' names, in order, each once."""
        return list(dict.fromkeys(one.name for one in self.findings))

    @property
    def healthy(self) -> bool:
        """True when there is neither a fault nor a warning."""
        return all(one.severity == "note" for one in self.findings)

    def of(self, severity: Severity) -> list[Finding]:
        """Return the findings of one severity, in order."""
        return [one for one in self.findings if one.severity == severity]

    @property
    def headline(self) -> str:
        """One line: how many of each severity, and what comes first."""
        if not self.findings:
            return HEALTHY
        counts = [(len(self.of(one)), one) for one in SEVERITIES]
        told = ", ".join(count_text(number, one) for number, one in counts if number)
        first = self.findings[0]
        return f"{told}; first: {first.name}{first.where}"

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain JSON values."""
        return {
            "healthy": self.healthy,
            "findings": [one.to_dict() for one in self.findings],
            "unseen": self.unseen,
        }

    def to_json(self) -> str:
        """Return everything as JSON text; a number that is not finite becomes its name."""
        return json.dumps(self.to_dict(), indent=1, allow_nan=False, ensure_ascii=False)

    def __str__(self) -> str:
        told = [*map(str, self.findings)] or [HEALTHY]
        return "\n\n".join([*told, *([self.unseen] if self.unseen else [])])
