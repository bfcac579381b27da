"""What a network does with one example: what its layers give, and what it looks at."""

from pellucid.insight.attention import attention_maps as attention_maps
from pellucid.insight.attribution import explain as explain
from pellucid.insight.attribution import gradient as gradient
from pellucid.insight.attribution import integrated_gradients as integrated_gradients
from pellucid.insight.grad_cam import grad_cam as grad_cam
from pellucid.insight.occlusion import occlusion as occlusion
from pellucid.insight.subject import Subject as Subject
from pellucid.insight.walkthrough import Walkthrough as Walkthrough

__all__ = [
    "Subject",
    "Walkthrough",
    "attention_maps",
    "explain",
    "grad_cam",
    "gradient",
    "integrated_gradients",
    "occlusion",
]
