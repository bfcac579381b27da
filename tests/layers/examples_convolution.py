"""Examples of the layers of `pellucid.layers.convolution`."""

from layers.example import PENALISED, Example

DEPTHWISE_PENALISED = {
    "depthwise_regularizer": "l2",
    "bias_regularizer": "l1",
    "activity_regularizer": "l2",
    "depthwise_constraint": "max_norm",
}
POINTWISE_PENALISED = {"pointwise_regularizer": "l1", "pointwise_constraint": "max_norm"}

EXAMPLES: tuple[Example, ...] = (
    Example("Conv1D", {"filters": 3, "kernel_size": 2}, (5, 2)),
    Example(
        "Conv1D",
        {
            "filters": 2,
            "kernel_size": 3,
            "padding": "causal",
            "dilation_rate": 2,
            "activation": "tanh",
        },
        (5, 2),
    ),
    Example("Conv1D", {"filters": 2, "kernel_size": 2, "strides": 2, "padding": "causal"}, (5, 1)),
    Example("Conv1D", {"filters": 4, "kernel_size": 2, "padding": "causal", "groups": 2}, (4, 2)),
    Example(
        "Conv1D",
        {"filters": 2, "kernel_size": 2, "padding": "causal", "data_format": "channels_first"},
        (2, 4),
    ),
    Example(
        "Conv1D",
        {
            "filters": 4,
            "kernel_size": 3,
            "strides": 2,
            "padding": "same",
            "groups": 2,
            "data_format": "channels_first",
            **PENALISED,
        },
        (2, 5),
    ),
    Example("Conv1DTranspose", {"filters": 3, "kernel_size": 3, "strides": 2}, (3, 2)),
    Example(
        "Conv1DTranspose",
        {
            "filters": 2,
            "kernel_size": 2,
            "strides": 3,
            "padding": "same",
            "output_padding": 1,
            "data_format": "channels_first",
        },
        (2, 3),
    ),
    Example("Conv2D", {"filters": 3, "kernel_size": 3, "activation": "relu"}, (4, 5, 2)),
    Example(
        "Conv2D",
        {
            "filters": 2,
            "kernel_size": (2, 3),
            "strides": (2, 1),
            "padding": "same",
            "groups": 2,
            **PENALISED,
        },
        (4, 3, 4),
    ),
    Example(
        "Conv2D",
        {
            "filters": 2,
            "kernel_size": 2,
            "dilation_rate": (2, 1),
            "use_bias": False,
            "activation": "softmax",
            "data_format": "channels_first",
        },
        (3, 4, 4),
    ),
    Example("Conv2D", {"filters": 4, "kernel_size": 1, "activation": "glu"}, (2, 2, 3), keras=None),
    Example("Conv2DTranspose", {"filters": 2, "kernel_size": 2}, (2, 3, 3)),
    Example(
        "Conv2DTranspose",
        {
            "filters": 2,
            "kernel_size": 3,
            "strides": 2,
            "padding": "same",
            "activation": "tanh",
            **PENALISED,
        },
        (2, 3, 2),
    ),
    Example(
        "Conv2DTranspose",
        {
            "filters": 2,
            "kernel_size": (3, 2),
            "strides": (2, 3),
            "output_padding": (1, 0),
            "use_bias": False,
        },
        (2, 2, 1),
    ),
    Example(
        "Conv2DTranspose",
        {"filters": 1, "kernel_size": 2, "dilation_rate": 2, "padding": "same"},
        (2, 3, 2),
    ),
    Example("Conv3D", {"filters": 2, "kernel_size": 2}, (2, 3, 3, 2)),
    Example(
        "Conv3D",
        {
            "filters": 2,
            "kernel_size": (1, 2, 3),
            "strides": (1, 2, 1),
            "padding": "same",
            "data_format": "channels_first",
            "groups": 2,
        },
        (2, 2, 3, 3),
    ),
    Example("Conv3D", {"filters": 1, "kernel_size": 2, "dilation_rate": (1, 2, 1)}, (2, 3, 2, 2)),
    Example(
        "Conv3DTranspose",
        {"filters": 2, "kernel_size": 2, "strides": (1, 2, 2), "padding": "same"},
        (2, 2, 2, 2),
    ),
    Example(
        "Conv3DTranspose",
        {
            "filters": 1,
            "kernel_size": (2, 1, 2),
            "strides": 2,
            "output_padding": (1, 0, 1),
            "data_format": "channels_first",
        },
        (2, 2, 2, 1),
    ),
    Example("DepthwiseConv1D", {"kernel_size": 2, "depth_multiplier": 2}, (4, 3)),
    Example(
        "DepthwiseConv1D",
        {
            "kernel_size": 3,
            "strides": 2,
            "padding": "same",
            "data_format": "channels_first",
            **DEPTHWISE_PENALISED,
        },
        (2, 5),
    ),
    Example(
        "DepthwiseConv2D",
        {
            "kernel_size": (3, 2),
            "depth_multiplier": 2,
            "padding": "same",
            "dilation_rate": (1, 2),
            "activation": "tanh",
            **DEPTHWISE_PENALISED,
        },
        (3, 4, 2),
    ),
    Example(
        "DepthwiseConv2D",
        {"kernel_size": 2, "strides": 2, "use_bias": False, "data_format": "channels_first"},
        (2, 4, 4),
    ),
    Example("SeparableConv1D", {"filters": 3, "kernel_size": 2, "depth_multiplier": 2}, (4, 2)),
    Example(
        "SeparableConv1D",
        {
            "filters": 2,
            "kernel_size": 3,
            "strides": 2,
            "padding": "same",
            "data_format": "channels_first",
        },
        (2, 5),
    ),
    Example(
        "SeparableConv2D",
        {
            "filters": 3,
            "kernel_size": 2,
            "padding": "same",
            "dilation_rate": 2,
            "activation": "relu",
            **DEPTHWISE_PENALISED,
            **POINTWISE_PENALISED,
        },
        (3, 4, 2),
    ),
    Example(
        "SeparableConv2D",
        {
            "filters": 2,
            "kernel_size": (3, 2),
            "strides": 2,
            "depth_multiplier": 2,
            "use_bias": False,
        },
        (5, 4, 2),
    ),
)
