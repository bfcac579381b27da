"""Examples of the layers of `pellucid.layers.pooling`."""

from layers.example import Example

FIRST = {"data_format": "channels_first"}

EXAMPLES: tuple[Example, ...] = (
    Example("AveragePooling1D", {"pool_size": 2}, (5, 2)),
    Example("AveragePooling1D", {"pool_size": 3, "strides": 2, "padding": "same", **FIRST}, (2, 5)),
    Example("AveragePooling2D", {"pool_size": (2, 3), "strides": 1}, (3, 4, 2)),
    Example(
        "AveragePooling2D",
        {"pool_size": 2, "strides": (1, 2), "padding": "same", **FIRST},
        (2, 3, 3),
    ),
    Example("AveragePooling3D", {"pool_size": 2}, (2, 3, 4, 2)),
    Example("AveragePooling3D", {"pool_size": (1, 2, 3), "padding": "same", **FIRST}, (2, 2, 3, 3)),
    Example("GlobalAveragePooling1D", {}, (4, 2)),
    Example("GlobalAveragePooling1D", {"keepdims": True, **FIRST}, (2, 4)),
    Example("GlobalAveragePooling2D", {}, (3, 2, 2)),
    Example("GlobalAveragePooling2D", {"keepdims": True, **FIRST}, (2, 3, 2)),
    Example("GlobalAveragePooling3D", {"keepdims": True}, (2, 3, 2, 2)),
    Example("GlobalAveragePooling3D", FIRST, (2, 2, 2, 3)),
    Example("GlobalMaxPooling1D", {}, (4, 2)),
    Example("GlobalMaxPooling1D", {"keepdims": True, **FIRST}, (2, 4)),
    Example("GlobalMaxPooling2D", {}, (3, 2, 2)),
    Example("GlobalMaxPooling2D", {"keepdims": True, **FIRST}, (2, 3, 2)),
    Example("GlobalMaxPooling3D", {"keepdims": True}, (2, 3, 2, 2)),
    Example("GlobalMaxPooling3D", FIRST, (2, 2, 2, 3)),
    Example("MaxPooling1D", {}, (5, 2)),
    Example("MaxPooling1D", {"pool_size": 3, "strides": 2, "padding": "same", **FIRST}, (2, 5)),
    Example("MaxPooling2D", {}, (4, 5, 2)),
    Example("MaxPooling2D", {"pool_size": (3, 2), "strides": (2, 1), "padding": "same"}, (4, 3, 2)),
    Example("MaxPooling2D", {"pool_size": 2, "strides": 1, **FIRST}, (2, 3, 3)),
    Example("MaxPooling3D", {}, (2, 3, 4, 2)),
    Example(
        "MaxPooling3D",
        {"pool_size": (1, 2, 3), "strides": 2, "padding": "same", **FIRST},
        (2, 2, 3, 3),
    ),
)
