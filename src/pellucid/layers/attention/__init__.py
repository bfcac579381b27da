"""Attention: layers that look up values by the likeness of queries and keys, and positions."""

from pellucid.layers.attention.additive_attention import AdditiveAttention
from pellucid.layers.attention.attention import Attention
from pellucid.layers.attention.group_query_attention import GroupQueryAttention
from pellucid.layers.attention.multi_head_attention import MultiHeadAttention
from pellucid.layers.attention.position_embedding import PositionEmbedding
from pellucid.layers.attention.sine_position_encoding import SinePositionEncoding
from pellucid.layers.base import Layer

CLASSES: tuple[type[Layer], ...] = (
    AdditiveAttention,
    Attention,
    GroupQueryAttention,
    MultiHeadAttention,
    PositionEmbedding,
    SinePositionEncoding,
)
"""What the catalogue of layers takes from here."""
