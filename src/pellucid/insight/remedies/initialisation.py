"""First values of weights, and which of them are trained."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from pellucid.graph.editing import layer_paths, mapped
from pellucid.insight.remedies.activations import initializer_for
from pellucid.insight.remedies.changes import activation_name, with_graph, within
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.layers import Layer


@dataclass(frozen=True)
class Reinitialise(Remedy):
    """Draw kernels as their activations need it, and let biases begin at 0.

    He's way for relu and its kin, LeCun's for selu, Glorot's for all others.

    Args:
        layers: Paths of the layers; all that have a kernel when empty.
        initializer: Name of an initialiser for all of them; None for what fits.
    """

    layers: tuple[str, ...] = ()
    initializer: str | None = None
    name: ClassVar[str] = "reinitialise"

    @property
    def words(self) -> str:
        which = f"'{', '.join(self.layers)}'" if self.layers else "every layer"
        how = (
            f"by '{self.initializer}'"
            if self.initializer
            else "anew: by 'he_normal' before relu, by 'glorot_uniform' before tanh and sigmoid"
        )
        return f"Draw the first weights of {which} {how}, with biases at 0."

    def apply(self, setup: Setup) -> Setup:
        following = _following_activations(setup)

        def change(path: str, layer: Layer) -> Layer:
            held: Any = layer
            if (self.layers and path not in self.layers) or not hasattr(held, "kernel_initializer"):
                return layer
            activation = activation_name(layer) or following.get(path)
            changes: dict[str, Any] = {
                "kernel_initializer": self.initializer or initializer_for(activation)
            }
            if hasattr(held, "recurrent_initializer"):
                changes["recurrent_initializer"] = "orthogonal"
            if hasattr(held, "bias_initializer"):
                changes["bias_initializer"] = "zeros"
            fit = layer.replace(**changes)
            same = all(
                getattr(fit, field).get_config() == getattr(held, field).get_config()
                and type(getattr(fit, field)) is type(getattr(held, field))
                for field in changes
            )
            return layer if same else fit

        graph = mapped(setup.graph, within(change))
        drawn = {
            path: array
            for path, array in setup.weights.items()
            if self.layers and path.rsplit("/", 1)[0] not in self.layers
        }
        return (
            replace(with_graph(setup, graph), weights=drawn)
            if (graph is not setup.graph or len(drawn) != len(setup.weights))
            else setup
        )


def _following_activations(setup: Setup) -> dict[str, str]:
    """Return for each layer the activation of a layer that takes its result and is nothing else."""
    graph, found = setup.graph, {}
    for step in graph.steps:
        member = graph.members[step.member]
        if not isinstance(member, Layer) or not member.weightless or len(step.inputs) != 1:
            continue
        name = activation_name(member)
        source = graph.members[graph.steps[step.inputs[0][0]].member]
        if name is not None:
            found[str(source.name)] = name
    return found


@dataclass(frozen=True)
class UnfreezeLayers(Remedy):
    """Let training change layers that it leaves alone.

    Args:
        layers: Their paths; all when empty.
    """

    layers: tuple[str, ...] = ()
    name: ClassVar[str] = "unfreeze-layers"

    @property
    def words(self) -> str:
        which = f"'{', '.join(self.layers)}'" if self.layers else "every layer"
        return f"Train {which}: layer.trainable = True."

    def apply(self, setup: Setup) -> Setup:
        frozen = {path for path, layer in layer_paths(setup.graph) if not layer.trainable}
        wanted = frozen & set(self.layers) if self.layers else frozen

        def change(path: str, layer: Layer) -> Layer:
            return layer.replace(trainable=True) if path in wanted else layer

        return with_graph(setup, mapped(setup.graph, change)) if wanted else setup
