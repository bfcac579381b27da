"""Rows of an embedding that no training row ever uses."""

from collections.abc import Iterator

import numpy as np

from pellucid.insight.findings.case import Case
from pellucid.insight.findings.finding import Finding
from pellucid.insight.findings.views import share_text
from pellucid.layers import Embedding

MOST = 0.5
FEWEST = 100
"""Rows of an embedding so small that nobody minds."""


def dead_embedding_rows(case: Case) -> Iterator[Finding]:
    """Yield embeddings most of whose rows stand for nothing that occurs in training."""
    if case.table is None:
        return
    network = case.network
    for number, node in enumerate(network.nodes):
        layer = network.layers[node.layer]
        if not isinstance(layer, Embedding) or node.inputs[0] not in network.feeds:
            continue
        held = case.table.x[network.feeds.index(node.inputs[0])]
        used = len(np.unique(np.asarray(held).astype(np.int64)))
        unused = 1 - used / layer.input_dim
        if layer.input_dim >= FEWEST and unused > MOST:
            yield Finding(
                "dead-embedding-rows",
                "warning",
                f"Only {used:,} of the {layer.input_dim:,} rows of '{network.nodes[number].path}' "
                f"occur in training; {share_text(unused)} keep their first random numbers. "
                "They cost memory, and whatever meets one later gets a random answer.",
                {"rows": float(layer.input_dim), "used": float(used)},
                layer=network.nodes[number].path,
            )
