"""All that is known of a run, as one page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pellucid.insight.findings import Diagnosis
from pellucid.page import Listing, Page, Section
from pellucid.report.evaluation import Evaluation, evaluation_section
from pellucid.report.findings import findings_section
from pellucid.report.treatment import Treatment, treatment_section
from pellucid.training.history import History
from pellucid.training.run_page import environment_section, heat_maps, result_text, run_sections

NO_DATA, NO_ANSWERS = Section("Data", []), Section("Answers", [])


@dataclass(frozen=True)
class RunReport:
    """What is known; each part but the title may be absent, and then has no section.

    Args:
        title: What was made.
        history: What the run logged.
        diagnosis: What was found in it.
        treatment: What was tried against that.
        evaluation: How good the model is.
        data: What the data are.
        summary: The model's layers, as text.
        settings: What the run was asked for, by name.
        answers: What the model says of a few examples.
        further: How good it is on other data, of which some may have been trained on.
    """

    title: str
    history: History | None = None
    diagnosis: Diagnosis | None = None
    treatment: Treatment | None = None
    evaluation: Evaluation | None = None
    data: Section = NO_DATA
    summary: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    answers: Section = NO_ANSWERS
    further: Evaluation | None = None

    def page(self) -> Page:
        """Return the page: what matters most comes first."""
        maps = [] if self.history is None else heat_maps(self.history.probes)
        run = [] if self.history is None else run_sections(self.history)
        sections = [
            findings_section(self.diagnosis, maps),
            treatment_section(self.treatment),
            evaluation_section(self.evaluation),
            evaluation_section(self.further, "Evaluation on the data given"),
            self.answers,
            *run,
            self.data,
            Section("Model", [Listing(self.summary)] if self.summary else []),
            environment_section(self.settings),
        ]
        return Page(self.title, self._verdict(), sections)

    def _verdict(self) -> str:
        found = "" if self.diagnosis is None else self.diagnosis.headline
        scored = "" if self.evaluation is None else self.evaluation.headline
        reached = "The model was not trained."
        if self.history is not None:
            reached = result_text(self.history)
        warnings = () if self.evaluation is None else self.evaluation.warnings
        return "\n".join(line for line in (found, scored, *warnings, reached) if line)
