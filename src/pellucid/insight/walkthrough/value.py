"""A walkthrough as a value: stages and plain numbers, written as text, LaTeX or HTML."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pellucid.atomic import write_text_atomically
from pellucid.errors import Problem, did_you_mean, report
from pellucid.insight.walkthrough.by_layer import LayerReading, WeightReading
from pellucid.insight.walkthrough.differences import Agreement
from pellucid.insight.walkthrough.document import Document
from pellucid.insight.walkthrough.html import write_page, write_part
from pellucid.insight.walkthrough.latex import write_latex
from pellucid.insight.walkthrough.text import write_text


@dataclass(frozen=True)
class Step:
    """One training step.

    Args:
        loss: Loss before the update.
        loss_after: Loss of the same rows after it.
        agreement: Every gradient beside what else tells it.
        numbers: Scalars by name: weights `w_31`, gradients `dL/dw_31`, the loss `L`; with one
            row also `in_1`, `out_1` and all other slopes. Empty where layers are shown.
        rows: The same for each row, its own shares of the gradients among them.
        after: The trained weights after the update, by name.
        layers: What each layer did; empty where scalars are shown.
        weights: What became of each weight; empty where scalars are shown.
    """

    loss: float
    loss_after: float
    agreement: Agreement
    numbers: Mapping[str, float] = field(default_factory=dict)
    rows: tuple[Mapping[str, float], ...] = ()
    after: Mapping[str, float] = field(default_factory=dict)
    layers: tuple[LayerReading, ...] = ()
    weights: tuple[WeightReading, ...] = ()


@dataclass(frozen=True, repr=False)
class Walkthrough:
    """The six stages of learning, with their numbers.

    `print(walk)` shows them as text, `walk["dL/dw_31"]` gives a number of the first step.

    Args:
        document: The stages, as text, LaTeX and HTML write them.
        steps: The numbers of each step.
        detail: "scalars" or "layers".
    """

    document: Document
    steps: tuple[Step, ...]
    detail: str

    def __getitem__(self, name: str) -> float:
        """Return a scalar of the first step by its name.

        Raises:
            ArgumentError: There is none of that name.
        """
        numbers = self.steps[0].numbers
        if name not in numbers:
            fix = did_you_mean(str(name), list(numbers)) if numbers else ""
            expected = "the name of a number of the first step"
            report([Problem("Walkthrough", repr(name), expected, fix)])
        return numbers[name]

    @property
    def agrees(self) -> bool:
        """False when a gradient is not what automatic differentiation or a difference says."""
        return all(step.agreement.agrees for step in self.steps)

    def text(self) -> str:
        """Return the walk as plain text."""
        return write_text(self.document)

    def latex(self) -> str:
        """Return the walk as a LaTeX article that needs amsmath alone."""
        return write_latex(self.document)

    def html(self) -> str:
        """Return the walk as an HTML page that needs no other file."""
        return write_page(self.document)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the walk to a file, as the end of its name says.

        Args:
            path: Path that ends in `.html`, `.tex` or `.txt`.

        Returns:
            The path.

        Raises:
            ArgumentError: The name ends otherwise.
            FileError: The file cannot be written; nothing is left half written.
        """
        writers = {".html": self.html, ".tex": self.latex, ".txt": self.text}
        ending = Path(path).suffix.lower()
        if ending not in writers:
            given, expected = repr(os.fspath(path)), f"a name that ends in {', '.join(writers)}"
            report([Problem("Walkthrough.save(path=...)", given, expected)])
        return write_text_atomically(path, writers[ending]())

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        losses = f"loss={self.steps[0].loss:.6g}, loss_after={self.steps[-1].loss_after:.6g}"
        return f"Walkthrough(detail={self.detail!r}, steps={len(self.steps)}, {losses})"

    def _repr_html_(self) -> str:
        return write_part(self.document)
