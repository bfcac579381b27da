"""What a network does: with one example, everywhere on a plane, and in its activations."""

from pellucid.insight.activation_curve import ActivationCurve as ActivationCurve
from pellucid.insight.activation_curve import activation_curve as activation_curve
from pellucid.insight.attention import attention_maps as attention_maps
from pellucid.insight.attribution import explain as explain
from pellucid.insight.attribution import gradient as gradient
from pellucid.insight.attribution import integrated_gradients as integrated_gradients
from pellucid.insight.boundary import Boundary as Boundary
from pellucid.insight.boundary import boundary as boundary
from pellucid.insight.grad_cam import grad_cam as grad_cam
from pellucid.insight.occlusion import occlusion as occlusion
from pellucid.insight.plane import Plane as Plane
from pellucid.insight.subject import Subject as Subject
from pellucid.insight.walkthrough import Walkthrough as Walkthrough

__all__ = [
    "ActivationCurve",
    "Boundary",
    "Plane",
    "Subject",
    "Walkthrough",
    "activation_curve",
    "attention_maps",
    "boundary",
    "explain",
    "grad_cam",
    "gradient",
    "integrated_gradients",
    "occlusion",
]
