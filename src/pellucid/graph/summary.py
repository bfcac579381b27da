"""The table that `summary()` prints."""

from collections.abc import Sequence

from pellucid.graph.graph import Graph, Step
from pellucid.graph.network import Network
from pellucid.layers.input import InputLayer
from pellucid.text_table import text_table


def summary_text(
    graph: Graph,
    network: Network,
    line_length: int | None = None,
    expand_nested: bool = False,
    show_trainable: bool = False,
) -> str:
    """Return layers, output shapes, parameters and what each is connected to, as text.

    Args:
        graph: The model as drawn.
        network: The model as computed.
        line_length: Widest line allowed; longer cells are cut.
        expand_nested: Whether the layers of inner models get rows too.
        show_trainable: Whether a column tells which layers are trained.
    """
    counts = parameter_counts(network)
    rows: list[list[str]] = []
    _add_rows(rows, graph, counts, expand_nested, show_trainable, not graph.sequential)
    headers = ["Layer (type)", "Output shape", "Parameters"]
    if not graph.sequential:
        headers.append("Connected to")
    if show_trainable:
        headers.append("Trained")
    trained = network.trained_size
    total = sum(network.weights[number].spec.size for number in network.lasting)
    lines = [
        f'Model: "{graph.name}"',
        text_table(rows, headers),
        f"Total parameters: {total:,} ({_bytes(4 * total)})",
        f"Trainable: {trained:,} ({_bytes(4 * trained)})",
        f"Not trainable: {total - trained:,} ({_bytes(4 * (total - trained))})",
    ]
    text = "\n".join(lines)
    if line_length is None:
        return text
    return "\n".join(line[:line_length] for line in text.split("\n"))


def parameter_counts(network: Network) -> dict[int, int]:
    """Return the number of values in each layer's weights, by the layer's identity."""
    counts: dict[int, int] = {}
    for weight in (network.weights[number] for number in network.lasting):
        layer = id(network.layers[weight.layer])
        counts[layer] = counts.get(layer, 0) + weight.spec.size
    return counts


def _add_rows(
    rows: list[list[str]],
    graph: Graph,
    counts: dict[int, int],
    expand: bool,
    show_trainable: bool,
    show_sources: bool,
    indent: str = "",
) -> None:
    seen: set[int] = set()
    for number, step in enumerate(graph.steps):
        member = graph.members[step.member]
        if isinstance(member, InputLayer) and graph.sequential:
            continue
        layers = list(member.layers()) if isinstance(member, Graph) else [member]
        own = 0 if id(member) in seen else sum(counts.get(id(layer), 0) for layer in layers)
        seen.add(id(member))
        kind = "Model" if isinstance(member, Graph) else type(member).__name__
        ends = len(member.outputs) if isinstance(member, Graph) else 1
        shapes = [str((None, *graph.shape_of((number, index)))) for index in range(ends)]
        row = [f"{indent}{member.name} ({kind})", ", ".join(shapes), f"{own:,}"]
        if show_sources:
            row.append(_sources(graph, step))
        if show_trainable:
            row.append("yes" if own and any(layer.trainable for layer in layers) else "no")
        rows.append(row)
        if expand and isinstance(member, Graph):
            _add_rows(rows, member, counts, expand, show_trainable, show_sources, indent + "  ")


def _sources(graph: Graph, step: Step) -> str:
    names: Sequence[str] = [
        str(graph.members[graph.steps[call].member].name) for call, _ in step.inputs
    ]
    return ", ".join(names)


def _bytes(count: int) -> str:
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= size:
            return f"{count / size:.2f} {unit}"
    return f"{count} bytes"
