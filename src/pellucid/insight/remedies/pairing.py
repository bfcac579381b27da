"""Labels, last layer and loss brought together."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np

from pellucid.graph.editing import appended, dropped, layer_paths, makers_of, replaced
from pellucid.insight.remedies.changes import (
    activation_name,
    in_both,
    labels_array,
    with_compile,
    with_labels,
)
from pellucid.insight.remedies.remedy import Remedy
from pellucid.insight.remedies.setup import Rows, Setup
from pellucid.layers import Activation, Softmax
from pellucid.types import NumpyArray
from pellucid.wording import count_text

LabelChange = Literal["shift", "cast", "unit", "number"]


@dataclass(frozen=True)
class FixLabels(Remedy):
    """Write the labels in the form in which losses take them.

    Args:
        change: "shift" numbers classes from 0 (1..3 become 0..2); "cast" makes whole numbers of
            floats such as 2.0; "unit" brings 0/255, or -1/1, to 0/1; "number" gives the distinct
            values, text among them, numbers from 0 in sorted order.
    """

    change: LabelChange = "number"
    name: ClassVar[str] = "fix-labels"

    @property
    def words(self) -> str:
        return {
            "shift": "Number the classes from 0: y - y.min().",
            "cast": 'Make whole numbers of the labels: y.astype("int32").',
            "unit": "Bring the labels to 0 and 1: (y - y.min()) / (y.max() - y.min()).",
            "number": "Number the classes: np.unique(y, return_inverse=True)[1].",
        }[self.change]

    def apply(self, setup: Setup) -> Setup:
        known = labels_array(setup.train)
        if not len(known) or _is_done(self.change, known):
            return setup
        return in_both(setup, lambda rows: self._changed(rows, known))

    def row_code(self, setup: Setup) -> tuple[str, ...]:
        return {
            "shift": ("y = y - y.min()",),
            "cast": ('y = np.rint(y).astype("int32")',),
            "unit": ("y = (y - y.min()) / (y.max() - y.min())",),
            "number": ("y = np.unique(y, return_inverse=True)[1]",),
        }[self.change]

    def _changed(self, rows: Rows, known: NumpyArray) -> Rows:
        labels = labels_array(rows)
        if self.change == "shift":
            return with_labels(rows, labels - known.min())
        if self.change == "cast":
            return with_labels(rows, np.rint(labels).astype(np.int32))
        if self.change == "unit":
            low, high = float(known.min()), float(known.max())
            return with_labels(rows, ((labels - low) / (high - low)).astype(np.float32))
        values = np.unique(known)
        return with_labels(rows, np.searchsorted(values, labels).astype(np.int32))


def _is_done(change: LabelChange, known: NumpyArray) -> bool:
    """Say whether the labels have the form already."""
    if change == "number":
        values = np.unique(known)
        return known.dtype.kind in "iu" and values.tolist() == list(range(len(values)))
    if change == "cast":
        return known.dtype.kind != "f" or not np.isfinite(known).all()
    low, high = float(known.min()), float(known.max())
    return low == high or low == 0 if change == "shift" else (low, high) == (0, 1) or low == high


@dataclass(frozen=True)
class FixOutput(Remedy):
    """Give the last layer the activation and width, and `compile` the loss, that the labels need.

    Args:
        activation: Activation of the output, such as "softmax"; "linear" for none.
        units: Units of the layer that makes the output; None to leave them.
        loss: The loss; None to leave it.
    """

    activation: str = "linear"
    units: int | None = None
    loss: str | None = None
    name: ClassVar[str] = "fix-output"

    @property
    def words(self) -> str:
        units = "" if self.units is None else f"{count_text(self.units, 'unit')} and "
        loss = "" if self.loss is None else f', and compile with loss="{self.loss}"'
        return f"Give the last layer {units}the activation '{self.activation}'{loss}."

    def apply(self, setup: Setup) -> Setup:
        graph = setup.graph
        *ending, maker = makers_of(graph)
        layers = dict(layer_paths(graph))
        for name in ending:
            if isinstance(layers[name], (Activation, Softmax)):
                graph = dropped(graph, name)
        layer: Any = layers[maker]
        changes: dict[str, object] = {}
        if self.units is not None and getattr(layer, "units", None) != self.units:
            changes["units"] = self.units
        inside = layer.ends_in_activation
        if inside and (activation_name(layer) or "linear") != self.activation:
            changes["activation"] = self.activation
        if changes:
            graph = replaced(graph, maker, layer.replace(**changes))
        if not inside and self.activation != "linear":
            graph = appended(graph, Activation(self.activation))
        if graph is not setup.graph:
            setup = replace(setup, graph=graph, weights=_without(setup, maker, changes))
        if self.loss is None or _same_loss(setup.compile.get("loss"), self.loss):
            return setup
        return with_compile(setup, loss=self.loss)


def _without(setup: Setup, maker: str, changes: dict[str, object]) -> dict[str, NumpyArray]:
    """Return the first weights without those whose shapes have changed."""
    return {
        path: array
        for path, array in setup.weights.items()
        if "units" not in changes or path.rsplit("/", 1)[0] != maker
    }


def _same_loss(given: object, loss: str) -> bool:
    return isinstance(given, str) and given == loss
