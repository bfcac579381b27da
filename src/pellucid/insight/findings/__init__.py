"""What can be wrong with data, a model or a run, and how each is recognised."""

from pellucid.insight.findings.diagnosis import Diagnosis as Diagnosis
from pellucid.insight.findings.finding import Finding as Finding
from pellucid.insight.findings.finding import Severity as Severity

__all__ = ["Diagnosis", "Finding", "Severity"]
