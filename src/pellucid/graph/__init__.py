"""Networks: layers wired together, as drawn by the user and as computed."""

from pellucid.graph.graph import Graph as Graph
from pellucid.graph.network import Network as Network
