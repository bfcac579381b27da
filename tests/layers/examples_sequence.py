"""Examples of the layers of `pellucid.layers.sequence`."""

from layers.example import Example

EXAMPLES: tuple[Example, ...] = (
    Example("AttachMask", {}, [(3, 2), (3,)], keras=None),
    Example("Embedding", {"input_dim": 4, "output_dim": 2}, (3,), "whole", smooth=False),
    Example(
        "Embedding",
        {
            "input_dim": 4,
            "output_dim": 2,
            "mask_zero": True,
            "embeddings_initializer": "glorot_uniform",
            "embeddings_regularizer": "l2",
            "embeddings_constraint": "max_norm",
        },
        (2, 3),
        "whole",
        smooth=False,
    ),
    Example("Masking", {"mask_value": 0.5}, (3, 2), smooth=False),
)
