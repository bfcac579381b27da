"""Pictures of what a model says at every point of a plane through its features."""

from pellucid.report.boundary.comparison import compare_boundaries as compare_boundaries
from pellucid.report.boundary.epochs import boundary_animation as boundary_animation
from pellucid.report.boundary.epochs import boundary_history as boundary_history
from pellucid.report.boundary.single import decision_boundary as decision_boundary

__all__ = ["boundary_animation", "boundary_history", "compare_boundaries", "decision_boundary"]
