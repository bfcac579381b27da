"""How much of a sequence is given."""

from dataclasses import dataclass, replace
from typing import ClassVar

from pellucid.graph.editing import mapped
from pellucid.insight.remedies.changes import first_array, in_both, with_first_array
from pellucid.insight.remedies.remedy import Entries, Remedy
from pellucid.insight.remedies.setup import Setup
from pellucid.layers.input import InputLayer
from pellucid.wording import count_text


@dataclass(frozen=True)
class EndEarlier(Remedy):
    """End the sequences of the first input before the steps that give the answer away.

    Args:
        steps: How many are left out at the end.
    """

    steps: int = 1
    name: ClassVar[str] = "end-earlier"

    @property
    def words(self) -> str:
        return (
            f"End every sequence {count_text(self.steps, 'step')} earlier, in training and in "
            f"prediction: x[:, :-{self.steps}]."
        )

    @property
    def leak(self) -> Entries:
        which = "the last step" if self.steps == 1 else f"the last {self.steps} steps"
        return which, (slice(None), slice(-self.steps, None))

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        entry = graph.members[graph.steps[graph.inputs[0][0]].member]
        assert isinstance(entry, InputLayer)
        values = first_array(setup.train)
        if values.ndim < 3 or values.shape[1] <= self.steps:
            return setup
        known = entry.shape[0] is not None
        shape = (values.shape[1] - self.steps, *entry.shape[1:]) if known else entry.shape
        shorter = entry.replace(shape=shape)
        changed = in_both(
            setup, lambda rows: with_first_array(rows, first_array(rows)[:, : -self.steps])
        )
        cut = mapped(graph, lambda path, layer: shorter if layer is entry else layer)
        # A layer that reads all steps side by side has other weights then.
        return replace(changed, graph=cut, weights={} if known else setup.weights)
